"""Reads callgrind's files (format: Valgrind manual, "Callgrind Format Specification")."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

Function = tuple[str, str]
"""The library it is in, and its name."""

NAMED = re.compile(r"(c?)(ob|fl|fi|fe|fn|cfi|cfl)=\((\d+)\)(?: (.*))?")
COST = re.compile(r"[+*-]?\d*(?: [+*-]?\d+)* (\d+)$")


@dataclass
class Costs:
    """Instructions of each function: its own, and together with those of what it calls."""

    own: Counter[Function] = field(default_factory=Counter)
    inclusive: Counter[Function] = field(default_factory=Counter)

    def less(self, other: "Costs", share: int) -> "Costs":
        """What this has beyond `other`, divided by `share`."""
        return Costs(_less(self.own, other.own, share), _less(self.inclusive, other.inclusive, share))


def read(dump: Path) -> Costs:
    costs = Costs()
    names: dict[tuple[str, str], str] = {}  # Each name is spelled once and has a number from then on.
    library = function = ""
    is_call = False
    with dump.open() as lines:
        for line in lines:
            if named := NAMED.match(line):
                kind = "fn" if named[2] == "fn" else "ob" if named[2] == "ob" else "file"
                name = names.setdefault((kind, named[3]), (named[4] or "").strip())
                if named[1]:
                    continue
                if kind == "ob":
                    library = Path(name).name
                if kind == "fn":
                    function = short_name(name)
            elif line.startswith("calls="):
                is_call = True
            elif cost := COST.match(line):
                count = int(cost[1])
                costs.inclusive[library, function] += count
                if not is_call:
                    costs.own[library, function] += count
                is_call = False
    return costs


def short_name(name: str) -> str:
    """Without parameters and template arguments: `gateway::Exchange::run [coroutine]`."""
    text = name.replace("(anonymous namespace)::", "").replace("operator()", "operator{}")
    text = text.replace("(anonymous namespace)", "").replace("{lambda(", "{lambda ")
    while (shorter := re.sub(r"<[^<>]*>", "", text)) != text:
        text = shorter
    text = text.partition("(")[0].replace("operator{}", "operator()").removesuffix("[abi:cxx11]")
    recursive = re.search(r"'\d+$", name)
    return text + (" [coroutine]" if ".actor" in name else "") + (recursive[0] if recursive else "")


def _less(counts: Counter[Function], other: Counter[Function], share: int) -> Counter[Function]:
    left = Counter(counts)
    left.subtract(other)
    return Counter({row: round(count / share) for row, count in left.items()})
