"""How far people come along a path of steps, such as view, cart, order. Pure; instants are UTC.

An entry is an event at which a path begins; what follows counts within the window after it, its end included. An
event stands for one step at most, so view, view takes two of them. Events at the same instant follow in their order.
Events are walked through one by one, so of each actor little is kept.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

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

    def begin(self) -> "Walk":
        """The way of one actor, who has done nothing yet."""
        walks: dict[Order, type[_Ordered | _Strict | _InAnyOrder]] = {
            Order.ORDERED: _Ordered, Order.STRICT: _Strict, Order.ANY: _InAnyOrder,
        }  # fmt: skip
        return walks[self.order](self)

    def reached(self, events: Iterable[Event], ends_at: datetime) -> "Reached":
        """How far one actor has come by their events, told in order; ``ends_at`` is when the data ends."""
        walk = self.begin()
        for event in events:
            walk.add(event)
        return self.end(walk, ends_at)

    def end(self, walk: "Walk", ends_at: datetime) -> "Reached":
        """How far somebody has come when the data ends."""
        since = walk.running_since
        running = since is not None and (self.window is None or ends_at < since + self.window)
        return Reached(walk.deepest, running and 0 < walk.deepest < len(self.steps))

    def is_within(self, began_at: datetime, at: datetime) -> bool:
        """Whether an event is not too late for an entry."""
        return self.window is None or at - began_at <= self.window


class Reached(NamedTuple):
    """The number of steps that somebody came, and whether they may still come farther: the window of an entry has not
    elapsed.
    """

    steps: int
    is_open: bool


class Walk(Protocol):
    """``deepest``: the number of steps so far. ``running_since``: the latest entry that may go on in its window."""

    deepest: int

    @property
    def running_since(self) -> datetime | None: ...

    def add(self, event: Event) -> None:
        """The actor's next event."""


class _Ordered:
    """For each number of steps the latest entry from which it was reached is known: any earlier one ends sooner."""

    __slots__ = ("_path", "_since", "deepest")

    def __init__(self, path: Path) -> None:
        self._path, self.deepest = path, 0
        self._since = list[datetime | None]([None] * len(path.steps))

    @property
    def running_since(self) -> datetime | None:
        return self._since[0]

    def add(self, event: Event) -> None:
        steps, since = self._path.steps, self._since
        for place in range(len(steps) - 1, 0, -1):  # downwards: an event is one step
            began_at = since[place - 1]
            if steps[place] == event.kind and began_at is not None and self._path.is_within(began_at, event.at):
                before = since[place]
                since[place] = began_at if before is None else max(before, began_at)
                self.deepest = max(self.deepest, place + 1)
        if steps[0] == event.kind and self._path.enters(event) and not self._is_bound():
            since[0] = event.at
            self.deepest = max(self.deepest, 1)

    def _is_bound(self) -> bool:
        """Whether the entry stands for good."""
        return self._path.entry is Entry.FIRST and self._since[0] is not None


class _Strict:
    """For each number of steps, from which entry the events up to the last one took just these."""

    __slots__ = ("_has_entered", "_path", "_runs", "deepest")

    def __init__(self, path: Path) -> None:
        self._path, self._has_entered, self.deepest = path, False, 0
        self._runs = list[datetime | None]([None] * len(path.steps))

    @property
    def running_since(self) -> datetime | None:
        return max((began_at for began_at in self._runs[:-1] if began_at is not None), default=None)

    def add(self, event: Event) -> None:
        path, runs = self._path, self._runs
        enters = event.kind == path.steps[0] and path.enters(event)
        first = event.at if enters and not (path.entry is Entry.FIRST and self._has_entered) else None
        self._has_entered = self._has_entered or enters
        self._runs = [first] + [
            began_at if kind == event.kind and began_at is not None and path.is_within(began_at, event.at) else None
            for kind, began_at in zip(path.steps[1:], runs, strict=False)
        ]
        reached = max((place for place, began_at in enumerate(self._runs, 1) if began_at is not None), default=0)
        self.deepest = max(self.deepest, reached)


class _InAnyOrder:
    """The most steps that lie within a window which begins at an entry, an event of any of the steps. Kept are the
    steps since the earliest entry whose window is not over; it begins with that entry.
    """

    __slots__ = ("_entered_at", "_inside", "_path", "_recent", "_wanted", "deepest")

    def __init__(self, path: Path) -> None:
        self._path, self.deepest = path, 0
        self._wanted, self._inside = Counter(path.steps), Counter[str]()
        self._recent = deque[tuple[datetime, str, bool]]()
        self._entered_at: datetime | None = None

    @property
    def running_since(self) -> datetime | None:
        return self._entered_at

    def add(self, event: Event) -> None:
        if event.kind not in self._wanted:
            return
        path, recent = self._path, self._recent
        enters = path.enters(event) and not (path.entry is Entry.FIRST and self._entered_at is not None)
        while recent and not (recent[0][2] and path.is_within(recent[0][0], event.at)):
            self._inside[recent.popleft()[1]] -= 1
        if enters:
            self._entered_at = event.at
        if recent or enters:
            recent.append((event.at, event.kind, enters))
            self._inside[event.kind] += 1
            self.deepest = max(self.deepest, sum(min(self._inside[kind], n) for kind, n in self._wanted.items()))
