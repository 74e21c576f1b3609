"""Effects as they are counted, and what of an order and of a member's points was counted, with their keys."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.db import DateAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.insight.effects.model.figures import NAMES, Figures, Subject

PARTS = 8
"""A counter is in parts, since each of a rush's batches of orders writes one: 500 a second at 5,000 orders."""

TOTAL = "total"


class OrderEffectRecord(TenantRecord):
    """What of an order was counted: on the local day of its placing ``on``, for each subject. What it was decided on
    and may change later is kept: the ``tier`` that its member had when it was first seen, and the unit costs of its
    SKUs then. Absent for an order that has no effect.
    """

    on = DateAttribute()
    tier = optional(UnicodeAttribute(null=True))
    costs = JsonAttribute(default=dict)
    stored_figures = JsonAttribute(attr_name="figures", default=dict)

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key, one for each order."""
        return key(tenant_id, "order-effect", order_id), "effect"

    @property
    def order_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def figures(self) -> dict[Subject, Figures]:
        return {Subject.read(name): Figures(**said) for name, said in self.stored_figures.items()}

    @figures.setter
    def figures(self, figures: Mapping[Subject, Figures]) -> None:
        self.stored_figures = {str(subject): each.said() for subject, each in figures.items()}


class CountedPointsRecord(TenantRecord):
    """What of a member's ledger was counted: the entries up to the number ``through``, and the points that they hold by
    the month in which these expire.
    """

    through = NumberAttribute(default=0)
    held = JsonAttribute(default=dict)

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key, one for each member."""
        return key(tenant_id, "counted-points", member_id), "points"


class EffectCounter(TenantRecord):
    """A part of a subject's figures, of one local day or of all time. Added to in place; ``changes`` is how often."""

    changes = NumberAttribute(default=0)
    orders = NumberAttribute(default=0)
    reversed = NumberAttribute(default=0)
    discount_minor = NumberAttribute(default=0)
    discount_back_minor = NumberAttribute(default=0)
    revenue_minor = NumberAttribute(default=0)
    costed_minor = NumberAttribute(default=0)
    cost_minor = NumberAttribute(default=0)
    times = NumberAttribute(default=0)
    points = NumberAttribute(default=0)
    points_back = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str, subject: Subject) -> str:
        """The partition with all counters of a subject."""
        return key(tenant_id, "effect", subject.kind.value, subject.id)

    @classmethod
    def address(cls, tenant_id: str, subject: Subject, when: str, part: int) -> tuple[str, str]:
        """The key of a part, of a day such as ``2026-11-30`` or of all time: TOTAL."""
        return cls.partition(tenant_id, subject), f"{when}#{part}"

    @classmethod
    def in_days(cls, tenant_id: str, subject: Subject, from_on: date, to_on: date) -> list[Self]:
        """The counters of the days from one to the other, both included."""
        between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
        return list(cls.every(cls.partition(tenant_id, subject), between=between))

    @property
    def on(self) -> date:
        """The local day of a day's counter."""
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @property
    def figures(self) -> Figures:
        return Figures(*(int(getattr(self, name)) for name in NAMES))

    @classmethod
    def adding(cls, figures: Figures) -> list[Action]:
        """The part of an update in place that adds figures."""
        return [cls.changes.add(1), *(getattr(cls, name).add(value) for name, value in figures.said().items())]


class OutstandingCounter(TenantRecord):
    """A part of the points that all members hold and that expire in one month; or that have no end, or are owed."""

    points = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all of them."""
        return key(tenant_id, "outstanding-points")

    @classmethod
    def address(cls, tenant_id: str, month: str, part: int) -> tuple[str, str]:
        """The key of a part of a month."""
        return cls.partition(tenant_id), f"{month}#{part}"

    @property
    def month(self) -> str:
        return str(self.sk).partition("#")[0]


def part_of(seed: str) -> int:
    """The part of counters that a batch writes."""
    return zlib.crc32(seed.encode()) % PARTS


def total_addresses(tenant_id: str, subjects: Iterable[Subject]) -> Sequence[tuple[type[EffectCounter], str, str]]:
    """Where the figures of all time are, part by part, subject by subject."""
    return [
        (EffectCounter, *EffectCounter.address(tenant_id, subject, TOTAL, part))
        for subject in subjects
        for part in range(PARTS)
    ]
