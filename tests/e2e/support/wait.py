"""Waiting for a condition instead of sleeping: the only place in the end-to-end tests that sleeps."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds after which a condition is given up. Generous: sanitizer builds run on busy machines."""


def until(condition: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """The first truthy value of `condition()`; fails with `what` when none came in time."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:g} s in vain for {what}")
        time.sleep(0.01)
