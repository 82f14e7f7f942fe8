"""How bodies cross the gateway: framing on both sides, truncation, interim and early answers."""

import contextlib
import select
import ssl
import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.client import Client, trusting
from support.gateway import Gateway
from support.policy import guarded_policy
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]

IGNORE_UNEXPECTED_EOF = 0x80  # SSL_OP_IGNORE_UNEXPECTED_EOF, which ssl does not name yet.
CHUNKED = ("Transfer-Encoding", "chunked")


def test_chunked_requests_are_framed_anew(gateway: Gateway, backend: FakeBackend) -> None:
    """HTP-008: extensions and odd chunk sizes of the client do not reach the backend."""
    body = b"3;ext=1\r\nabc\r\n0004;x=\"y\"\r\ndefg\r\n00\r\n\r\n"
    with gateway.connect() as client:
        assert client.request("POST", "/", [CHUNKED], body).status == 200

    received = backend.last_request()
    assert received.body == b"abcdefg"
    assert b"ext" not in backend.connections[0].received


def test_a_streamed_chunked_request_arrives_as_it_comes(gateway: Gateway, backend: FakeBackend) -> None:
    pieces: list[bytes] = []
    came = threading.Event()

    def listen(received: Received) -> bytes:
        pieces.append(received.connection.reader.until(b"first"))
        came.set()
        received.connection.reader.buffer = b"5\r\nfirst" + received.connection.reader.buffer
        return http.response(200, received.read_body())

    backend.on("POST", "/", listen, streaming=True)
    with gateway.connect() as client:
        client.send(http.request("POST", "/", [CHUNKED], b"5\r\nfirst\r\n"))
        assert came.wait(PATIENCE)
        client.send(b"6\r\nsecond\r\n0\r\n\r\n")

        assert client.read_response().body == b"firstsecond"

    assert backend.last_request().get("Transfer-Encoding") == "chunked"


@pytest.mark.parametrize("streamed", [False, True], ids=["at once", "streamed"])
def test_trailers_of_requests_are_dropped(gateway: Gateway, backend: FakeBackend, streamed: bool) -> None:
    """HTP-009."""
    backend.on("POST", "/", lambda r: http.response(200, r.read_body()), streaming=True)
    body = http.chunked(b"body", trailers=[("X-Forwarded-User", "admin"), ("X-Odd", "1")])
    with gateway.connect() as client:
        client.send(http.request("POST", "/", [CHUNKED, ("Trailer", "X-Odd")]))
        if streamed:
            backend.wait_for_requests(1)
        client.send(body)

        assert client.read_response().body == b"body"

    assert backend.last_request().trailers == []
    assert b"X-Odd" not in backend.connections[0].received
    assert b"admin" not in backend.connections[0].received


def test_trailers_of_responses_are_dropped(gateway: Gateway, backend: FakeBackend) -> None:
    body = http.chunked(b"one", b"two", trailers=[("Set-Cookie", "a=b"), ("X-Odd", "1")])
    backend.on("GET", "/", http.response(200, body, [CHUNKED, ("Trailer", "X-Odd")]))
    with gateway.connect() as client:
        answer = client.get("/")
        assert client.get("/again").status == 200

    assert (answer.body, answer.trailers) == (b"onetwo", [])


