"""The laws of the gateway, one by one, as far as they can be seen from outside.

The store that never sees an id and secrets that do not print are laws for the unit tests and the
compiler. What the audit trail keeps of the laws is in audit_laws_test.py.
"""

import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login
from support.gateway import Gateway
from support.policy import form_login_policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]

FORGED = f"v1.k1.{'A' * 22}.{'A' * 43}.{'A' * 22}"

WITHOUT_PERMIT = {
    "no login": (401, http.request("GET", "/app/secret")),
    "a navigation without login": (303, http.request("GET", "/app", [("Accept", "text/html")])),
    "a body without login": (401, http.request("POST", "/app", body=b"delete=everything")),
    "a forged cookie": (401, http.request("GET", "/app", [("Cookie", f"{SESSION_COOKIE}={FORGED}")])),
    "two cookies": (400, http.request("GET", "/open", [("Cookie", f"{SESSION_COOKIE}=a; {SESSION_COOKIE}=b")])),
    "no route": (404, http.request("GET", "/nowhere")),
    "another host": (404, http.request("GET", "/open", host="elsewhere.test")),
    "an ambiguous path": (400, http.request("GET", "/open/../app")),
    "identity by header": (401, http.request("GET", "/app", [("X-Forwarded-User", "alice")])),
    "target by header": (401, http.request("GET", "/app", [("X-Original-URL", "/open")])),
    "method by header": (401, http.request("POST", "/app", [("X-HTTP-Method-Override", "GET")])),
    "a health checker": (401, http.request("GET", "/app", [("User-Agent", "kube-probe/1.30")])),
    "two lengths": (400, http.request("POST", "/open", [("Content-Length", "0"), ("Transfer-Encoding", "chunked")])),
}  # fmt: skip

ODD_TARGETS = [
    "/", "/?", "/a?", "/a?b?c", "/a/", "/a%20b", "/%7Euser", "/%7euser", "/%41", "/caf%C3%A9",
    "/caf%c3%a9", "/100%25", "/stra%DFe", "/a+b", "/a:b@c", "/a!$&'()*,=~", "/.well-known/a..b/...",
    "/a?x=%2F%2e%2E%00%", "/a?//../..", "/a?x=\"<>\\^`{|}", "/A/a", "/a-_.~", "/[a]", "/a?;jsessionid=1",
    "/a?a=1&a=2&&", "/" + "x" * 7000, "/a?" + "y" * 7000,
]  # fmt: skip

PLAIN_SPELLINGS_OF_APP = [
    "/app", "/app/", "/app/x", "/app?x", "/app/?", "/%61pp", "/%61%70%70", "/a%70p/x",
    "/app?/../open", "http://localhost/app", "HTTPS://localhost/%61pp",
    "/app;jsessionid=1/x", "/app%3BJSESSIONID=1", "http://localhost/app;jsessionid=1",
]  # fmt: skip

AMBIGUOUS_SPELLINGS_OF_APP = [
    "//app", "///app", "//app/x", "/./app", "/.//app", "/open/../app", "/open/..//app",
    "/open/%2e%2e/app", "/open/%2E%2E/app",
    "/open/.%2e/app", "/open/%2e./app", "/%2e/app", "/app;x", "/app;/x", "/app;v=1/x", "/;/app", "/;jsessionid=1/app",
    "/;x=y/app", "/open/..;/app", "/open/..;a=b/app", "/app%3bx", "/app%3Bx/y", "/app%2f", "/app%2fx",
    "/%2fapp", "/%2Fapp", "/open%2f..%2fapp", "/app%5c", "/%5capp", "/app\\", "/\\app", "/open\\..\\app",
    "/app%00", "/app%00.png", "/%00/app", "/app%09", "/app%0a", "/app%0d%0a", "/%2561pp",
    "/%25%36%31pp", "/%252fapp", "/open/%252e%252e/app", "/open/%c0%ae%c0%ae/app", "/%c0%afapp",
    "/app#", "/app#/open", "/open#/app", "/app/../app", "/app/.", "/app/%2e",
    "/app//", "/app//x", "http://localhost//app", "http://localhost/open/../app", "/app/x/..;/x",
]  # fmt: skip


