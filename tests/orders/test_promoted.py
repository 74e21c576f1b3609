"""Orders that promotions lower the price of: placed, changed, ended; and what budgets pay."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.changes.service import editing, waiting
from chalicelib.orders.changes.service.editing import Edit
from chalicelib.orders.ending.service import cancelling, hold
from chalicelib.orders.errors import PriceChanged
from chalicelib.orders.model import HOLD
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import OrderView
from chalicelib.orders.views.quotes import QuoteView
from chalicelib.promotions.model.terms import Kind
from tests.orders.promoting import left, percent, promote, reduction, used, yuan
from tests.orders.store import Store


def cancel(store: Store, order: OrderRecord) -> OrderRecord:
    return cancelling.cancel(store.tenant_id, order.member_id, order.id, clock.now())


def change(store: Store, order: OrderRecord, *quantities: int, key: str = "edit") -> OrderRecord:
    """The member asks for so many of each line."""
    lines = tuple(zip((line.offer_id for line in order.lines), quantities, strict=False))
    return editing.edit(store.tenant_id, order.member_id, order.id, Edit(lines, key, key), clock.now())


def lessen(store: Store, order: OrderRecord, *quantities: int) -> OrderRecord:
    """So many of each line are left after a shortage."""
    wanted = {line.offer_id: units for line, units in zip(order.lines, quantities, strict=False)}
    return adjust(
        store.tenant_id,
        order.id,
        wanted,
        cause=f"receipt:{len(order.lines)}",
        reason="short",
        by="system",
        now=clock.now(),
    )


def test_a_quote_and_its_order_say_what_each_line_is_lowered_by_and_why(store: Store) -> None:
    campaign = store.publish(50, 50)
    harvest = reduction(store, 5_000, 1_000)
    quoted = QuoteView.of(quote_for(store.tenant_id, store.member(), store.wish(campaign, 3, 1), clock.now()))
    shown = OrderView.of(store.place(campaign, 3, 1, expected_total_minor=4_000))

    assert quoted.discounts == shown.discounts
    [discount] = shown.discounts
    assert (discount.kind, discount.promotion_id, discount.coupon_id) == ("full_reduction", harvest.id, None)
    assert discount.reason == "Harvest: CN¥10.00 off from CN¥50.00"
    assert discount.reason_zh == "Harvest：满 ¥50.00 减 ¥10.00"
    assert [each.amount.amount_minor for each in discount.lines] == [750, 250]
    assert (shown.totals.discount.amount_minor, shown.totals.total.amount_minor) == (1_000, 4_000)


def test_without_promotions_an_order_reads_once_and_writes_two_items(store: Store) -> None:
    campaign = store.publish(50)
    percent(store, 1_000)
    store.member(0)
    with metered() as meter:
        store.place(campaign, 3)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert meter.write_units == 4, "what nothing limits writes nothing"


def test_a_budget_and_a_limit_of_each_member_are_one_item_each_in_the_same_transaction(store: Store) -> None:
    campaign = store.publish(50)
    harvest = percent(store, 1_000, budget=100_000, per_member=2)
    store.member(0)
    with metered() as meter:
        store.place(campaign, 4)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert meter.write_units == 8
    assert (left(store, harvest), used(store, harvest)) == (99_500, 1)


def test_a_budget_pays_whole_or_not_at_all_and_a_cancelled_order_opens_it_again(store: Store) -> None:
    """100.00 at 30.00 each: three orders, the fourth is priced without."""
    campaign = store.publish(50)
    harvest = reduction(store, 5_000, 3_000, budget=10_000)
    orders = [store.place(campaign, 4, key=f"key-{n}") for n in range(4)]
    assert [order.totals.total for order in orders] == [2_000, 2_000, 2_000, 5_000]
    assert left(store, harvest) == 1_000
    assert quote_for(store.tenant_id, store.member(), store.wish(campaign, 4), clock.now()).quote.totals.total == 5_000

    cancel(store, orders[1])
    cancel(store, orders[1])
    assert left(store, harvest) == 4_000
    assert store.place(campaign, 4, key="key-5").totals.total == 2_000
    store.check_stock(campaign)


def test_who_agreed_to_the_lowered_price_is_told_that_it_is_gone(store: Store) -> None:
    campaign = store.publish(50)
    reduction(store, 5_000, 3_000, budget=3_000)
    store.place(campaign, 4)
    with pytest.raises(PriceChanged):
        store.place(campaign, 4, key="key-2", expected_total_minor=2_000)


def test_a_limit_of_each_member_is_a_members_and_comes_back_with_the_order(store: Store) -> None:
    campaign = store.publish(50)
    harvest = percent(store, 2_000, per_member=1)
    first, second = (store.place(campaign, 4, key=f"key-{n}") for n in range(2))
    other = store.place(campaign, 4, member=1, key="key-3")
    assert [order.totals.total for order in (first, second, other)] == [4_000, 5_000, 4_000]
    quoted = quote_for(store.tenant_id, store.member(), store.wish(campaign, 4), clock.now())
    assert quoted.quote.totals.total == 5_000

    cancel(store, first)
    assert used(store, harvest) == 0
    assert store.place(campaign, 4, key="key-4").totals.total == 4_000


def test_the_same_key_takes_a_budget_once(store: Store) -> None:
    campaign = store.publish(50)
    harvest = percent(store, 1_000, budget=100_000)
    first = store.place(campaign, 4)
    assert OrderView.as_placed(store.place(campaign, 4)) == OrderView.as_placed(first)
    assert left(store, harvest) == 99_500


def test_a_hold_that_ends_gives_back_what_it_took_and_a_late_payment_takes_it_again(store: Store) -> None:
    campaign = store.publish(50)
    harvest = percent(store, 1_000, budget=500, per_member=1)
    order = store.hold(campaign, 4)
    assert (left(store, harvest), used(store, harvest)) == (0, 1)
    hold.expire(store.tenant_id, order.id, clock.now() + HOLD)
    assert (left(store, harvest), used(store, harvest)) == (500, 0)

    assert store.pay(order, 4_500)
    assert (left(store, harvest), used(store, harvest)) == (0, 1)
    assert (store.order(order).status, store.order(order).totals.due) == ("placed", 0)


def test_a_late_payment_goes_back_where_others_have_the_budget_by_then(store: Store) -> None:
    campaign = store.publish(50)
    harvest = percent(store, 1_000, budget=500)
    order = store.hold(campaign, 4)
    hold.expire(store.tenant_id, order.id, clock.now() + HOLD)
    store.place(campaign, 4, key="key-2", member=1)
    assert not store.pay(order, 4_500)
    assert left(store, harvest) == 0


def test_an_edit_is_priced_anew_and_takes_and_gives_back_the_difference(store: Store) -> None:
    campaign = store.publish(50)
    harvest = percent(store, 1_000, budget=100_000, per_member=1)
    order = store.place(campaign, 4)
    more = change(store, order, 6, key="more")
    assert (more.totals.discount, left(store, harvest), used(store, harvest)) == (750, 99_250, 1)
    fewer = change(store, more, 2, key="fewer")
    assert (fewer.totals.discount, left(store, harvest), used(store, harvest)) == (250, 99_750, 1)
    cancel(store, fewer)
    assert (left(store, harvest), used(store, harvest)) == (100_000, 0)


def test_an_edit_that_falls_below_the_amount_gives_its_use_back(store: Store) -> None:
    campaign = store.publish(50)
    harvest = reduction(store, 5_000, 1_000, budget=100_000, per_member=1)
    order = store.place(campaign, 4)
    below = change(store, order, 3)
    assert (below.totals.total, below.discounts, below.stored_held) == (3_750, (), None)
    assert (left(store, harvest), used(store, harvest)) == (100_000, 0)


def test_a_dearer_basket_that_waits_holds_what_it_needs_and_gives_it_back_when_it_is_dropped(store: Store) -> None:
    campaign = store.publish(50)
    harvest = percent(store, 1_000, budget=100_000)
    order = store.hold(campaign, 4)
    assert store.pay(order)
    change(store, store.order(order), 6)
    assert store.order(order).totals.discount == 500
    assert left(store, harvest) == 99_250, "500 of the order, and 250 more of the basket that waits"

    waiting.expire(store.tenant_id, order.id, clock.now() + timedelta(hours=1))
    assert left(store, harvest) == 99_500


@pytest.fixture
def cup(store: Store) -> Callable[..., None]:
    """Gives the second SKU from 50.00 on."""

    def give(**fields: int) -> None:
        promote(store, Kind.GIFT, from_amount=yuan(5_000), sku_id=store.skus[1], **fields)

    return give


def test_a_gift_is_a_line_at_its_price_with_all_of_it_taken_off(store: Store, cup: Callable[..., None]) -> None:
    campaign = store.publish(50, 50)
    cup()
    order = store.place(campaign, 4)
    assert [(line.sku_id, line.quantity) for line in order.lines] == [(store.skus[0], 4), (store.skus[1], 1)]
    assert (order.totals.goods, order.totals.discount, order.totals.total) == (6_250, 1_250, 5_000)
    assert store.free(campaign) == 95
    cancel(store, order)
    assert store.free(campaign) == 100


def test_where_nothing_of_a_gift_is_left_the_order_is_placed_without(store: Store, cup: Callable[..., None]) -> None:
    campaign = store.publish(50, 1)
    cup()
    assert len(store.place(campaign, 4).lines) == 2
    without = store.place(campaign, 4, key="key-2")
    assert (len(without.lines), without.totals.total) == (1, 5_000)


def test_an_edit_keeps_a_gift_that_is_still_earned_and_takes_back_one_that_is_not(
    store: Store, cup: Callable[..., None]
) -> None:
    campaign = store.publish(50, 50)
    cup()
    order = store.place(campaign, 4)
    more = change(store, order, 5, 1, key="more")
    assert [line.quantity for line in more.lines] == [5, 1]
    assert more.totals.total == 6_250
    fewer = change(store, more, 3, key="fewer")
    assert [line.quantity for line in fewer.lines] == [3]
    assert (fewer.totals.total, store.free(campaign)) == (3_750, 97)