def test_a_body_until_close_is_framed_as_chunked(gateway: Gateway, backend: FakeBackend) -> None:
    def until_close(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\n\r\n", b"some", b"thing")
        received.connection.close()

    backend.on("GET", "/", until_close)
    with gateway.connect() as client:
        answer = client.get("/")

        assert answer.get("Transfer-Encoding") == "chunked"
        assert answer.body == b"something"
        assert client.get("/again").status == 200


@pytest.mark.parametrize(
    "head, first, second",
    [
        (b"Transfer-Encoding: chunked\r\n", b"5\r\nevent\r\n", b"4\r\nmore\r\n0\r\n\r\n"),
        (b"Content-Length: 9\r\n", b"event", b"more"),
        (b"Connection: close\r\n", b"event", b"more"),
    ],
    ids=["chunked", "length", "until close"],
)
def test_what_the_backend_says_reaches_the_client_at_once(
    gateway: Gateway, backend: FakeBackend, head: bytes, first: bytes, second: bytes
) -> None:
    """Server-sent events and long polls: the second piece is sent when the first was received."""
    arrived = threading.Event()

    def say(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + first)
        if arrived.wait(PATIENCE):
            received.connection.send(second)
        received.connection.close()

    backend.on("GET", "/", say)
    with gateway.connect() as client:
        client.send(http.request("GET", "/"))
        answer = client.reader.response_head()
        begun = client.reader.until(b"event")
        arrived.set()
        client.reader.buffer = begun + client.reader.buffer
        client.reader.body_of(answer)

    assert answer.body == b"eventmore"


def test_an_http_1_0_backend_is_understood(gateway: Gateway, backend: FakeBackend) -> None:
    def old(received: Received) -> None:
        received.connection.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold")
        received.connection.close()

    backend.on("GET", "/", old)
    with gateway.connect() as client:
        assert client.get("/").body == b"old"


TRUNCATED = {
    "content-length": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
    "chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
    "within a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nonly this",
}


@pytest.mark.parametrize("ending", ["close", "abort"])
@pytest.mark.parametrize("sent", TRUNCATED.values(), ids=TRUNCATED)
def test_a_truncated_body_looks_truncated(
    gateway: Gateway, backend: FakeBackend, sent: bytes, ending: str
) -> None:
    """Neither a last chunk nor an end of stream that could be taken for one."""
    def tear(received: Received) -> None:
        received.connection.send(sent)
        getattr(received.connection, ending)()

    backend.on("GET", "/", tear)
    with gateway.connect() as client:
        with pytest.raises(http.ConnectionEnded):
            client.get("/")

    gateway.audit.wait_for("http_exchange", reason="backend_closed")


def test_a_truncated_body_looks_truncated_to_an_http_1_0_client(
    gateway: Gateway, backend: FakeBackend
) -> None:
    """Where the end of the connection ends the body, a missing close_notify tells."""
    def tear(received: Received) -> None:
        received.connection.send(TRUNCATED["chunk"])
        received.connection.abort()

    backend.on("GET", "/", tear)
    context = trusting(gateway.pki.authority)
    context.options &= ~IGNORE_UNEXPECTED_EOF
    with gateway.connect(context=context) as client:
        client.stream.suppress_ragged_eofs = False  # type: ignore[attr-defined]
        client.send(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        with pytest.raises(OSError):
            while client.stream.recv(65536):
                pass


def test_interim_answers_are_passed_on(gateway: Gateway, backend: FakeBackend) -> None:
    """HTP-013, RFC 9110 §15.2."""
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nServer: x\r\n\r\n"
    backend.on("GET", "/", hint + hint + http.response(200, b"page"))
    with gateway.connect() as client:
        answer = client.get("/")

    assert [interim.status for interim in answer.interim] == [103, 103]
    assert answer.interim[0].get("Link") == "</style.css>; rel=preload"
    assert not answer.interim[0].has("Server") and not answer.interim[0].has("Content-Length")
    assert answer.body == b"page"


def test_interim_answers_are_kept_from_http_1_0_clients(gateway: Gateway, backend: FakeBackend) -> None:
    backend.on("GET", "/", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + http.response(200, b"page"))
    with gateway.connect() as client:
        client.send(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")

        assert client.read_response().interim == []


def expecting(target: str, length: int) -> bytes:
    return http.request("POST", target, [("Expect", "100-continue"), ("Content-Length", str(length))])


def test_100_continue_is_sent_once_and_the_body_follows(gateway: Gateway, backend: FakeBackend) -> None:
    """HTP-015, RFC 9110 §10.1.1: by the gateway, which tells the backend nothing of it."""
    backend.on("POST", "/", lambda r: http.response(200, r.body))
    with gateway.connect() as client:
        client.send(expecting("/", 4))
        assert client.reader.response_head().status == 100
        client.send(b"body")
        answer = client.read_response()

        assert (answer.interim, answer.body) == ([], b"body")
        assert client.get("/after").status == 200

    assert not backend.requests[0].has("Expect")


def test_100_continue_of_the_backend_is_not_passed_twice(gateway: Gateway, backend: FakeBackend) -> None:
    def eager(received: Received) -> bytes:
        received.connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return http.response(200, received.read_body())

    backend.on("POST", "/", eager, streaming=True)
    with gateway.connect() as client:
        client.send(expecting("/", 4))
        assert client.reader.response_head().status == 100
        client.send(b"body")

        assert client.read_response().interim == []


def test_100_continue_is_not_needed_when_the_body_is_here(gateway: Gateway, backend: FakeBackend) -> None:
    backend.on("POST", "/", lambda r: http.response(200, r.body))
    with gateway.connect() as client:
        client.send(expecting("/", 4) + b"body" + http.request("GET", "/after"))

        assert client.read_response().body == b"body"
        assert client.read_response().body == b"hello"


@pytest.mark.parametrize("target, status", [("/app/x", 401), ("/a/../b", 400)])
def test_a_refusal_comes_without_100_continue(
    start_gateway: StartGateway, backend: FakeBackend, target: str, status: int
) -> None:
    """HTP-015: and a body that comes all the same is never taken for the next request."""
    gateway = start_gateway(guarded_policy(backend.url))
    hidden = http.request("GET", "/hidden")
    with gateway.connect() as client:
        client.send(expecting(target, len(hidden)))
        answer = client.read_response()
        client.send(hidden)

        assert client.is_closed_by_peer()

    assert (answer.status, answer.interim) == (status, [])
    assert not backend.connections


def test_a_refusal_before_the_body_was_read_never_executes_the_body(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """HTP-015."""
    gateway = start_gateway(guarded_policy(backend.url))
    hidden = http.request("GET", "/hidden")
    with gateway.connect() as client:
        client.send(http.request("POST", "/app", body=hidden) + http.request("GET", "/after"))

        assert client.read_response().status == 401
        if not client.is_closed_by_peer():
            assert client.read_response().body == b"hello"

    assert backend.bytes_received == sum(len(received.head) for received in backend.requests)
    assert {received.target for received in backend.requests} <= {"/after"}


def test_unknown_expectations_are_refused(gateway: Gateway, backend: FakeBackend) -> None:
    with gateway.connect() as client:
        assert client.get("/", ("Expect", "the-unexpected")).status == 417

    assert not backend.connections


def test_an_early_answer_reaches_the_client_that_still_sends(gateway: Gateway, backend: FakeBackend) -> None:
    """RFC 9112 §9.5: a backend that refuses an upload is heard before the upload is over."""
    backend.on("PUT", "/", http.response(413, b"too large"), streaming=True)
    with gateway.connect() as client:
        client.send(http.request("PUT", "/", [("Content-Length", str(10**9))], b"x" * 100_000))
        answer = client.read_response()

        assert (answer.status, answer.body) == (413, b"too large")
        assert client.is_closed_by_peer()


def test_an_answer_may_begin_before_the_upload_has_ended(gateway: Gateway, backend: FakeBackend) -> None:
    def talk(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        received.connection.send(http.chunked(received.read_body()))

    backend.on("POST", "/", talk, streaming=True)
    with gateway.connect() as client:
        client.send(http.request("POST", "/", [("Content-Length", "6")]))
        answer = client.reader.response_head()
        begun = client.reader.until(b"first\r\n")
        client.send(b"second")
        client.reader.buffer = begun + client.reader.buffer
        client.reader.body_of(answer)

    assert answer.body == b"firstsecond"


def test_full_duplex_passes_more_than_any_buffer_holds(gateway: Gateway, backend: FakeBackend) -> None:
    """A backend that writes while it reads, and a client that does the same."""
    total, piece = 16 * 1024 * 1024, bytes(range(256)) * 256

    def echo(received: Received) -> None:
        connection, left = received.connection, total
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\n\r\n".encode())
        while left:
            connection.send(connection.reader.exactly(min(left, len(piece))))
            left -= min(left, len(piece))
        received.body_is_read = True

    backend.on("POST", "/", echo, streaming=True)
    with gateway.connect() as client:
        client.send(http.request("POST", "/", [("Content-Length", str(total))]))
        client.reader.response_head()
        send_and_read(client, piece, total)

        assert client.get("/after").status == 200


def send_and_read(client: Client, piece: bytes, total: int) -> None:
    """Sends `piece` again and again and demands that the same comes back, both at once."""
    sent = received = 0
    client.stream.setblocking(False)
    while received < total:
        if sent < total:
            with contextlib.suppress(ssl.SSLWantWriteError, ssl.SSLWantReadError):
                sent += client.stream.send(memoryview(piece)[sent % len(piece) :])
        try:
            part = client.read()
        except ssl.SSLWantReadError:
            select.select([client.stream], [client.stream] if sent < total else [], [], PATIENCE)
            continue
        assert part, f"ended after {received} bytes"
        start = received % len(piece)
        assert part == (piece + piece)[start : start + len(part)]
        received += len(part)
    client.stream.settimeout(PATIENCE)
