"""What tests begin with is made once a while, and put back for those that begin alike: a sign-up, a product, an order.

Each step is known by its name and by the steps before it, and only recalled where nothing else has happened since the
engine was empty, by the thread of the test. So a test finds what it would have made itself, at the moment at which it
was made: the product's clock is put back, too, by a few minutes at most.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from chalicelib.kernel import clock
from chalicelib.kernel.remembering import forget_everything
from infra.local.engine import Engine

T = TypeVar("T")

_OLDEST_SECONDS = 300
_MOST = 300
"""Steps whose outcome is kept at a time; each holds all that was stored by then."""
_LONGEST = 15
"""Steps after each other: what a rush of hundreds begins with is made for it alone."""


@dataclass(frozen=True)
class _Kept:
    made: Any
    at: float
    slot: str
    """Under which name the engine keeps what was stored."""
    offset: float
    """Of the product's clock, when the step was done."""
    name: str
    """As those after it know it. Done anew it is another step, which nothing has followed yet."""

    def fresh(self, now: float) -> bool:
        """Not of an earlier hour either: a day may have begun with this one, in some zone."""
        return now - self.at < _OLDEST_SECONDS and now // 3600 == self.at // 3600


class Memory:
    """Steps done on one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[tuple[str, ...], _Kept] = {}
        self._times = 0
        self._recalled = False
        self.begin(-1)

    def begin(self, changes: int) -> None:
        """The engine is empty, after so many changes."""
        self.end()
        self._done: tuple[str, ...] = ()
        self._changes, self._offset = changes, 0.0

    def end(self) -> None:
        """The test is over: the clock goes as the machine's where it was put back."""
        if self._recalled:
            clock.set_offset(0)
        self._recalled = False

    def begins_at(self, hour: str) -> None:
        """The clock has been set before anything was done: steps of tests that begin at the same hour are alike."""
        self._done, self._offset = (hour,), clock.offset()

    def __call__(self, step: str, make: Callable[[], T]) -> T:
        """What `make` answers, copied: now, or when this step was last done after the same ones."""
        name = (*self._done, step)
        alone = threading.current_thread() is threading.main_thread()
        if not alone or clock.offset() != self._offset or len(name) > _LONGEST:
            return make()
        kept = self._kept.get(name)
        usable = kept is not None and kept.fresh(time.time())
        answer = self._engine.recall(kept.slot if kept and usable else "", unless_after=self._changes)
        if not answer["unchanged"]:
            return make()
        if kept is None or not answer["recalled"]:
            made = make()
            self._times += 1
            kept = _Kept(copy.deepcopy(made), time.time(), self._slot(name), clock.offset(), f"{step} #{self._times}")
            self._kept[name] = kept
            self._changes = self._engine.keep(kept.slot)
        else:
            made = copy.deepcopy(kept.made)
            clock.set_offset(kept.offset - (time.time() - kept.at))
            self._changes, self._recalled = answer["changes"], True
        self._done, self._offset = (*self._done, kept.name), clock.offset()
        forget_everything()  # done or recalled: what is counted afterwards must not depend on it
        return made

    def _slot(self, name: tuple[str, ...]) -> str:
        """Where to keep a step: where it was, else in place of the one that was kept first."""
        kept = self._kept.pop(name, None)
        if kept is None and len(self._kept) >= _MOST:
            kept = self._kept.pop(next(iter(self._kept)))
        return kept.slot if kept else f"step {len(self._kept)}"


def plainly(step: str, make: Callable[[], T]) -> T:
    """Remembers nothing."""
    return make()
