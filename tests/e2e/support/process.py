"""Servers that a test starts: each in a process group of its own, ended by that group's id."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from support.wait import PATIENCE, until

ATTEMPTS = 5
"""To find a port that nobody takes between choosing it and listening on it."""
TAKEN = "Address already in use"


class Server:
    """A process and what it forks. Its output goes to `log`."""

    def __init__(self, command: Sequence[str | Path], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def is_running(self) -> bool:
        return self.process.poll() is None

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise AssertionError(f"{self.process.args} did not end by itself") from None


def start_on_free_port(
    command: Callable[[int], Sequence[str | Path]], log: Path, started: str
) -> tuple[int, Server]:
    """The port and the server, once it says itself that it has `started`: somebody else may answer there.

    Each attempt has a log with a number of its own: php.log is php0.log first.
    """
    for attempt in range(ATTEMPTS):
        port = free_port()
        server = Server(command(port), log.with_stem(f"{log.stem}{attempt}"))
        wait_until_it_says(started, server)
        if server.is_running():
            return port, server
        if TAKEN not in server.output():
            break
    raise AssertionError(f"{log.stem} does not start:\n{server.output()}")


def wait_until_it_says(started: str, server: Server) -> None:
    """Returns when `started` is in its log, or when it has ended by itself; otherwise it is stopped."""
    try:
        until(lambda: started in server.output() or not server.is_running(), f"{server.log} to say {started}")
    except AssertionError:
        server.stop()
        raise


def free_port() -> int:
    """A port that was free a moment ago. Another process may take it: start again if so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port: int) -> bool:
    """Whether somebody listens on that port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True
