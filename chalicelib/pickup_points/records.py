"""Pickup points as they are stored, with their keys."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.pickup_points.model import PickupPlace


class PickupPointRecord(TenantRecord):
    """Where members collect their orders; ``leader_id`` is the member who runs it, if there is one yet, and earns
    ``commission_bps`` basis points of what is sold there. ``leaders`` has who led it from when on, oldest first.
    """

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    address_text = UnicodeAttribute(attr_name="address")
    leader_id = UnicodeAttribute(null=True)
    opening_hours = UnicodeAttribute(null=True)
    commission_bps = optional(NumberAttribute(null=True))
    leaders = JsonAttribute(null=True)
    created_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, pickup_point_id: str) -> tuple[str, str]:
        """The key of a pickup point."""
        return key(tenant_id, "pickup-point", pickup_point_id), "pickup-point"

    def arrange(self) -> None:
        self.gsi1pk, self.gsi1sk = pickup_point_list(self.tenant_id), self.id

    def lead_by(self, leader_id: str | None, now: datetime) -> None:
        """Hands the pickup point to a leader, or to nobody. What was sold under an earlier one stays theirs."""
        since = [] if now == self.created_at else [[sortable(self.created_at), self.leader_id]]
        self.leaders = [*(self.leaders or since), [sortable(now), leader_id]]
        self.leader_id = leader_id

    def leader_at(self, at: datetime) -> str | None:
        """Who led it at an instant."""
        led = [leader for since, leader in self.leaders or [] if since <= sortable(at)]
        return led[-1] if led else self.leaders[0][1] if self.leaders else self.leader_id

    @property
    def place(self) -> PickupPlace:
        """As a campaign keeps it."""
        return PickupPlace(
            self.id, self.name, self.address_text, self.opening_hours, self.leader_id, int(self.commission_bps or 0)
        )


def pickup_point_list(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's pickup points, by creation."""
    return key(tenant_id, "pickup-points")
