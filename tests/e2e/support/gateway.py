"""Starts the real binary on a policy of its own and stops it again."""

import json
import mmap
import os
import shutil
import signal
import ssl
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from support.audit import AuditLog
from support.client import Client, connect_tcp, connect_tls
from support.pki import Pki
from support.policy import Policy, to_yaml
from support.wait import PATIENCE, until


DRAIN_PATIENCE = PATIENCE + 30.0
"""One that waits out its drain_timeout, 30 s unless a policy says otherwise, ends by itself."""


def binary() -> str:
    """The program under test, from the environment variable SALLYPORT_BINARY."""
    path = os.environ.get("SALLYPORT_BINARY")
    assert path, "set SALLYPORT_BINARY to the sallyport binary to test"
    return os.path.abspath(path)


def is_sanitized() -> bool:
    """Whether the binary is built with ASan or TSan, which make it slow and large."""
    with open(binary(), "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as program:
        return any(program.find(name) >= 0 for name in (b"__asan_init", b"__tsan_init"))


def run_sallyport(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command that ends by itself, such as `check`."""
    command = [binary(), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


class Gateway:
    """One running gateway. Everything it needs and writes is in `folder`.

    `policy` is a dict (see policy.py) or YAML text; it may name tls.pem, tls.key and session.key,
    which are put beside it. The constructor returns when the gateway listens.
    """

    def __init__(self, folder: Path, pki: Pki, policy: Policy | str) -> None:
        self.folder = folder
        self.pki = pki
        self.policy_file = write_policy(folder, pki, policy)
        self.audit = AuditLog(folder / "audit.jsonl")
        self.stdout = AuditLog(folder / "stdout")
        """What went to standard output: the audit of a policy that names no file for it."""
        self.exit_code: int | None = None
        self._ready = folder / "ready.json"
        self._ready.unlink(missing_ok=True)
        command = [binary(), "run", "--config", self.policy_file, "--ready-file", self._ready]
        with self.stdout.path.open("ab") as output, (folder / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=log
            )
        self.ports = self._wait_until_ready()

    @property
    def port(self) -> int:
        """The port of the first listener; `ports` has them all."""
        return self.ports[0]

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def connect(
        self,
        server_name: str = "localhost",
        receive_buffer: int | None = None,
        context: ssl.SSLContext | None = None,
        source: str = "",
    ) -> Client:
        """A new TLS connection to the first listener, from the address `source`."""
        return connect_tls(
            self.port, self.pki.authority, server_name, receive_buffer, context, source
        )

    def connect_tcp(self) -> Client:
        """A plain TCP connection to the first listener, for what comes before or instead of TLS."""
        return connect_tcp(self.port)

    def log(self) -> str:
        """The operator log and whatever else went to standard error, sanitizer reports included."""
        return (self.folder / "gateway.log").read_text(errors="replace")

    def memory_kib(self) -> int:
        """The resident memory of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if "VmRSS" in line).split()[1])

    def drain(self) -> None:
        """Sends SIGTERM and returns at once: the gateway finishes what is under way."""
        self.process.send_signal(signal.SIGTERM)

    def wait_until_ended(self, patience: float = DRAIN_PATIENCE) -> int:
        """Waits for the process to end by itself; its exit code."""
        try:
            self.exit_code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the gateway did not end within {patience:g} s") from None
        return self.exit_code

    def stop(self) -> None:
        """Drains it and demands exit code 0: a crash or a sanitizer report fails the test."""
        if self.exit_code is None:
            self.drain()
            assert self.wait_until_ended() == 0, f"exit code {self.exit_code}:\n{self.log()}"

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def _wait_until_ready(self) -> list[int]:
        try:
            until(self._is_ready_or_gone, "the gateway to listen")
        except AssertionError:
            self.process.kill()
            raise
        if self.process.poll() is not None:
            self.exit_code = self.process.returncode
            raise AssertionError(f"not started, exit code {self.exit_code}:\n{self.log()}")
        listeners = json.loads(self._ready.read_text())["listeners"]
        return [int(address.rpartition(":")[2]) for address in listeners]

    def _is_ready_or_gone(self) -> bool:
        return self._ready.exists() or self.process.poll() is not None


def write_policy(folder: Path, pki: Pki, policy: Policy | str) -> Path:
    """Writes policy.yaml with its certificate and keys into `folder`, without starting anything."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(pki.certificate, folder / "tls.pem")
    shutil.copy(pki.key, folder / "tls.key")
    session_key = folder / "session.key"
    if not session_key.exists():
        session_key.touch(mode=0o600)
        session_key.write_bytes(os.urandom(32))
    path = folder / "policy.yaml"
    path.write_text(policy if isinstance(policy, str) else to_yaml(policy))
    return path
