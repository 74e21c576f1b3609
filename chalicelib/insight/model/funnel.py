"""How far people come along a path of steps, such as view, cart, order. Pure; instants are UTC.

An entry is an event at which a path begins; what follows counts within the window after it, its end included. An
event stands for one step at most, so view, view takes two of them. Events at the same instant follow in their order.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from chalicelib.insight.model.stream import Event


class Order(StrEnum):
    """``ordered``: the steps in their order, whatever lies between. ``strict``: one event right after the other.
    ``any``: as many of the steps as there are, in any order.
    """

    ORDERED = "ordered"
    STRICT = "strict"
    ANY = "any"


class Entry(StrEnum):
    """Which entry counts: the ``first``, or the one from which they come farthest, ``best``."""

    FIRST = "first"
    BEST = "best"


def _any_event(_: Event) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Path:
    """What is asked: the steps, kinds of events, two and more. Without a window nothing is ever too late. ``enters``
    says which events may be entries.
    """

    steps: Sequence[str]
    window: timedelta | None = None
    order: Order = Order.ORDERED
    entry: Entry = Entry.BEST
    enters: Callable[[Event], bool] = _any_event

    def reached(self, events: Iterable[Event], ends_at: datetime) -> "Reached":
        """How far one actor has come by their events, told in order; ``ends_at`` is when the data ends."""
        walk = {Order.ORDERED: _ordered, Order.STRICT: _strict, Order.ANY: _in_any_order}[self.order]
        deepest, running_since = walk(self, events)
        running = running_since is not None and (self.window is None or ends_at < running_since + self.window)
        return Reached(deepest, running and 0 < deepest < len(self.steps))

    def within(self, began_at: datetime, at: datetime) -> bool:
        """Whether an event is not too late for an entry."""
        return self.window is None or at - began_at <= self.window


class Reached(NamedTuple):
    """The number of steps that somebody came, and whether they may still come farther: the window of an entry has not
    elapsed.
    """

    steps: int
    is_open: bool


Walked = tuple[int, datetime | None]
"""The number of steps, and the latest entry that may still go on where its window has not elapsed."""


def _ordered(path: Path, events: Iterable[Event]) -> Walked:
    """For each number of steps the latest entry from which it was reached is known: any earlier one ends sooner."""
    steps, since = path.steps, list[datetime | None]([None] * len(path.steps))
    deepest, entered = 0, False
    for event in events:
        for place in range(len(steps) - 1, -1, -1):  # downwards: an event is one step
            if steps[place] != event.kind:
                continue
            if place == 0:
                if path.enters(event) and not (path.entry is Entry.FIRST and entered):
                    since[0], entered = event.at, True
                    deepest = max(deepest, 1)
                continue
            began_at = since[place - 1]
            if began_at is not None and path.within(began_at, event.at):
                before = since[place]
                since[place] = began_at if before is None else max(before, began_at)
                deepest = max(deepest, place + 1)
    return deepest, since[0]


def _strict(path: Path, events: Iterable[Event]) -> Walked:
    """For each number of steps, from which entry the events up to the last one took just these."""
    steps, runs = path.steps, list[datetime | None]([None] * len(path.steps))
    deepest, entered = 0, False
    for event in events:
        following = list[datetime | None]([None] * len(steps))
        for place, kind in enumerate(steps):
            if kind != event.kind:
                continue
            began_at = runs[place - 1] if place else None
            if place == 0 and path.enters(event) and not (path.entry is Entry.FIRST and entered):
                began_at, entered = event.at, True
            if began_at is not None and path.within(began_at, event.at):
                following[place] = began_at
                deepest = max(deepest, place + 1)
        runs = following
    return deepest, max((began_at for began_at in runs[:-1] if began_at is not None), default=None)


def _in_any_order(path: Path, events: Iterable[Event]) -> Walked:
    """The most steps that lie within a window which begins at an entry, an event of any of the steps."""
    wanted = Counter(path.steps)
    found = [event for event in events if event.kind in wanted]
    entries = [place for place, event in enumerate(found) if path.enters(event)]
    if path.entry is Entry.FIRST:
        entries = entries[:1]
    inside, end, begin, deepest = Counter[str](), 0, 0, 0
    for place in entries:
        for gone in found[begin:place]:
            inside[gone.kind] -= 1
        begin = place
        while end < len(found) and (end <= place or path.within(found[place].at, found[end].at)):
            inside[found[end].kind] += 1
            end += 1
        deepest = max(deepest, sum(min(inside[kind], many) for kind, many in wanted.items()))
    return deepest, found[entries[-1]].at if entries else None
