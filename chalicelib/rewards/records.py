"""What an order has brought its member, as it is stored, with its key."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.loyalty.points.model.earning import Earned

REWARDED = "order.rewarded"
"""That what an order has brought its member was booked, or has become less."""


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
