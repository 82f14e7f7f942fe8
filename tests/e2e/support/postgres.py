"""A PostgreSQL of a test's own: own data folder, on a free port of loopback and a Unix socket."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from support.process import Server, start_on_free_port, wait_until_it_says
from support.wait import until

PROGRAMS = next(Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/bin"))
READY = "database system is ready to accept connections"
NAME, PASSWORD = "sallyport", "sesame-of-this-test"


def as_nobody(command: list[str | Path]) -> list[str | Path]:
    """It refuses to be run by root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


class Postgres:
    """One server with a database and a user of the name `sallyport`. Its password file is in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.password_file = folder / "password"
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(PASSWORD + "\n")
        # Not below `folder`, which only we may enter.
        self._home = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._data = self._home / "data"
        secret = self._home / "password"
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (self._home, secret):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        login = [f"--username={NAME}", "--auth=scram-sha-256", f"--pwfile={secret}"]
        self._run(PROGRAMS / "initdb", f"--pgdata={self._data}", *login, "--no-sync", "--locale=C.UTF-8")
        self.port, self.server = start_on_free_port(self._command, folder / "postgres.log", READY)
        self.ask(f"CREATE DATABASE {NAME}", database="postgres")

    def store(self) -> dict[str, Any]:
        server = {"host": "127.0.0.1", "port": self.port, "database": NAME, "user": NAME}
        return {"sql": {"postgresql": {**server, "password_file": str(self.password_file)}}}

    def ask(self, statement: str, database: str = NAME) -> str:
        """What psql prints for it: tab-separated, without names of columns."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", NAME, "-d", database]
        done = subprocess.run(
            [PROGRAMS / command[0], *command[1:], "-At", "-F", "\t", "-c", statement],
            env={**os.environ, "PGPASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def freeze(self) -> None:
        """None of its processes answers any more."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """The server and all that it has forked, at once: what is not on the disk is lost."""
        self._signal(signal.SIGKILL)
        self.server.process.wait()

    def start(self) -> None:
        """Again, with the same data at the same port."""
        self.server = Server(self._command(self.port), self.folder / f"postgres{os.urandom(4).hex()}.log")
        wait_until_it_says(READY, self.server)
        assert self.server.is_running(), self.server.output()

    def stop(self) -> None:
        if self.server.is_running():
            self.thaw()
            os.kill(self.server.process.pid, signal.SIGINT)
            self.server.process.wait(20)
        shutil.rmtree(self._home)

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def _signal(self, number: signal.Signals) -> None:
        """To the server and those that it forks, which have sessions of their own.

        The server stands still meanwhile, and forks and reaps none: each number is that of its child.
        """
        own = self.server.process.pid
        os.kill(own, signal.SIGSTOP)
        state = Path(f"/proc/{own}/stat")
        until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "the server to stand still")
        for child in Path(f"/proc/{own}/task/{own}/children").read_text().split():
            os.kill(int(child), number)
        os.kill(own, number)

    def _command(self, port: int) -> list[str | Path]:
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(self._home)]
        durable = ["-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on"]
        return as_nobody([PROGRAMS / "postgres", "-D", self._data, *options, *durable])

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(
            as_nobody(list(command)), cwd="/", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
