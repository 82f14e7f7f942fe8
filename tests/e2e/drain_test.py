"""The end of a gateway (README, `run ... until SIGTERM, then drains`): what is under way is finished, what
does not end is cut, and the audit tells all of it."""

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import http
from support.audit import AuditLog
from support.backend import FakeBackend, Received
from support.client import Client
from support.gateway import Gateway, binary, write_policy
from support.pki import Pki
from support.policy import Policy, basic_policy
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]


@pytest.fixture
def gate(backend: FakeBackend) -> Iterator[threading.Event]:
    """Opens GET /slow, which answers then, and GET /stream, which has sent one half and sends the other."""
    opened = threading.Event()

    def slow(received: Received) -> bytes | None:
        return http.response(200, b"late but whole") if opened.wait(PATIENCE) else None

    def stream(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nfirst,")
        if opened.wait(PATIENCE):
            received.connection.send(b"second")

    backend.on("GET", "/slow", slow)
    backend.on("GET", "/stream", stream)
    yield opened
    opened.set()


def lasting(backend: FakeBackend, drain_timeout: str) -> Policy:
    policy = basic_policy(backend.url)
    policy["limits"] = {"drain_timeout": drain_timeout}
    return policy


def begin_stream(client: Client) -> http.Response:
    """Asks for /stream and returns when its first half is here."""
    client.send(http.request("GET", "/stream"))
    answer = client.reader.response_head()
    answer.body = client.reader.exactly(len(b"first,"))
    return answer


def drain_and_wait(gateway: Gateway, number: signal.Signals = signal.SIGTERM) -> None:
    """Asks it to end, and returns when it has begun to: no worker listens any more."""
    gateway.process.send_signal(number)
    until(lambda: refuses(gateway), "listening to stop")


def refuses(gateway: Gateway) -> bool:
    try:
        gateway.connect_tcp().close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        pass  # Caught in the queue of a worker that stopped; another may listen still.
    return False


def test_listening_stops_at_once(gateway: Gateway, backend: FakeBackend, gate: threading.Event) -> None:
    """New clients are refused while old ones are still served."""
    with gateway.connect() as client:
        client.send(http.request("GET", "/slow"))
        backend.wait_for_requests(1)

        drain_and_wait(gateway)

        assert gateway.process.poll() is None
        with pytest.raises(ConnectionRefusedError):
            gateway.connect()
        gate.set()
        assert client.read_response().body == b"late but whole"
    assert gateway.wait_until_ended() == 0


def test_an_idle_connection_is_closed(gateway: Gateway) -> None:
    """Before its first request and after one, and without an answer that nobody asked for."""
    with gateway.connect() as fresh, gateway.connect() as used:
        used.get("/")

        gateway.drain()

        assert fresh.is_closed_by_peer() and used.is_closed_by_peer()
        assert gateway.wait_until_ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_exchange_in_progress_is_finished(
    gateway: Gateway, backend: FakeBackend, gate: threading.Event, number: signal.Signals
) -> None:
    """It says that it is the last of its connection, and the process ends with code 0."""
    with gateway.connect() as client:
        client.send(http.request("GET", "/slow"))
        backend.wait_for_requests(1)
        drain_and_wait(gateway, number)
        gate.set()

        answer = client.read_response()

        assert (answer.status, answer.body) == (200, b"late but whole")
        assert answer.get("Connection") == "close"
        assert client.is_closed_by_peer()
    assert gateway.wait_until_ended() == 0
    [record] = gateway.audit.exchanges()
    assert (record["path"], record["outcome"], record["status"]) == ("/slow", "success", 200)


def test_an_answer_that_has_begun_is_finished(gateway: Gateway, gate: threading.Event) -> None:
    with gateway.connect() as client:
        answer = begin_stream(client)
        drain_and_wait(gateway)
        gate.set()

        assert answer.body + client.reader.exactly(len(b"second")) == b"first,second"
        assert client.is_closed_by_peer()
    assert gateway.wait_until_ended() == 0
    assert [record["outcome"] for record in gateway.audit.exchanges()] == ["success"]


def test_an_upload_in_progress_is_finished(gateway: Gateway, backend: FakeBackend) -> None:
    backend.on("PUT", "/file", lambda received: http.response(201, received.read_body()), streaming=True)
    with gateway.connect() as client:
        client.send(http.request("PUT", "/file", [("Content-Length", "12")], b"first,"))
        backend.wait_for_requests(1)
        drain_and_wait(gateway)
        client.send(b"second")

        answer = client.read_response()

        assert (answer.status, answer.body) == (201, b"first,second")
        assert answer.get("Connection") == "close" and client.is_closed_by_peer()
    assert gateway.wait_until_ended() == 0


def test_what_was_pipelined_behind_the_last_exchange_is_not_begun(
    gateway: Gateway, backend: FakeBackend, gate: threading.Event
) -> None:
    """`Connection: close` tells the client that the rest may be asked again elsewhere."""
    with gateway.connect() as client:
        client.send(http.request("GET", "/slow") + http.request("GET", "/next"))
        backend.wait_for_requests(1)
        drain_and_wait(gateway)
        gate.set()

        assert client.read_response().get("Connection") == "close"
        assert client.is_closed_by_peer()
    assert gateway.wait_until_ended() == 0
    assert [request.target for request in backend.requests] == ["/slow"]
    assert [record["path"] for record in gateway.audit.exchanges()] == ["/slow"]


def test_what_does_not_end_in_time_is_cut(
    start_gateway: StartGateway, backend: FakeBackend, gate: threading.Event
) -> None:
    """limits.drain_timeout: neither a silent backend nor a half answer nor a half upload holds the end up."""
    backend.failures_are_expected = True  # Half an upload is what it gets.
    gateway = start_gateway(lasting(backend, "500ms"))
    with gateway.connect() as waiting, gateway.connect() as reading, gateway.connect() as sending:
        waiting.send(http.request("GET", "/slow"))
        begin_stream(reading)
        sending.send(http.request("PUT", "/file", [("Content-Length", "1000")], b"x"))
        until(lambda: len(backend.connections) == 3, "all three to reach the backend")

        gateway.drain()

        assert gateway.wait_until_ended() == 0
        for client in (waiting, reading, sending):
            assert client.is_closed_by_peer()
    assert_cut(gateway, ["/file", "/slow", "/stream"])


def test_a_second_signal_cuts_at_once(
    start_gateway: StartGateway, backend: FakeBackend, gate: threading.Event
) -> None:
    gateway = start_gateway(lasting(backend, "1h"))
    with gateway.connect() as waiting, gateway.connect() as reading:
        waiting.send(http.request("GET", "/slow"))
        backend.wait_for_requests(1)
        begin_stream(reading)
        drain_and_wait(gateway)
        assert gateway.process.poll() is None

        gateway.drain()

        assert gateway.wait_until_ended() == 0
        assert waiting.is_closed_by_peer() and reading.is_closed_by_peer()
    assert_cut(gateway, ["/slow", "/stream"])


def assert_cut(gateway: Gateway, paths: list[str]) -> None:
    """Each of these has left exactly one record, which says how it ended, and the end is told last."""
    records = gateway.audit.exchanges()
    assert sorted((record["path"], record["outcome"]) for record in records) == [
        (path, "aborted") for path in paths
    ]
    assert len({record["request_id"] for record in records}) == len(paths)
    assert gateway.audit.records()[-1]["event"] == "sys_shutdown"


def test_a_body_that_is_cut_looks_cut(
    start_gateway: StartGateway, backend: FakeBackend, gate: threading.Event
) -> None:
    """Design §3 step 14, also at the end: no last chunk for an answer that was not whole."""
    begun = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst,\r\n"

    def stream(received: Received) -> None:
        received.connection.send(begun)
        gate.wait(PATIENCE)

    backend.on("GET", "/chunks", stream)
    gateway = start_gateway(lasting(backend, "300ms"))
    with gateway.connect() as client:
        client.send(http.request("GET", "/chunks"))
        answer = client.reader.response_head()
        gateway.drain()

        with pytest.raises(http.ConnectionEnded):
            client.reader.body_of(answer)
    assert gateway.wait_until_ended() == 0


def test_a_client_that_stops_reading_does_not_hold_the_end_up(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """The gateway waits for room to write; at the limit that wait is over, too."""
    backend.on("GET", "/large", http.response(200, bytes(32 * 1024 * 1024)))
    gateway = start_gateway(lasting(backend, "300ms"))
    with gateway.connect(receive_buffer=4096) as client:
        client.send(http.request("GET", "/large"))
        client.reader.response_head()

        gateway.drain()

        assert gateway.wait_until_ended() == 0
    assert_cut(gateway, ["/large"])


def test_a_client_in_the_handshake_does_not_hold_the_end_up(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    policy = lasting(backend, "300ms")
    policy["limits"]["handshake_timeout"] = "1h"
    gateway = start_gateway(policy)
    with gateway.connect_tcp() as silent, gateway.connect() as client:
        assert client.get("/").status == 200  # By now the silent one has been accepted as well.

        gateway.drain()

        assert silent.is_closed_by_peer()
        assert gateway.wait_until_ended() == 0


def test_the_end_is_the_last_line_of_the_audit(gateway: Gateway) -> None:
    """Also the records that leave in batches are written before."""
    with gateway.connect() as client:
        for turn in range(100):
            client.get(f"/{turn}")
        gateway.drain()
        assert gateway.wait_until_ended() == 0

    events = [record["event"] for record in gateway.audit.records()]
    assert events == ["sys_startup", *["http_exchange"] * 100, "sys_shutdown"]
    assert gateway.audit.text().endswith("}\n")
    assert gateway.log().splitlines()[-1].endswith(" info ended")


def test_a_gateway_that_nobody_asked_anything_ends_too(gateway: Gateway) -> None:
    gateway.drain()

    assert gateway.wait_until_ended() == 0
    assert [record["event"] for record in gateway.audit.records()] == ["sys_startup", "sys_shutdown"]


def test_signals_while_it_ends_take_nothing_from_the_audit(gateway: Gateway) -> None:
    """An impatient operator: however many signals come, it ends by itself and has written everything."""
    with gateway.connect() as client:
        for turn in range(100):
            client.get(f"/{turn}")

    while gateway.process.poll() is None:
        gateway.drain()

    assert gateway.wait_until_ended() == 0
    assert len(gateway.audit.exchanges()) == 100
    assert gateway.audit.records()[-1]["event"] == "sys_shutdown"


def test_a_signal_is_obeyed_as_soon_as_it_is_ready(tmp_path: Path, pki: Pki) -> None:
    """The ready file promises it. Tried often, because what could go wrong takes microseconds."""
    file = write_policy(tmp_path, pki, basic_policy("http://127.0.0.1:9"))
    ready = tmp_path / "ready.json"
    codes = []

    for _ in range(20):
        ready.unlink(missing_ok=True)
        command = [binary(), "run", "--config", str(file), "--ready-file", str(ready)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            while not ready.exists() and process.poll() is None:
                pass
            process.send_signal(signal.SIGTERM)
            codes.append(process.wait(PATIENCE))

    assert codes == [0] * 20
    events = [record["event"] for record in AuditLog(tmp_path / "audit.jsonl").records()]
    assert events == ["sys_startup", "sys_shutdown"] * 20
