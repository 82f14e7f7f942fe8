"""Bodies of any size cross without being collected: 1 GiB each way, past a reader that stops again and again
until the writer cannot go on, leaves the gateway's memory as it was.

A build with sanitizers is slow and keeps books on what was freed: it gets less to carry and more room.
"""

import os
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.gateway import Gateway, is_sanitized
from support.policy import basic_policy
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]

MIB = 1024 * 1024
TOTAL = 256 * MIB if is_sanitized() else 1024 * MIB
MOST_GROWTH = 32 * MIB if is_sanitized() else 4 * MIB
MOST_UNDER_WAY = 64 * MIB
"""What the kernel's buffers on both sides and the gateway may hold together."""

STOPS = 4
BETWEEN_STOPS = TOTAL // 2 // STOPS
STUCK = 0.5  # Seconds in which nothing could be written.
BLOCK = bytes(range(251)) * 2048  # Lost or repeated bytes shift it against what is expected.


class Crossing:
    """One body on its way from `write` to `read`, which run in threads of their own."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.written = self.was_read = 0
        self.memory: list[int] = []
        """The gateway's resident bytes at each stop, when its buffers are as full as they get."""
        self._stopped, self._go_on = threading.Event(), threading.Event()

    def write(self, stream: socket.socket) -> None:
        """Sends the whole body. Whenever nothing can be written, a reader that has stopped goes on."""
        patience = stream.gettimeout()
        stream.setblocking(False)
        view, stuck = memoryview(BLOCK), 0
        while self.written < TOTAL:
            start = self.written % len(BLOCK)
            try:
                self.written += stream.send(view[start : start + TOTAL - self.written])
                stuck = 0
            except (BlockingIOError, ssl.SSLWantWriteError):
                if select.select([], [stream], [], STUCK)[1]:
                    continue
                stuck += 1
                assert stuck * STUCK < 3 * PATIENCE, "nobody reads any more"
                if self._stopped.is_set():
                    self._let_go_on()
        stream.settimeout(patience)

    def read(self, stream: socket.socket, first: bytes) -> None:
        """Reads the whole body, which begins with `first`, and stops until the writer is stuck."""
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, MIB)
        buffer, expected = memoryview(bytearray(MIB)), BLOCK * (2 + MIB // len(BLOCK))
        self.was_read = len(first)
        assert first == expected[: len(first)]
        while self.was_read < TOTAL:
            if self.was_read >= len(self.memory) * BETWEEN_STOPS and len(self.memory) < STOPS:
                self._stop()
            size = stream.recv_into(buffer)
            assert size, f"ended after {self.was_read} bytes"
            start = self.was_read % len(BLOCK)
            assert buffer[:size].tobytes() == expected[start : start + size], "other bytes"
            self.was_read += size

    def _stop(self) -> None:
        self._go_on.clear()
        self._stopped.set()
        assert self._go_on.wait(3 * PATIENCE), "the writer never gets stuck: somebody collects the body"

    def _let_go_on(self) -> None:
        under_way = self.written - self.was_read
        assert under_way < MOST_UNDER_WAY, f"{under_way} bytes under way while nobody reads"
        self.memory.append(self.gateway.memory_kib() * 1024)
        self._stopped.clear()
        self._go_on.set()


@pytest.fixture
def warm(
    start_gateway: StartGateway, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Gateway, int]]:
    """A gateway with one worker, which has carried some bodies already, and its memory in bytes."""
    options = [os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=4"]  # Otherwise 256.
    monkeypatch.setenv("ASAN_OPTIONS", ":".join(filter(None, options)))
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    gateway = start_gateway(policy)
    backend.on("POST", "/warm", lambda received: http.response(200, received.body))
    with gateway.connect() as client:
        for _ in range(4):
            assert client.request("POST", "/warm", body=bytes(4 * MIB)).status == 200
    yield gateway, gateway.memory_kib() * 1024
    assert backend.failures == []


def assert_flat(crossing: Crossing, before: int) -> None:
    assert (crossing.written, crossing.was_read) == (TOTAL, TOTAL)
    assert len(crossing.memory) == STOPS
    growth = max(*crossing.memory, crossing.gateway.memory_kib() * 1024) - before
    assert growth < MOST_GROWTH, f"{growth // 1024} KiB more than before"


def test_a_large_upload_to_a_slow_backend_leaves_memory_flat(
    warm: tuple[Gateway, int], backend: FakeBackend
) -> None:
    gateway, before = warm
    crossing = Crossing(gateway)

    def swallow(received: Received) -> bytes:
        first, received.connection.reader.buffer = received.connection.reader.buffer, b""
        received.body_is_read = True
        crossing.read(received.connection.stream, first)
        return http.response(201, b"got it")

    backend.on("PUT", "/large", swallow, streaming=True)
    with gateway.connect() as client:
        client.send(http.request("PUT", "/large", [("Content-Length", str(TOTAL))]))
        crossing.write(client.stream)
        assert client.read_response().status == 201
        assert client.get("/after").status == 200

    assert_flat(crossing, before)


def test_a_large_download_by_a_slow_client_leaves_memory_flat(
    warm: tuple[Gateway, int], backend: FakeBackend
) -> None:
    gateway, before = warm
    crossing = Crossing(gateway)

    def pour(received: Received) -> None:
        received.connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {TOTAL}\r\n\r\n".encode())
        crossing.write(received.connection.stream)

    backend.on("GET", "/large", pour)
    with gateway.connect() as client:
        client.send(http.request("GET", "/large"))
        assert client.reader.response_head().get("Content-Length") == str(TOTAL)
        first, client.reader.buffer = client.reader.buffer, b""
        crossing.read(client.stream, first)
        assert client.get("/after").status == 200

    assert_flat(crossing, before)
