"""What has a limit ends by it, however the peer spreads its bytes (HTP-007) and whatever the
gateway waits for when it is told to end."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.client import Client
from support.gateway import Gateway
from support.policy import Policy, basic_policy
from support.wait import PATIENCE, until

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


def closes_in_spite_of(client: Client, drip: Callable[[], None]) -> bool:
    """Sends a little about every 50 ms until the gateway ends the connection."""
    client.stream.settimeout(0.05)

    def is_closed() -> bool:
        try:
            drip()
            return not client.stream.recv(65536)
        except TimeoutError:
            return False
        except OSError:
            return True

    return until(is_closed, "the gateway to lose its patience")


def limited_policy(backend: FakeBackend, **limits: str) -> Policy:
    policy = basic_policy(backend.url)
    policy["limits"] = limits
    return policy


def test_one_byte_at_a_time_does_not_stretch_a_handshake(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    gateway = start_gateway(limited_policy(backend, handshake_timeout="300ms"))
    with gateway.connect_tcp() as client:
        client.send(bytes([22, 3, 1, 0x3E, 0x80, 1, 0, 0x3E, 0x7C, 3, 3]))

        assert closes_in_spite_of(client, lambda: client.send(b"\0"))


@pytest.mark.parametrize("requests", [0, 1], ids=["never asked", "kept alive"])
def test_a_record_that_does_not_end_does_not_stretch_the_time_to_be_idle(
    start_gateway: StartGateway, backend: FakeBackend, requests: int
) -> None:
    """Only what a record carries ends the wait for a request, and a record that is not whole
    carries nothing."""
    limits = {"keep_alive_timeout": "300ms", "head_timeout": "300ms"}
    gateway = start_gateway(limited_policy(backend, **limits))
    with gateway.connect() as client:
        for _ in range(requests):
            client.get("/")
        raw = Client(socket.socket(fileno=client.stream.detach()))
        raw.send(bytes([23, 3, 3, 0x40, 0]))

        assert closes_in_spite_of(raw, lambda: raw.send(b"\0"))
        raw.close()


def test_one_byte_at_a_time_does_not_stretch_a_goodbye(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    gateway = start_gateway(limited_policy(backend))
    with gateway.connect() as client:
        client.get("/", ("Connection", "close"))
        raw = Client(socket.socket(fileno=client.stream.detach()))
        raw.send(bytes([23, 3, 3, 0x40, 0]))

        until(lambda: gone(raw), "a connection that is reset")
        raw.close()


def gone(raw: Client) -> bool:
    """Whether the gateway has closed, which only a reset tells: its own end came long before."""
    try:
        raw.send(b"x")
    except OSError:
        return True
    return False
