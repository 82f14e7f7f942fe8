"""One client that is always ready does not keep the others, nor the order to end, from the worker."""

import contextlib
import select
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.client import trusting
from support.gateway import Gateway
from support.policy import Policy, basic_policy
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]

LOCAL = http.request("GET", "/", host="nowhere.test") * 500
"""Requests that the gateway answers by itself."""


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    policy["limits"] = {"drain_timeout": "1s"}
    return policy


class Flood:
    """Sends and reads without a pause, until it is stopped or the connection ends. What comes is
    thrown away undecrypted, so that this side is never the slower one."""

    def __init__(self, gateway: Gateway, head: bytes, piece: bytes) -> None:
        self.raw = gateway.connect_tcp().stream
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = trusting(gateway.pki.authority)
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self._shake_hands()
        self.tls.write(head)
        self.piece = piece
        self.is_flowing, self.is_over = threading.Event(), threading.Event()
        threading.Thread(target=self._flow, daemon=True).start()

    def _shake_hands(self) -> None:
        while True:
            try:
                return self.tls.do_handshake()
            except ssl.SSLWantReadError:
                self.raw.sendall(self.outgoing.read())
                self.incoming.write(self.raw.recv(65536))

    def _flow(self) -> None:
        self.raw.setblocking(False)
        waiting, received = b"", 0
        with contextlib.suppress(OSError):
            while not self.is_over.is_set():
                if len(waiting) < 1 << 18:
                    self.tls.write(self.piece)
                    waiting += self.outgoing.read()
                readable, writable, _ = select.select([self.raw], [self.raw], [], 0.1)
                if readable:
                    received += len(self.raw.recv(1 << 20))
                if writable:
                    waiting = waiting[self.raw.send(waiting) :]
                if received > 1 << 20:
                    self.is_flowing.set()
        self.raw.close()


@contextlib.contextmanager
def flood(gateway: Gateway, head: bytes, piece: bytes) -> Iterator[None]:
    running = Flood(gateway, head, piece)
    try:
        assert running.is_flowing.wait(PATIENCE)
        yield
    finally:
        running.is_over.set()


def test_pipelined_refusals_do_not_keep_others_waiting(
    start_gateway: StartGateway, policy: Policy
) -> None:
    gateway = start_gateway(policy)
    with flood(gateway, LOCAL, LOCAL):
        with gateway.connect() as other:
            assert other.get("/").status == 200


def test_pipelined_refusals_do_not_keep_the_gateway_from_ending(
    start_gateway: StartGateway, policy: Policy
) -> None:
    gateway = start_gateway(policy)
    with flood(gateway, LOCAL, LOCAL):
        gateway.drain()

        assert gateway.wait_until_ended() == 0


def test_a_transfer_between_fast_peers_does_not_keep_others_waiting(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    def pour(received: Received) -> None:
        connection = received.connection
        connection.send(f"HTTP/1.1 200 OK\r\nContent-Length: {10**12}\r\n\r\n".encode())
        while connection.is_open:
            connection.send(bytes(1 << 20))

    backend.on("PUT", "/endless", pour, streaming=True)
    gateway = start_gateway(policy)
    head = http.request("PUT", "/endless", [("Content-Length", str(10**12))])
    with flood(gateway, head, bytes(1 << 20)):
        with gateway.connect() as other:
            assert other.get("/").status == 200
