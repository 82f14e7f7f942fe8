"""Sallyport as it is measured: one worker, every control on, a user who has logged in."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rig.load import BODY_BYTES, Target
from rig.servers import Nginx
from rig.tools import Unusable
from support.client import connect_tls
from support.gateway import write_policy
from support.pki import Pki
from support.policy import Policy, form_login_policy
from support.process import Server
from support.wait import PATIENCE, until

Store = str | dict[str, Any]
"""What the policy says of where sessions are kept."""

SESSION_COOKIE = "__Host-Http-session"
EXCHANGE = b'"event":"http_exchange"'


def policy_for(backend: Nginx, store: Store) -> Policy:
    """Sessions, observed login, vault, identity, binding, detection and audit to a file."""
    policy = form_login_policy(f"http://127.0.0.1:{backend.port}")
    policy["workers"] = 1
    policy["session"]["store"] = store
    policy["session"]["binding"] = {"network": {"prefix": [24, 56], "mode": "observe"}}
    policy["detection"] = {"failed_logins": {"per_user": "5 in 15m", "per_network": "20 in 15m"}}
    return policy


class Sallyport:
    """One running gateway whose `target` carries the cookie of alice, who has logged in."""

    def __init__(
        self,
        folder: Path,
        binary: Path,
        backend: Nginx,
        pki: Pki,
        prefix: Sequence[str] = (),
        store: Store = "memory",
    ) -> None:
        self._pki = pki
        self._audit = folder / "audit.jsonl"
        self._counted = self._seen = self._expected = 0
        config = write_policy(folder, pki, policy_for(backend, store))
        ready = folder / "ready.json"
        command = [*prefix, binary, "run", "--config", config, "--ready-file", ready]
        self._server = Server(command, folder / "gateway.log")
        self.pid = self._server.process.pid
        try:
            self.port = self._wait_until_ready(ready)
            self.target = self._log_in()
            self.after(requests=3)
        except BaseException:
            self.stop()
            raise

    def audited(self) -> int:
        """How many exchanges the audit file has a record of."""
        if self._audit.exists():
            with self._audit.open("rb") as file:
                file.seek(self._seen)
                lines = file.read().rpartition(b"\n")[0]
            self._counted += lines.count(EXCHANGE)
            self._seen += len(lines) + 1 if lines else 0
        return self._counted

    def after(self, requests: int) -> None:
        """Waits until exactly so many requests more have left their record.

        So the cost of the audit is counted where it belongs, and nothing is measured without it.
        """
        self._expected += requests
        wanted = self._expected
        until(lambda: self.audited() >= wanted, f"{wanted} audit records", 4 * PATIENCE)
        if self.audited() != wanted:
            raise Unusable(f"{self.audited()} audit records for {wanted} requests")

    def stop(self) -> None:
        self._server.stop()

    def _wait_until_ready(self, ready: Path) -> int:
        until(lambda: ready.exists() or not self._server.is_running(), "the gateway to listen")
        if not self._server.is_running():
            raise Unusable(f"the gateway did not start:\n{self._server.log.read_text()}")
        return int(json.loads(ready.read_text())["listeners"][0].rpartition(":")[2])

    def _log_in(self) -> Target:
        with connect_tls(self.port, self._pki.authority) as client:
            login = client.post_form("/login", {"user": "alice", "password": "secret"})
            cookies = login.set_cookies()
            assert login.status == 302, f"the login was answered with {login.status}"
            assert list(cookies) == [SESSION_COOKIE], f"cookies after the login: {list(cookies)}"
            cookie = f"{SESSION_COOKIE}={cookies[SESSION_COOKIE]}"

            seen = client.get("/whoami", ("Cookie", cookie)).body
            assert seen == b"alice APPSESSION=0123456789abcdef", f"the backend sees {seen!r}"
            page = client.get("/page", ("Cookie", cookie))
            assert page.status == 200 and page.body == b"x" * BODY_BYTES, "not the backend's page"
        return Target(self.port, cookie)
