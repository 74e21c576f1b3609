"""What tests begin with is made once a while, and put back for those that begin alike: a sign-up, a product, an order.

Each step is known by its name and by the steps before it, and only recalled where nothing else has happened since the
engine was empty. So a test finds what it would have made itself, a few minutes old at most.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from chalicelib.kernel import clock
from infra.local.engine import Engine

T = TypeVar("T")

_OLDEST_SECONDS = 300


@dataclass(frozen=True)
class _Kept:
    made: Any
    at: float
    offset: float
    """Of the product's clock, when the step was done."""

    def fresh(self, now: float) -> bool:
        """Not of an earlier hour either: a day may have begun with this one, in some zone."""
        return now - self.at < _OLDEST_SECONDS and now // 3600 == self.at // 3600


class Memory:
    """Steps done on one engine."""

    def __init__(self, engine: Engine, forget: Callable[[], None]) -> None:
        """`forget` empties what the product remembers of what it has read: after a step it does so, done or recalled."""
        self._engine, self._forget = engine, forget
        self._kept: dict[str, _Kept] = {}
        self.begin(-1)

    def begin(self, changes: int) -> None:
        """The engine is empty, after so many changes."""
        self._done, self._changes, self._offset = "", changes, 0.0

    def __call__(self, step: str, make: Callable[[], T]) -> T:
        """What `make` answers, copied: now, or when this step was last done after the same ones."""
        before, name = self._done, f"{self._done}/{step}"
        if clock.offset() != self._offset:
            return make()
        kept = self._kept.get(name)
        usable = kept is not None and kept.fresh(time.time())
        answer = self._engine.recall(name if usable else "", unless_after=self._changes)
        if not answer["unchanged"]:
            return make()
        if kept is None or not answer["recalled"]:
            made = make()
            kept = _Kept(copy.deepcopy(made), time.time(), clock.offset())
            self._kept[name] = kept
            self._changes = self._engine.keep(name)
        else:
            made = copy.deepcopy(kept.made)
            clock.set_offset(kept.offset)
            self._changes = answer["changes"]
        self._done, self._offset = name, kept.offset
        self._forget()
        return made


def plainly(step: str, make: Callable[[], T]) -> T:
    """Remembers nothing."""
    return make()
