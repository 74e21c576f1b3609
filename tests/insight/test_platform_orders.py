"""The platform's own orders count in the reports of the day they were placed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.insight.activity.service import own_orders
from chalicelib.insight.records import ActivityRecord
from chalicelib.orders.exchanges.service import place_exchange
from chalicelib.orders.model import Status
from chalicelib.orders.refunds import service as refunds
from tests.builders import made
from tests.insight.figures import Figures
from tests.orders.states import write

EVENING = datetime(2028, 6, 14, 16, 30, tzinfo=UTC)  # 15 June, 00:30 in Shanghai


@pytest.fixture
def open_figures(new_figures: Callable[..., Figures], clock: Any) -> Figures:
    """A brand in Shanghai, half an hour after its midnight."""
    clock.set(EVENING)
    return new_figures(timezone="Asia/Shanghai", currency="CNY")


def activity(figures: Figures, on: str = "2028-06-15") -> list[ActivityRecord]:
    with tenant_scope(figures.shop.tenant_id):
        return list(ActivityRecord.of_day(figures.shop.tenant_id, datetime.fromisoformat(on).date()))


def test_an_order_counts_at_its_local_hour_and_day_after_the_night(
    open_figures: Figures, clock: Any, drain: Callable[[], None], sweep: Callable[[], None]
) -> None:
    order = made(open_figures.shop.order(quantity=2))
    drain()
    [kept] = activity(open_figures)
    assert kept.stored_skus == [line["sku_id"] for line in order["lines"]]
    clock.set(EVENING + timedelta(days=1))
    sweep()

    report = open_figures.report("summary", by="hour", from_on="2028-06-15", to_on="2028-06-15")
    assert report["complete"] is True
    assert (report["totals"]["orders"], report["totals"]["quantity"], report["totals"]["new_members"]) == (1, 2, 1)
    assert report["totals"]["gmv"] == open_figures.shop.money(1800)
    assert [row["group"] for row in report["rows"] if row["orders"]] == ["0"]


def test_a_cancelled_order_counts_no_more_even_after_its_day_was_rolled(
    open_figures: Figures, clock: Any, drain: Callable[[], None], sweep: Callable[[], None]
) -> None:
    order = made(open_figures.shop.order())
    drain()
    clock.set(EVENING + timedelta(days=1))
    sweep()
    made(
        open_figures.shop.caller.call(
            "POST", f"{open_figures.shop.path}/orders/{order['id']}/cancel", token=open_figures.shop.shopper.token
        ),
        200,
    )
    clock.set(EVENING + timedelta(days=2))
    sweep()

    totals = open_figures.report("summary", from_on="2028-06-15", to_on="2028-06-15")["totals"]
    assert (totals["orders"], totals["active_members"], totals["gmv"]["amount_minor"]) == (0, 0, 0)


def test_money_that_was_kept_and_goes_back_after_all_undoes_the_sale(
    open_figures: Figures, drain: Callable[[], None]
) -> None:
    order, tenant_id = made(open_figures.shop.order()), open_figures.shop.tenant_id
    drain()
    with tenant_scope(tenant_id):
        (forfeited,) = own_orders.get_orders(tenant_id, [order["id"]])
        forfeited.paid_minor, forfeited.forfeited_at = 900, EVENING
        forfeited.move_to(Status.CANCELLED, EVENING)
        write(forfeited)
    drain()
    assert [(int(each.quantity), int(each.amount_minor)) for each in activity(open_figures)] == [(0, 900)]
    with tenant_scope(tenant_id):
        (forfeited,) = own_orders.get_orders(tenant_id, [order["id"]])
        tx = Transaction()
        refunds.request(tx, forfeited, 900, cause="c", reason=None, by="staff:1", now=EVENING, stands=True)
        tx.replace("order", forfeited)
        tx.commit()
    drain()
    assert [each.voided for each in activity(open_figures)] == [1]


def test_what_is_changed_in_an_order_counts_as_it_then_stands(open_figures: Figures, drain: Callable[[], None]) -> None:
    shop = open_figures.shop
    order = made(shop.order())
    drain()
    assert [(int(each.quantity), int(each.amount_minor)) for each in activity(open_figures)] == [(1, 900)]
    changed = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 3}]}
    path = f"{shop.path}/orders/{order['id']}"
    made(
        shop.caller.call("PATCH", path, json=changed, token=shop.shopper.token, headers={"Idempotency-Key": "edit-1"}),
        200,
    )
    drain()
    assert [(int(each.quantity), int(each.amount_minor)) for each in activity(open_figures)] == [(3, 2_700)]


def test_an_exchange_is_no_sale(open_figures: Figures, drain: Callable[[], None]) -> None:
    order = made(open_figures.shop.order())
    drain()
    tenant_id = open_figures.shop.tenant_id
    with tenant_scope(tenant_id):
        (original,) = own_orders.get_orders(tenant_id, [order["id"]])
        units = {line.offer_id: line.quantity for line in original.lines}
        placed = place_exchange(tenant_id, original, units, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "staff:1", EVENING)
        own_orders.record_orders(tenant_id, [placed.id])
    assert [int(each.amount_minor) for each in activity(open_figures)] == [900]


def test_events_that_come_twice_or_in_disorder_leave_the_order_as_it_is(
    open_figures: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = made(open_figures.shop.order())
    tenant_id = open_figures.shop.tenant_id
    with tenant_scope(tenant_id):
        (placed,) = own_orders.get_orders(tenant_id, [order["id"]])
    path = f"{open_figures.shop.path}/orders/{order['id']}/cancel"
    made(open_figures.shop.caller.call("POST", path, token=open_figures.shop.shopper.token), 200)
    drain()

    read, earlier = own_orders.get_orders, [[placed]]  # a worker that read before the cancel, and wrote after it

    with tenant_scope(tenant_id):
        own_orders.record_orders(tenant_id, [order["id"], order["id"]])
        monkeypatch.setattr(own_orders, "get_orders", lambda *given: earlier.pop() if earlier else read(*given))
        own_orders.record_orders(tenant_id, [order["id"]])

    assert (earlier, [each.voided for each in activity(open_figures)]) == ([], [1])


def test_a_worker_that_writes_an_older_state_and_dies_is_made_good_by_its_redelivery(
    open_figures: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = made(open_figures.shop.order())
    tenant_id, keep = open_figures.shop.tenant_id, own_orders.keep
    path = f"{open_figures.shop.path}/orders/{order['id']}/cancel"

    def cancelled_meanwhile(*given: Any) -> None:
        monkeypatch.undo()
        made(open_figures.shop.caller.call("POST", path, token=open_figures.shop.shopper.token), 200)
        own_orders.record_orders(tenant_id, [order["id"]])  # another worker has it first
        keep(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(own_orders, "keep", cancelled_meanwhile)
    with tenant_scope(tenant_id), pytest.raises(KeyboardInterrupt):
        own_orders.record_orders(tenant_id, [order["id"]])
    assert [each.voided for each in activity(open_figures)] == [None]
    drain()
    assert [each.voided for each in activity(open_figures)] == [1]


def test_an_imported_file_neither_touches_the_platforms_own_orders_nor_counts_them_again(
    open_figures: Figures, drain: Callable[[], None]
) -> None:
    order = made(open_figures.shop.order())
    drain()

    job = open_figures.import_orders([(order["id"], "ann", "2028-06-15", 1, 1, "CNY")])

    assert (job["imported"], job["duplicates"]) == (0, 1)
    assert [int(each.amount_minor) for each in activity(open_figures)] == [900]


@pytest.mark.parametrize("count", [1, 10])
def test_recording_orders_costs_five_reads_and_two_requests_of_writes(
    open_figures: Figures, drain: Callable[[], None], count: int
) -> None:
    """Of a member who was active that day already; the first order of the day notes that, too."""
    made(open_figures.shop.order())
    drain()
    orders = [made(open_figures.shop.order())["id"] for _ in range(count)]
    tenant_id = open_figures.shop.tenant_id

    with tenant_scope(tenant_id), metered() as meter:
        own_orders.record_orders(tenant_id, orders)

    # The orders, their members, the SKUs, the products; and the orders again. Of each an activity and a purchase.
    assert (meter.reads, meter.writes) == (5, 2)
    # Their day is marked twice: for the next rollup, and for whoever keeps what it came to.
    assert meter.write_units == 2 * count + 2
