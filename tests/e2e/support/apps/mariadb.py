"""A MariaDB of a test's own: own data folder, a socket file and no port at all."""

import getpass
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from support.process import Server, wait_until_it_says

READY = "ready for connections"
SMALL = ["--innodb-log-file-size=4M", "--innodb-data-file-path=ibdata1:4M:autoextend"]


class MariaDb:
    """Runs `statements` (one line each) as its administrator before it listens.

    Its log is mariadb.log in the folder above `folder`, beside those of the application that uses it.
    """

    def __init__(self, folder: Path, statements: Iterable[str]) -> None:
        folder.mkdir()
        self.socket, self._data = folder / "socket", folder / "data"
        temporary = folder / "tmp"  # One that starts removes the temporary tables of all in the same folder.
        temporary.mkdir()
        own = ["--no-defaults", f"--datadir={self._data}", f"--tmpdir={temporary}", *SMALL]
        own += [f"--user={getpass.getuser()}"]
        self._install(own)
        first = folder / "first.sql"
        first.write_text("".join(f"{statement};\n" for statement in statements))
        network = [f"--socket={self.socket}", "--skip-networking", f"--pid-file={folder / 'pid'}"]
        self._command = ["mariadbd", *own, *network]
        self._log = folder.parent / "mariadb.log"
        self._run(self._log, f"--init-file={first}")

    def ask(self, query: str, user: str, password: str) -> str:
        """What the command line client prints for `query`: tab-separated, without names of columns."""
        login = [f"--socket={self.socket}", f"--user={user}", f"--password={password}"]
        command = ["mariadb", "--no-defaults", *login, "--batch", "--skip-column-names"]
        return subprocess.run(
            [*command, "--execute", query], check=True, capture_output=True, text=True
        ).stdout

    def kill(self) -> None:
        os.killpg(self._server.process.pid, signal.SIGKILL)
        self._server.process.wait()

    def start(self) -> None:
        """Again, with the same data at the same socket. Its log gets a name of its own."""
        self._run(self._log.with_stem(f"mariadb{os.urandom(4).hex()}"))

    def stop(self) -> None:
        """Removes the data as well: it is large, and tests keep their folders for some time."""
        if self._server.is_running():
            self._server.stop()
        shutil.rmtree(self._data)

    def __enter__(self) -> "MariaDb":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def _run(self, log: Path, *first: str) -> None:
        self._server = Server([*self._command, *first], log)
        wait_until_it_says(READY, self._server)
        assert self._server.is_running(), f"MariaDB does not start:\n{self._server.output()}"

    @staticmethod
    def _install(own: list[str]) -> None:
        """Lays out the data folder."""
        command = ["mariadb-install-db", *own, "--auth-root-authentication-method=normal"]
        done = subprocess.run(
            [*command, "--skip-test-db"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"mariadb-install-db failed:\n{done.stdout}{done.stderr}"
