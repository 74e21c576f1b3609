"""What a complaint is: category, urgency, importance, priority, due times, owner, and what is overdue. Pure.

The tables are the policy. Hours are elapsed hours; a business calendar would only change :func:`due_times`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.complaints.errors import HistoryFull


class Category(StrEnum):
    """What a complaint is about, in the words of the team that answers it."""

    QUALITY = "quality"
    SHORTAGE = "shortage"
    PICKUP = "pickup"
    PAYMENT = "payment"
    SERVICE = "service"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon somebody must act."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class Importance(StrEnum):
    """How much depends on it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Priority(StrEnum):
    """p1 comes first."""

    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    P4 = "p4"


class Status(StrEnum):
    """A complaint is open until somebody works on it; resolved is final."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"


MAX_HISTORY = 100
_KEPT_FOR_THE_END = 5
"""Entries that only an escalation or the resolution may take."""


_PRIORITY: Mapping[Urgency, tuple[Priority, Priority, Priority]] = {
    Urgency.CRITICAL: (Priority.P1, Priority.P1, Priority.P1),
    Urgency.HIGH: (Priority.P2, Priority.P2, Priority.P1),
    Urgency.NORMAL: (Priority.P3, Priority.P3, Priority.P2),
    Urgency.LOW: (Priority.P4, Priority.P4, Priority.P3),
}
"""By urgency; the columns are low, normal and high importance."""

_HOURS = {Priority.P1: (1, 8), Priority.P2: (4, 24), Priority.P3: (8, 72), Priority.P4: (24, 120)}
"""By priority: hours to the first response, and to the resolution."""


_LEADER = frozenset({"leader", "团长"})


def names_leader(cause: str) -> bool:
    """Whether a complaint's cause is the leader of the order, in either language."""
    return cause.strip().casefold() in _LEADER


def graver(one: Urgency, other: Urgency) -> Urgency:
    """The one that must be acted on sooner."""
    return max(one, other, key=list(Urgency).index)


def weightier(one: Importance, other: Importance) -> Importance:
    """The one on which more depends."""
    return max(one, other, key=list(Importance).index)


def priority(urgency: Urgency, importance: Importance) -> Priority:
    """The matrix of urgency and importance."""
    return _PRIORITY[urgency][list(Importance).index(importance)]


@dataclass(frozen=True, slots=True)
class DueTimes:
    """When the first response and the resolution of a complaint are due (UTC)."""

    first_response_at: datetime
    resolution_at: datetime


def due_times(opened_at: datetime, level: Priority) -> DueTimes:
    """When responses to a complaint of this priority are due, counted from its opening."""
    first, last = _HOURS[level]
    return DueTimes(opened_at + timedelta(hours=first), opened_at + timedelta(hours=last))


def choose_owner(complaint_id: str, by_rank: Sequence[Sequence[str]], *, but_not: str | None = None) -> str | None:
    """The staff id that gets a complaint: from the first rank (service, managers, owners) that has anybody.

    Within a rank the choice is by highest-random-weight hashing: even over many complaints, the same for every repeat,
    and a change of staff moves no complaint but those of who left. ``but_not`` is passed over while another remains.
    None when nobody is there at all.
    """
    for rank in by_rank:
        candidates = [staff_id for staff_id in rank if staff_id != but_not]
        if candidates:
            return max(candidates, key=lambda staff_id: _weight(complaint_id, staff_id))
    return but_not


def _weight(complaint_id: str, staff_id: str) -> bytes:
    return hashlib.sha256(f"{complaint_id}/{staff_id}".encode()).digest()


class Breach(StrEnum):
    """Which of its due times a complaint has passed."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Watch:
    """A due time (UTC) of a complaint that is looked at: whether it was met, and when its breach was escalated."""

    breach: Breach
    due_at: datetime
    met: bool
    escalated_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether somebody above is still to be told if it passes."""
        return not self.met and self.escalated_at is None


def next_due(watches: Iterable[Watch]) -> datetime | None:
    """When the next breach would be; None where nothing more is to be escalated."""
    return min((watch.due_at for watch in watches if watch.waits), default=None)


def breaches(watches: Iterable[Watch], now: datetime) -> list[Breach]:
    """The due times that have passed and of which nobody above was told: each is escalated once."""
    return [watch.breach for watch in watches if watch.waits and watch.due_at <= now]


def check_room(entries: int, *, closing: bool = False) -> None:
    """Raises HistoryFull when a change finds no room; the last entries are kept for escalation and resolution."""
    if entries >= MAX_HISTORY - (0 if closing else _KEPT_FOR_THE_END):
        raise HistoryFull(
            f"A complaint keeps {MAX_HISTORY} entries; resolve it, and open another if need be.",
            detail_zh=f"每个投诉最多保留 {MAX_HISTORY} 条记录，请先解决，必要时另行提交。",
        )
