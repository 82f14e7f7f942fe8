"""Two laws of the gateway that the audit trail itself keeps: every exchange yields exactly one audit
record, and no secret is in it (LOG-001, LOG-003, LOG-005)."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login, refusing_port
from support.gateway import Gateway
from support.policy import guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]


@pytest.fixture
def mixed(start_gateway: StartGateway, backend: FakeBackend) -> Iterator[Gateway]:
    """A gateway with a backend that works (`localhost`) and one that is down."""
    policy = guarded_policy(backend.url)
    with refusing_port() as port:
        policy["backends"]["down"] = {"servers": [f"http://127.0.0.1:{port}"]}
        paths = [{"prefix": "/", "require": "nothing"}]
        policy["routes"].append({"host": "app.test", "paths": paths, "backend": "down"})
        yield start_gateway(policy)


HOST = b"Host: localhost\r\n"

ONE_EXCHANGE = {
    "a plain one": (http.request("GET", "/"), 200),
    "a body": (http.request("POST", "/", body=b"x" * 50_000), 200),
    "HEAD": (http.request("HEAD", "/"), 200),
    "a failed login": (http.form_request("POST", "/login", {"user": "a", "password": "b"}), 200),
    "a login": (http.form_request("POST", "/login", {"user": "a", "password": "secret"}), 302),
    "a stranger": (http.request("GET", "/app"), 401),
    "an unknown host": (http.request("GET", "/", host="nobody.test"), 404),
    "a forged cookie": (http.request("GET", "/", [("Cookie", f"{SESSION_COOKIE}=x")]), 200),
    "two cookies": (
        http.request("GET", "/", [("Cookie", f"{SESSION_COOKIE}=x; {SESSION_COOKIE}=y")]),
        400,
    ),
    "a malformed line": (b"GET\r\n\r\n", 400),
    "a bad target": (http.request("GET", "/a/../b"), 400),
    "a bad chunk": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
    "a head too large": (http.request("GET", "/", [("A", "x" * 9000)]), 431),
    "a backend that is down": (http.request("GET", "/", host="app.test"), 502),
    "a malformed answer": (http.request("GET", "/malformed"), 502),
}  # fmt: skip

TIMED_OUT = {
    "half a head": ("head_timeout", b"GET / HTTP/1.1\r\nHost: loc", 408),
    "half a body": ("body_timeout", b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\nabc", 408),
    "a silent backend": ("response_timeout", http.request("GET", "/silent"), 504),
}


def script(backend: FakeBackend, released: threading.Event) -> None:
    backend_with_login(backend)
    backend.on("GET", "/malformed", b"HTTP/1.1 200 OK\nA: b\r\n\r\n")
    backend.on("GET", "/silent", lambda received: None if released.wait(PATIENCE) else None)
    backend.on("GET", "/torn", torn)


def torn(received: Received) -> None:
    received.connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    received.connection.abort()


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Lets silent backends go when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_every_exchange_yields_exactly_one_audit_record(
    mixed: Gateway, backend: FakeBackend, released: threading.Event
) -> None:
    script(backend, released)
    backend.failures_are_expected = True  # A bad chunk ends what was forwarded before it.
    wrong = []

    for done, (name, (sent, status)) in enumerate(ONE_EXCHANGE.items()):
        with mixed.connect() as client:
            client.send(sent)
            answer = client.read_response("HEAD" if name == "HEAD" else "GET")
        mixed.audit.wait_for("http_exchange", count=done + 1)
        record = mixed.audit.exchanges()[-1]
        if (answer.status, record.get("status")) != (status, status):
            wrong.append((name, answer.status, record))

    mixed.stop()
    assert wrong == []
    assert len(mixed.audit.exchanges()) == len(ONE_EXCHANGE)


@pytest.mark.parametrize("limit, sent, status", TIMED_OUT.values(), ids=TIMED_OUT)
def test_every_exchange_yields_exactly_one_audit_record_when_time_is_up(
    start_gateway: StartGateway, backend: FakeBackend, released: threading.Event,
    limit: str, sent: bytes, status: int,
) -> None:  # fmt: skip
    script(backend, released)
    backend.failures_are_expected = True
    policy = guarded_policy(backend.url)
    place = policy["backends"]["app"] if limit == "response_timeout" else policy.setdefault("limits", {})
    place[limit] = "1s"
    gateway = start_gateway(policy)

    with gateway.connect() as client:
        client.send(sent)
        answer = client.read_response()

    gateway.stop()
    assert answer.status == status
    assert [record["status"] for record in gateway.audit.exchanges()] == [status]


def test_every_exchange_yields_exactly_one_audit_record_when_pipelined(
    gateway: Gateway, backend: FakeBackend
) -> None:
    with gateway.connect() as client:
        client.send(http.request("GET", "/a") + http.request("GET", "/b") + b"nonsense\r\n\r\n")
        statuses = [client.read_response().status for _ in range(3)]

    gateway.stop()
    assert statuses == [200, 200, 400]
    assert [record["status"] for record in gateway.audit.exchanges()] == statuses
    names = [record["request_id"] for record in gateway.audit.exchanges()]
    assert len(set(names)) == 3


def test_every_exchange_yields_exactly_one_audit_record_when_the_client_leaves(
    mixed: Gateway, backend: FakeBackend, released: threading.Event
) -> None:
    script(backend, released)
    backend.failures_are_expected = True

    for at, (sent, heads) in enumerate([
        (http.request("GET", "/silent"), 1),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9000000\r\n\r\nabc", 2),
    ]):  # fmt: skip
        with mixed.connect() as client:
            client.send(sent)
            until(lambda count=heads: len(backend.connections) >= count, "the backend to be asked")
            client.abort()
        mixed.audit.wait_for("http_exchange", count=at + 1, outcome="aborted")

    mixed.stop()
    assert len(mixed.audit.exchanges()) == 2


def test_every_exchange_yields_exactly_one_audit_record_when_the_answer_is_torn(
    gateway: Gateway, backend: FakeBackend
) -> None:
    script(backend, threading.Event())

    with gateway.connect() as client:
        with pytest.raises(http.ConnectionEnded):
            client.get("/torn")

    gateway.stop()
    [record] = gateway.audit.exchanges()
    assert record["reason"] == "backend_closed"
    assert len(gateway.audit.records("backend_fail", request_id=record["request_id"])) == 1


def test_no_exchange_no_record(gateway: Gateway) -> None:
    """A connection that asks nothing leaves no record."""
    gateway.connect().close()
    gateway.connect_tcp().close()

    gateway.stop()

    assert gateway.audit.exchanges() == []
    assert [record["event"] for record in gateway.audit.records()] == ["sys_startup", "sys_shutdown"]


CANARY = "c4n4ry"


def canary(name: str) -> str:
    return f"{CANARY}-{name}"


def test_no_secret_is_in_the_audit_or_the_log(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """LOG-003: canaries in everything that may hold a secret, on good ways and on bad ones."""
    backend_with_login(backend, f"APP={canary('backend-cookie')}; Path=/")
    backend.on("GET", "/malformed", f"HTTP/1.1 2{canary('answer')}\r\n\r\n".encode())
    gateway = start_gateway(guarded_policy(backend.url))
    alice = Visitor(gateway)
    secrets = [
        ("Authorization", f"Bearer {canary('authorization')}"),
        ("User-Agent", canary("agent")),
        ("Referer", f"https://localhost/?token={canary('referer')}"),
        ("X-Forwarded-User", canary("spoof")),
        ("X-Api-Key", canary("api-key")),
    ]

    alice.post_form("/login", {"user": "alice", "password": canary("wrong")}, *secrets)
    alice.post_form(f"/login?next={canary('query')}", {"user": "alice", "password": "secret"})
    alice.plant("other", canary("foreign-cookie"))
    ids = [alice.session]
    for target in ("/app", "/malformed", f"/a?token={canary('query')}", "/logout"):
        alice.get(target, *secrets)
    alice.get("/app", *secrets)
    for value in (canary("forged"), f"v1.k1.{'B' * 43}.{'C' * 22}", ids[0]):
        thief = Visitor(gateway)
        thief.plant(SESSION_COOKIE, str(value))
        thief.get(f"/app?{canary('stolen')}", *secrets)
    for raw in (f"GET /{canary('target')}\x01 HTTP/1.1", f"GET / HTTP/1.1\r\nCookie: a={canary('x')}\x02"):
        with gateway.connect() as client:
            client.send(raw.encode() + b"\r\nHost: localhost\r\n\r\n")
            assert client.read_response().status == 400
    gateway.stop()

    written = gateway.audit.text() + gateway.log()
    found = [line for line in written.splitlines() if CANARY in line]
    assert found == []
    assert ids[0] and ids[0].split(".")[2] not in written and ids[0].split(".")[3] not in written
    assert "secret" not in written.replace("session.key", "")


def test_every_audit_line_is_one_json_object_whatever_came_in(
    gateway: Gateway, backend: FakeBackend
) -> None:
    """LOG-001: escapes for everything a terminal, a parser or a reader could trip over."""
    nasty = "%22%7D%E2%80%AE%C2%9B31m%DF%F0%9F%92%A9"
    with gateway.connect() as client:
        client.get(f"/{nasty}", ("User-Agent", '"}\x1b[31m'.replace("\x1b", "\x80")))
        client.get(f"/{nasty}?{nasty}")
    gateway.stop()

    lines = gateway.audit.path.read_bytes().removesuffix(b"\n").split(b"\n")

    for line in lines:
        record = json.loads(line)
        assert line.isascii() or line.decode("utf-8").isprintable()
        assert record["v"] == 1 and record["level"] in ("info", "warn", "critical")
        assert record["outcome"] in ("success", "denied", "failure", "aborted", "unknown")
        assert datetime.fromisoformat(record["time"].replace("Z", "+00:00")).tzinfo is not None
    assert len(lines) == 4
