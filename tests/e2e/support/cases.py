"""Reads the tables in tests/cases/, in the form that tests/support/case_file.h describes."""

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "cases"
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|\{(.)\*(\d+)\}|([rnt0\\]))")
BYTES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\"}


@dataclass
class Case:
    title: str
    values: dict[str, bytes] = field(default_factory=dict)

    def text(self, key: str, absent: str = "") -> str:
        return self.values[key].decode("latin-1") if key in self.values else absent


def read_cases(name: str) -> list[Case]:
    cases: list[Case] = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            cases.append(Case(line))
            continue
        key, colon, value = line.lstrip(" ").partition(":")
        assert cases and colon, f"{name}: not a value: {line}"
        joined = cases[-1].values.get(key, b"") + unescape(value.removeprefix(" "))
        cases[-1].values[key] = joined
    assert cases, f"{name} holds no case"
    return cases


def unescape(text: str) -> bytes:
    """The escapes of case_file.h, and `\\{a*9000}` for 9000 times the letter a."""

    def replace(match: re.Match[str]) -> str:
        code, letter, count, plain = match.groups()
        if code:
            return chr(int(code, 16))
        return letter * int(count) if letter else BYTES[plain]

    return ESCAPE.sub(replace, text).encode("latin-1")
