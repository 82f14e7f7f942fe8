"""Stores that hang, die, fail over and move, with people at work: no promise is broken by it (ADM-001, REV-002)."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway, run_sallyport
from support.ledger import Ledger, led_to
from support.pki import Pki
from support.policy import guarded_policy
from support.postgres import Postgres
from support.redis import Redis
from support.redis_cluster import RedisCluster
from support.redis_sentinel import RedisSentinel
from support.visitor import Visitor
from support.wait import until

StartPair = Callable[[dict[str, Any]], list[Gateway]]
ENOUGH = 12
"""People whose fate is known before and after a fault, so that there is something to lose."""


@pytest.fixture
def start_pair(tmp_path: Path, pki: Pki, backend: FakeBackend) -> Iterator[StartPair]:
    """Two gateways with the same keys on the same store."""
    backend_with_login(backend, "APP=1; Path=/")
    backend.failures_are_expected = True
    running: list[Gateway] = []

    def start(store: dict[str, Any]) -> list[Gateway]:
        policy = guarded_policy(backend.url)
        policy["session"]["store"] = store
        policy["admin"] = {"socket": "admin.sock"}
        policy["workers"] = 1
        for name in ("one", "other"):
            folder = tmp_path / name
            if running:
                folder.mkdir()
                shutil.copy2(running[0].folder / "session.key", folder / "session.key")
            running.append(Gateway(folder, pki, policy))
        return list(running)

    yield start
    for gateway in running:
        gateway.stop()


def known(ledger: Ledger) -> int:
    return min(len(ledger.inside), len(ledger.outside))


def work(ledger: Ledger, more: int = ENOUGH) -> None:
    """Returns when that many more people are in, and out."""
    enough = known(ledger) + more
    until(lambda: known(ledger) >= enough, "people to come and go", patience=60)


def recovered(gateways: list[Gateway], what: str) -> None:
    """Waits until people can log in at each gateway, and tells how long that took."""
    began = time.monotonic()
    for gateway in gateways:
        until(lambda: Visitor(gateway).log_in().status == 302, f"logins after {what}", patience=60)
    print(f"{what}: logins {time.monotonic() - began:.2f} s later")


def report(ledger: Ledger, what: str) -> None:
    print(
        f"{what}: {len(ledger.inside)} in, {len(ledger.outside)} out, {ledger.refused} answers 503, "
        f"the slowest answer after {ledger.slowest * 1000:.0f} ms"
    )


def revoke(gateway: Gateway, user: str) -> bool:
    done = run_sallyport("sessions", "revoke", "--user", user, "--config", gateway.policy_file)
    return done.returncode == 0


def survives(
    gateways: list[Gateway], what: str, begin: Callable[[], None], end: Callable[[], None]
) -> None:
    """People at work, an outage with answers of 503, and people at work again: no promise is broken."""
    with Ledger(gateways) as ledger:
        work(ledger)
        begin()
        before = ledger.refused
        until(lambda: ledger.refused > before + 10, "the gateways to refuse")
        end()
        recovered(gateways, what)
        work(ledger)
    report(ledger, what)
    ledger.settle()


def test_a_redis_that_hangs(start_pair: StartPair, tmp_path: Path) -> None:
    with Redis(tmp_path / "redis") as redis:
        survives(start_pair(redis.store()), "hung", redis.freeze, redis.thaw)


def test_a_redis_that_is_killed(start_pair: StartPair, tmp_path: Path) -> None:
    with Redis(tmp_path / "redis") as redis:
        survives(start_pair(redis.store()), "killed", redis.kill, redis.start)


def test_a_primary_that_dies(start_pair: StartPair, tmp_path: Path) -> None:
    """With `replicas: 1` what was acknowledged is on the replica, which becomes the primary."""
    with RedisSentinel(tmp_path / "redis") as redis:
        store = redis.store()
        store["redis"]["replicas"] = 1
        gateways = start_pair(store)
        with Ledger(gateways) as ledger:
            work(ledger)
            dead = redis.kill_primary()
            redis.wait_for_failover(dead)
            # Alone it has no replica, and nobody is promised anything before there is one again.
            assert Visitor(gateways[0]).log_in().status == 503
            dead.start()
            recovered(gateways, "failed over")
            work(ledger)
        report(ledger, "failed over")
        ledger.settle()


def test_a_revocation_that_the_new_primary_never_heard_of(
    start_pair: StartPair, tmp_path: Path
) -> None:
    """The replica hangs while somebody is revoked, and is promoted then: the gateways tell it."""
    with RedisSentinel(tmp_path / "redis") as redis:
        gateways = start_pair(redis.store())
        victim, bystander = Visitor(gateways[0]), Visitor(gateways[0])
        assert victim.log_in("victim").status == bystander.log_in("bystander").status == 302
        primary = redis.primary()
        replica = next(server for server in redis.servers if server is not primary)
        acknowledged = primary.cli("wait", "1", "5000")
        assert acknowledged == "1", "the login is on both"
        replica.freeze()
        assert revoke(gateways[1], "victim")
        assert led_to(gateways[0], victim).get("/app").status != 200
        primary.kill()
        replica.thaw()
        redis.wait_for_failover(primary)
        recovered(gateways, "failed over without the revocation")

        for gateway in gateways:
            assert led_to(gateway, victim).get("/app").status not in (200, 503)
            assert led_to(gateway, bystander).get("/app").status == 200


def test_a_slot_that_moves(start_pair: StartPair, tmp_path: Path) -> None:
    with RedisCluster(tmp_path / "redis") as redis:
        gateways = start_pair(redis.store())
        visitor = Visitor(gateways[0])
        assert visitor.log_in("mover").status == 302
        keys = [key for node in redis.nodes for key in node.cli("--scan").splitlines()]
        key = next(key for key in keys if ":s:{" in key)
        slot = redis.slot_of(key)
        with Ledger(gateways) as ledger:
            work(ledger, 4)
            target = next(node for node in redis.nodes if node is not redis.node_of(slot))
            source = redis.begin_migration(slot, target)
            assert visitor.get("/app").status == 200, "still at the old node"
            redis.move_keys(slot, source, target)
            for gateway in gateways:
                assert led_to(gateway, visitor).get("/app").status == 200, "ASK"
            redis.finish_migration(slot, target)
            for gateway in gateways:
                assert led_to(gateway, visitor).get("/app").status == 200, "MOVED"
            work(ledger, 4)
        report(ledger, "slot moved")
        assert ledger.refused == 0
        ledger.settle()
        assert key in target.cli("--scan").splitlines()


def test_a_postgresql_that_hangs(start_pair: StartPair, tmp_path: Path) -> None:
    with Postgres(tmp_path / "postgres") as postgres:
        survives(start_pair(postgres.store()), "PostgreSQL hung", postgres.freeze, postgres.thaw)


def test_a_postgresql_that_is_killed(start_pair: StartPair, tmp_path: Path) -> None:
    with Postgres(tmp_path / "postgres") as postgres:
        survives(start_pair(postgres.store()), "PostgreSQL killed", postgres.kill, postgres.start)


def test_a_gateway_that_is_killed(start_pair: StartPair, tmp_path: Path) -> None:
    """The other one carries on with the same cookies, and its sessions can be ended there."""
    with Redis(tmp_path / "redis") as redis:
        dying, other = start_pair(redis.store())
        with Ledger([dying, other]) as ledger:
            work(ledger)
            dying.process.send_signal(signal.SIGKILL)
            dying.exit_code = dying.process.wait()
            ledger.gateways = [other]
            work(ledger)
        report(ledger, "gateway killed")
        ledger.settle()
        victim = ledger.inside[0]
        ledger.put_out(victim, lambda: revoke(other, "alice"))
        assert led_to(other, victim).get("/app").status != 200
