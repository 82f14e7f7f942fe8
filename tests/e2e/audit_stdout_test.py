"""Where events go (LOG-007): standard output when the policy names no file for them, apart from the operator's
log, which goes to standard error; and a place that does not work stops the start, but never the service."""

import json
import os
import re
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.backend import FakeBackend, backend_with_login, refusing_port
from support.client import connect_tls
from support.gateway import Gateway, binary, run_sallyport, write_policy
from support.pki import Pki
from support.policy import Policy, basic_policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]

LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (info|warn|warning|error) \S.*")
STDOUT: dict[str, Callable[[Policy], object]] = {
    "no audit section": lambda policy: policy.pop("audit"),
    "stdout: true": lambda policy: policy.update(audit={"stdout": True}),
}


@pytest.fixture
def policy(backend: FakeBackend) -> Iterator[Policy]:
    """A login, and a backend that is down for the host app.test."""
    backend_with_login(backend)
    policy = guarded_policy(backend.url)
    with refusing_port() as port:
        policy["backends"]["down"] = {"servers": [f"http://127.0.0.1:{port}"]}
        paths = [{"prefix": "/", "require": "nothing"}]
        policy["routes"].append({"host": "app.test", "paths": paths, "backend": "down"})
        yield policy


def eventful_visit(gateway: Gateway) -> None:
    """Something for the audit, something for the operator's log, and hostile bytes for both."""
    alice = Visitor(gateway)
    alice.log_in()
    alice.get("/app")
    alice.log_in("mallory\x1b[31m", "wrong")
    with gateway.connect() as client:
        assert client.request("GET", "/", host="app.test").status == 502
        client.get("/app", ("Cookie", f"{SESSION_COOKIE}=forged"))
        client.get("/%1B%5B31m%0Ax", ("User-Agent", '{"event":"sys_shutdown"}'))


@pytest.mark.parametrize("without_file", STDOUT.values(), ids=STDOUT)
def test_without_a_file_events_go_to_standard_output(
    start_gateway: StartGateway, policy: Policy, without_file: Callable[[Policy], object]
) -> None:
    """All of them and nothing else: each line is a record, the first is the start, the last the end."""
    without_file(policy)
    gateway = start_gateway(policy)

    eventful_visit(gateway)
    gateway.stop()

    events = [json.loads(line)["event"] for line in gateway.stdout.text().splitlines()]
    assert (events[0], events[-1]) == ("sys_startup", "sys_shutdown")
    assert {"authn_login_success", "authn_login_fail", "session_id_forged", "backend_fail"} <= set(events)
    assert events.count("http_exchange") == 6
    assert gateway.stdout.text().endswith("}\n") and "\x1b" not in gateway.stdout.text()
    assert not gateway.audit.path.exists()


@pytest.mark.parametrize("without_file", STDOUT.values(), ids=STDOUT)
def test_the_log_goes_to_standard_error_alone(
    start_gateway: StartGateway, policy: Policy, without_file: Callable[[Policy], object]
) -> None:
    without_file(policy)
    gateway = start_gateway(policy)

    eventful_visit(gateway)
    gateway.stop()

    lines = gateway.log().splitlines()
    assert all(LOG_LINE.fullmatch(line) for line in lines), gateway.log()
    assert lines[0].endswith(f" info listening on https://127.0.0.1:{gateway.port}")
    assert lines[-1].endswith(" info ended")
    [failure] = [line for line in lines if " warn" in line]
    [told] = gateway.stdout.records("backend_fail")
    assert told["request_id"] in failure
    assert not any(word in gateway.log() for word in ("authn_", "session_", "http_exchange", "alice", "mallory"))


def test_with_a_file_standard_output_stays_empty(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)

    eventful_visit(gateway)
    gateway.stop()

    assert gateway.stdout.text() == ""
    assert gateway.audit.records()[-1]["event"] == "sys_shutdown"
    assert all(LOG_LINE.fullmatch(line) for line in gateway.log().splitlines())


def test_lines_stay_whole_however_many_there_are(start_gateway: StartGateway, policy: Policy) -> None:
    """From all workers, in batches and at once."""
    policy["audit"] = {"stdout": True}
    policy["workers"] = 4
    gateway = start_gateway(policy)
    clients = [gateway.connect() for _ in range(12)]
    for turn in range(100):
        for client in clients:
            client.get(f"/{turn}", ("X-Forwarded-For", "1.2.3.4"))
    for client in clients:
        client.close()
    gateway.stop()

    assert len(gateway.stdout.exchanges()) == 1200
    assert len(gateway.stdout.records("header_spoof_stripped")) == 1200
    assert len(gateway.stdout.text().splitlines()) == 2402


