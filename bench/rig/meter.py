"""What one request costs a running system: CPU time, system calls, user instructions.

Each figure is that of a long run less that of a short one with one request for each connection, so
that handshakes and set-up are in none of them.
"""

import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from rig.load import CONNECTIONS, Target, send
from rig.tools import Unusable
from support.wait import until

VALGRIND_PATIENCE = 60.0


class System(Protocol):
    """Something that serves `target` in the one process `pid`."""

    pid: int
    target: Target

    def after(self, requests: int) -> None:
        """Waits until so many requests more are dealt with, logs included."""

    def stop(self) -> None: ...


Start = Callable[[list[str]], System]
"""Starts a system with these words in front of its command."""



def cpu_microseconds(system: System, requests: int) -> float:
    """CPU time of all of its threads, user and system, per request."""

    def spend(count: int) -> float:
        before = _cpu_seconds(system.pid)
        _serve(system, count)
        return _cpu_seconds(system.pid) - before

    short = spend(CONNECTIONS)
    return (spend(CONNECTIONS + requests) - short) / requests * 1e6


def system_calls(system: System, requests: int, scratch: Path) -> Counter[str]:
    """System calls by name, per thousand requests. Tracing slows it: never timed."""
    short = _traced(system, CONNECTIONS, scratch)
    long = _traced(system, CONNECTIONS + requests, scratch)
    long.subtract(short)
    return Counter({name: round(1000 * count / requests) for name, count in long.items()})


def instructions(start: Start, requests: int, scratch: Path) -> float:
    """User instructions per request, counted by callgrind on a system of their own."""
    short, long = callgrind(start, requests, scratch)
    return (_total(long) - _total(short)) / requests


def callgrind(start: Start, requests: int, scratch: Path) -> tuple[Path, Path]:
    """Callgrind's files of a short and of a long run on the same system, its start in neither."""
    out = scratch / "callgrind.out"
    system = start(["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}"])
    try:
        _serve(system, CONNECTIONS)  # Warms it up.
        _control("--zero", system.pid)
        _serve(system, CONNECTIONS)
        _control("--dump", system.pid)
        _serve(system, CONNECTIONS + requests)
        _control("--dump", system.pid)
    finally:
        system.stop()
    return Path(f"{out}.1"), Path(f"{out}.2")


def _serve(system: System, count: int) -> None:
    send(system.target, count)
    system.after(count)


def _cpu_seconds(pid: int) -> float:
    # The clock of another process, to the nanosecond: see clock_getcpuclockid(3).
    return time.clock_gettime(~pid << 3 | 2)


def _traced(system: System, count: int, scratch: Path) -> Counter[str]:
    table, log = scratch / "strace.table", scratch / "strace.log"
    command = ["strace", "-f", "-c", "-U", "calls,name", "-o", table, "-p", str(system.pid)]
    with log.open("wb") as output:
        tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=output)
    try:
        until(lambda: "attached" in log.read_text() or tracer.poll() is not None, "strace to attach")
        if tracer.poll() is not None:
            raise Unusable(f"strace cannot attach: {log.read_text().strip()}")
        _serve(system, count)
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait()
    rows = re.findall(r"^\s*(\d+)\s+([a-z]\w+)$", table.read_text(), re.MULTILINE)
    return Counter({name: int(calls) for calls, name in rows if name != "total"})


def _control(order: str, pid: int) -> None:
    done = subprocess.run(
        ["callgrind_control", order, str(pid)],
        capture_output=True, text=True, timeout=VALGRIND_PATIENCE, check=False,
    )
    if done.returncode != 0 or "OK" not in done.stdout:
        raise Unusable(f"callgrind_control {order} failed: {done.stdout}{done.stderr}")


def _total(dump: Path) -> int:
    found = re.search(r"^(?:summary|totals): (\d+)", dump.read_text(), re.MULTILINE)
    if not found:
        raise Unusable(f"{dump} has no total")
    return int(found[1])
