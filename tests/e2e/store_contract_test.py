"""What every store must do, done by each on the real server: see tests/stores."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any

import pytest

from support.gateway import write_policy
from support.mariadb_store import MariaDbStore
from support.pki import Pki
from support.policy import basic_policy
from support.postgres import Postgres
from support.redis import Redis
from support.redis_cluster import RedisCluster
from support.redis_sentinel import RedisSentinel

PATIENCE = 120.0


class Sqlite(nullcontext["Sqlite"]):
    """No server: a file beside the policy."""

    def __enter__(self) -> "Sqlite":
        return self

    def store(self) -> dict[str, Any]:
        return {"sql": {"sqlite": {"file": "sessions.db"}}}


def start(kind: str, folder: Path, pki: Pki) -> Any:
    match kind:
        case "redis":
            return Redis(folder)
        case "redis_tls":
            return Redis(folder, tls=pki)
        case "redis_unix_account":
            return Redis(folder, unix=True, user="gate")
        case "redis_sentinel":
            return RedisSentinel(folder)
        case "redis_cluster":
            return RedisCluster(folder)
        case "sqlite":
            return Sqlite()
        case "postgresql":
            return Postgres(folder)
        case "mariadb":
            return MariaDbStore(folder)
    raise ValueError(kind)


KINDS = ["redis", "redis_tls", "redis_unix_account", "redis_sentinel", "redis_cluster"]
KINDS += ["sqlite", "postgresql", "mariadb"]


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path, pki: Pki) -> Iterator[dict[str, Any]]:
    with ExitStack() as ended:
        yield ended.enter_context(start(request.param, tmp_path / "store", pki)).store()


def test_holds_the_contract(store: dict[str, Any], tmp_path: Path, pki: Pki) -> None:
    policy = basic_policy("http://127.0.0.1:9")
    policy["session"]["store"] = store
    file = write_policy(tmp_path / "gateway", pki, policy)
    environment = {**os.environ, "SALLYPORT_STORE_POLICY": str(file)}

    done = subprocess.run(
        [os.environ["SALLYPORT_STORE_CONTRACT"]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    ran = next(line for line in done.stdout.splitlines() if line.endswith(" ran.") or " ran. (" in line)
    assert int(ran.split()[1]) >= 30, ran
