"""Uploads that take their time, and backends that fail while they last."""

import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.client import Client
from support.gateway import Gateway
from support.policy import Policy, basic_policy
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]


@pytest.fixture
def silence() -> Iterator[threading.Event]:
    """What a backend waits for that does not answer; over with the test."""
    over = threading.Event()
    yield over
    over.set()


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    policy = basic_policy(backend.url)
    policy["backends"]["app"]["response_timeout"] = "300ms"
    return policy


@pytest.fixture(autouse=True)
def silent_page(backend: FakeBackend, silence: threading.Event) -> None:
    backend.on("GET", "/silent", lambda received: None if silence.wait(PATIENCE) else None)


def wait_for_a_response_timeout(gateway: Gateway) -> None:
    """An answer that never comes is the clock."""
    with gateway.connect() as clock:
        assert clock.get("/silent").status == 504


def begin_upload(client: Client, target: str) -> None:
    client.send(http.request("PUT", target, [("Content-Length", "4")], b"a"))


def test_the_backends_time_begins_when_it_has_the_whole_request(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """A slow client is waited for by its own limit, not by the backend's."""
    backend.on("PUT", "/file", lambda r: http.response(201, r.read_body()), streaming=True)
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        begin_upload(client, "/file")
        for piece in (b"b", b"c"):
            wait_for_a_response_timeout(gateway)
            client.send(piece)
        wait_for_a_response_timeout(gateway)
        client.send(b"d")

        answer = client.read_response()

    assert (answer.status, answer.body) == (201, b"abcd")


def test_the_backends_time_ends_after_a_slow_upload_too(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, silence: threading.Event
) -> None:
    def swallow(received: Received) -> None:
        received.read_body()
        silence.wait(PATIENCE)

    backend.on("PUT", "/file", swallow, streaming=True)
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        begin_upload(client, "/file")
        wait_for_a_response_timeout(gateway)
        client.send(b"bcd")

        assert client.read_response().status == 504


def test_a_backend_that_fails_during_an_upload_is_told_as_that(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """HTP-013: not as a client that left."""
    backend.failures_are_expected = True
    backend.on("PUT", "/file", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", streaming=True)
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        begin_upload(client, "/file")

        assert client.read_response().status == 502

    gateway.audit.wait_for("backend_fail", reason="backend_malformed")
    gateway.audit.wait_for("http_exchange", path="/file", status=502)
