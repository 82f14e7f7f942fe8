"""A MariaDB that keeps sessions."""

from pathlib import Path
from types import TracebackType
from typing import Any

from support.apps.mariadb import MariaDb

NAME, PASSWORD = "sallyport", "sesame-of-this-test"
STATEMENTS = [
    f"CREATE DATABASE {NAME}",
    f"CREATE USER {NAME}@localhost IDENTIFIED BY '{PASSWORD}'",
    f"GRANT ALL ON {NAME}.* TO {NAME}@localhost",
]


class MariaDbStore:
    """On a Unix socket. Its password file is in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.password_file = folder / "password"
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(PASSWORD + "\n")
        self._server = MariaDb(folder / "server", STATEMENTS)

    def store(self) -> dict[str, Any]:
        server = {"socket": str(self._server.socket), "database": NAME, "user": NAME}
        return {"sql": {"mysql": {**server, "password_file": str(self.password_file)}}}

    def ask(self, statement: str) -> str:
        return self._server.ask(statement, NAME, PASSWORD).strip()

    def kill(self) -> None:
        self._server.kill()

    def start(self) -> None:
        """Again, with the same data at the same socket."""
        self._server.start()

    def __enter__(self) -> "MariaDbStore":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self._server.stop()
