"""Until when somebody has to act, as a clock that is read at a glance: late, today, or later. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Due:
    """A due time, and how far it is away or past, in the largest unit that fits."""

    at: datetime
    late: bool
    today: bool
    days: int
    hours: int
    minutes: int

    @property
    def tone(self) -> str:
        """Of its badge: bad when late, warn when it is today."""
        return "bad" if self.late else "warn" if self.today else ""


def due(at: datetime, now: datetime, zone: ZoneInfo) -> Due:
    """The clock of a due time; ``today`` is the brand's."""
    minutes = int(abs((at - now).total_seconds())) // 60
    days, rest = divmod(minutes, 24 * 60)
    today = at.astimezone(zone).date() == now.astimezone(zone).date()
    return Due(at, at <= now, today, days, rest // 60, rest % 60)


class Case(Protocol):
    """What is read of a case to tell what is due next."""

    @property
    def first_response_at(self) -> datetime | None: ...
    @property
    def first_response_due_at(self) -> datetime: ...
    @property
    def resolution_due_at(self) -> datetime: ...
    @property
    def waiting_for(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Next:
    """What is due next of a case: the first answer, the end or, while it ``waits`` for its member, to look again."""

    clock: Due
    answer: bool
    waits: bool = False


def due_next(case: Case, waits_until: datetime | None, now: datetime, zone: ZoneInfo) -> Next:
    """What is due next of an open case; ``waits_until`` is until when it waits for its member, if it does."""
    answer = case.first_response_at is None
    if not answer and case.waiting_for and waits_until:
        return Next(due(waits_until, now, zone), answer=False, waits=True)
    return Next(due(case.first_response_due_at if answer else case.resolution_due_at, now, zone), answer)
