"""Reads the audit file of a running gateway."""

import json
from pathlib import Path
from typing import Any

from support.wait import PATIENCE, until

Record = dict[str, Any]

EXCHANGE = "http_exchange"


class AuditLog:
    """The JSON lines written so far. Each call reads the file anew; a half-written line waits."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self) -> str:
        return self.path.read_text() if self.path.exists() else ""

    def records(self, event: str | None = None, **fields: Any) -> list[Record]:
        """All records in order, or those of one event whose fields have exactly these values."""
        complete = self.text().rpartition("\n")[0].splitlines()
        return [r for r in map(_parse, complete) if _matches(r, event, fields)]

    def story(self) -> list[str]:
        """The names of all events in order, without the exchanges and the gateway's own start."""
        names = [record["event"] for record in self.records()]
        return [name for name in names if name != EXCHANGE and not name.startswith("sys_")]

    def exchanges(self) -> list[Record]:
        """One record per exchange, in the order in which they ended."""
        return self.records(EXCHANGE)

    def wait_for(
        self, event: str, count: int = 1, patience: float = PATIENCE, **fields: Any
    ) -> Record:
        """Waits until `count` such records are there; returns the last of them."""
        sought = f"{count} audit record(s) {event} {fields or ''}"
        until(lambda: len(self.records(event, **fields)) >= count, sought, patience)
        return self.records(event, **fields)[count - 1]


def _parse(line: str) -> Record:
    return json.loads(line, object_pairs_hook=_without_repetition)


def _without_repetition(pairs: list[tuple[str, Any]]) -> Record:
    """Readers disagree about a key that stands twice, so that no record may have one."""
    record = dict(pairs)
    assert len(record) == len(pairs), f"a key stands twice: {pairs}"
    return record


def _matches(record: Record, event: str | None, fields: dict[str, Any]) -> bool:
    if event is not None and record.get("event") != event:
        return False
    return all(record.get(name) == value for name, value in fields.items())
