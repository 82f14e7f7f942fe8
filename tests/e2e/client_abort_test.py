"""Clients that leave too early: the backend does not go on working for nobody, and exactly one record
tells that the exchange was aborted; a client abort cancels the upstream request."""

import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.audit import Record
from support.backend import Connection, FakeBackend, Received, backend_with_login
from support.client import Client
from support.gateway import Gateway
from support.policy import basic_policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]

LEAVE: dict[str, Callable[[Client], None]] = {"in order": Client.close, "with a reset": Client.abort}
leaving = pytest.mark.parametrize("leave", LEAVE.values(), ids=LEAVE)


@pytest.fixture
def gate(backend: FakeBackend) -> Iterator[threading.Event]:
    """Lets GET /slow answer; the backend is deaf until then."""
    opened = threading.Event()
    backend.on("GET", "/slow", lambda r: http.response(200, b"late") if opened.wait(PATIENCE) else None)
    yield opened
    opened.set()


def listens(received: Received) -> None:
    """Says nothing and reads on: `connection.ended` is set when the gateway hangs up."""
    received.connection.wait_until_ended()


def connection_of(backend: FakeBackend, count: int = 1) -> Connection:
    return backend.wait_for_requests(count)[-1].connection


def assert_aborted(gateway: Gateway, path: str) -> Record:
    """One record and no other, also when everything has come to its end."""
    gateway.audit.wait_for("http_exchange", path=path)
    gateway.stop()
    [record] = gateway.audit.records("http_exchange", path=path)
    assert (record["outcome"], record["reason"]) == ("aborted", "client_closed")
    assert not gateway.audit.records("backend_fail")  # It is not the backend's fault.
    return record


@leaving
def test_a_client_that_leaves_before_the_answer_ends_the_request(
    gateway: Gateway, backend: FakeBackend, leave: Callable[[Client], None]
) -> None:
    backend.on("GET", "/wait", listens)
    with gateway.connect() as client:
        client.send(http.request("GET", "/wait"))
        connection = connection_of(backend)
        leave(client)

        assert connection.ended.wait(PATIENCE)

    assert "status" not in assert_aborted(gateway, "/wait")
    assert len(backend.requests) == 1


