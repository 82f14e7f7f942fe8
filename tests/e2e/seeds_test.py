"""Weaknesses W1 to W26 of well-known session middlewares, one by one: each has a test here, or a line that says where
its test is or why it cannot occur.

W1   Client-side sessions cannot be revoked: there are none; logout and revocation: wstg_session_test, admin_test.
W2   A used session never expires: test_sess_07_the_absolute_limit_ends_what_is_used.
W3   Fixation: test_sess_03_a_forced_cookie_does_not_become_somebodys_session, browser/fixation_test.
W4   Data of before the login stays: test_login_empties_the_vault_but_for_what_its_answer_sets (vault_test).
W5   A request in flight revives a session that was logged out: below, and laws_test.
W6   The same at a login: below.
W7   Lost updates between parallel requests: ManagerCommit.KeepsWhatParallelAnswersTaught, and below.
W8   A store that is away: the memory store is in the process. Other stores do not exist yet.
W9   Anonymous floods: memory_test, test_sess_11_strangers_of_one_network_have_a_share.
W10  Attributes frozen into old records: none are stored; below.
W11  Secure cookies behind a TLS proxy: the gateway is the end of TLS, and its cookie is always Secure: SESS-02.
W12  An asynchronous condition that always holds: conditions are values and tables, nothing is called.
W13  Forged cookies unnoticed: test_sess_01_every_changed_character_is_noticed; failed logins: detection_test.
W14  No binding: binding_test, theft_test.
W15  Two cookies of one name: test_two_cookies_of_our_name_are_refused (sessions_test).
W16  Cacheable answers with Set-Cookie: below, and SESS-02.
W17  A cookie that outgrows the browser: one fixed length, SESS-01.
W18  Half a cookie after a change of keys: below.
W19  /app and /application: below, and routes_test.
W20  A deletion with other attributes: below.
W21  Upgrades around the policy: no upgrade passes; below.
W22  A client that leaves while the backend works: client_abort_test.
W23  Spoofed headers, our cookie at the backend, theirs in our name: headers_test, vault_test.
W24  Attribute injection into cookies: every attribute of ours comes from the policy, none from a request; vault_test.
W25  Comparisons that tell where they stopped: CRYPTO_memcmp; the unit test is EqualInConstantTime.
W26  A checksum that decides whether to write: writes are explicit, values are compared whole (Reduce.*).
"""

import os
import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["logins"]["form"]["success"]["set_cookie"] = "APP"
    return policy


def logged_in(gateway: Gateway) -> Visitor:
    visitor = Visitor(gateway)
    assert visitor.log_in().status == 302
    return visitor


def cookie_of(visitor: Visitor) -> tuple[str, str]:
    return ("Cookie", f"{SESSION_COOKIE}={visitor.session}")


