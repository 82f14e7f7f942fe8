"""What has a limit ends by it, however the peer spreads its bytes (HTP-007) and whatever the
gateway waits for when it is told to end."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.gateway import Gateway
from support.policy import Policy, basic_policy
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]


@contextlib.contextmanager
def deaf_port() -> Iterator[int]:
    """A port on which connecting neither succeeds nor fails: its queue is full already."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    port = listener.getsockname()[1]
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.1", port))
    yield port
    for each in [listener, *fillers]:
        each.close()


def patient_policy(url: str) -> Policy:
    """Nothing ends by itself, but the time to drain."""
    policy = basic_policy(url)
    policy["workers"] = 1
    policy["limits"] = {"drain_timeout": "200ms", "body_timeout": "1h"}
    policy["backends"]["app"] |= {"response_timeout": "1h", "connect_timeout": "1h"}
    return policy


def test_draining_cuts_an_exchange_that_waits_for_a_connection(start_gateway: StartGateway) -> None:
    with deaf_port() as port:
        gateway = start_gateway(patient_policy(f"http://127.0.0.1:{port}"))
        with gateway.connect() as client, gateway.connect() as witness:
            client.send(http.request("GET", "/"))
            assert witness.request("GET", "/", host="elsewhere.test").status == 404
            gateway.drain()

            assert gateway.wait_until_ended() == 0


def test_draining_cuts_an_exchange_that_waits_for_the_answer(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    ended = threading.Event()
    backend.on("GET", "/", lambda received: None if ended.wait(3 * PATIENCE) else None)
    gateway = start_gateway(patient_policy(backend.url))
    with gateway.connect() as client:
        client.send(http.request("GET", "/"))
        backend.wait_for_requests(1)
        gateway.drain()

        assert gateway.wait_until_ended() == 0
    ended.set()


def test_draining_cuts_an_upload_that_the_backend_does_not_read(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    ended = threading.Event()

    def stop_reading(received: Received) -> None:
        ended.wait(3 * PATIENCE)

    backend.on("PUT", "/", stop_reading, streaming=True)
    gateway = start_gateway(patient_policy(backend.url))
    with gateway.connect() as client:
        client.send(http.request("PUT", "/", [("Content-Length", str(10**10))]))
        fill(client.stream)
        gateway.drain()

        assert gateway.wait_until_ended() == 0
    ended.set()


def fill(stream: socket.socket) -> None:
    """Sends until nobody takes anything any more."""
    stream.settimeout(0.2)
    with contextlib.suppress(TimeoutError):
        while True:
            stream.send(bytes(1 << 20))
