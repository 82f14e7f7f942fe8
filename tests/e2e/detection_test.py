"""What an attacker does is told, once, with the fields that an analyst needs, and with no secret
(LGN-001, LOG-003, LOG-005)."""

from collections.abc import Callable

import pytest

from support import http
from support.audit import Record
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor

StartGateway = Callable[..., Gateway]

HOME, ELSEWHERE = "127.0.0.1", "127.0.1.1"
GENUINE_LOOKS = f"v1.k1.{'A' * 43}.{'A' * 22}"


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """Three failures of a user or five of a network are too many."""
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["detection"] = {"failed_logins": {"per_user": "3 in 15m", "per_network": "5 in 15m"}}
    return policy


def guess(gateway: Gateway, *users: str, source: str = HOME) -> None:
    """One wrong password for each of these."""
    for number, user in enumerate(users):
        answer = Visitor(gateway, source=source).log_in(user, f"guess-{number}")
        assert answer.status == 200 and not answer.has("Set-Cookie")


def thresholds(gateway: Gateway) -> list[tuple[str, str, str]]:
    """Scope, count and network of each threshold that was told, in order."""
    told = gateway.audit.records("authn_login_fail_max")
    return [(record["scope"], record["count"], record["network"]) for record in told]


def test_failures_of_a_user_are_told_once_at_the_threshold(start_gateway: StartGateway, policy: Policy) -> None:
    """From several networks, so that only the user stands out; then once more is not told again."""
    gateway = start_gateway(policy)

    guess(gateway, "alice", "alice")
    guess(gateway, "alice", source=ELSEWHERE)
    guess(gateway, "alice", source="127.0.2.1")

    gateway.stop()
    assert len(gateway.audit.records("authn_login_fail", attempted_user="alice")) == 4
    assert thresholds(gateway) == [("user", "3", "127.0.1.0/24")]
    [told] = gateway.audit.records("authn_login_fail_max")
    third = gateway.audit.records("authn_login_fail")[2]
    assert (told["request_id"], told["client"], told["level"]) == (third["request_id"], ELSEWHERE, "warn")


def test_failures_of_a_network_are_told_once_at_the_threshold(
    start_gateway: StartGateway, policy: Policy
) -> None:
    """One password tried on many users: none of them stands out."""
    gateway = start_gateway(policy)

    guess(gateway, *"abcd")
    guess(gateway, "e", source="127.0.0.200")
    guess(gateway, *"fg")

    gateway.stop()
    assert thresholds(gateway) == [("network", "5", "127.0.0.0/24")]


def test_users_and_networks_are_counted_apart(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)

    guess(gateway, "alice", "alice", "bob", "bob")
    guess(gateway, "carol", "carol", "dave", "dave", source=ELSEWHERE)

    gateway.stop()
    assert thresholds(gateway) == []


def test_a_user_is_the_same_in_any_case(start_gateway: StartGateway, policy: Policy) -> None:
    """Backends differ about case; who tries them all is counted as one."""
    gateway = start_gateway(policy)

    guess(gateway, "alice", "ALICE", "Alice")

    gateway.stop()
    assert thresholds(gateway) == [("user", "3", "127.0.0.0/24")]


def test_a_login_that_works_clears_what_the_user_had_failed(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)

    for _ in range(2):
        guess(gateway, "alice", "alice")
        assert Visitor(gateway).log_in("alice").status == 302

    gateway.stop()
    assert thresholds(gateway) == []


def test_failures_count_together_whichever_worker_meets_them(
    start_gateway: StartGateway, policy: Policy
) -> None:
    policy["workers"] = 4
    policy["detection"]["failed_logins"] = {"per_user": "24 in 15m", "per_network": "off"}
    gateway = start_gateway(policy)

    guess(gateway, *["alice"] * 24)

    gateway.stop()
    workers = {r["request_id"].partition("-")[0] for r in gateway.audit.records("authn_login_fail")}
    assert len(workers) > 1
    assert thresholds(gateway) == [("user", "24", "127.0.0.0/24")]


def test_off_is_off(start_gateway: StartGateway, policy: Policy) -> None:
    policy["detection"]["failed_logins"] = {"per_user": "off", "per_network": "off"}
    gateway = start_gateway(policy)

    guess(gateway, *["alice"] * 25)

    gateway.stop()
    assert thresholds(gateway) == []
    assert len(gateway.audit.records("authn_login_fail")) == 25


def test_a_known_user_on_a_new_network_is_told_once(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)

    for source in (HOME, "127.0.0.77", ELSEWHERE, ELSEWHERE, HOME):
        assert Visitor(gateway, source=source).log_in("alice").status == 302
    assert Visitor(gateway, source=ELSEWHERE).log_in("bob").status == 302

    gateway.stop()
    [told] = gateway.audit.records("session_environment_change")
    assert (told["user"], told["change"], told["network"]) == ("alice", "new_network", "127.0.1.0/24")
    assert (told["client"], told["level"], told["path"]) == (ELSEWHERE, "warn", "/login")
    third = gateway.audit.records("authn_login_success")[2]
    assert (told["request_id"], told["session"]) == (third["request_id"], third["session"])


