"""Connections that live on: keep-alive, pipelining, and the time limits that end them."""

import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend
from support.client import Client
from support.gateway import Gateway
from support.policy import basic_policy
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]

HOST = "Host: localhost\r\n"


def short_limits(backend: FakeBackend, **limits: str) -> dict:
    policy = basic_policy(backend.url)
    policy["limits"] = limits
    return policy


def test_a_connection_serves_many_requests(gateway: Gateway, backend: FakeBackend) -> None:
    with gateway.connect() as client:
        for turn in range(50):
            assert client.get(f"/{turn}").status == 200

    assert [request.target for request in backend.requests] == [f"/{turn}" for turn in range(50)]
    assert len(backend.connections) == 1


def test_pipelined_requests_are_answered_in_order(gateway: Gateway, backend: FakeBackend) -> None:
    gate = threading.Event()
    backend.on("GET", "/first", lambda r: http.response(200, b"first") if gate.wait(PATIENCE) else None)
    backend.on("GET", "/second", http.response(200, b"second"))
    backend.on("POST", "/third", lambda r: http.response(201, b"got " + r.body))
    with gateway.connect() as client:
        client.send(
            http.request("GET", "/first")
            + http.request("GET", "/second")
            + http.request("POST", "/third", body=b"a body")
            + http.request("HEAD", "/fourth")
            + http.request("GET", "/first")
        )
        backend.wait_for_requests(1)
        gate.set()

        answers = [client.read_response() for _ in range(3)]
        answers += [client.read_response("HEAD"), client.read_response()]

    assert [answer.body for answer in answers] == [b"first", b"second", b"got a body", b"", b"first"]
    assert [answer.status for answer in answers] == [200, 200, 201, 200, 200]


def test_pipelined_bodies_are_not_taken_for_requests(gateway: Gateway, backend: FakeBackend) -> None:
    """HTP-015: what looks like a request inside of a body is never carried out."""
    backend.on("POST", None, lambda r: http.response(200, r.body))
    hidden = http.request("GET", "/hidden")
    chunked = [("Transfer-Encoding", "chunked")]
    with gateway.connect() as client:
        client.send(
            http.request("POST", "/a", body=hidden)
            + http.request("POST", "/b", chunked, http.chunked(hidden))
            + http.request("GET", "/c")
        )
        bodies = [client.read_response().body for _ in range(3)]

    assert bodies == [hidden, hidden, b"hello"]
    assert [request.target for request in backend.requests] == ["/a", "/b", "/c"]


def test_a_hundred_pipelined_requests_are_answered(gateway: Gateway, backend: FakeBackend) -> None:
    with gateway.connect() as client:
        client.send(b"".join(http.request("GET", f"/{turn}", [("A", "x" * 500)]) for turn in range(100)))

        assert [client.read_response().status for _ in range(100)] == [200] * 100

    assert [request.target for request in backend.requests] == [f"/{turn}" for turn in range(100)]


def test_requests_may_come_byte_by_byte(gateway: Gateway, backend: FakeBackend) -> None:
    backend.on("POST", None, lambda r: http.response(200, r.body))
    with gateway.connect() as client:
        client.send_split(
            http.request("POST", "/a", body=b"body")
            + http.request("POST", "/b", [("Transfer-Encoding", "chunked")], http.chunked(b"b", b"ody"))
        )

        assert [client.read_response().body for _ in range(2)] == [b"body", b"body"]


@pytest.mark.parametrize("connection", ["close", "Close", "keep-alive, close", "x-odd,close"])
def test_connection_close_is_obeyed_and_said(gateway: Gateway, connection: str) -> None:
    with gateway.connect() as client:
        answer = client.get("/", ("Connection", connection))

        assert answer.get("Connection") == "close"
        assert client.is_closed_by_peer()


def test_http_1_0_closes_unless_keep_alive_was_asked_for(gateway: Gateway, backend: FakeBackend) -> None:
    with gateway.connect() as client:
        client.send(f"GET /a HTTP/1.0\r\n{HOST}Connection: keep-alive\r\n\r\n".encode())
        kept = client.read_response()
        client.send(f"GET /b HTTP/1.0\r\n{HOST}\r\n".encode())
        last = client.read_response()

        assert client.is_closed_by_peer()

    assert (kept.get("Connection") or "").lower() == "keep-alive"
    assert last.status == 200
    assert all(b" HTTP/1.1\r\n" in request.head for request in backend.requests)


def test_http_1_0_gets_no_chunks(gateway: Gateway, backend: FakeBackend) -> None:
    chunked = http.response(200, http.chunked(b"one", b"two"), [("Transfer-Encoding", "chunked")])
    backend.on("GET", "/", chunked)
    with gateway.connect() as client:
        client.send(f"GET / HTTP/1.0\r\n{HOST}Connection: keep-alive\r\n\r\n".encode())
        answer = client.read_response()

    assert not answer.has("Transfer-Encoding")
    assert answer.body == b"onetwo"


