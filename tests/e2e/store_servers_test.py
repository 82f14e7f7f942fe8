"""The servers of support/ that keep sessions: what tests of the gateway do to them has to happen really."""

import socket
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.mariadb_store import MariaDbStore
from support.pki import Pki
from support.postgres import Postgres
from support.redis import Redis
from support.redis_cluster import RedisCluster
from support.redis_sentinel import RedisSentinel
from support.wait import PATIENCE, until

SHORT = 1.0
"""Seconds in which a server that is well answers many times over."""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path / "redis") as running:
        yield running


def answer_without_tls_and_account(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(b"PING\r\n")
        try:
            return connection.recv(1000)
        except ConnectionResetError:
            return b""


def test_redis_that_is_killed_has_its_data_at_the_same_place(redis: Redis) -> None:
    place = redis.store()
    assert redis.cli("set", "key", "kept") == "OK"

    redis.kill()
    assert "Connection refused" in redis.cli("ping")
    redis.start()

    assert redis.cli("get", "key") == "kept"
    assert redis.store() == place == {"redis": {"url": f"redis://127.0.0.1:{redis.port}/0"}}


def test_redis_waits_for_its_port(redis: Redis) -> None:
    redis.kill()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", redis.port))
        other.listen()
        start = threading.Thread(target=redis.start)
        start.start()
        until(lambda: "Address already in use" in redis.server.output(), "the port to be taken")

    start.join()

    assert redis.cli("ping") == "PONG"


def test_redis_acknowledges_what_is_on_its_disk(redis: Redis) -> None:
    assert redis.cli("config", "get", "appendonly").split() == ["appendonly", "yes"]
    assert redis.cli("config", "get", "appendfsync").split() == ["appendfsync", "always"]


def test_frozen_redis_answers_only_when_it_thaws(redis: Redis) -> None:
    redis.freeze()

    with socket.create_connection(("127.0.0.1", redis.port), timeout=SHORT) as connection:
        connection.sendall(b"PING\r\n")
        with pytest.raises(TimeoutError):
            connection.recv(1000)
        with pytest.raises(subprocess.TimeoutExpired):
            redis.cli("ping", timeout=SHORT)
        redis.thaw()
        connection.settimeout(PATIENCE)
        assert connection.recv(1000) == b"+PONG\r\n"
    assert redis.cli("ping") == "PONG"


def test_frozen_redis_can_be_stopped_and_killed(tmp_path: Path) -> None:
    with Redis(tmp_path / "stopped") as stopped, Redis(tmp_path / "killed") as killed:
        stopped.freeze()
        killed.freeze()

        stopped.stop()
        killed.kill()

        assert not stopped.server.is_running()
        assert not killed.server.is_running()


def test_redis_with_tls_refuses_plain(tmp_path: Path, pki: Pki, redis: Redis) -> None:
    with Redis(tmp_path / "tls", tls=pki) as secure:
        assert secure.cli("ping") == "PONG"
        assert b"PONG" not in answer_without_tls_and_account(secure.port)
        assert answer_without_tls_and_account(redis.port) == b"+PONG\r\n"
        url, tls = f"rediss://127.0.0.1:{secure.port}/0", {"ca": str(pki.authority)}
        assert secure.store() == {"redis": {"url": url, "tls": tls}}


def test_redis_with_an_account_knows_nobody_else(tmp_path: Path) -> None:
    with Redis(tmp_path / "redis", user="gate") as redis:
        store = redis.store()["redis"]
        password_file = Path(store["password_file"])

        assert redis.cli("acl", "whoami") == "gate"
        assert answer_without_tls_and_account(redis.port).startswith(b"-NOAUTH")
        assert store["user"] == "gate"
        assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
        password = password_file.read_text().strip()
        assert redis.cli("auth", "gate", password) == "OK"
        assert "WRONGPASS" in redis.cli("auth", "gate", password + "x")


def test_redis_on_a_socket_file_has_no_port(tmp_path: Path) -> None:
    with Redis(tmp_path / "redis", unix=True) as redis:
        assert redis.cli("ping") == "PONG"
        assert redis.cli("config", "get", "port").split() == ["port", "0"]
        assert redis.store() == {"redis": {"url": f"unix://{redis.socket}"}}


def test_sentinels_promote_the_replica_with_its_data(tmp_path: Path) -> None:
    with RedisSentinel(tmp_path / "redis") as redis:
        old = redis.primary()
        assert old.cli("set", "key", "kept") == "OK"
        assert old.cli("wait", "1", "5000") == "1"

        assert redis.kill_primary() is old
        new = redis.wait_for_failover(old)

        assert new is redis.primary()
        assert new is not old
        assert new.cli("get", "key") == "kept"
        assert new.cli("set", "key", "changed") == "OK"
        addresses = [f"127.0.0.1:{sentinel.port}" for sentinel in redis.sentinels]
        assert redis.store() == {"redis": {"sentinels": addresses, "primary": "sessions"}}


def test_cluster_serves_a_key_from_the_node_that_it_moved_to(tmp_path: Path) -> None:
    with RedisCluster(tmp_path / "redis") as redis:
        slot = redis.slot_of("{group}key")
        source = redis.node_of(slot)
        target = next(node for node in redis.nodes if node is not source)
        assert source.cli("set", "{group}key", "kept") == "OK"

        redis.migrate(slot, target)

        assert redis.node_of(slot) is target
        assert target.cli("get", "{group}key") == "kept"
        assert source.cli("get", "{group}key") == f"MOVED {slot} 127.0.0.1:{target.port}"
        addresses = [f"127.0.0.1:{node.port}" for node in redis.nodes]
        assert redis.store() == {"redis": {"cluster": addresses}}


def test_cluster_asks_for_missing_keys_elsewhere_during_a_migration(tmp_path: Path) -> None:
    with RedisCluster(tmp_path / "redis") as redis:
        slot = redis.slot_of("{group}key")
        target = next(node for node in redis.nodes if node is not redis.node_of(slot))
        assert redis.node_of(slot).cli("set", "{group}key", "kept") == "OK"

        source = redis.begin_migration(slot, target)

        assert source.cli("get", "{group}key") == "kept"
        assert source.cli("get", "{group}new") == f"ASK {slot} 127.0.0.1:{target.port}"
        redis.move_keys(slot, source, target)
        redis.finish_migration(slot, target)
        assert target.cli("get", "{group}key") == "kept"


def test_postgresql_that_is_killed_has_its_data_at_the_same_place(tmp_path: Path) -> None:
    with Postgres(tmp_path / "postgres") as postgres:
        place = postgres.store()
        postgres.ask("CREATE TABLE kept AS SELECT 42 AS value")

        postgres.kill()
        with pytest.raises(subprocess.CalledProcessError):
            postgres.ask("SELECT 1")
        postgres.start()

        assert postgres.ask("SELECT value FROM kept") == "42"
        assert postgres.store() == place
        server = place["sql"]["postgresql"]
        assert server["port"] == postgres.port
        assert stat.S_IMODE(Path(server["password_file"]).stat().st_mode) == 0o600


def test_frozen_postgresql_answers_only_when_it_thaws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Postgres(tmp_path / "postgres") as postgres:
        with monkeypatch.context() as impatient:
            impatient.setenv("PGCONNECT_TIMEOUT", "2")
            postgres.freeze()
            with pytest.raises(subprocess.CalledProcessError) as refused:
                postgres.ask("SELECT 1")
        assert "timeout expired" in refused.value.stderr

        postgres.thaw()

        assert postgres.ask("SELECT 1") == "1"


def test_mariadb_that_is_killed_has_its_data_at_the_same_place(tmp_path: Path) -> None:
    with MariaDbStore(tmp_path / "mariadb") as mariadb:
        place = mariadb.store()
        mariadb.ask("CREATE TABLE sallyport.kept AS SELECT 42 AS value")

        mariadb.kill()
        with pytest.raises(subprocess.CalledProcessError):
            mariadb.ask("SELECT 1")
        mariadb.start()

        assert mariadb.ask("SELECT value FROM sallyport.kept") == "42"
        assert mariadb.store() == place


def test_mariadb_keeps_what_its_account_writes(tmp_path: Path) -> None:
    with MariaDbStore(tmp_path / "mariadb") as mariadb:
        server = mariadb.store()["sql"]["mysql"]
        mariadb.ask("CREATE TABLE sallyport.kept AS SELECT 42 AS value")

        assert mariadb.ask("SELECT value FROM sallyport.kept") == "42"
        assert mariadb.ask("SELECT CURRENT_USER()") == "sallyport@localhost"
        assert Path(server["socket"]).is_socket()
        assert (server["database"], server["user"]) == ("sallyport", "sallyport")
        assert stat.S_IMODE(Path(server["password_file"]).stat().st_mode) == 0o600
