"""The README's first command: deploy/quickstart, with the binary under test instead of a build."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.client import Client, connect_tls
from support.dokuwiki import DEPLOY
from support.gateway import binary
from support.process import accepts, free_port
from support.wait import until

PATIENCE = 120.0


def quickstart(*options: str | Path) -> list[str]:
    return [str(DEPLOY / "quickstart"), *map(str, options)]


def check(port: int, state: Path) -> subprocess.CompletedProcess[str]:
    command = quickstart("--check", "--binary", binary(), "--port", str(port), "--state", state)
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


class Running:
    """A quick start in the foreground of nobody's terminal."""

    def __init__(self, state: Path) -> None:
        self.port = free_port()
        self.output = state.parent / "output"
        options = ["--binary", binary(), "--port", str(self.port), "--state", state]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                quickstart(*options), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        until(lambda: "Ctrl-C ends it." in self.text(), "the quick start to be ready", PATIENCE)
        self.certificate = state / "tls.pem"

    def text(self) -> str:
        return self.output.read_text()

    def connect(self) -> Client:
        return connect_tls(self.port, self.certificate)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    quick = Running(tmp_path / "state")
    yield quick
    if quick.process.poll() is None:
        quick.end(signal.SIGTERM)


def test_start_page_comes_through_the_gateway_again_and_again(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "state"

    first = check(port, state)
    certificate = (state / "tls.pem").read_text()
    second = check(port, state)

    for run in (first, second):
        assert run.returncode == 0, run.stdout + run.stderr
        assert f"The wiki's start page came through https://localhost:{port}." in run.stdout
    assert (state / "tls.pem").read_text() == certificate
    assert not accepts(port)


def test_secrets_are_for_the_owner_only(tmp_path: Path) -> None:
    check(free_port(), tmp_path / "state")

    for name in ("tls.key", "session.key", "password"):
        assert (tmp_path / "state" / name).stat().st_mode & 0o077 == 0, name


def test_audit_lines_scroll_by_and_the_demo_user_gets_in(running: Running, tmp_path: Path) -> None:
    password = (tmp_path / "state" / "password").read_text().strip()
    form = {"id": "start", "do": "login", "u": "demo", "p": password}

    with running.connect() as browser:
        answer = browser.post_form("/doku.php?id=start", form)

    assert f"demo / {password}" in running.text()
    assert answer.status == 302
    until(lambda: "authn_login_success" in running.text(), "the login among the audit lines")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_end_takes_everything_along(running: Running, how: signal.Signals) -> None:
    assert running.end(how) == 0

    assert not accepts(running.port)
    *_, last = running.text().splitlines()
    assert last.startswith("Ended what was started: process ")
    for process in last.rstrip(".").split()[5:]:
        assert not os.path.exists(f"/proc/{process}")


def test_taken_port_is_told_in_a_sentence(tmp_path: Path, backend) -> None:
    done = check(backend.port, tmp_path / "state")

    assert done.returncode == 1
    assert f"quickstart: port {backend.port} is taken" in done.stderr


def test_unknown_option_is_told(tmp_path: Path) -> None:
    done = subprocess.run(quickstart("--prot"), capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "what is '--prot'?" in done.stderr