@pytest.mark.parametrize(
    "method, sent, length",
    [
        ("HEAD", http.response(200, b"", [("Content-Length", "1234")]), "1234"),
        ("HEAD", http.response(200, b"", [("Transfer-Encoding", "chunked")]), None),
        ("HEAD", http.response(404, b"", [("Content-Length", "5")]), "5"),
        ("GET", http.response(204), None),
        ("GET", http.response(304, b"", [("ETag", '"a"'), ("Content-Length", "77")]), "77"),
        ("POST", http.response(204), None),
    ],
)
def test_answers_without_body_keep_the_connection(
    gateway: Gateway, backend: FakeBackend, method: str, sent: bytes, length: str | None
) -> None:
    backend.on(method, "/bodiless", sent)
    with gateway.connect() as client:
        answer = client.request(method, "/bodiless")
        after = client.get("/after")

    assert answer.body == b"" and answer.get("Content-Length") == length
    assert after.body == b"hello"
    assert len(backend.connections) == 1


def test_an_idle_connection_is_closed_in_order(start_gateway: StartGateway, backend: FakeBackend) -> None:
    gateway = start_gateway(short_limits(backend, keep_alive_timeout="300ms"))
    with gateway.connect() as client:
        client.get("/")

        assert client.is_closed_by_peer()

    gateway.stop()
    assert len(gateway.audit.exchanges()) == 1


def test_a_head_that_does_not_end_is_answered_408(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """HTP-007."""
    gateway = start_gateway(short_limits(backend, head_timeout="300ms"))
    with gateway.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: local")

        assert client.read_response().status == 408
        assert client.is_closed_by_peer()

    gateway.audit.wait_for("http_exchange", status=408, reason="head_timeout")
    assert not backend.connections


def test_one_byte_at_a_time_does_not_stretch_the_time_for_a_head(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """HTP-007: the limit is for the whole head, not for each of its bytes (slowloris)."""
    gateway = start_gateway(short_limits(backend, head_timeout="1s"))
    with gateway.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nA: ")
        drip_until_answered(client)

        assert client.read_response().status == 408
        assert client.is_closed_by_peer()

    assert not backend.connections


def drip_until_answered(client: Client) -> None:
    """Sends a byte about every 50 ms until something comes back."""
    client.stream.settimeout(0.05)

    def is_answered() -> bool:
        client.send(b"x")
        try:
            client.reader.buffer += client.stream.recv(65536)
        except TimeoutError:
            return False
        return True

    until(is_answered, "an answer to a head that never ends")
    client.stream.settimeout(PATIENCE)


def test_a_connection_that_never_asks_is_closed(start_gateway: StartGateway, backend: FakeBackend) -> None:
    gateway = start_gateway(short_limits(backend, head_timeout="300ms"))
    with gateway.connect() as client:
        assert client.is_closed_by_peer()


def test_a_body_that_does_not_come_is_answered_408(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """HTP-007; and the backend is let go."""
    backend.failures_are_expected = True
    gateway = start_gateway(short_limits(backend, body_timeout="300ms"))
    with gateway.connect() as client:
        client.send(http.request("POST", "/", [("Content-Length", "1000")], b"only this"))

        assert client.read_response().status == 408
        assert client.is_closed_by_peer()

    gateway.audit.wait_for("http_exchange", status=408, reason="body_timeout")
    for connection in backend.connections:
        assert connection.ended.wait(PATIENCE)


def test_a_pause_between_requests_longer_than_the_time_for_a_head_is_fine(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """The clock for a head starts with its first byte."""
    gateway = start_gateway(short_limits(backend, head_timeout="1s", keep_alive_timeout="30s"))
    with gateway.connect() as patient:
        patient.get("/")
        with gateway.connect() as clock:
            assert clock.is_closed_by_peer()  # Connected after the answer: a second has passed.
        assert patient.get("/").status == 200


def test_an_empty_line_between_requests_is_forgiven(gateway: Gateway) -> None:
    """RFC 9112 §2.2."""
    with gateway.connect() as client:
        client.send(http.request("GET", "/") + b"\r\n" + http.request("GET", "/"))

        assert [client.read_response().status for _ in range(2)] == [200, 200]


def test_a_client_that_leaves_in_the_middle_of_a_head_leaves_no_trace(
    gateway: Gateway, backend: FakeBackend
) -> None:
    with gateway.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: local")
        client.abort()
    with gateway.connect() as client:
        assert client.get("/").status == 200

    assert len(backend.requests) == 1
