"""A client that sends exactly the bytes it is told to and reads responses strictly."""

import contextlib
import socket
import ssl
import struct
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from support import http
from support.wait import PATIENCE

RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST.


class Client:
    """One connection. Use it in a `with` statement, or close it."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self.reader = http.Reader(self._receive)

    def send(self, *pieces: bytes) -> None:
        """Sends each piece in a TLS record (and TCP segment) of its own."""
        for piece in pieces:
            self.stream.sendall(piece)

    def send_split(self, data: bytes, size: int = 1) -> None:
        """Sends `data` in pieces of `size` bytes: nothing may depend on how bytes arrive."""
        self.send(*(data[at : at + size] for at in range(0, len(data), size)))

    def read_response(self, method: str = "GET") -> http.Response:
        """The next response; say the method when it was HEAD."""
        return self.reader.response(method)

    def request(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        host: str | None = "localhost",
    ) -> http.Response:
        """Sends a whole request and reads its response."""
        self.send(http.request(method, target, headers, body, host))
        return self.read_response(method)

    def get(self, target: str, *headers: tuple[str, str]) -> http.Response:
        return self.request("GET", target, headers)

    def post_form(
        self, target: str, form: dict[str, str], *headers: tuple[str, str]
    ) -> http.Response:
        self.send(http.form_request("POST", target, form, headers))
        return self.read_response()

    def read(self, count: int = 65536) -> bytes:
        """Some bytes as they come, buffered ones first; b"" once the peer has closed."""
        taken, self.reader.buffer = self.reader.buffer[:count], self.reader.buffer[count:]
        return taken or self._receive(count)

    def is_closed_by_peer(self) -> bool:
        """Waits: True when the peer ends the connection, False when it sends something instead."""
        return self.reader.at_end()

    def half_close(self) -> None:
        """Ends our direction of the TCP connection: the peer reads the end of the stream."""
        self.stream.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """Closes with a TCP reset, as a crashing peer would."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.stream.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.close()

    def _receive(self, count: int = 65536) -> bytes:
        try:
            return self.stream.recv(count)
        except (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""
        except TimeoutError as error:
            buffered = self.reader.buffer[:400]
            raise AssertionError(f"the peer is silent; read so far: {buffered!r}") from error


def connect_tcp(port: int, receive_buffer: int | None = None, source: str = "") -> Client:
    """A plain TCP connection. A small `receive_buffer` makes for a slow reader."""
    return Client(_tcp(port, receive_buffer, source))


def connect_tls(
    port: int,
    authority: Path,
    server_name: str = "localhost",
    receive_buffer: int | None = None,
    context: ssl.SSLContext | None = None,
    source: str = "",
) -> Client:
    """A TLS connection that verifies the certificate. `context` replaces `trusting(authority)`.

    `source` is the address to come from, such as 127.0.0.2.
    """
    context = context or trusting(authority)
    stream = _tcp(port, receive_buffer, source)
    try:
        return Client(context.wrap_socket(stream, server_hostname=server_name))
    except BaseException:
        stream.close()
        raise


def trusting(authority: Path) -> ssl.SSLContext:
    """A client context to change at will: versions, ciphers, `set_alpn_protocols`."""
    return ssl.create_default_context(cafile=str(authority))


def _tcp(port: int, receive_buffer: int | None, source: str) -> socket.socket:
    stream = socket.socket()
    if source:
        stream.bind((source, 0))
    if receive_buffer is not None:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    stream.settimeout(PATIENCE)
    try:
        stream.connect(("127.0.0.1", port))
    except BaseException:
        stream.close()
        raise
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream
