"""The platform's own orders become activity of the tenant's local day."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.db import Refused, Transaction
from chalicelib.insight.activity.service.intake import mark_dirty
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel.clock import zone
from chalicelib.members.service.members import get_member, note_activity
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import get_order
from chalicelib.tenants.service.brand import get_tenant

NOT_COUNTED = frozenset({Status.HELD, Status.CANCELLED, Status.EXPIRED})
"""Orders in these states were no sale; all others count on the day they were placed."""


def record_order(tenant_id: str, order_id: str) -> None:
    """Takes an order over as it stands now, whichever event told of it.

    An older state never replaces a newer one, so duplicates and disorder of events are harmless. The day is marked
    for the next rollup afterwards, every time: a crash in between is made good by the redelivery.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    if order.origin is not None:
        return  # it replaces what was sent back, and is no sale of its own
    member = get_member(tenant_id, order.member_id)
    placed = order.placed_at.astimezone(zone(get_tenant(tenant_id).timezone))
    place = ActivityRecord.of_order(tenant_id, placed.date(), order_id)
    newer = ActivityRecord.rev.does_not_exist() | (ActivityRecord.rev < order.rev)
    tx = Transaction()
    tx.update(
        "order", ActivityRecord, *place, actions=_content(order, int(member.ordinal), placed.hour), condition=newer
    )
    with suppress(Refused):  # this state, or a newer one, is there already
        tx.commit()
    mark_dirty(tenant_id, [placed.date()])
    if order.status not in NOT_COUNTED and member.last_active_on != placed.date():
        note_activity(tenant_id, {int(member.ordinal): placed.date()})


def _content(order: OrderRecord, ordinal: int, hour: int) -> Sequence[Action]:
    voided: Any = ActivityRecord.voided
    return [
        ActivityRecord.ordinal.set(ordinal),
        ActivityRecord.amount_minor.set(order.total_minor),
        ActivityRecord.currency.set(order.currency),
        ActivityRecord.quantity.set(order.quantity),
        ActivityRecord.hour.set(hour),
        ActivityRecord.at.set(order.placed_at),
        ActivityRecord.rev.set(int(order.rev)),
        ActivityRecord.extra.set({"campaign": order.campaign_id, "pickup_point": order.pickup_point_id}),
        voided.set(1) if order.status in NOT_COUNTED else voided.remove(),
    ]
