"""A Redis cluster of three masters."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from support.process import free_port
from support.redis import Redis
from support.wait import until

NODES = 3
SLOTS = 16384


class RedisCluster:
    """Returns from its constructor when all nodes say that the cluster is well."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._stack = ExitStack()
        with ExitStack() as starting:
            self.nodes = [
                starting.enter_context(Redis(folder / f"node{i}", self._options()))
                for i in range(NODES)
            ]
            self._join()
            self._stack = starting.pop_all()

    def store(self) -> dict[str, Any]:
        return {"redis": {"cluster": [f"127.0.0.1:{node.port}" for node in self.nodes]}}

    def slot_of(self, key: str) -> int:
        return int(self.nodes[0].cli("cluster", "keyslot", key))

    def node_of(self, slot: int) -> Redis:
        """The node that says that the slot is its own."""
        return next(node for node in self.nodes if self._has(node, slot))

    def begin_migration(self, slot: int, target: Redis) -> Redis:
        """From now on keys are asked for at both; the node that has them still."""
        source = self.node_of(slot)
        assert target.cli("cluster", "setslot", str(slot), "importing", self._id(source)) == "OK"
        assert source.cli("cluster", "setslot", str(slot), "migrating", self._id(target)) == "OK"
        return source

    def move_keys(self, slot: int, source: Redis, target: Redis) -> None:
        keys = source.cli("cluster", "getkeysinslot", str(slot), "1000").split()
        for key in keys:
            moved = source.cli("migrate", "127.0.0.1", str(target.port), key, "0", "5000")
            assert moved in ("OK", "NOKEY"), moved

    def finish_migration(self, slot: int, target: Redis) -> None:
        for node in [target, *(each for each in self.nodes if each is not target)]:
            assert node.cli("cluster", "setslot", str(slot), "node", self._id(target)) == "OK"

    def migrate(self, slot: int, target: Redis) -> None:
        source = self.begin_migration(slot, target)
        self.move_keys(slot, source, target)
        self.finish_migration(slot, target)

    def stop(self) -> None:
        self._stack.close()

    def __enter__(self) -> "RedisCluster":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    @staticmethod
    def _options() -> list[str]:
        # The bus would be 10000 above the port, where there may be no port at all.
        bus = str(free_port())
        return ["--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "2000"]

    def _join(self) -> None:
        """With redis-cli's own means: it knows no bus ports, so the nodes meet by hand."""
        for i, node in enumerate(self.nodes):
            first, last = SLOTS * i // NODES, SLOTS * (i + 1) // NODES - 1
            assert node.cli("cluster", "addslotsrange", str(first), str(last)) == "OK"
            assert node.cli("cluster", "set-config-epoch", str(i + 1)) == "OK"
        for node in self.nodes[1:]:
            bus = node.cli("config", "get", "cluster-port").split()[1]
            met = self.nodes[0].cli("cluster", "meet", "127.0.0.1", str(node.port), bus)
            assert met == "OK", met
        until(lambda: all(self._is_well(node) for node in self.nodes), "the cluster to be well")

    @staticmethod
    def _is_well(node: Redis) -> bool:
        state = node.cli("cluster", "info")
        return "cluster_state:ok" in state and f"cluster_known_nodes:{NODES}" in state

    @staticmethod
    def _id(node: Redis) -> str:
        return node.cli("cluster", "myid")

    def _has(self, node: Redis, slot: int) -> bool:
        own = next(line for line in node.cli("cluster", "nodes").splitlines() if "myself" in line)
        for words in own.split()[8:]:
            if words.startswith("["):
                continue
            first, _, last = words.partition("-")
            if int(first) <= slot <= int(last or first):
                return True
        return False
