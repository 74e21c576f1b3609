"""Orders that were recorded before histories were kept are entered into them: purchases, and the first and last days of
their members. Their days are counted once more, for what is counted of days since. Nobody is told of a class by that.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from chalicelib.histories.model import Purchase
from chalicelib.histories.service import Bought, keep
from chalicelib.insight.activity.service import reading_on
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.activity.service.own_orders import record_orders
from chalicelib.insight.activity.service.purchases import imported_purchase
from chalicelib.insight.records import ActivityRecord, DirtyDay, EarlierOrders, RollupRecord
from chalicelib.members.linking.service.uniting import united
from chalicelib.members.service.members import OrderDays, note_activity

READ_ON = "orders.read_on"
_DAYS_AT_ONCE = 7
_ORDERS_AT_ONCE = 500


def begin(tenant_id: str, now: datetime) -> None:
    """Begins, once, for a tenant that has such orders."""
    address = EarlierOrders.address(tenant_id)
    if EarlierOrders.fetch(*address) is not None:
        return
    days = _days(tenant_id, date.min)
    state = EarlierOrders(*address, end_on=days[-1] if days else None)
    reading_on.begin(state, READ_ON, now, waits=bool(days))


def read_on(tenant_id: str, now: datetime) -> None:
    """Works on it for a while, then hands over to the next message. One that comes twice or late does no harm."""

    def step(state: EarlierOrders) -> bool | None:
        if state.end_on is None or state.through_on == state.end_on:
            return None
        since = state.through_on + timedelta(days=1) if state.through_on else date.min
        left = [on for on in _days(tenant_id, since) if on <= state.end_on]
        for on in left[:_DAYS_AT_ONCE]:
            _enter(tenant_id, on)
        mark_dirty(tenant_id, left[:_DAYS_AT_ONCE])
        state.through_on = left[_DAYS_AT_ONCE - 1] if len(left) > _DAYS_AT_ONCE else state.end_on
        return bool(state.through_on < state.end_on)

    address = EarlierOrders.address(tenant_id)
    reading_on.read_on(lambda: EarlierOrders.fetch(*address, consistent=True), step, READ_ON, now)


def _days(tenant_id: str, since: date) -> list[date]:
    """The days with orders, ascending: those that were rolled up, and those that wait for it."""
    rolled = [date.fromisoformat(str(each.sk)) for each in RollupRecord.in_days(tenant_id, since, date.max)]
    waiting = [each.on for each in DirtyDay.until(tenant_id, date.max) if each.on >= since]
    return sorted({*rolled, *waiting})


def _enter(tenant_id: str, on: date) -> None:
    orders: list[ActivityRecord] = []
    for each in ActivityRecord.of_day(tenant_id, on):
        orders.append(each)
        if len(orders) == _ORDERS_AT_ONCE:
            _enter_orders(tenant_id, orders)
            orders = []
    _enter_orders(tenant_id, orders)


def _enter_orders(tenant_id: str, orders: Sequence[ActivityRecord]) -> None:
    record_orders(tenant_id, [each.source for each in orders if each.is_own])
    imported = [each for each in orders if not each.is_own]
    if not imported:
        return
    keep(tenant_id, [Bought(int(each.ordinal), _purchase(each)) for each in imported])
    one_person = united(tenant_id)
    whose = {one_person.get(int(each.ordinal), int(each.ordinal)) for each in imported}
    note_activity(tenant_id, {ordinal: OrderDays(imported[0].on, imported[0].on) for ordinal in whose})


def _purchase(order: ActivityRecord) -> Purchase:
    category = (order.extra or {}).get("category", "")
    return imported_purchase(
        order.source, order.on, str(order.currency), int(order.amount_minor), int(order.quantity), category
    )
