"""People who log in, look around and log out all the time, and a book of what they were promised.

What was answered with success must hold whatever happens to the store: who was let in is in, who was
put out is out. What was answered 503 may have happened or not.
"""

import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from support.gateway import Gateway
from support.http import ConnectionEnded
from support.visitor import Visitor

UNAVAILABLE = 503
PACE = 0.02
"""Seconds between two steps of one person: the machine has others to serve, too."""


def led_to(gateway: Gateway, visitor: Visitor) -> Visitor:
    """The same browser, led to another gateway by a balancer: name and cookies stay."""
    moved = Visitor(gateway)
    moved.cookies, moved.host = visitor.cookies, visitor.host
    return moved


class Ledger:
    """Runs `people` until the `with` block ends. `gateways` may be changed meanwhile."""

    def __init__(self, gateways: Sequence[Gateway], people: int = 4) -> None:
        self.gateways = list(gateways)
        self.inside: list[Visitor] = []
        """Let in, and not put out since."""
        self.outside: list[Visitor] = []
        """Put out with success; each has the cookies from before."""
        self.broken: list[str] = []
        """What was promised and did not hold."""
        self.refused = 0
        """Requests that were answered 503."""
        self.slowest = 0.0
        """Seconds that the slowest answer took."""
        self._lock = threading.Lock()
        self._turn = itertools.count()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._live, args=(i,)) for i in range(people)]

    def __enter__(self) -> "Ledger":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def settle(self) -> None:
        """Everybody who was let in is in at every gateway, and everybody who was put out is out."""
        for gateway in self.gateways:
            for visitor in self.inside:
                status = led_to(gateway, visitor).get("/app").status
                if status != 200:
                    self.broken.append(f"was let in, and gets {status}")
            for visitor in self.outside:
                if led_to(gateway, visitor).get("/app").status == 200:
                    self.broken.append("was put out, and is in")
        assert self.broken == []
        assert self.inside and self.outside, "or nothing was tried"

    def put_out(self, visitor: Visitor, by: Callable[[], bool]) -> None:
        """Notes that `visitor` is out, if `by()` says that it succeeded."""
        with self._lock:
            if visitor in self.inside:
                self.inside.remove(visitor)
        if by():
            with self._lock:
                self.outside.append(visitor)

    def _live(self, seed: int) -> None:
        choices = random.Random(seed)
        while not self._is_over.wait(PACE):
            # A gateway that is killed takes its connections along; nothing was promised then.
            with suppress(OSError, ConnectionEnded, AssertionError):
                self._visit(choices)

    def _gateway(self) -> Gateway:
        return self.gateways[next(self._turn) % len(self.gateways)]

    def _timed(self, ask: Callable[[], int]) -> int:
        began = time.monotonic()
        status = ask()
        with self._lock:
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.refused += status == UNAVAILABLE
        return status

    def _visit(self, choices: random.Random) -> None:
        visitor = Visitor(self._gateway())
        if self._timed(lambda: visitor.log_in().status) != 302:
            return
        for _ in range(3):
            elsewhere = led_to(self._gateway(), visitor)
            status = self._timed(lambda: elsewhere.get("/app").status)
            if status not in (200, UNAVAILABLE):
                self.broken.append(f"is in, and gets {status}")
        if choices.random() < 0.5:
            with self._lock:
                self.inside.append(visitor)
            return
        copy = led_to(visitor.gateway, visitor)
        copy.cookies = dict(visitor.cookies)
        if self._timed(lambda: led_to(self._gateway(), visitor).get("/logout").status) == 200:
            with self._lock:
                self.outside.append(copy)
