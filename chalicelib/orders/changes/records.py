"""What was changed in an order after it was placed: when, by whom, why, from what to what; with its keys."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord

_AMOUNTS = ("discount_minor", "delivery_minor", "paid_minor", "refunded_minor")
_PLACE = ("pickup_point_id", "delivery_to")
_CHANGING = (
    "status", "stored_lines", "stored_discounts", *_AMOUNTS, "deposit_minor", "cash_minor", "returned_minor",
    "refunded_lines", "picked", "pending", *_PLACE,
)  # fmt: skip
_LATER = ("cancelled_at", "cancelled_by", "forfeited_at", "picked_up_at", "picked_up_by")


class OrderChangeRecord(TenantRecord):
    """A change of an order, written with it. ``before`` and ``after`` are the order's changing parts as stored.

    Its id comes from what the change is for, so the same request, or the same message, changes an order once;
    ``body_hash`` tells two requests under one Idempotency-Key apart. ``by`` names a principal, or is ``system``. Of one
    that is ``told_later`` the member hears together with what follows it.
    """

    type = UnicodeAttribute()
    at = InstantAttribute()
    by = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    body_hash = UnicodeAttribute(null=True)
    told_later = optional(BooleanAttribute(null=True))
    before = JsonAttribute()
    after = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, order_id: str, change_id: str) -> tuple[str, str]:
        """The key of a change, in its order's partition."""
        return key(tenant_id, "order", order_id), f"change#{change_id}"

    @property
    def id(self) -> str:
        return str(self.sk).rpartition("#")[2]


def change_id(order: OrderRecord, cause: str) -> str:
    """The id of what is changed in an order for a cause."""
    return _change_id(order.tenant_id, order.id, cause)


def change_address(tenant_id: str, order_id: str, cause: str) -> tuple[str, str]:
    """The key of what is changed in an order for a cause."""
    return OrderChangeRecord.address(tenant_id, order_id, _change_id(tenant_id, order_id, cause))


def _change_id(tenant_id: str, order_id: str, cause: str) -> str:
    return derived_id(tenant_id, "change", order_id, cause)


def snapshot(order: OrderRecord) -> dict[str, Any]:
    """The parts of an order that changes touch; what is empty is left out."""
    return {name: value for name in _CHANGING if (value := getattr(order, name))}


def as_of(order: OrderRecord, change: OrderChangeRecord) -> OrderRecord:
    """The order as a change left it, to be shown again; never to be written."""
    shown = OrderRecord.from_raw_data(order.serialize())
    changing = _CHANGING if "pickup_point_id" in change.after else set(_CHANGING) - set(_PLACE)
    for name in changing:
        setattr(shown, name, change.after.get(name, 0 if name in _AMOUNTS else None))
    for name in _LATER:
        setattr(shown, name, None)
    if shown.status == Status.PICKED_UP:
        shown.picked_up_at, shown.picked_up_by = change.at, change.by
    elif shown.status in (Status.CANCELLED, Status.REFUNDED):
        shown.cancelled_at, shown.cancelled_by = change.at, change.by
    return shown