@leaving
def test_a_client_that_leaves_during_a_streamed_answer_ends_it(
    gateway: Gateway, backend: FakeBackend, leave: Callable[[Client], None]
) -> None:
    """Also while the backend has nothing to say, as between two server-sent events."""
    def stream(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n")
        listens(received)

    backend.on("GET", "/events", stream)
    with gateway.connect() as client:
        client.send(http.request("GET", "/events"))
        client.reader.response_head()
        client.reader.until(b"event")
        leave(client)

        assert connection_of(backend).ended.wait(PATIENCE)

    assert_aborted(gateway, "/events")


@leaving
def test_a_client_that_leaves_while_an_answer_pours_ends_it(
    gateway: Gateway, backend: FakeBackend, leave: Callable[[Client], None]
) -> None:
    """The backend that writes more than any buffer holds finds nobody to write to."""
    def pour(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        while received.connection.is_open:
            received.connection.send(bytes(1024 * 1024))

    backend.on("GET", "/endless", pour)
    with gateway.connect() as client:
        client.send(http.request("GET", "/endless"))
        client.reader.response_head()
        client.reader.exactly(100_000)
        leave(client)

        assert connection_of(backend).ended.wait(PATIENCE)

    assert_aborted(gateway, "/endless")


@leaving
@pytest.mark.parametrize("framing", [("Content-Length", "1000000"), ("Transfer-Encoding", "chunked")])
def test_a_client_that_leaves_during_an_upload_ends_it(
    gateway: Gateway, backend: FakeBackend, framing: tuple[str, str], leave: Callable[[Client], None]
) -> None:
    """And what arrived does not look like a whole body."""
    backend.failures_are_expected = True
    whole: list[bytes] = []
    backend.on("PUT", "/file", lambda r: whole.append(r.read_body()) or http.response(201), streaming=True)
    with gateway.connect() as client:
        client.send(http.request("PUT", "/file", [framing], b"5\r\nhello\r\n"))
        connection = connection_of(backend)
        leave(client)

        assert connection.ended.wait(PATIENCE)

    assert_aborted(gateway, "/file")
    assert whole == []
    assert isinstance(backend.failures[0], http.ConnectionEnded)


def test_a_client_that_leaves_an_upload_that_the_backend_does_not_read_ends_it(
    gateway: Gateway, backend: FakeBackend
) -> None:
    """The gateway waits for room at the backend; it must hear of the client all the same."""
    released = threading.Event()
    backend.on("PUT", "/file", lambda received: None if released.wait(PATIENCE) else None, streaming=True)
    with gateway.connect() as client:
        client.send(http.request("PUT", "/file", [("Content-Length", str(10**9))]))
        backend.wait_for_requests(1)
        client.stream.settimeout(0.5)
        with pytest.raises(TimeoutError):
            for _ in range(900):  # Less than was announced, and more than any buffer holds.
                client.send(bytes(1024 * 1024))
        client.abort()

        gateway.audit.wait_for("http_exchange", outcome="aborted", path="/file")
    released.set()
    assert_aborted(gateway, "/file")


def test_a_client_that_leaves_pipelined_requests_ends_all_of_them(
    gateway: Gateway, backend: FakeBackend
) -> None:
    """The first is cancelled, and those behind it are never asked."""
    backend.on("GET", "/wait", listens)
    with gateway.connect() as client:
        client.send(http.request("GET", "/wait") + http.request("GET", "/never") * 3)
        connection = connection_of(backend)
        client.abort()

        assert connection.ended.wait(PATIENCE)

    assert_aborted(gateway, "/wait")
    assert [request.target for request in backend.requests] == ["/wait"]


def test_a_client_that_leaves_a_login_is_not_logged_in(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """Nobody has received the cookie, and no session is left behind for it."""
    backend_with_login(backend)
    backend.on("POST", "/login", listens)
    gateway = start_gateway(guarded_policy(backend.url))
    with gateway.connect() as client:
        client.send(http.form_request("POST", "/login", {"user": "alice", "password": "secret"}))
        connection = connection_of(backend)
        client.abort()
        assert connection.ended.wait(PATIENCE)

    assert_aborted(gateway, "/login")
    assert not {"authn_login_success", "session_created"} & set(gateway.audit.story())


def test_a_client_that_leaves_keeps_its_session(start_gateway: StartGateway, backend: FakeBackend) -> None:
    backend_with_login(backend)
    backend.on("GET", "/app", listens)
    gateway = start_gateway(guarded_policy(backend.url))
    alice = Visitor(gateway)
    alice.log_in()
    with gateway.connect() as client:
        client.send(http.request("GET", "/app", [("Cookie", f"{SESSION_COOKIE}={alice.session}")]))
        connection = connection_of(backend, 2)
        client.abort()
        assert connection.ended.wait(PATIENCE)

    assert alice.get("/app/again").status == 200
    assert assert_aborted(gateway, "/app")["user"] == "alice"


def test_others_on_the_same_worker_do_not_notice(
    start_gateway: StartGateway, backend: FakeBackend, gate: threading.Event
) -> None:
    """A cancelled request takes its own connection to the backend with it, and no other."""
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    gateway = start_gateway(policy)
    with gateway.connect() as patient:
        patient.send(http.request("GET", "/slow"))
        backend.wait_for_requests(1)
        for turn in range(20):
            with gateway.connect() as client:
                client.send(http.request("GET", "/slow"))
                backend.wait_for_requests(2 + turn)
                client.abort()
        gateway.audit.wait_for("http_exchange", count=20, outcome="aborted")
        gate.set()

        assert patient.read_response().body == b"late"
        assert patient.get("/after").body == b"hello"

    gateway.stop()
    outcomes = sorted(record["outcome"] for record in gateway.audit.exchanges())
    assert outcomes == ["aborted"] * 20 + ["success"] * 2


def test_a_client_that_only_ends_its_own_direction_is_gone(gateway: Gateway, backend: FakeBackend) -> None:
    """A TCP half-close in the middle of a TLS stream says nothing about what is to come: it counts as leaving."""
    backend.on("GET", "/wait", listens)
    with gateway.connect() as client:
        client.send(http.request("GET", "/wait"))
        connection = connection_of(backend)
        client.half_close()

        assert connection.ended.wait(PATIENCE)

    assert_aborted(gateway, "/wait")


def test_a_backend_that_leaves_is_told_apart_from_a_client_that_does(
    gateway: Gateway, backend: FakeBackend
) -> None:
    """The answer had begun when it was torn off: nobody was denied anything, and the client was there."""
    def tear(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
        received.connection.abort()

    backend.on("GET", "/torn", tear)
    with gateway.connect() as client, pytest.raises(http.ConnectionEnded):
        client.get("/torn")

    gateway.stop()
    [record] = gateway.audit.exchanges()
    assert (record["outcome"], record["reason"]) == ("failure", "backend_closed")


def test_a_client_that_leaves_after_the_answer_has_had_it(gateway: Gateway, backend: FakeBackend) -> None:
    with gateway.connect() as client:
        client.get("/")
        client.abort()

    gateway.audit.wait_for("http_exchange")
    gateway.stop()
    assert [record["outcome"] for record in gateway.audit.exchanges()] == ["success"]
