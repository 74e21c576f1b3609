"""How a complaint is judged: category, urgency, importance, priority, due times and owner. All rules, all pure.

The tables are the policy. Hours are elapsed hours; a business calendar would only change :func:`due_times`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.complaints.errors import HistoryFull
from chalicelib.kernel.currencies import worth


class Category(StrEnum):
    """What a complaint is about, in the words of the team that answers it."""

    QUALITY = "quality"
    SHORTAGE = "shortage"
    PICKUP = "pickup"
    PAYMENT = "payment"
    SERVICE = "service"
    OTHER = "other"


CATEGORIES_ZH: Mapping[Category, str] = {
    Category.QUALITY: "质量", Category.SHORTAGE: "缺货", Category.PICKUP: "取货", Category.PAYMENT: "支付",
    Category.SERVICE: "服务", Category.OTHER: "其他",
}  # fmt: skip


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


_CAUSES: tuple[tuple[str, Category, Urgency, str, str], ...] = (
    ("unsafe", Category.QUALITY, Urgency.CRITICAL,
     r"food poisoning|poison\w*|allerg\w*|injur\w*|hospital|broken glass", "中毒|过敏|受伤|住院|玻璃渣|拉肚子"),
    ("spoiled", Category.QUALITY, Urgency.HIGH,
     r"spoil\w*|rotten|mou?ldy|expired", "变质|腐烂|烂了|发霉|过期|发臭|坏了"),
    ("missing_item", Category.SHORTAGE, Urgency.HIGH,
     r"missing|short of|not in the bag|incomplete", "少了|漏发|缺货|缺少|没收到|少发"),
    ("wrong_item", Category.SHORTAGE, Urgency.HIGH,
     r"wrong (item|product|size|colou?r)|not what i ordered", "发错|错发|拿错|不是我买的"),
    ("overcharged", Category.PAYMENT, Urgency.HIGH,
     r"overcharg\w*|charged twice|double charge\w*|wrong price|refund\w*", "多收|重复扣|扣款|退款|价格不对"),
    ("late", Category.PICKUP, Urgency.NORMAL,
     r"late|delay\w*|still waiting|not ready|was closed", "迟到|延迟|太慢|晚到|没开门|取不到|等了"),
    ("rude", Category.SERVICE, Urgency.NORMAL,
     r"rude\w*|impolite\w*|unfriendly|attitude|ignored", "态度|不耐烦|骂人|没人理|服务差"),
    ("damaged", Category.QUALITY, Urgency.NORMAL,
     r"damage\w*|broken?|crush\w*|leak\w*|torn|defect\w*", "破损|压坏|漏了|碎了|损坏|瑕疵"),
    ("poor_quality", Category.QUALITY, Urgency.NORMAL,
     r"quality|not fresh|tasteless|too small", "质量|不新鲜|难吃|不好吃|太小"),
)  # fmt: skip
"""Cause, its category and least urgency, and the words that reveal it. The first match wins: the gravest come first."""

# ASCII rules keep "late" out of "chocolate" and still see a word between Chinese characters, which need no boundary.
_WORDS = {cause: re.compile(rf"\b(?:{english})\b|{chinese}", re.ASCII) for cause, _, _, english, chinese in _CAUSES}

_PLAIN_URGENCY = {
    Category.QUALITY: Urgency.NORMAL,
    Category.SHORTAGE: Urgency.HIGH,
    Category.PICKUP: Urgency.NORMAL,
    Category.PAYMENT: Urgency.HIGH,
    Category.SERVICE: Urgency.NORMAL,
    Category.OTHER: Urgency.LOW,
}
"""What a category means when no word says more."""

_PRIORITY: Mapping[Urgency, tuple[Priority, Priority, Priority]] = {
    Urgency.CRITICAL: (Priority.P1, Priority.P1, Priority.P1),
    Urgency.HIGH: (Priority.P2, Priority.P2, Priority.P1),
    Urgency.NORMAL: (Priority.P3, Priority.P3, Priority.P2),
    Urgency.LOW: (Priority.P4, Priority.P4, Priority.P3),
}
"""By urgency; the columns are low, normal and high importance."""

_HOURS = {Priority.P1: (1, 8), Priority.P2: (4, 24), Priority.P3: (8, 72), Priority.P4: (24, 120)}
"""By priority: hours to the first response, and to the resolution."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a new complaint."""

    category: Category
    cause: str
    urgency: Urgency
    importance: Importance


def judge(
    text: str,
    *,
    category: Category | None = None,
    cause: str | None = None,
    order_total_minor: int = 0,
    currency: str = "",
    score: int | None = None,
) -> Judgement:
    """Classifies a complaint by its words (Chinese and English), its order's total and the survey score, 1–5.

    What the member stated is kept; the words fill in the rest and may raise urgency, never lower it.
    """
    named = _cause_of(cause or "") or _cause_of(text)
    found = named[1] if named else Category.OTHER
    decided = category or found
    urgency = _PLAIN_URGENCY[decided]
    if named:
        urgency = _graver(urgency, named[2]) if category else named[2]
    if score == 1:
        urgency = _graver(urgency, Urgency.HIGH)
    stated = cause or (named[0] if named else "unspecified")
    return Judgement(decided, stated, urgency, _importance(order_total_minor, currency, score))


def _cause_of(text: str) -> tuple[str, Category, Urgency] | None:
    lowered = text.casefold()
    for cause, category, urgency, _, _ in _CAUSES:
        if lowered == cause or _WORDS[cause].search(lowered):
            return cause, category, urgency
    return None


def _graver(one: Urgency, other: Urgency) -> Urgency:
    order = list(Urgency)
    return max(one, other, key=order.index)


def _importance(total_minor: int, currency: str, score: int | None) -> Importance:
    if score == 1:
        return Importance.HIGH
    normal, high = worth(currency)
    if total_minor >= high:
        return Importance.HIGH
    return Importance.NORMAL if total_minor >= normal or score is not None else Importance.LOW


_LEADER = frozenset({"leader", "团长"})


def names_leader(cause: str) -> bool:
    """Whether a complaint's cause is the leader of the order, in either language."""
    return cause.strip().casefold() in _LEADER


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


def needs_escalation(status: Status, escalated_at: datetime | None, due_at: datetime, now: datetime) -> bool:
    """Whether a resolution is overdue and nobody above has been told. Stays true only until the first escalation."""
    return status is not Status.RESOLVED and escalated_at is None and due_at <= now


def check_room(entries: int, *, closing: bool = False) -> None:
    """Raises HistoryFull when a change finds no room; the last entries are kept for escalation and resolution."""
    if entries >= MAX_HISTORY - (0 if closing else _KEPT_FOR_THE_END):
        raise HistoryFull(
            f"A complaint keeps {MAX_HISTORY} entries; resolve it, and open another if need be.",
            detail_zh=f"每个投诉最多保留 {MAX_HISTORY} 条记录，请先解决，必要时另行提交。",
        )
