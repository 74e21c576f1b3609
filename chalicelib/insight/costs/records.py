"""Booked costs as they are stored, with their keys."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.insight.costs.model import MOST_DAYS, Cost, CostKind

_AT_ONCE = 1_000


class CostRecord(TenantRecord):
    """A cost of local days, both included. ``gsi1`` lists a tenant's by the first of them."""

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    title = UnicodeAttribute()
    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    from_on = DateAttribute()
    to_on = DateAttribute()
    campaign_id = optional(UnicodeAttribute(null=True))
    product_id = optional(UnicodeAttribute(null=True))
    pickup_point_id = optional(UnicodeAttribute(null=True))
    channel_id = optional(UnicodeAttribute(null=True))
    body_hash = UnicodeAttribute()
    created_at = InstantAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, cost_id: str) -> tuple[str, str]:
        """The key of a cost."""
        return key(tenant_id, "cost", cost_id), "cost"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all costs, by their first day."""
        return key(tenant_id, "costs")

    def arrange(self) -> None:
        """Lists it by its first day."""
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{self.from_on.isoformat()}#{self.id}"

    @property
    def cost(self) -> Cost:
        """As rules see it."""
        return Cost(
            CostKind(self.kind), self.title, int(self.amount_minor), self.from_on, self.to_on, self.campaign_id,
            self.product_id, self.pickup_point_id, self.channel_id,
        )  # fmt: skip

    @cost.setter
    def cost(self, cost: Cost) -> None:
        self.kind, self.title, self.amount_minor = cost.kind.value, cost.title, cost.amount_minor
        self.from_on, self.to_on = cost.from_on, cost.to_on
        self.campaign_id, self.product_id = cost.campaign_id, cost.product_id
        self.pickup_point_id, self.channel_id = cost.pickup_point_id, cost.channel_id

    @staticmethod
    def beginning(from_on: date | None, to_on: date | None) -> tuple[str, str]:
        """The range of sort keys of costs that may touch some days: none is longer than a year."""
        first = "0000" if from_on is None else (from_on - timedelta(days=MOST_DAYS - 1)).isoformat()
        return first, "9999" if to_on is None else f"{to_on.isoformat()}#~"

    @classmethod
    def touching(cls, tenant_id: str, from_on: date | None, to_on: date | None) -> Iterator[Self]:
        """Every cost of which a day is among these, both included, by its first day."""
        where = None if from_on is None else cls.to_on >= from_on
        between = cls.beginning(from_on, to_on)
        return cls.every(cls.of_tenant(tenant_id), index="gsi1", between=between, where=where, limit=_AT_ONCE)


class CostBook(TenantRecord):
    """How often a brand's costs were changed: that rises with every change of them, and with nothing else."""

    changes = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "cost-book"), "book"
