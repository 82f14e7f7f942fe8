"""`store: cookie`: the browser holds the session, sealed, and what that can do and cannot (config/README.md)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway, run_sallyport, write_policy
from support.pki import Pki
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]

DATA_COOKIE = f"{SESSION_COOKIE}-data"


@pytest.fixture
def policy(backend: FakeBackend, tmp_path: Path) -> Policy:
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["session"]["store"] = "cookie"
    policy["admin"] = {"socket": "admin.sock"}
    key = tmp_path / "shared.key"
    key.touch(mode=0o600)
    key.write_bytes(bytes(range(100, 132)) + b"\x07\x99\x31\xfe")
    policy["session"]["keys"] = [{"id": "k1", "file": str(key)}]
    return policy


def logged_in(gateway: Gateway) -> Visitor:
    visitor = Visitor(gateway)
    assert visitor.log_in().status == 302
    return visitor


def copied(visitor: Visitor, gateway: Gateway) -> Visitor:
    other = Visitor(gateway)
    other.cookies = dict(visitor.cookies)
    return other


def test_the_browser_holds_what_nobody_can_read(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    lines = alice.log_in().all("Set-Cookie")

    data = next(line for line in lines if line.startswith(f"{DATA_COOKIE}="))
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in data.split(";")}
    assert len(data) < 4096 and "alice" not in data
    assert alice.get("/app").status == 200
    assert backend.last_request().cookies() == {"APP": "1"}
    assert backend.last_request().get("X-Forwarded-User") == "alice"
    for changed in ("", alice.cookies[DATA_COOKIE][:-4] + "AAAA", "k1.AAAA"):
        stranger = copied(alice, start_gateway(policy))
        stranger.plant(DATA_COOKIE, changed)
        assert stranger.get("/app").status == 401


def test_logout_and_revocation_hold_on_this_node(start_gateway: StartGateway, policy: Policy) -> None:
    """A cookie that was copied before is as dead as the original."""
    gateway = start_gateway(policy)
    alice, bob = logged_in(gateway), logged_in(gateway)
    copies = [copied(each, gateway) for each in (alice, bob)]

    answer = alice.get("/logout")
    done = run_sallyport("sessions", "revoke", "--everything", "--config", gateway.policy_file)

    assert done.returncode == 0
    assert DATA_COOKIE not in alice.cookies and answer.has("Clear-Site-Data")
    for copy in (*copies, bob):
        assert copy.get("/app").status == 401


def test_an_id_that_a_login_replaced_is_dead(start_gateway: StartGateway, policy: Policy) -> None:
    policy["logins"]["form"]["success"]["set_cookie"] = "APP"
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    old = copied(alice, gateway)

    assert alice.log_in().status == 302

    assert old.get("/app").status == 401
    assert alice.get("/app").status == 200


def test_a_restart_ends_all_unless_somebody_says_why_not(start_gateway: StartGateway, policy: Policy) -> None:
    first = start_gateway(policy)
    alice = logged_in(first)
    first.stop()
    assert copied(alice, start_gateway(policy)).get("/app").status == 401

    policy["session"]["store"] = {"cookie": {"insecure_survives_restart": {"reason": "a demo"}}}
    gateway = start_gateway(policy)
    assert copied(alice, gateway).get("/app").status == 200
    assert "insecure_survives_restart" in gateway.log()


def test_limits_and_rotation_work_from_the_cookie(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"] |= {"idle_timeout": "3s", "absolute_timeout": "4s", "rotation": {"every": "1s", "grace": "0s"}}
    alice = logged_in(start_gateway(policy))
    first = alice.session

    until(lambda: alice.get("/app").status == 200 and alice.session != first, "a new id")
    assert alice.get("/app").status == 200
    until(lambda: alice.get("/app").status == 401, "the absolute limit")


def test_backends_that_set_too_much_are_cut_off(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    big = [("Set-Cookie", f"c{index}={'x' * 900}; Path=/") for index in range(4)]
    backend.on("GET", "/big", http.response(200, b"", big))
    gateway = start_gateway(policy)
    alice = logged_in(gateway)

    assert alice.get("/big").status == 200

    gateway.audit.wait_for("backend_cookie_conflict", reason="vault_full")
    assert len(alice.cookies[DATA_COOKIE]) < 4096
    assert alice.get("/app").status == 200


def test_what_does_not_go_with_it_is_said(policy: Policy, tmp_path: Path, pki: Pki) -> None:
    policy["session"] |= {"per_user_limit": {"sessions": 1}, "header": "X-S", "vault": {"bytes": "16KiB"}}

    done = run_sallyport("check", write_policy(tmp_path / "p", pki, policy))

    assert done.returncode == 1
    for word in ("vault.bytes", "per_user_limit", "session.header"):
        assert word in done.stderr
