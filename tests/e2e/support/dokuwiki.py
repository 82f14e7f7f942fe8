"""An unmodified DokuWiki on a free port, laid out by deploy/dokuwiki-demo as the quick start does."""

import hashlib
import re
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from support.process import start_on_free_port

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
DEMO = DEPLOY / "dokuwiki-demo"


class DokuWiki:
    """Strangers read, the user `USER` with `PASSWORD` also edits."""

    USER = "alice"
    PASSWORD = "correct horse battery"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        prepare = [DEMO, "prepare", folder, self.USER]
        subprocess.run(prepare, input=f"{self.PASSWORD}\n", text=True, check=True)
        self.port, self._server = start_on_free_port(
            lambda port: [DEMO, "serve", folder, str(port)], folder / "php.log", ") started"
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def login_cookie(self) -> str:
        """The name of the cookie that DokuWiki sets at login: it has the port that PHP serves."""
        return "DW" + hashlib.md5(f"/{self.port}".encode()).hexdigest()

    def page(self, name: str) -> str:
        """The stored text of a page; empty if there is none."""
        path = self.folder / "data" / "pages" / f"{name}.txt"
        return path.read_text() if path.exists() else ""

    def session_files(self) -> dict[str, str]:
        """PHP's sessions: id → stored text. A session that somebody is logged in to names them."""
        files = (self.folder / "sessions").glob("sess_*")
        return {file.name.removeprefix("sess_"): file.read_text() for file in files}

    def served(self) -> list[str]:
        """`METHOD /path` of every request that PHP answered, as its own log has it."""
        return re.findall(r" \[\d{3}\]: ([A-Z]+ [^ ?\n]+)", self.log())

    def add_header_echo(self) -> None:
        """Adds /headers.php, which answers with the request headers that reached PHP, as JSON."""
        echo = "<?php header('Content-Type: text/plain'); echo json_encode(getallheaders());"
        (self.folder / "tree" / "headers.php").write_text(echo)

    def log(self) -> str:
        return self._server.output()

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> "DokuWiki":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()


def dokuwiki_policy(url: str) -> str:
    """The policy that deploy/ ships, for a wiki at `url` and with a free port."""
    text = (DEPLOY / "dokuwiki.yaml").read_text()
    for shipped, ours in [("127.0.0.1:8443", "127.0.0.1:0"), ("http://127.0.0.1:9000", url)]:
        assert text.count(shipped) == 1, f"{shipped} stands {text.count(shipped)} times"
        text = text.replace(shipped, ours)
    return text
