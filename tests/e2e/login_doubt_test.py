"""Logins that are not what they seem (LGN-009): nobody becomes somebody else, and no session that
the backend may have logged in lives on under its old id."""

from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor

StartGateway = Callable[..., Gateway]

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """A backend that accepts every login and keeps its session id through it."""
    backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "APP=planted; Path=/")]))
    backend.on("POST", None, http.redirect("/home", "DW=1; Path=/"))
    policy = guarded_policy(backend.url)
    policy["logins"]["form"]["success"] = {"status": 302, "set_cookie": "DW*"}
    return policy


def is_dead(gateway: Gateway, session: str | None, backend: FakeBackend) -> bool:
    """Whether nothing of the backend's is reached any more with that session."""
    thief = Visitor(gateway)
    thief.plant(SESSION_COOKIE, session or "")
    refused = thief.get("/app").status == 401
    thief.plant(SESSION_COOKIE, session or "")
    thief.get("/open")
    return refused and backend.requests[-1].get("Cookie") is None


# What a backend reads as bob, whose password it is, and a careless gateway as alice.
SOMEBODY_ELSE = {
    "a blank in front": ("/login", b"user=alice&+user=bob", FORM),
    "a NUL behind": ("/login", b"user=alice&user%00x=bob", FORM),
    "a long tail behind a NUL": ("/login", b"user=alice&user%00" + b"x" * 999 + b"=bob", FORM),
    "an array": ("/login", b"user=alice&user[]=bob", FORM),
    "another case": ("/login", b"user=alice&USER=bob", FORM),
    "a semicolon": ("/login", b"user=alice&x=1;user=bob", FORM),
    "in the query": ("/login?user=bob", b"user=alice", FORM),
    "in the query, folded": ("/login?+user=bob", b"user=alice", FORM),
    "in another code page": ("/login", b"user=%81%93%89%83%85", FORM + "; charset=ibm037"),
    "in a body of another kind": ("/login", b'{"user":"bob"}', "application/json"),
}


@pytest.mark.parametrize("target, body, kind", SOMEBODY_ELSE.values(), ids=SOMEBODY_ELSE)
def test_nobody_becomes_somebody_else(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, target: str, body: bytes, kind: str
) -> None:
    gateway = start_gateway(policy)
    bob = Visitor(gateway)
    bob.get("/begin")
    before = bob.session

    bob.post(target, body + b"&password=secret", kind)

    assert bob.session is None and is_dead(gateway, before, backend)
    gateway.stop()
    assert gateway.audit.records("authn_login_unclassified")
    assert gateway.audit.records("session_revoked")[0]["reason"] == "login_unclear"
    assert not gateway.audit.records("authn_login_success")


def test_two_content_types_are_refused(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        kinds = [("Content-Type", FORM), ("Content-Type", "multipart/form-data; boundary=x")]
        answer = client.request("POST", "/login", kinds, b"user=alice")

    assert answer.status == 400 and not backend.requests


DOORS = {
    "an empty segment": ("//login", b"user=alice", FORM),
    "a path parameter": ("/login;x=1", b"user=alice", FORM),
    "multipart": ("/login", b"user=alice", "multipart/form-data; boundary=x"),
    "a content type with a tail": ("/login", b"user=alice", FORM + ",x"),
    "a path that no rule knows": ("/login/again", b"user=alice", FORM),
}


@pytest.mark.parametrize("target, body, kind", DOORS.values(), ids=DOORS)
def test_no_login_passes_unseen_into_a_planted_session(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, target: str, body: bytes, kind: str
) -> None:
    """ROT-001: the id that was there before it is dead, whichever way the login came."""
    gateway = start_gateway(policy)
    victim = Visitor(gateway)
    victim.get("/begin")
    planted = victim.session

    victim.post(target, body, kind)

    assert is_dead(gateway, planted, backend)
    gateway.stop()
    assert {"authn_login_success", "authn_login_unclassified"} & set(gateway.audit.story())


def test_an_accepted_form_in_a_users_session_proves_nothing_about_another_user(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """Applications send whoever is logged in on to the same page, whatever was typed."""
    gateway = start_gateway(policy)
    bob = Visitor(gateway)
    bob.log_in("bob")
    before = bob.session

    bob.log_in("admin", "guess")

    assert bob.session is None and is_dead(gateway, before, backend)
    gateway.stop()
    assert [r["user"] for r in gateway.audit.records("authn_login_success")] == ["bob"]
    assert gateway.audit.records("authn_login_unclassified")[0]["why"] == "already_logged_in"


def test_a_form_too_long_to_be_read_ahead_is_not_believed(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """The planted cookies went out before the form showed that they must be withheld."""
    policy["logins"]["form"] |= {"pre_login_cookies": "withhold"}
    policy["logins"]["form"]["when"]["form"] = {"do": "login"}
    gateway = start_gateway(policy)
    victim = Visitor(gateway)
    victim.get("/begin")
    planted = victim.session

    victim.post("/login", b"padding=" + b"x" * 300_000 + b"&do=login&user=alice", FORM)

    assert is_dead(gateway, planted, backend)
    gateway.audit.wait_for("authn_login_unclassified", why="form_too_late")


def test_a_login_whose_answer_never_came_ends_the_session(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    def swallow(received: Received) -> None:
        received.read_body()
        received.connection.close()

    backend.on("POST", "/login", swallow)
    gateway = start_gateway(policy)
    victim = Visitor(gateway)
    victim.get("/begin")
    planted = victim.session

    answer = victim.log_in()

    assert answer.status == 502 and victim.session is None
    assert is_dead(gateway, planted, backend)
    gateway.audit.wait_for("authn_login_unclassified", why="no_answer")


def test_a_logout_whose_answer_never_came_is_a_logout(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """REV-003: whoever asked to leave is out, whatever becomes of the backend."""
    backend.on("GET", "/logout", lambda received: received.connection.close())
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()
    before = alice.session

    answer = alice.get("/logout")

    assert answer.status == 502 and alice.session is None
    assert is_dead(gateway, before, backend)
    gateway.audit.wait_for("session_logout")


def test_guesses_that_hide_their_user_are_counted(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    backend_with_login(backend)
    policy["logins"]["form"]["success"] = {"status": 302}
    policy["detection"] = {"failed_logins": {"per_user": "3 in 15m", "per_network": "off"}}
    gateway = start_gateway(policy)
    for _ in range(3):
        Visitor(gateway).post("/login", b"user=x&user=alice&password=guess", FORM)

    gateway.audit.wait_for("authn_login_fail_max", scope="user")