def only_two_paths(backend: FakeBackend) -> dict:
    policy = guarded_policy(backend.url)
    paths = ["/open", "/login", "/logout"]
    policy["routes"][0]["paths"][1:] = [{"prefix": path, "require": "nothing"} for path in paths]
    return policy


@pytest.mark.parametrize("status, request_bytes", WITHOUT_PERMIT.values(), ids=WITHOUT_PERMIT)
def test_nothing_reaches_a_backend_without_a_permit(
    start_gateway: StartGateway, backend: FakeBackend, status: int, request_bytes: bytes
) -> None:
    gateway = start_gateway(only_two_paths(backend))

    with gateway.connect() as client:
        client.send(request_bytes)
        answer = client.read_response()

    assert answer.status == status
    assert answer.get("Location") == ("/login" if status == 303 else None)
    gateway.audit.wait_for("http_exchange", status=status)
    assert not backend.connections


def test_nothing_reaches_a_backend_without_a_permit_in_any_spelling(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """HTP-011: a backend may read `//`, `;x`, `%2e` or `\\` differently; where two readings lead to
    different requirements, the request is refused."""
    gateway = start_gateway(guarded_policy(backend.url))
    wanted = dict.fromkeys(PLAIN_SPELLINGS_OF_APP, 401) | dict.fromkeys(AMBIGUOUS_SPELLINGS_OF_APP, 400)
    statuses = {}

    for target in wanted:
        with gateway.connect() as client:
            statuses[target] = client.get(target).status

    assert statuses == wanted
    assert not backend.connections


def test_the_verdict_is_taken_on_exactly_the_bytes_that_are_sent(
    gateway: Gateway, backend: FakeBackend
) -> None:
    """HTP-011, IDF-006."""
    with gateway.connect() as client:
        for target in ODD_TARGETS:
            assert client.get(target).status == 200, target

    lines = [received.head.partition(b"\r\n")[0] for received in backend.requests]
    assert lines == [f"GET {target} HTTP/1.1".encode("latin-1") for target in ODD_TARGETS]


@pytest.mark.parametrize(
    "sent, forwarded",
    [("http://localhost/a?b", "/a?b"), ("https://LOCALHOST", "/"), ("HTTP://localhost:1/%61", "/%61")],
)
def test_the_verdict_is_taken_on_exactly_the_bytes_that_are_sent_of_an_absolute_target(
    gateway: Gateway, backend: FakeBackend, sent: str, forwarded: str
) -> None:
    with gateway.connect() as client:
        assert client.get(sent).status == 200

    assert backend.last_request().target == forwarded


def test_a_session_is_stored_before_its_cookie_leaves(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["workers"] = 4
    gateway = start_gateway(policy)
    readers = [gateway.connect() for _ in range(24)]  # The kernel spreads them over the workers.

    with gateway.connect() as client:
        for turn in range(100):
            client.send(http.form_request("POST", "/login", {"user": "alice", "password": "secret"}))
            fresh = client.reader.response_head().set_cookies()[SESSION_COOKIE]

            answer = readers[turn % len(readers)].get("/app", ("Cookie", f"{SESSION_COOKIE}={fresh}"))

            assert answer.status == 200, f"turn {turn}"
            assert backend.requests[-1].get("X-Forwarded-User") == "alice"
    for reader in readers:
        reader.close()


def test_login_always_changes_the_id(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """ROT-001: from a stranger's session, again as the same user, and as another one."""
    backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "PRE=1")]))
    backend_with_login(backend)
    policy = guarded_policy(backend.url)
    policy["logins"]["form"]["pre_login_cookies"] = "withhold"
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.get("/begin")
    seen = [alice.session]

    for user in ("alice", "alice", "bob"):
        alice.log_in(user)
        seen.append(alice.session)

    assert None not in seen and len(set(seen)) == 4
    for old in seen[:-1]:
        thief = Visitor(gateway)
        thief.plant(SESSION_COOKIE, old or "")
        assert thief.get("/app").status == 401
    assert alice.get("/app").status == 200


