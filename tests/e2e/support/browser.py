"""Runs a script of browser/ under node: a real Chromium that trusts the test authority."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from support.pki import Pki

SCRIPTS = Path(__file__).resolve().parents[1] / "browser"
PATIENCE = 200.0
GRACE = 20.0


class Browser:
    """A browser with a home and a profile of its own in `folder`; cookies stay between runs."""

    def __init__(self, folder: Path, pki: Pki) -> None:
        self.home = folder / "home"
        self.profile = folder / "profile"
        self._trust(pki.authority)

    def run(self, script: str, **wanted: Any) -> Any:
        """What `script` reports when it is given `wanted`."""
        assert (SCRIPTS / "node_modules").exists(), f"run `npm ci` in {SCRIPTS} first"
        wanted["profile"] = str(self.profile)
        node = subprocess.Popen(
            ["node", str(SCRIPTS / script), json.dumps(wanted)],
            env={"PATH": os.environ["PATH"], "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            output, errors = node.communicate(timeout=PATIENCE)
        except BaseException:
            _end(node)
            raise
        assert node.returncode == 0, f"{script} failed:\n{errors}"
        return json.loads(output)

    def _trust(self, authority: Path) -> None:
        """Chromium knows other authorities than its own from NSS only."""
        database = self.home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        certutil = ["certutil", "-d", f"sql:{database}"]
        subprocess.run([*certutil, "-N", "--empty-password"], check=True)
        trust = ["-A", "-n", "test authority", "-t", "C,,", "-i", str(authority)]
        subprocess.run([*certutil, *trust], check=True)


def _end(node: subprocess.Popen[str]) -> None:
    """Asked to end, playwright ends Chromium, which is in a process group of its own; and Chromium
    ends when the pipe to a node that was killed closes."""
    os.killpg(node.pid, signal.SIGTERM)
    try:
        node.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(node.pid, signal.SIGKILL)
        node.communicate()
