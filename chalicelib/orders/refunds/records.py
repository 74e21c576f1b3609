"""Refunds as they are stored, with their keys."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.orders.model import PAY_AT_PICKUP, RefundStatus
from chalicelib.pricing.model.tax import Tax, read_tax

PROVIDER = "provider"
"""By whom a refund was made that nobody here asked for: at the payment provider, by the brand or a payer's bank."""


class RefundRecord(TenantRecord):
    """Money on its way back to a member, in minor units. ``cause`` is what it is for; a cause is refunded once.

    ``method`` is the way it goes: ``pickup`` in cash at the point, otherwise through the payment provider; ``lines``
    its parts by offer id or ``delivery``, where it is for lines; ``stored_tax`` the tax that it reverses, by rate;
    ``by`` names a principal, or is ``system`` or ``provider``; ``settled_by`` names who paid it out in cash;
    ``declined_at`` when the provider last would not make it; ``pickup_point_id`` is where, and ``member_id`` whom it is
    for.
    """

    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    cause = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    lines = JsonAttribute(null=True)
    stored_tax = optional(JsonAttribute(attr_name="tax", null=True))
    method = UnicodeAttribute()
    status = UnicodeAttribute(default=RefundStatus.REQUESTED.value)
    requested_at = InstantAttribute()
    by = UnicodeAttribute()
    settled_at = optional(InstantAttribute(null=True))
    declined_at = optional(InstantAttribute(attr_name="declined", null=True))
    settled_by = optional(UnicodeAttribute(null=True))
    pickup_point_id = optional(UnicodeAttribute(attr_name="point", null=True))
    member_id = optional(UnicodeAttribute(attr_name="member", null=True))

    @staticmethod
    def address(tenant_id: str, order_id: str, refund_id: str) -> tuple[str, str]:
        """The key of a refund, in its order's partition."""
        return key(tenant_id, "order", order_id), f"refund#{refund_id}"

    @property
    def id(self) -> str:
        return str(self.sk).rpartition("#")[2]

    @property
    def tax(self) -> Tax:
        """The tax that it reverses, by rate."""
        return read_tax(self.stored_tax)

    @property
    def order_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    def arrange(self) -> None:
        """Lists it, by the time since when, while it is to be paid out in cash: among all, and its pickup point's."""
        self.gsi1pk = self.gsi1sk = self.gsi2pk = self.gsi2sk = None
        point: str | None = self.pickup_point_id
        if self.method == PAY_AT_PICKUP and self.status == RefundStatus.REQUESTED and point is not None:
            self.gsi1pk, self.gsi2pk = unpaid_in_cash(self.tenant_id), unpaid_at_point(self.tenant_id, point)
            self.gsi1sk = self.gsi2sk = f"{sortable(self.requested_at)}#{self.id}"


def unpaid_in_cash(tenant_id: str) -> str:
    """The gsi1 partition with the refunds that are to be paid out in cash, by the time since when."""
    return key(tenant_id, "cash-refunds")


def unpaid_at_point(tenant_id: str, pickup_point_id: str) -> str:
    """The gsi2 partition with those of a pickup point, by the time since when."""
    return key(tenant_id, "cash-refunds-of-point", pickup_point_id)
