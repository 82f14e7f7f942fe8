"""The way to the backend: connections used again, what is retried, and backends that misbehave
(HTP-012, HTP-013, CFG-006)."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, Received, refusing_port
from support.client import Client
from support.gateway import Gateway
from support.policy import Policy, basic_policy
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """One worker, so that every client meets the same pool."""
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    return policy


@pytest.fixture
def client(start_gateway: StartGateway, policy: Policy) -> Iterator[Client]:
    with start_gateway(policy).connect() as client:
        yield client


def test_connections_are_used_again(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    backend.on("HEAD", "/c", http.response(200, b"", [("Content-Length", "5")]))
    gateway = start_gateway(policy)
    for _ in range(10):
        with gateway.connect() as client:
            client.get("/a")
            client.request("POST", "/b", body=b"body")
            client.request("HEAD", "/c")

    assert len(backend.connections) == 1


def test_connections_at_the_same_time_are_several(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gate = threading.Event()
    backend.on("GET", "/slow", lambda r: http.response(200, b"slow") if gate.wait(PATIENCE) else None)
    gateway = start_gateway(policy)
    clients = [gateway.connect() for _ in range(5)]
    for each in clients:
        each.send(http.request("GET", "/slow"))
    backend.wait_for_requests(5)
    gate.set()

    assert [each.read_response().body for each in clients] == [b"slow"] * 5
    assert len(backend.connections) == 5
    for each in clients:
        each.get("/again")
        each.close()
    assert len(backend.connections) == 5


def test_no_more_than_max_idle_connections_rest(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["backends"]["app"]["max_idle"] = 0
    with start_gateway(policy).connect() as client:
        for _ in range(3):
            client.get("/")

    until(lambda: len(backend.connections) == 3, "three connections")
    for connection in backend.connections:
        assert connection.ended.wait(PATIENCE)


def test_a_resting_connection_is_closed_in_time(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["backends"]["app"]["idle_timeout"] = "200ms"
    with start_gateway(policy).connect() as client:
        client.get("/")

        assert backend.connections[0].ended.wait(PATIENCE)
        assert client.get("/").status == 200


def test_the_backend_may_ask_to_close(client: Client, backend: FakeBackend) -> None:
    backend.on("GET", "/last", http.response(200, b"", [("Connection", "close")]))

    assert [client.get(path).status for path in ("/last", "/", "/last", "/")] == [200] * 4
    assert len(backend.connections) == 3


def closes_on_reuse(backend: FakeBackend) -> None:
    """Each connection is cut, without a word, when a second request comes on it."""
    def cut_the_second(received: Received) -> bytes | None:
        mine = [r for r in backend.requests if r.connection is received.connection]
        if len(mine) < 2:
            return http.response(200, b"fresh")
        received.connection.abort()
        return None

    backend.on(None, None, cut_the_second)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_a_stale_connection_is_tried_again_for_what_may_be_repeated(
    client: Client, backend: FakeBackend, method: str
) -> None:
    """RFC 9110 §9.2.2."""
    closes_on_reuse(backend)
    client.get("/first")

    assert client.request(method, "/second", body=b"x" if method == "PUT" else b"").status == 200

    assert [r.target for r in backend.requests] == ["/first", "/second", "/second"]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_stale_connection_is_not_tried_again_for_what_may_not_be_repeated(
    client: Client, backend: FakeBackend, method: str
) -> None:
    """HTP-012: it reached the backend once, and whether that acted on it nobody knows."""
    closes_on_reuse(backend)
    client.get("/first")

    assert client.request(method, "/second", body=b"pay").status == 502

    assert [r.target for r in backend.requests] == ["/first", "/second"]


def test_a_fresh_connection_that_breaks_is_not_tried_again(client: Client, backend: FakeBackend) -> None:
    backend.on("GET", "/", lambda received: received.connection.abort())

    assert client.get("/").status == 502
    assert len(backend.requests) == 1


def test_a_resting_connection_that_the_backend_closed_is_not_used(
    client: Client, backend: FakeBackend
) -> None:
    client.get("/")
    backend.connections[0].close()
    assert backend.connections[0].ended.wait(PATIENCE)  # The gateway has let it go.

    assert client.request("POST", "/", body=b"pay").status == 200
    assert [r.method for r in backend.requests] == ["GET", "POST"]
    assert len(backend.connections) == 2


@pytest.mark.parametrize("extra", [b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", b"x"])
def test_unsolicited_bytes_answer_nobody(client: Client, backend: FakeBackend, extra: bytes) -> None:
    """HTP-012: a connection that says more than it was asked is not used again."""
    backend.on("GET", "/chatty", http.response(200, b"good") + extra)

    assert client.get("/chatty").body == b"good"
    assert client.get("/next").body == b"hello"
    assert client.get("/next").body == b"hello"
    assert len(backend.connections) == 2


def test_an_early_answer_ends_the_connection_to_the_backend(client: Client, backend: FakeBackend) -> None:
    """The rest of the body must not be taken for a request."""
    backend.on("POST", "/", http.response(403, b"no"), streaming=True)
    client.send(http.request("POST", "/", [("Content-Length", "100000")], b"x"))

    assert client.read_response().status == 403
    assert backend.connections[0].ended.wait(PATIENCE)
    assert backend.connections[0].received.count(b"HTTP/1.1") == 1


def down(policy: Policy, *ports: int) -> Policy:
    policy["backends"]["app"]["servers"] = [f"http://127.0.0.1:{port}" for port in ports]
    return policy


def test_a_backend_that_is_down_is_502_with_a_plain_page(
    start_gateway: StartGateway, policy: Policy
) -> None:
    """CFG-004: the page tells the request id and nothing about the inside."""
    with refusing_port() as port:
        gateway = start_gateway(down(policy, port))
        with gateway.connect() as client:
            answer = client.get("/secret/path?x=y")
            assert client.get("/").status == 502  # The connection stays.

    record = gateway.audit.wait_for("http_exchange", path="/secret/path")
    name = record["request_id"]
    assert (answer.status, record["status"], record["reason"]) == (502, 502, "backend_unreachable")
    assert answer.get("X-Request-Id") == name and name.encode() in answer.body
    assert (answer.get("Content-Type") or "").startswith("text/plain")
    assert str(port).encode() not in answer.body and b"secret" not in answer.body
    gateway.audit.wait_for("backend_fail", request_id=name)
    until(lambda: str(port) in gateway.log(), "the operator's log to name the server")


def test_a_backend_that_does_not_accept_is_502_within_its_connect_timeout(
    start_gateway: StartGateway, policy: Policy
) -> None:
    """A listener whose queue is full swallows connections without a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        policy = down(policy, listener.getsockname()[1])
        policy["backends"]["app"] |= {"connect_timeout": "300ms", "response_timeout": "60s"}
        with start_gateway(policy).connect() as client:
            assert client.get("/").status == 502
        for each in waiting:
            each.close()


