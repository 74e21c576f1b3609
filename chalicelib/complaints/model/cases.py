"""What a complaint is: category, urgency, importance, priority, and how long it can be written to. Pure.

The tables are the policy. When a complaint of which priority is due is the brand's rule (``cases``).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.cases.model.clocks import Priority
from chalicelib.complaints.errors import ComplaintResolved, HistoryFull


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


class Status(StrEnum):
    """A complaint is open until somebody works on it; a resolved one can be opened again for a while."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"


MAX_HISTORY = 100
_KEPT_FOR_THE_END = 5
"""Entries that only an escalation or the resolution may take."""

MOST_REPLIES = 30
"""Of a member to one complaint: the rest of its history is the team's."""

REOPENED_WITHIN = timedelta(days=14)
"""How long after its resolution a complaint can be opened again; later it is a new one."""

_PRIORITY: Mapping[Urgency, tuple[Priority, Priority, Priority]] = {
    Urgency.CRITICAL: (Priority.P1, Priority.P1, Priority.P1),
    Urgency.HIGH: (Priority.P2, Priority.P2, Priority.P1),
    Urgency.NORMAL: (Priority.P3, Priority.P3, Priority.P2),
    Urgency.LOW: (Priority.P4, Priority.P4, Priority.P3),
}
"""By urgency; the columns are low, normal and high importance."""

LEADER = "leader"
"""The cause of a complaint that is about the leader of the order, whose commission waits for it."""

_LEADER = frozenset({LEADER, "团长"})


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


def check_room(entries: int, *, closing: bool = False) -> None:
    """Raises HistoryFull when a change finds no room; the last entries are kept for escalation and resolution."""
    if entries >= MAX_HISTORY - (0 if closing else _KEPT_FOR_THE_END):
        raise HistoryFull(
            f"A complaint keeps {MAX_HISTORY} entries; resolve it, and open another if need be.",
            detail_zh=f"每个投诉最多保留 {MAX_HISTORY} 条记录，请先解决，必要时另行提交。",
        )


def check_reopening(resolved_at: datetime, now: datetime) -> None:
    """Raises ComplaintResolved where it was resolved too long ago to be opened again."""
    if now >= resolved_at + REOPENED_WITHIN:
        raise ComplaintResolved(
            f"This complaint was resolved more than {REOPENED_WITHIN.days} days ago; open another one instead.",
            detail_zh=f"该投诉已解决超过 {REOPENED_WITHIN.days} 天，请另行提交。",
        )


def check_replies(replies: int) -> None:
    """Raises HistoryFull where the member has written as often as a complaint keeps."""
    if replies >= MOST_REPLIES:
        raise HistoryFull(
            f"You have answered {MOST_REPLIES} times; the store has all of it and will get back to you.",
            detail_zh=f"您已回复 {MOST_REPLIES} 次，商家均已收到，请等待处理。",
        )
