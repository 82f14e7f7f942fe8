"""A scriptable backend: records the exact bytes that reach it and answers what a test says."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from support import http
from support.client import RESET
from support.wait import PATIENCE, until


class Connection:
    """One accepted connection, as a script sees it."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self.received = b""
        """Every byte that came in, in order."""
        self.ended = threading.Event()
        """Set once the gateway has closed or reset this connection (or we have)."""
        self.reader = http.Reader(self._receive)
        self._kept = True

    @property
    def is_open(self) -> bool:
        return self._kept and not self.ended.is_set()

    def send(self, *pieces: bytes) -> None:
        """Sends each piece on its own. That the gateway has gone is noted, not raised."""
        try:
            for piece in pieces:
                self.stream.sendall(piece)
        except (ConnectionError, OSError):
            self.ended.set()

    def close(self) -> None:
        """Ends the connection in order, after what was sent."""
        self._kept = False
        with contextlib.suppress(OSError):
            self.stream.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """Ends the connection with a TCP reset."""
        self._kept = False
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.stream.close()

    def wait_until_ended(self) -> bool:
        """Reads on until the gateway ends the connection; False when it did not in time."""
        with contextlib.suppress(AssertionError):
            self.reader.rest()
        return self.ended.is_set()

    def _receive(self) -> bytes:
        try:
            piece = self.stream.recv(65536)
        except TimeoutError as error:
            raise AssertionError("the gateway is silent") from error
        except OSError:
            piece = b""
        self.received += piece
        if not piece:
            self.ended.set()
        return piece


@dataclass
class Received(http.Request):
    """A request as it came, and the connection to talk back on.

    `head` holds the exact bytes of the head. `body` is filled before an answer is asked for, unless
    the answer was registered with `streaming=True`: then the script calls `read_body()` when it
    likes, or takes pieces with `connection.reader.exactly(n)`.
    """

    connection: Connection = None  # type: ignore[assignment]
    body_is_read: bool = False

    def read_body(self) -> bytes:
        if not self.body_is_read:
            self.body_is_read = True
            self.connection.reader.body_of(self)
        return self.body

    def has_body(self) -> bool:
        return self.has("Transfer-Encoding") or (self.get("Content-Length") or "0") != "0"


Script = Callable[[Received], bytes | None]
"""Returns the bytes to answer with, or None when it has talked to `received.connection` itself."""

Answer = bytes | Script


@dataclass
class _Rule:
    method: str | None
    path: str | None
    answer: Answer
    streaming: bool

    def matches(self, received: Received) -> bool:
        return self.method in (None, received.method) and self.path in (None, received.path)


class FakeBackend:
    """Listens on a free port from construction to `stop()`; a `with` statement stops it too.

        backend.on("POST", "/login", redirect("/home", "APP=1; HttpOnly"))
        backend.on("GET", "/slow", lambda received: response(200, b"done") if gate.wait(9) else None)

    The latest matching rule answers; what no rule matches is answered 200 "hello".
    """

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.connections: list[Connection] = []
        self.failures: list[BaseException] = []
        """What went wrong in a script or in reading a request: malformed, silent, torn off."""
        self.failures_are_expected = False
        """Set by a test whose client or gateway leaves in the middle of a request."""
        self._rules = [_Rule(None, None, http.response(200, b"hello"), streaming=False)]
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(
        self, method: str | None, path: str | None, answer: Answer, streaming: bool = False
    ) -> None:
        """Answers requests of this method and path (None: any; the query does not count).

        With `streaming` the script is called as soon as the head is there.
        """
        self._rules.append(_Rule(method, path, answer, streaming))

    def wait_for_requests(self, count: int, patience: float = PATIENCE) -> list[Received]:
        """Waits until `count` requests have come (their heads, and bodies unless streaming)."""
        until(lambda: len(self.requests) >= count, f"{count} requests at the backend", patience)
        return self.requests[:count]

    @property
    def bytes_received(self) -> int:
        """Over all connections, half a request that is no entry in `requests` included."""
        return sum(len(connection.received) for connection in self.connections)

    def last_request(self) -> Received:
        return self.wait_for_requests(1) and self.requests[-1]

    def stop(self) -> None:
        """Refuses new connections and ends those that are open: the backend is down."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.stream.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "FakeBackend":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def _accept(self) -> None:
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            stream.settimeout(PATIENCE * 3)
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(stream)
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        try:
            while connection.is_open and not connection.reader.at_end():
                self._answer(self._next_request(connection))
        except Exception as failure:  # noqa: BLE001 - kept for the test to look at
            self.failures.append(failure)
        finally:
            connection.ended.set()
            connection.stream.close()

    def _next_request(self, connection: Connection) -> Received:
        head = connection.reader.request_head()
        return Received(**vars(head), connection=connection)

    def _answer(self, received: Received) -> None:
        rule = next(rule for rule in reversed(self._rules) if rule.matches(received))
        if not rule.streaming:
            received.read_body()
        self.requests.append(received)
        answer = rule.answer(received) if callable(rule.answer) else rule.answer
        if answer is not None:
            received.connection.send(answer)
        if received.has_body() and not received.body_is_read:
            received.connection.close()


def backend_with_login(backend: FakeBackend, *cookies: str) -> None:
    """Lets `backend` accept the password `secret` at POST /login and set `cookies` then."""

    def log_in(received: Received) -> bytes:
        if b"password=secret" in received.read_body():
            return http.redirect("/home", *cookies)
        return http.response(200, b"wrong user or password")

    backend.on("POST", "/login", log_in)


@contextlib.contextmanager
def refusing_port():
    """A port on which nobody listens, and which nobody else gets meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