def test_the_next_server_is_tried_when_one_is_down(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["backends"]["app"]["max_idle"] = 0
    with refusing_port() as port, start_gateway(down(policy, port, backend.port)).connect() as client:
        statuses = [client.get("/").status for _ in range(4)]
        statuses.append(client.request("POST", "/", body=b"pay").status)

    assert statuses == [200] * 5
    assert len(backend.requests) == 5


def test_servers_take_turns(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    policy["backends"]["app"]["max_idle"] = 0
    with FakeBackend() as other:
        with start_gateway(down(policy, backend.port, other.port)).connect() as client:
            for _ in range(4):
                client.get("/")
        assert (len(backend.requests), len(other.requests)) == (2, 2)


def test_a_backend_that_never_answers_is_504(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    released = threading.Event()
    backend.on("GET", "/", lambda received: None if released.wait(PATIENCE) else None)
    policy["backends"]["app"]["response_timeout"] = "300ms"
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        answer = client.get("/")

        assert answer.status == 504
        gateway.audit.wait_for("backend_fail", reason="backend_timeout")
        assert backend.connections[0].wait_until_ended()
    released.set()
    assert len(backend.requests) == 1


def test_a_backend_that_falls_silent_within_a_body_truncates_it(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    backend.on("GET", "/", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    policy["backends"]["app"]["response_timeout"] = "300ms"
    gateway = start_gateway(policy)
    with gateway.connect() as client, pytest.raises(http.ConnectionEnded):
        client.get("/")

    gateway.audit.wait_for("http_exchange", reason="backend_timeout")


MALFORMED = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/2": b"HTTP/2.0 200 OK\r\n\r\n",
    "a status of two digits": b"HTTP/1.1 20 OK\r\n\r\n",
    "status 600": b"HTTP/1.1 600 Odd\r\n\r\n",
    "a bare LF": b"HTTP/1.1 200 OK\nA: b\n\n",
    "a bare LF behind a field": b"HTTP/1.1 200 OK\r\nA: b\nSet-Cookie: x=y\r\nContent-Length: 0\r\n\r\n",
    "a bare CR": b"HTTP/1.1 200 OK\r\nA: b\rSet-Cookie: x=y\r\nContent-Length: 0\r\n\r\n",
    "a folded line": b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "a space before a colon": b"HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
    "a NUL": b"HTTP/1.1 200 OK\r\nA: b\0\r\nContent-Length: 0\r\n\r\n",
    "no colon": b"HTTP/1.1 200 OK\r\nnothing\r\n\r\n",
    "both lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both lengths, the other way": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a list of lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab",
    "a signed length": b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na",
    "a huge length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\na",
    "an unknown coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\na",
    "chunked is not last": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "101 that nobody asked for": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    "endless interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
    "a head too large": b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000 + b"\r\n\r\n",
    "too many fields": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
    "a flood of cookies": b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 1000 + b"\r\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
}  # fmt: skip


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_answer_is_502_and_ends_the_connection(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, sent: bytes
) -> None:
    """HTP-013: nothing of it reaches the browser."""
    def misbehave(received: Received) -> None:
        received.connection.send(sent)
        received.connection.close()

    backend.on("GET", "/odd", misbehave)
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        answer = client.get("/odd")

        assert answer.status == 502 and not answer.has("Set-Cookie") and not answer.has("A")
        assert client.get("/next").body == b"hello"
    assert len(backend.connections) == 2
    gateway.audit.wait_for("backend_fail")


def test_many_interim_answers_are_too_many(client: Client, backend: FakeBackend) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    backend.on("GET", "/some", early * 8 + http.response(200, b"page"))
    backend.on("GET", "/endless", early * 1000)

    assert client.get("/some").body == b"page"
    assert client.get("/endless").status == 502


def test_a_few_dozen_cookies_are_no_flood(client: Client, backend: FakeBackend) -> None:
    lines = [("Set-Cookie", f"C{number}=1; Path=/") for number in range(40)]
    backend.on("GET", "/", http.response(200, b"page", lines))

    assert client.get("/").body == b"page"


def test_two_backends_do_not_share_connections(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    with FakeBackend() as other:
        policy["backends"]["other"] = {"servers": [other.url]}
        paths = [{"prefix": "/", "require": "nothing"}]
        policy["routes"].append({"host": "app.test", "paths": paths, "backend": "other"})
        with start_gateway(policy).connect() as client:
            for _ in range(3):
                client.request("GET", "/one")
                client.request("GET", "/two", host="app.test")

        assert {r.target for r in backend.requests} == {"/one"}
        assert {r.target for r in other.requests} == {"/two"}