@pytest.fixture
def without_mask() -> Iterator[None]:
    """Nothing but the gateway itself restricts the files that it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("without_mask")
def test_a_new_file_is_not_for_everybody(start_gateway: StartGateway, policy: Policy) -> None:
    """Names, addresses and paths of users are in it."""
    gateway = start_gateway(policy)

    mode = stat.S_IMODE(gateway.audit.path.stat().st_mode)

    assert mode & (stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP) == 0
    assert mode & (stat.S_IRUSR | stat.S_IWUSR) == stat.S_IRUSR | stat.S_IWUSR


def test_an_old_file_is_appended_to(start_gateway: StartGateway, policy: Policy, tmp_path: Path) -> None:
    """And keeps the mode that somebody gave it."""
    file = tmp_path / "kept.jsonl"
    file.write_text('{"v":1,"event":"older"}\n')
    file.chmod(0o600)
    policy["audit"]["file"] = str(file)
    for _ in range(2):
        start_gateway(policy).stop()

    events = [json.loads(line)["event"] for line in file.read_text().splitlines()]
    assert events == ["older", "sys_startup", "sys_shutdown", "sys_startup", "sys_shutdown"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("name, why", [("nowhere/audit.jsonl", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_written_stops_the_start_with_a_sentence(
    tmp_path: Path, pki: Pki, policy: Policy, name: str, why: str
) -> None:
    policy["audit"]["file"] = name
    file = write_policy(tmp_path, pki, policy)
    ready = tmp_path / "ready.json"

    done = run_sallyport("run", "--config", file, "--ready-file", ready)

    assert (done.returncode, done.stdout) == (3, "")
    [line] = done.stderr.splitlines()
    assert LOG_LINE.fullmatch(line) and " error not started: the audit file " in line
    assert str(tmp_path / name) in line and why in line
    assert not ready.exists()


def test_a_full_disk_does_not_stop_the_service(start_gateway: StartGateway, policy: Policy) -> None:
    """LOG-007."""
    policy["audit"]["file"] = "/dev/full"
    gateway = start_gateway(policy)

    eventful_visit(gateway)

    assert Visitor(gateway).get("/").status == 200
    gateway.stop()  # With exit code 0.


class Piped:
    """A gateway whose standard output is a pipe; `reader` is our end of it."""

    def __init__(self, folder: Path, pki: Pki, policy: Policy) -> None:
        self.pki = pki
        file, ready = write_policy(folder, pki, policy), folder / "ready.json"
        self.reader, writer = os.pipe()
        command = [binary(), "run", "--config", str(file), "--ready-file", str(ready)]
        self.process = subprocess.Popen(command, stdout=writer, stderr=subprocess.DEVNULL)
        os.close(writer)
        until(lambda: ready.exists() or self.process.poll() is not None, "the gateway to listen")
        self.port = int(json.loads(ready.read_text())["listeners"][0].rpartition(":")[2])

    def statuses(self, count: int) -> set[int]:
        """Of requests that leave two records each, of half a kilobyte together."""
        spoof = ("X-Forwarded-For", "1.2.3.4")
        with connect_tls(self.port, self.pki.authority) as client:
            return {client.get(f"/{turn}", spoof).status for turn in range(count)}

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


@pytest.fixture
def piped(tmp_path: Path, pki: Pki, backend: FakeBackend) -> Iterator[Piped]:
    policy = basic_policy(backend.url)
    policy["audit"] = {"stdout": True}
    policy["limits"] = {"drain_timeout": "500ms"}
    running = Piped(tmp_path, pki, policy)
    yield running
    running.process.kill()
    running.process.wait()


def test_a_reader_that_goes_away_does_not_stop_the_service(piped: Piped) -> None:
    """LOG-007: a pipe that is broken is no reason to crash."""
    os.close(piped.reader)

    assert piped.statuses(50) == {200}
    assert piped.end() == 0


def test_a_reader_that_stops_reading_does_not_stop_the_service(piped: Piped) -> None:
    """LOG-007: more than the pipe holds waits within bounds."""
    assert piped.statuses(500) == {200}

    reader = os.fdopen(piped.reader, "rb")
    piped.process.terminate()
    lines = reader.read().splitlines()
    assert piped.process.wait(PATIENCE) == 0
    assert len(lines) == 1002 and json.loads(lines[-1])["event"] == "sys_shutdown"


def test_a_reader_that_stops_reading_does_not_hold_the_end_up(piped: Piped) -> None:
    """LOG-007: never block for ever. What nobody took after limits.drain_timeout is lost."""
    assert piped.statuses(500) == {200}

    assert piped.end() == 0

    os.close(piped.reader)
