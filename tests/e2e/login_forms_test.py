"""Login requests that are not what they seem: whoever a careless reader would take them for, nobody
is logged in on doubt, and the backend is told of nobody (LGN-009)."""

import gzip
from base64 import b64encode
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor

StartGateway = Callable[..., Gateway]

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """A backend that accepts every login."""
    backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "APP=1; Path=/")]))
    backend.on("POST", None, http.redirect("/home", "DW=1; Path=/"))
    return guarded_policy(backend.url)


def expect_nobody(gateway: Gateway, backend: FakeBackend, visitor: Visitor, before: str | None) -> None:
    """Nobody is in, the session is over under every id, and no request named anybody."""
    for session in filter(None, [visitor.session, before]):
        thief = Visitor(gateway)
        thief.plant(SESSION_COOKIE, session)
        assert thief.get("/app").status == 401
    visitor.get("/open")
    assert not any(received.has("X-Forwarded-User") for received in backend.requests)
    gateway.stop()
    assert gateway.audit.records("authn_login_unclassified")
    assert not gateway.audit.records("authn_login_success")


LIES = {
    "a user twice": (b"user=alice&user=bob", FORM),
    "a name of 10 kB": (b"user=" + b"a" * 10_240, FORM),
    "control bytes": (b"user=alice%0D%0AX-Admin:+1", FORM),
    "a NUL": (b"user=alice%00", FORM),
    "raw UTF-8, Latin-1 for servlets": ("user=J\u00fcrgen".encode(), FORM),
    "JSON that holds a form": (b'{"user":"bob","x":"&user=alice&"}', FORM),
    "a form that says it is JSON": (b"user=alice", "application/json"),
    "another charset behind UTF-8": (b"user=alice", FORM + "; charset=ibm037; x=utf-8"),
    "a form within multipart": (b"user=alice", "multipart/form-data; boundary=user"),
}


@pytest.mark.parametrize("body, kind", LIES.values(), ids=LIES)
def test_a_form_that_can_be_read_in_two_ways_is_nobodys(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, body: bytes, kind: str
) -> None:
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)
    visitor.get("/begin")
    before = visitor.session

    assert visitor.post("/login", body, kind).status == 302

    expect_nobody(gateway, backend, visitor, before)


@pytest.mark.parametrize("body", [gzip.compress(b"user=alice"), b"user=alice"], ids=["is", "is not"])
def test_a_form_that_says_it_is_compressed_is_nobodys(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, body: bytes
) -> None:
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        fields = [("Content-Type", FORM), ("Content-Encoding", "gzip")]
        answer = client.request("POST", "/login", fields, body)

    assert answer.status == 302 and SESSION_COOKIE not in answer.set_cookies()
    assert backend.requests[-1].body == body
    expect_nobody(gateway, backend, Visitor(gateway), None)


def test_credentials_beside_somebody_elses_form_are_nobodys(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """The backend may have gone by either."""
    rule = policy["logins"]["form"]
    rule["when"] = [{"path": "/login", "form": {"user": "*"}}, {"path": "/dav/*", "basic": True}]
    rule["user"] = [{"basic": True}, {"form": "user"}]
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    basic = "Basic " + b64encode(b"alice:guess").decode()
    visitor.post_form("/login", {"user": "bob"}, ("Authorization", basic))

    expect_nobody(gateway, backend, visitor, None)


def test_a_query_beside_json_is_nobodys(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    rule = policy["logins"]["form"]
    rule["when"] = {"path": "/login"}
    rule["user"] = [{"form": "user"}, {"json": "/user"}]
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    visitor.post("/login?user=alice", b'{"user":"bob"}', "application/json")

    expect_nobody(gateway, backend, visitor, None)


def test_a_login_with_a_dead_session_begins_anew(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """Of the dead session neither the id nor the backend's cookies are seen again."""
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)
    visitor.get("/begin")
    visitor.log_in("alice")
    dead = visitor.session
    visitor.get("/logout")
    visitor.plant(SESSION_COOKIE, dead or "")

    visitor.log_in("bob")

    assert not backend.requests[-1].has("Cookie")
    assert visitor.session not in (None, dead)
    assert visitor.get("/app").status == 200
    assert backend.requests[-1].get("X-Forwarded-User") == "bob"
    thief = Visitor(gateway)
    thief.plant(SESSION_COOKIE, dead or "")
    assert thief.get("/app").status == 401
    gateway.audit.wait_for("session_use_after_expire")


@pytest.mark.parametrize("query", ["+do=register", "do[]=register", "do%00=register", "DO=register"])
def test_a_closed_door_is_closed_however_it_is_spelled(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, query: str
) -> None:
    policy["logins"]["form"]["closed"] = {"path": "/doku.php", "query": {"do": "register"}}
    gateway = start_gateway(policy)

    assert Visitor(gateway).get("/doku.php?" + query).status == 403
    assert not backend.requests


OVERRIDES = {
    "a header": ("/users/1", [("X-HTTP-Method-Override", "DELETE")]),
    "another header": ("/users/1", [("X-Method-Override", "DELETE")]),
    "a parameter": ("/users/1?_method=delete", []),
}


@pytest.mark.parametrize("target, fields", OVERRIDES.values(), ids=OVERRIDES)
def test_a_closed_door_is_closed_for_other_names_of_its_method(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, target: str, fields: http.Fields
) -> None:
    policy["logins"]["form"]["closed"] = {"path": "/users/*", "method": "DELETE"}
    gateway = start_gateway(policy)

    assert Visitor(gateway).post_form(target, {}, *fields).status == 403
    assert not backend.requests
    assert Visitor(gateway).post_form("/users/1", {}).status == 302


def test_guesses_in_a_session_of_ones_own_are_counted_however_they_are_spelled(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["logins"]["form"]["when"]["form"] = {"do": "login"}
    policy["detection"] = {"failed_logins": {"per_user": "3 in 15m", "per_network": "off"}}
    gateway = start_gateway(policy)
    mallory = Visitor(gateway)
    mallory.post_form("/login", {"do": "login", "user": "mallory"})
    backend.on("POST", "/login", http.response(200, b"wrong"))

    for _ in range(3):
        mallory.post("/login", b"do=login&do=login&user=alice&password=guess", FORM)

    gateway.audit.wait_for("authn_login_fail_max", scope="user")
    assert mallory.get("/app").status == 200