def test_a_dead_session_never_comes_back_with_a_late_answer(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """Logout while another answer is on its way: what that one sets must not revive anything."""
    gate = threading.Event()
    late = http.response(200, b"late", [("Set-Cookie", "APP=late; Path=/")])
    backend.on("GET", "/slow", lambda received: late if gate.wait(PATIENCE) else None)
    backend_with_login(backend, "APP=1; Path=/")
    gateway = start_gateway(guarded_policy(backend.url))
    alice = Visitor(gateway)
    alice.log_in()
    cookie = ("Cookie", f"{SESSION_COOKIE}={alice.session}")

    with gateway.connect() as slow:
        slow.send(http.request("GET", "/slow", [cookie]))
        backend.wait_for_requests(2)
        alice.get("/logout")
        gateway.audit.wait_for("session_logout")
        gate.set()
        answer = slow.read_response()

    assert answer.body == b"late"
    assert not answer.all("Set-Cookie")
    with gateway.connect() as client:
        assert client.get("/app", cookie).status == 401
        client.get("/open", cookie)
    assert not backend.requests[-1].has("Cookie")
    gateway.stop()
    assert gateway.audit.records("session_use_after_expire", reason="logged_out")
    assert len(gateway.audit.records("session_created")) == 1


def test_a_dead_session_never_comes_back_with_a_late_login(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """The old id stays dead, and no cookie of the login's answer makes it live."""
    gate = threading.Event()

    def slow_login(received: Received) -> bytes | None:
        received.read_body()
        return http.redirect("/home", "APP=2; Path=/") if gate.wait(PATIENCE) else None

    backend_with_login(backend, "APP=1; Path=/")
    gateway = start_gateway(guarded_policy(backend.url))
    alice = Visitor(gateway)
    alice.log_in()
    old = ("Cookie", f"{SESSION_COOKIE}={alice.session}")
    backend.on("POST", "/login", slow_login)

    with gateway.connect() as slow:
        slow.send(http.form_request("POST", "/login", {"user": "alice", "password": "secret"}, [old]))
        backend.wait_for_requests(2)
        alice.get("/logout")
        gateway.audit.wait_for("session_logout")
        gate.set()
        answer = slow.read_response()

    assert not answer.all("Set-Cookie")
    with gateway.connect() as client:
        assert client.get("/app", old).status == 401


DOUBT = {
    "ambiguous cookie": http.request("GET", "/", [("Cookie", f"{SESSION_COOKIE}=a"), ("Cookie", f"{SESSION_COOKIE}=b")]),
    "no host": http.request("GET", "/", host=None),
    "two hosts": http.request("GET", "/", [("Host", "localhost")]),
    "two equal lengths": http.request("POST", "/", [("Content-Length", "1"), ("Content-Length", "1")], b"a"),
    "an encoded slash": http.request("GET", "/a%2fb"),
    "a dot segment": http.request("GET", "/a/../b"),
    "a control byte in a cookie": b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\tc\r\n\r\n",
    "a folded line": b"GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("request_bytes", DOUBT.values(), ids=DOUBT)
def test_any_doubt_refuses(gateway: Gateway, backend: FakeBackend, request_bytes: bytes) -> None:
    with gateway.connect() as client:
        client.send(request_bytes)

        assert client.read_response().status == 400
        assert client.is_closed_by_peer()

    assert not backend.connections


def test_any_doubt_about_who_logged_in_logs_nobody_in(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    backend.on("POST", "/login", http.redirect("/home"))
    gateway = start_gateway(form_login_policy(backend.url))
    kind = ("Content-Type", "application/x-www-form-urlencoded")

    with gateway.connect() as client:
        answer = client.request("POST", "/login", [kind], b"user=alice&user=root")

    gateway.stop()
    assert answer.status == 302 and not answer.has("Set-Cookie")
    assert gateway.audit.records("authn_login_unclassified")
    assert not gateway.audit.records("authn_login_success")
