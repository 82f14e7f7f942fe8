"""A TCP forwarder in front of an application: passes every byte and remembers the requests."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any

from support import http
from support.wait import PATIENCE

PIECE = 65536


class Recorder:
    """Listens on a free port from construction to `stop()`. What it records is what came to it.

    Bytes go on as they come, both ways, so that the application sees what it would see without it.
    A request that no strict reader accepts is in `failures`.
    """

    def __init__(self, port: int) -> None:
        self.requests: list[http.Request] = []
        """In the order in which their heads were complete; bodies are filled in as they come."""
        self.failures: list[Exception] = []
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def received(self) -> bytes:
        """The heads and bodies of all requests so far: to look for what must never be in them."""
        return b"".join(request.head + request.body for request in list(self.requests))

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._forward, args=[client], daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), timeout=PATIENCE)
        except OSError:
            client.close()
            return
        for stream in (client, server):
            stream.settimeout(None)
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = threading.Thread(target=_pass_all, args=[server, client], daemon=True)
        answers.start()
        self._record(_Requests(client, server))
        _end(server)
        answers.join()
        client.close()
        server.close()

    def _record(self, incoming: "_Requests") -> None:
        reader = http.Reader(incoming.more)
        try:
            while not reader.at_end():
                request = reader.request_head()
                self.requests.append(request)
                incoming.pass_on()
                reader.body_of(request)
        except (http.ConnectionEnded, OSError):
            return
        except AssertionError as failure:
            self.failures.append(failure)
            reader.rest()


class _Requests:
    """What comes from a client. It is passed on late, so that nobody has an answer to what is not recorded."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._client, self._server = client, server
        self._held = b""

    def more(self) -> bytes:
        """The next bytes; b"" at the end of either side."""
        with contextlib.suppress(OSError):
            self.pass_on()
            self._held = self._client.recv(PIECE)
        return self._held

    def pass_on(self) -> None:
        held, self._held = self._held, b""
        self._server.sendall(held)


def _pass_all(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    _end(target)


def _end(stream: socket.socket) -> None:
    with contextlib.suppress(OSError):
        stream.shutdown(socket.SHUT_WR)
