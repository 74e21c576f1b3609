"""Entries of a timeline, their order, and a place in it. Pure."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Self

from chalicelib.insight.model.charts import Words
from chalicelib.kernel.clock import sortable


class Kind(StrEnum):
    """What an entry is of."""

    AFTER_SALE = "after_sale"
    COMPLAINT = "complaint"
    ENQUIRY = "enquiry"
    JOINED = "joined"
    LEFT = "left"
    MESSAGE = "message"
    ORDER = "order"
    POINTS = "points"
    PURCHASE = "purchase"
    RETURNED = "returned"
    REVIEW = "review"
    SUGGESTION = "suggestion"
    SURVEY = "survey"
    VISIT = "visit"


WORDS: Mapping[Kind, Words] = {
    Kind.AFTER_SALE: Words("After-sale request", "售后申请"),
    Kind.COMPLAINT: Words("Complaint", "投诉"),
    Kind.ENQUIRY: Words("Enquiry", "咨询"),
    Kind.JOINED: Words("Joined", "加入"),
    Kind.LEFT: Words("Left", "退出"),
    Kind.MESSAGE: Words("Message", "消息"),
    Kind.ORDER: Words("Order", "订单"),
    Kind.POINTS: Words("Points", "积分"),
    Kind.PURCHASE: Words("Imported order", "导入的订单"),
    Kind.RETURNED: Words("Came back", "回归"),
    Kind.REVIEW: Words("Review", "评价"),
    Kind.SUGGESTION: Words("Suggestion", "建议"),
    Kind.SURVEY: Words("Survey answered", "填写问卷"),
    Kind.VISIT: Words("In the shop", "浏览店铺"),
}

_CASES = frozenset({Kind.AFTER_SALE, Kind.COMPLAINT, Kind.ENQUIRY, Kind.SUGGESTION, Kind.SURVEY, Kind.MESSAGE})

ROLES: Mapping[Kind, frozenset[str]] = {
    **dict.fromkeys(Kind, frozenset({"manager", "editor", "planner", "service", "analyst"})),
    **dict.fromkeys(_CASES, frozenset({"manager", "service"})),
    Kind.ORDER: frozenset({"manager", "planner", "service", "analyst"}),
    Kind.PURCHASE: frozenset({"manager", "planner", "service", "analyst"}),
    Kind.VISIT: frozenset({"manager", "service", "analyst"}),
}
"""Who of the team sees entries of a kind: who may read them where they come from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``on`` is its local day where no instant is known: then ``at`` is the beginning of that day. ``count``
    is how many events a visit has, or points an entry of these gives; ``number`` is the place of the latter in their
    ledger.
    """

    kind: Kind
    id: str
    at: datetime
    on: date | None = None
    status: str | None = None
    text: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    count: int | None = None
    about: tuple[str, str] | None = None
    number: int | None = None

    @property
    def place(self) -> "Place":
        return Place(sortable(self.at), self.kind, self.id)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place among entries, which does not move as others come or go: latest first, at one instant by kind and id."""

    at: str
    kind: str
    id: str

    def bound(self, kind: Kind, prefix: str = "") -> str:
        """The greatest sort key, of instant and id, that entries of a kind may have after this place; the key of the
        place itself for its own kind.
        """
        if kind < self.kind:
            return f"{prefix}{self.at}#~"
        return f"{prefix}{self.at}#{self.id}" if kind == self.kind else f"{prefix}{self.at}"

    def as_json(self) -> dict[str, Any]:
        """As a cursor has it."""
        return {"at": self.at, "kind": self.kind, "id": self.id}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Reads what ``as_json`` wrote."""
        return cls(str(stored["at"]), str(stored["kind"]), str(stored["id"]))


def latest(sources: Iterable[Iterable[Entry]], after: Place | None, number: int) -> list[Entry]:
    """Of the entries of several sources, each latest first, so many after a place, latest first. One that two sources
    have comes once.
    """
    waiting = heapq.merge(*sources, key=lambda each: each.place, reverse=True)
    found: dict[Place, Entry] = {}
    for each in waiting:
        if after is None or each.place < after:
            found.setdefault(each.place, each)
        if len(found) == number:
            break
    return list(islice(found.values(), number))
