"""Redis servers of a test's own, durable, on loopback: one that can be frozen, killed and started again."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from support.pki import Pki
from support.process import TAKEN, Server, start_on_free_port, wait_until_it_says
from support.wait import until

READY = "eady to accept connections"
PASSWORD = "sesame-of-this-test"


def program(folder: Path, name: str) -> Path | str:
    """`redis-server` or `redis-sentinel`.

    Debian's redis-server starts a service when it is installed. Its tools bring the same program
    under another name, and it is what it is called.
    """
    if shutil.which(name):
        return name
    link = folder / name
    if not link.exists():
        link.symlink_to("/usr/bin/redis-check-rdb")
    return link


class Redis:
    """One server. `options` are words of its command line, as in `--maxmemory 1mb`.

    With `tls` it takes nothing but TLS, with `unix` only a socket file, with `user` only that one.
    What it has acknowledged is on its disk.
    """

    def __init__(
        self,
        folder: Path,
        options: Sequence[str] = (),
        tls: Pki | None = None,
        unix: bool = False,
        user: str = "",
    ) -> None:
        folder.mkdir()
        self.folder, self.tls, self.user = folder, tls, user
        self.socket = folder / "socket" if unix else None
        self._options = [*options, "--dir", str(folder), "--save", "", "--daemonize", "no"]
        self._options += ["--appendonly", "yes", "--appendfsync", "always"]
        if user:
            rule = f"user {user} on >{PASSWORD} ~* &* +@all"
            (folder / "users.acl").write_text(f"{rule}\nuser default off\n")
            self._options += ["--aclfile", str(folder / "users.acl")]
            self.password_file = folder / "password"
            self.password_file.touch(mode=0o600)
            self.password_file.write_text(PASSWORD + "\n")
        self.port, self.server = start_on_free_port(self._command, folder / "redis.log", READY)

    def store(self) -> dict[str, Any]:
        """What a policy says of it."""
        redis: dict[str, Any] = {"url": f"redis://127.0.0.1:{self.port}/0"}
        if self.socket:
            redis["url"] = f"unix://{self.socket}"
        if self.tls:
            redis["url"] = f"rediss://127.0.0.1:{self.port}/0"
            redis["tls"] = {"ca": str(self.tls.authority)}
        if self.user:
            redis |= {"user": self.user, "password_file": str(self.password_file)}
        return {"redis": redis}

    def cli(self, *arguments: str, timeout: float = 10.0) -> str:
        """What redis-cli prints, without a line's end."""
        command = ["redis-cli"]
        command += ["-s", str(self.socket)] if self.socket else ["-p", str(self.port)]
        if self.tls:
            command += ["--tls", "--cacert", str(self.tls.authority)]
        if self.user:
            command += ["--user", self.user, "--no-auth-warning", "-a", PASSWORD]
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=timeout, check=False
        )
        return (done.stdout + done.stderr).strip()

    def freeze(self) -> None:
        """It answers nothing any more, and accepts connections still."""
        os.killpg(self.server.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.server.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        os.killpg(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()

    def start(self) -> None:
        """Again, with the same data at the same place."""
        until(self._is_started, f"port {self.port} to be free again")

    def stop(self) -> None:
        if self.server.is_running():
            self.thaw()
            self.server.stop()

    def __enter__(self) -> "Redis":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def _is_started(self) -> bool:
        """False if somebody else has the port, for now."""
        self.server = Server(self._command(self.port), self.folder / f"redis{os.urandom(4).hex()}.log")
        wait_until_it_says(READY, self.server)
        assert self.server.is_running() or TAKEN in self.server.output(), self.server.output()
        return self.server.is_running()

    def _command(self, port: int) -> list[str | Path]:
        command: list[str | Path] = [program(self.folder, "redis-server"), "--bind", "127.0.0.1"]
        if self.socket:
            command += ["--port", "0", "--unixsocket", self.socket]
        elif self.tls:
            command += ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no"]
            command += ["--tls-ca-cert-file", self.tls.authority]
            command += ["--tls-cert-file", self.tls.certificate, "--tls-key-file", self.tls.key]
        else:
            command += ["--port", str(port)]
        return [*command, *self._options]
