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
from support.process import free_port
from support.wait import until

PATIENCE = 120.0


def quickstart(*options: str | Path) -> list[str]:
    return [str(DEPLOY / "quickstart"), *map(str, options)]


def check(port: int, state: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = quickstart("--check", *options, "--binary", binary(), "--port", str(port), "--state", state)
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


class Running:
    """A quick start in the foreground of nobody's terminal."""

    def __init__(self, state: Path) -> None:
        self.port = free_port()
        self.output = state.parent / "output"
        options = ["--binary", binary(), "--port", str(self.port), "--state", state]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                quickstart(*options),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=hear_interrupts,
            )
        try:
            until(self._is_ready_or_gone, "the quick start to be ready", PATIENCE)
            assert self.process.poll() is None, self.text()
        except BaseException:
            self.end(signal.SIGTERM)
            raise
        self.certificate = state / "tls.pem"

    def text(self) -> str:
        return self.output.read_text()

    def connect(self) -> Client:
        return connect_tls(self.port, self.certificate)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def _is_ready_or_gone(self) -> bool:
        return "Ctrl-C ends it." in self.text() or self.process.poll() is not None


def hear_interrupts() -> None:
    """What a shell starts in the background ignores SIGINT, and bash cannot undo that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def assert_ended(output: str) -> None:
    """Of all that the quick start says that it started nothing is left."""
    *_, last = output.splitlines()
    assert last.startswith("Ended what was started: process ")
    for process in last.rstrip(".").split()[5:]:
        assert not os.path.exists(f"/proc/{process}")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where it keeps everything: a folder whose name the shell would split."""
    return tmp_path / "a state"


@pytest.fixture
def running(state: Path) -> Iterator[Running]:
    quick = Running(state)
    yield quick
    if quick.process.poll() is None:
        quick.end(signal.SIGTERM)


def test_start_page_comes_through_the_gateway_again_and_again(state: Path) -> None:
    port = free_port()

    first = check(port, state)
    certificate = (state / "tls.pem").read_text()
    second = check(port, state)

    for run in (first, second):
        assert run.returncode == 0, run.stdout + run.stderr
        assert f"The wiki's start page came through https://localhost:{port}." in run.stdout
        assert_ended(run.stdout)
    assert (state / "tls.pem").read_text() == certificate


def test_secrets_are_for_the_owner_only(state: Path) -> None:
    assert check(free_port(), state).returncode == 0

    for name in ("tls.key", "session.key", "password"):
        assert (state / name).stat().st_mode & 0o077 == 0, name


def log_in(running: Running, state: Path) -> int:
    password = (state / "password").read_text().strip()
    assert f"demo / {password}" in running.text()
    form = {"id": "start", "do": "login", "u": "demo", "p": password}
    with running.connect() as browser:
        return browser.post_form("/doku.php?id=start", form).status


def test_audit_lines_scroll_by_and_the_demo_user_gets_in(running: Running, state: Path) -> None:
    assert log_in(running, state) == 302

    until(lambda: "authn_login_success" in running.text(), "the login among the audit lines")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_end_takes_everything_along(running: Running, how: signal.Signals) -> None:
    assert running.end(how) == 0

    assert_ended(running.text())


def test_a_lost_password_is_replaced_by_one_that_the_wiki_knows(state: Path) -> None:
    assert check(free_port(), state).returncode == 0
    (state / "password").unlink()

    running = Running(state)

    try:
        assert log_in(running, state) == 302
    finally:
        running.end(signal.SIGTERM)


def test_taken_port_is_told_in_a_sentence(state: Path, backend) -> None:
    done = check(backend.port, state)

    assert done.returncode == 1
    assert f"quickstart: port {backend.port} is taken" in done.stderr


def test_unknown_option_is_told() -> None:
    done = subprocess.run(quickstart("--prot"), capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "what is '--prot'?" in done.stderr


def test_two_gateways_share_a_login(tmp_path: Path) -> None:
    state = tmp_path / "two"
    done = check(free_port(), state, "--two")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "A login at" in done.stdout
    assert "Ended what was started" in done.stdout
