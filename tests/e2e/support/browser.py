"""Runs a script of browser/ under node: a real Chromium that trusts the test authority."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from support.pki import Pki

SCRIPTS = Path(__file__).resolve().parents[1] / "browser"
PATIENCE = 200.0


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
        done = subprocess.run(
            ["node", str(SCRIPTS / script), json.dumps(wanted)],
            env={"PATH": os.environ["PATH"], "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{script} failed:\n{done.stderr}"
        return json.loads(done.stdout)

    def _trust(self, authority: Path) -> None:
        """Chromium knows other authorities than its own from NSS only."""
        database = self.home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        certutil = ["certutil", "-d", f"sql:{database}"]
        subprocess.run([*certutil, "-N", "--empty-password"], check=True)
        trust = ["-A", "-n", "test authority", "-t", "C,,", "-i", str(authority)]
        subprocess.run([*certutil, *trust], check=True)
