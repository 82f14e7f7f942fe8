"""The load: h2load on kept TLS 1.3 connections, bounded in count and in time."""

import re
import subprocess
from dataclasses import dataclass

from rig.tools import Unusable

CONNECTIONS = 64
BODY_BYTES = 1024
SUITE = "TLS_AES_128_GCM_SHA256"
PATIENCE = 300.0


@dataclass(frozen=True)
class Target:
    """Where requests go, and the cookie that each of them presents."""

    port: int
    cookie: str | None = None
    path: str = "/page"


def send(target: Target, requests: int) -> None:
    """Sends so many requests over CONNECTIONS connections. Any answer but a good one is an error."""
    command = ["h2load", "--h1", f"--requests={requests}", f"--clients={CONNECTIONS}"]
    command += ["--threads=1", f"--tls13-ciphers={SUITE}"]
    command += [f"--connect-to=127.0.0.1:{target.port}"]
    command += ["--header", f"Cookie: {target.cookie}"] if target.cookie else []
    command.append(f"https://localhost:{target.port}{target.path}")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise Unusable(f"the load did not end within {PATIENCE:g} s") from None
    _check(done.stdout, requests)


def _check(report: str, requests: int) -> None:
    expected = {
        "successes": rf"^requests: {requests} total, .* {requests} succeeded, 0 failed, 0 errored",
        "statuses": rf"^status codes: {requests} 2xx, 0 3xx, 0 4xx, 0 5xx",
        "body bytes": rf"\({requests * BODY_BYTES}\) data$",
        "TLS 1.3": r"^TLS Protocol: TLSv1\.3$",
        "suite": rf"^Cipher: {SUITE}$",
    }
    for what, pattern in expected.items():
        if not re.search(pattern, report, re.MULTILINE):
            raise Unusable(f"the load did not get the {what} it must get:\n{report}")
