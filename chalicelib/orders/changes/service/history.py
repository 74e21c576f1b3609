"""An order's history: how it came, each change of it, how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.records import OrderRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened to an order, at ``at``. ``by`` names a principal, or is ``member`` or ``system``."""

    type: str
    at: datetime
    by: str
    reason: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def history(order: OrderRecord) -> list[Entry]:
    """Everything that happened to an order, oldest first."""
    changes = OrderChangeRecord.every(order.pk, begins_with="change#", consistent=True)
    entries = [
        Entry(change.type, change.at, change.by, change.reason, change.before, change.after) for change in changes
    ]
    return sorted([*_milestones(order), *entries], key=lambda entry: entry.at)


def _milestones(order: OrderRecord) -> Iterator[Entry]:
    by = order.placed_by or f"member:{order.member_id}"
    yield Entry("placed", order.placed_at, "system" if order.origin else by)
    if order.cancelled_at is not None:
        yield Entry(order.status, order.cancelled_at, order.cancelled_by or "system")
    if order.forfeited_at is not None:
        yield Entry("forfeited", order.forfeited_at, "system")
    if order.picked_up_at is not None:
        how = "delivered" if order.without_code else "picked_up"
        yield Entry(how, order.picked_up_at, order.picked_up_by or "system")
