"""What an order has brought its member, as it is stored, with its key."""

from datetime import date
from zlib import crc32

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.loyalty.points.model.earning import Earned

REWARDED = "order.rewarded"
"""That what an order has brought its member was booked, or has become less."""


class HandedOverRecord(TenantRecord):
    """How many orders were handed over on a local day: a part of the count. Added to in the write that books what an
    order has brought, which is once.
    """

    PARTS = 8

    orders = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all days."""
        return key(tenant_id, "handed-over")

    @classmethod
    def address(cls, tenant_id: str, on: date, order_id: str) -> tuple[str, str]:
        """The key of the part in which an order counts."""
        return cls.partition(tenant_id), f"{on.isoformat()}#{crc32(order_id.encode()) % cls.PARTS}"

    @classmethod
    def counted(cls, tenant_id: str, from_on: date, to_on: date) -> int:
        """Orders handed over on local days, both included."""
        between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
        return sum(int(each.orders) for each in cls.every(cls.partition(tenant_id), between=between, consistent=True))


class OrderRewardRecord(TenantRecord):
    """What an order has earned, at the terms of its handover on the local day ``on``: ``counted_minor`` of its money
    counts now, ``points`` of what it earned are left, to be used until ``expires_on``. ``participation`` are the points
    for taking part in its campaign that came with it, with their last day.
    """

    member_id = UnicodeAttribute()
    campaign_id = UnicodeAttribute()
    on = DateAttribute()
    counted_minor = NumberAttribute()
    points = NumberAttribute()
    expires_on = optional(DateAttribute(null=True))
    stored_earned = JsonAttribute(attr_name="earned")
    participation = NumberAttribute(default=0)
    participation_expires_on = optional(DateAttribute(null=True))
    booked_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key, one for each order."""
        return key(tenant_id, "order-reward", order_id), "reward"

    @property
    def order_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def earned(self) -> Earned:
        return Earned.from_json(self.stored_earned)

    @earned.setter
    def earned(self, earned: Earned) -> None:
        self.stored_earned = earned.as_json()