def test_a_failed_login_makes_no_network_known(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)
    Visitor(gateway).log_in("alice")

    guess(gateway, "alice", source=ELSEWHERE)
    Visitor(gateway, source=ELSEWHERE).log_in("alice")

    gateway.stop()
    [told] = gateway.audit.records("session_environment_change")
    assert told["request_id"] == gateway.audit.records("authn_login_success")[1]["request_id"]


def only(gateway: Gateway, event: str) -> Record:
    """The one such record, with the fields that every event about a request has."""
    gateway.stop()
    [record] = gateway.audit.records(event)
    assert (record["v"], record["level"], record["client"]) == (1, "warn", HOME)
    assert (record["network"], record["host"], record["method"]) == ("127.0.0.0/24", "localhost", "GET")
    exchange = gateway.audit.records("http_exchange", request_id=record["request_id"])
    assert len(exchange) == 1 and exchange[0]["path"] == record["path"]
    return record


def get(gateway: Gateway, target: str, *headers: tuple[str, str]) -> http.Response:
    with gateway.connect() as client:
        return client.get(target, *headers)


def test_a_forged_id_is_told(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)

    get(gateway, "/app/x?y=z", ("Cookie", f"{SESSION_COOKIE}={GENUINE_LOOKS}"))

    told = only(gateway, "session_id_forged")
    assert (told["reason"], told["path"], told["route"]) == ("forged_id", "/app/x", "localhost/app")
    assert "session" not in told and "user" not in told


def test_an_unknown_id_is_told(start_gateway: StartGateway, policy: Policy) -> None:
    """Genuine, but of a gateway that was before."""
    before = start_gateway(policy)
    alice = Visitor(before)
    alice.log_in()
    policy["session"]["keys"][0]["file"] = str(before.folder / "session.key")
    gateway = start_gateway(policy)

    get(gateway, "/app", ("Cookie", f"{SESSION_COOKIE}={alice.session}"))

    told = only(gateway, "session_id_unknown")
    assert told["reason"] == "unknown_id" and "session" not in told and "user" not in told
    assert not gateway.audit.records("session_id_forged")


def test_an_ambiguous_cookie_is_told(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()

    get(gateway, "/app", ("Cookie", f"{SESSION_COOKIE}={alice.session}; {SESSION_COOKIE}=other"))

    told = only(gateway, "session_cookie_ambiguous")
    assert told["reason"] == "ambiguous_session_cookie"
    assert "session" not in told and "user" not in told  # It would be a guess.


def test_a_spoofed_header_is_told_by_name_and_not_by_value(start_gateway: StartGateway, policy: Policy) -> None:
    """Once for a request, however many there are."""
    gateway = start_gateway(policy)
    spoofs = [("x_Forwarded_USER", "root"), ("X-Forwarded-For", "10.9.8.7"), ("Forwarded", "for=10.9.8.7")]

    get(gateway, "/open", *spoofs)

    told = only(gateway, "header_spoof_stripped")
    assert (told["header"], told["count"]) == ("x_Forwarded_USER", "3")
    assert "root" not in gateway.audit.text() and "10.9.8.7" not in gateway.audit.text()


def test_honest_requests_are_no_events(start_gateway: StartGateway, policy: Policy) -> None:
    """Otherwise nobody would look at the others."""
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    browser = [("Accept", "text/html"), ("Sec-Fetch-Mode", "navigate")]
    alice.fields = [("User-Agent", "Mozilla/5.0")]

    alice.get("/", *browser)
    alice.log_in()
    alice.get("/app", *browser)
    alice.get("/app", *browser)
    alice.get("/logout", *browser)

    gateway.stop()
    assert gateway.audit.story() == ["authn_login_success", "session_created", "session_logout"]


def test_no_secret_is_in_any_line_of_an_attack(start_gateway: StartGateway, policy: Policy) -> None:
    """LOG-003: neither what was guessed, nor what was stolen, nor what was forged."""
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()
    ids = str(alice.session).split(".")[2:]
    guess(gateway, *["alice"] * 6)
    for cookie in (GENUINE_LOOKS, "c4n4ry-forged", f"{alice.session}; {SESSION_COOKIE}=c4n4ry", f"{alice.session}x"):
        get(gateway, "/app?c4n4ry=c4n4ry", ("Cookie", f"{SESSION_COOKIE}={cookie}; other=c4n4ry"))
    get(gateway, "/app", ("X-Forwarded-User", "c4n4ry"), ("Authorization", "Bearer c4n4ry"))
    alice.get("/logout")
    gateway.stop()

    written = gateway.audit.text() + gateway.log()
    assert len(gateway.audit.records()) > 20
    for secret in ("c4n4ry", "guess-", "A" * 22, *ids, "APP=1"):
        assert secret not in written, secret
