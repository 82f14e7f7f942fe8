"""Reads what a test needs from HTML: values of fields, and the text that stands between two marks."""

import html
import re


def field(body: bytes, name: str) -> str:
    """The value of the last input of that name; fails when there is none."""
    inputs = re.findall(r"<input[^>]*>", body.decode(errors="replace"))
    values = [_attribute(tag, "value") for tag in inputs if _attribute(tag, "name") == name]
    assert values, f"there is no field {name} in {body[:2000]!r}"
    return values[-1] or ""


def between(body: bytes, before: str, after: str) -> str | None:
    """The first text between two marks, with its character references decoded; None without one."""
    found = re.search(re.escape(before) + "(.*?)" + re.escape(after), body.decode(errors="replace"), re.S)
    return html.unescape(found[1]) if found else None


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape(found[1] or found[2] or "") if found else None
