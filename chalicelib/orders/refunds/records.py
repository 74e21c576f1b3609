"""Refunds as they are stored, with their keys."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.orders.model import RefundStatus


class RefundRecord(TenantRecord):
    """Money on its way back to a member, in minor units. ``cause`` is what it is for; a cause is refunded once.

    ``method`` is the way it goes: ``pickup`` in cash at the point, otherwise through the payment provider; ``lines``
    its parts by offer id or ``delivery``, where it is for lines; ``by`` names a principal, or is ``system``;
    ``settled_by`` names who paid it out in cash.
    """

    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    cause = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    lines = JsonAttribute(null=True)
    method = UnicodeAttribute()
    status = UnicodeAttribute(default=RefundStatus.REQUESTED.value)
    requested_at = InstantAttribute()
    by = UnicodeAttribute()
    settled_at = optional(InstantAttribute(null=True))
    settled_by = optional(UnicodeAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, order_id: str, refund_id: str) -> tuple[str, str]:
        """The key of a refund, in its order's partition."""
        return key(tenant_id, "order", order_id), f"refund#{refund_id}"

    @property
    def id(self) -> str:
        return str(self.sk).rpartition("#")[2]

    @property
    def order_id(self) -> str:
        return str(self.pk).rpartition("#")[2]