def test_w5_a_late_answer_of_a_dead_session_sets_nothing(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """Neither our cookie, rolling or not, nor one of the backend's that browsers may hold."""
    gate = threading.Event()
    late = http.response(200, b"late", [("Set-Cookie", "APP=late; Path=/")])
    backend.on("GET", "/slow", lambda received: late if gate.wait(PATIENCE) else None)
    policy["backends"]["app"]["cookies"] = {"default": "pass"}
    policy["session"]["cookie"] |= {"persistent": True, "rolling": True}
    gateway = start_gateway(policy)
    alice = logged_in(gateway)

    with gateway.connect() as slow:
        slow.send(http.request("GET", "/slow", [cookie_of(alice)]))
        before = cookie_of(alice)
        backend.wait_for_requests(2)
        alice.get("/logout")
        gate.set()
        answer = slow.read_response()

    assert answer.body == b"late" and not answer.all("Set-Cookie")
    with gateway.connect() as client:
        assert client.get("/app", before).status == 401


def test_w6_a_late_answer_does_not_revive_the_id_of_before_the_login(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gate = threading.Event()
    late = http.response(200, b"late", [("Set-Cookie", "X=late; Path=/")])
    backend.on("GET", "/slow", lambda received: late if gate.wait(PATIENCE) else None)
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    old = cookie_of(alice)

    with gateway.connect() as slow:
        slow.send(http.request("GET", "/slow", [old]))
        backend.wait_for_requests(2)
        assert alice.log_in().status == 302
        gate.set()
        assert not slow.read_response().all("Set-Cookie")

    with gateway.connect() as client:
        assert client.get("/app", old).status == 401
    assert alice.get("/app").status == 200


def test_w7_parallel_answers_lose_nothing_of_each_other(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    together = threading.Barrier(8)

    def set_one(received: Received) -> bytes:
        together.wait(PATIENCE)
        name = received.path.rpartition("/")[2]
        return http.response(200, b"", [("Set-Cookie", f"{name}=1; Path=/")])

    for index in range(8):
        backend.on("GET", f"/set/c{index}", set_one)
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    threads = [threading.Thread(target=alice.get, args=(f"/set/c{index}",)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    alice.get("/open")

    assert {f"c{index}" for index in range(8)} <= set(backend.last_request().cookies())


def test_w10_attributes_come_from_the_policy_that_is_in_force(start_gateway: StartGateway, policy: Policy) -> None:
    """W10, W16, W20: issue and deletion by one builder, never cacheable."""
    for same_site in ("lax", "strict"):
        policy["session"]["cookie"]["same_site"] = same_site
        alice = Visitor(start_gateway(policy))
        issued, cleared = alice.log_in(), alice.get("/logout")

        tail = issued.all("Set-Cookie")[0].partition(";")[2]
        assert f"SameSite={same_site.capitalize()}" in tail
        assert cleared.all("Set-Cookie") == [f"{SESSION_COOKIE}=;{tail}; Max-Age=0"]
        assert issued.get("Cache-Control") == cleared.get("Cache-Control") == "no-store"


def test_w18_a_new_key_reissues_the_whole_cookie(start_gateway: StartGateway, policy: Policy, tmp_path) -> None:
    """The form, the attributes and the length of a first one; a key that was taken away is none any more."""
    files = {name: tmp_path / f"{name}.key" for name in ("k1", "k2")}
    for file in files.values():
        file.touch(mode=0o600)
        file.write_bytes(os.urandom(32))
    policy["session"]["keys"] = [{"id": "k1", "file": str(files["k1"])}]
    alice = logged_in(start_gateway(policy))
    old = alice.session
    policy["session"]["keys"].insert(0, {"id": "k2", "file": str(files["k2"])})
    gateway = start_gateway(policy)
    first = logged_in(gateway)

    # Sessions end with the process of the memory store: what is left of the old one is its key.
    visitor = Visitor(gateway)
    visitor.plant(SESSION_COOKIE, str(old))

    assert str(first.session).startswith("v1.k2.") and len(str(first.session)) == len(str(old))
    assert visitor.get("/app").status == 401
    assert not gateway.audit.records("session_id_forged"), "under another key, and no forgery"


def test_w19_a_route_covers_whole_segments(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)
    for target, status in (("/app", 401), ("/app/", 401), ("/app/x", 401), ("/application", 200)):
        assert Visitor(gateway).get(target).status == status, target
    for target in ("/%61pp", "//app", "/x/../app", "/app;x=1", "/x/%2e%2e/app"):
        assert Visitor(gateway).get(target).status in (400, 401), target


def test_w21_no_upgrade_goes_around_the_policy(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    upgrade = [
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]
    reached = len(backend.requests)

    assert Visitor(gateway).get("/app", *upgrade).status == 401
    assert len(backend.requests) == reached
    assert alice.get("/app", *upgrade).status == 200
    assert not backend.last_request().has("Upgrade"), "an ordinary request"
    alice.get("/logout")
    assert alice.get("/app", *upgrade).status == 401
