"""A primary, a replica and three sentinels that watch them."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from support.process import Server, start_on_free_port
from support.redis import Redis, program
from support.wait import until

NAME = "sessions"
SENTINELS = 3


class Sentinel:
    """One sentinel on a free port, told of the primary."""

    def __init__(self, folder: Path, primary: Redis) -> None:
        folder.mkdir()
        self.folder = folder
        self._settings = "\n".join(
            [
                f"dir {folder}",
                f"sentinel monitor {NAME} 127.0.0.1 {primary.port} 2",
                f"sentinel down-after-milliseconds {NAME} 500",
                f"sentinel failover-timeout {NAME} 3000",
                "",
            ]
        )
        self.port, self.server = start_on_free_port(self._command, folder / "log", "+monitor")

    def stop(self) -> None:
        self.server.stop()

    def _command(self, port: int) -> list[str | Path]:
        settings = self.folder / f"sentinel{port}.conf"
        settings.write_text(f"port {port}\nbind 127.0.0.1\n{self._settings}")
        return [program(self.folder, "redis-sentinel"), settings]


class RedisSentinel:
    """Returns from its constructor when a failover is possible."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._stack = ExitStack()
        with ExitStack() as starting:
            first = starting.enter_context(Redis(folder / "first"))
            options = ["--replicaof", f"127.0.0.1 {first.port}"]
            second = starting.enter_context(Redis(folder / "second", options))
            self.servers = [first, second]
            replicates = lambda: "master_link_status:up" in second.cli("info", "replication")
            until(replicates, "the replica to replicate")
            self.sentinels = []
            for i in range(SENTINELS):
                self.sentinels.append(Sentinel(folder / f"sentinel{i}", first))
                starting.callback(self.sentinels[-1].stop)
            until(self._is_ready, "the sentinels to know each other and the replica")
            self._stack = starting.pop_all()

    def store(self) -> dict[str, Any]:
        addresses = [f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels]
        return {"redis": {"sentinels": addresses, "primary": NAME}}

    def primary(self) -> Redis:
        """The server that the first sentinel takes for the primary."""
        port = int(self._ask(self.sentinels[0], "get-master-addr-by-name", NAME).split()[1])
        return next(server for server in self.servers if server.port == port)

    def kill_primary(self) -> Redis:
        """Kills it; the one that was killed."""
        primary = self.primary()
        primary.kill()
        return primary

    def wait_for_failover(self, old: Redis) -> Redis:
        """The new primary, once it says that it is."""
        until(lambda: self.primary() is not old, "the sentinels to promote the replica")
        new = self.primary()
        until(lambda: new.cli("role").startswith("master"), "the replica to be the primary")
        return new

    def stop(self) -> None:
        self._stack.close()

    def __enter__(self) -> "RedisSentinel":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def _ask(self, sentinel: Sentinel, *words: str) -> str:
        return self.servers[-1].cli("-p", str(sentinel.port), "sentinel", *words)

    def _is_ready(self) -> bool:
        def is_well(sentinel: Sentinel) -> bool:
            quorum = self._ask(sentinel, "ckquorum", NAME)
            others = self._ask(sentinel, "sentinels", NAME).count("runid")
            replicas = self._ask(sentinel, "replicas", NAME).count("runid")
            return quorum.startswith("OK") and others == SENTINELS - 1 and replicas == 1

        return all(is_well(sentinel) for sentinel in self.sentinels)
