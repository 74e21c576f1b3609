"""The list of orders for the brand's people: by payment, by what is due, by day, by the member's phone or the code."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import metered, put_many
from chalicelib.kernel import clock
from chalicelib.kernel.clock import sortable, zone
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.exchanges.service import place_exchange
from chalicelib.orders.model import PaymentState, payment_state
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import Filter, list_orders
from tests.builders import Member, Shop, made
from tests.calls import Api
from tests.members.codes import sign_in
from tests.orders.states import again, at_pickup, locked, paid_online, write
from tests.orders.store import Store
from tests.orders.test_passes import run

SHANGHAI = zone("Asia/Shanghai")


@pytest.mark.parametrize(
    ("paid", "refunded", "due", "state"),
    [
        (0, 0, 1_000, "unpaid"),
        (333, 0, 667, "part_paid"),
        (333, 333, 667, "unpaid"),
        (1_000, 0, 0, "paid"),
        (1_000, 300, 0, "part_refunded"),
        (1_000, 1_000, 0, "refunded"),
        (0, 0, 0, "nothing_due"),
    ],
)
def test_how_far_an_order_is_paid_follows_from_its_totals(paid: int, refunded: int, due: int, state: str) -> None:
    assert payment_state(paid, refunded, due) == state


def found(store: Store, limit: int = 2, **wanted: Any) -> list[str]:
    """The ids of all orders of a filter, page by page."""
    ids: list[str] = []
    cursor: dict[str, Any] | None = None
    while True:
        page = list_orders(store.tenant_id, Filter(**wanted), limit, cursor, clock.now())
        ids += [order.id for order in page.items]
        cursor = page.last_key
        if cursor is None:
            return ids


@pytest.fixture
def by_payment(store: Store) -> dict[str, str]:
    """An order of each state of payment, by its name."""
    campaign = store.publish(50)
    unpaid = store.place(campaign, 2)
    paid, less, back = (paid_online(store, campaign, 2, member=n) for n in (1, 2, 3))
    cancelled = store.place(campaign, 1, member=4)
    cancel(store.tenant_id, cancelled.member_id, cancelled.id, clock.now())
    cancel(store.tenant_id, back.member_id, back.id, clock.now())
    lines = {less.lines[0].offer_id: 1}
    adjust(store.tenant_id, less.id, lines, cause="c", reason="one is broken", by="staff:1", now=clock.now())
    part = again(store, paid_online(store, campaign, 2, member=5))
    part.paid_minor = 1_000
    write(part)
    orders = {
        "unpaid": unpaid, "part_paid": part, "paid": paid, "part_refunded": less, "refunded": back,
        "nothing_due": cancelled,
    }  # fmt: skip
    return {name: order.id for name, order in orders.items()}


@pytest.mark.parametrize("limit", [1, 100])
def test_orders_are_found_by_how_far_they_are_paid(store: Store, by_payment: dict[str, str], limit: int) -> None:
    for state in PaymentState:
        assert found(store, limit, payment=state) == [by_payment[state]]
    assert set(found(store, limit, due=True)) == {by_payment["unpaid"], by_payment["part_paid"]}
    assert set(found(store, limit, due=False)) == set(by_payment.values()) - set(found(store, due=True))


def test_orders_are_found_by_the_way_they_are_paid(store: Store, by_payment: dict[str, str]) -> None:
    at_the_point = {by_payment["unpaid"], by_payment["nothing_due"]}
    assert set(found(store, payment_method="pickup")) == at_the_point
    assert set(found(store, payment_method="test")) == set(by_payment.values()) - at_the_point
    assert found(store, payment_method="wechat") == []


def test_filters_narrow_each_other_also_among_a_members_own(store: Store, by_payment: dict[str, str]) -> None:
    assert found(store, due=True, payment_method="test") == [by_payment["part_paid"]]
    assert found(store, member_id=store.member(), payment=PaymentState.UNPAID) == [by_payment["unpaid"]]
    assert found(store, member_id=store.member(), payment=PaymentState.PAID) == []


def copies(order: OrderRecord, count: int, **values: Any) -> None:
    """So many more orders like it, each placed a second later."""
    more = []
    for n in range(count):
        copy = OrderRecord.from_raw_data(order.serialize())
        copy.pk, copy.sk = OrderRecord.address(order.tenant_id, derived_id(order.tenant_id, str(n)))
        copy.gsi1sk = f"{sortable(order.placed_at + timedelta(seconds=n + 1))}#{copy.id}"
        for name, value in values.items():
            setattr(copy, name, value)
        more.append(copy)
    put_many(more)


@pytest.mark.parametrize("wanted", [{"due": True}, {"payment": PaymentState.UNPAID}, {"payment_method": "pickup"}])
def test_a_page_of_what_all_orders_are_reads_what_it_shows(store: Store, wanted: dict[str, Any]) -> None:
    order = store.place(store.publish(200), 1)
    copies(order, 130)
    with metered() as meter:
        page = list_orders(store.tenant_id, Filter(**wanted), 100, None)
    assert len(page.items) == 100
    assert meter.items_read <= 100 * 6 // 5 + 10


def test_what_few_orders_are_is_looked_for_in_bounded_pages(store: Store) -> None:
    campaign = store.publish(900)
    order = store.place(campaign, 1)
    copies(order, 700, paid_minor=1_250)
    with metered() as meter:
        page = list_orders(store.tenant_id, Filter(campaign_id=campaign.id, due=True), 20, None)
    assert meter.reads <= 22
    ids = [each.id for each in page.items]
    while page.last_key is not None:
        page = list_orders(store.tenant_id, Filter(campaign_id=campaign.id, due=True), 20, page.last_key)
        ids += [each.id for each in page.items]
    assert ids == [order.id]


@pytest.fixture
def on_three_days(store: Store) -> list[OrderRecord]:
    """Orders of one campaign: a second before the brand's midnight, at it, and a second before the next."""
    campaign = store.publish(50, hours=72)
    midnight = day_start(local_date(clock.now() + timedelta(days=1), SHANGHAI), SHANGHAI)
    times = [midnight + timedelta(seconds=-1), midnight, midnight + timedelta(days=1, seconds=-1)]
    return [store.place(campaign, 1, member=n, key=f"key-{n}", now=at) for n, at in enumerate(times)]


def test_days_are_the_brands_own_and_both_are_included(store: Store, on_three_days: list[OrderRecord]) -> None:
    before, first, last = (order.id for order in on_three_days)
    day = local_date(on_three_days[1].placed_at, SHANGHAI)
    later = clock.now() + timedelta(days=3)

    def on(from_days: int | None, to_days: int | None, **more: Any) -> list[str]:
        ends = [None if days is None else day + timedelta(days=days) for days in (from_days, to_days)]
        page = list_orders(store.tenant_id, Filter(from_on=ends[0], to_on=ends[1], **more), 100, None, later)
        return [order.id for order in page.items]

    assert on(0, 0) == [last, first]
    assert on(-1, -1) == [before]
    assert on(None, -1) == [before]
    assert on(0, None) == [last, first]
    assert on(1, 5) == on(None, -2) == []
    assert on(-1, 0, campaign_id=on_three_days[0].campaign_id) == [last, first, before]
    assert on(0, 0, member_id=store.member(2)) == [last]
    assert on(-1, -1, member_id=store.member(2)) == []


def test_a_day_reads_its_own_orders_only(store: Store, on_three_days: list[OrderRecord]) -> None:
    copies(on_three_days[0], 100)
    day = local_date(on_three_days[0].placed_at, SHANGHAI) + timedelta(days=5)
    with metered() as meter:
        page = list_orders(store.tenant_id, Filter(from_on=day), 20, None, clock.now() + timedelta(days=9))
    assert (page.items, page.last_key) == ([], None)
    assert meter.items_read <= 3, "the brand, the campaign"


def test_an_exchange_was_not_placed_on_any_day(store: Store) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 1)
    store.lock(campaign)
    units = {line.offer_id: line.quantity for line in order.lines}
    exchange = place_exchange(
        store.tenant_id, again(store, order), units, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "staff:1", clock.now()
    )
    assert set(found(store)) == {order.id, exchange.id}
    day = local_date(clock.now(), SHANGHAI)
    assert found(store, from_on=day, to_on=day) == found(store, from_on=day, member_id=store.member()) == [order.id]


def test_a_code_leads_to_its_order_once_its_goods_wait(store: Store) -> None:
    campaign = store.publish(50)
    order, other = store.place(campaign, 2), store.place(campaign, 1, member=1)
    assert found(store, pickup_code=order.pickup_code) == []
    run(store, at_pickup(store, locked(store, campaign)), "ready")
    with metered() as meter:
        assert found(store, pickup_code=order.pickup_code) == [order.id]
    assert (meter.reads, meter.items_read) == (2, 2)
    assert found(store, pickup_code=order.pickup_code, due=False) == []
    assert found(store, pickup_code=order.pickup_code, member_id=other.member_id) == []
    assert found(store, pickup_code=order.pickup_code, payment_method="pickup", status="ready") == [order.id]
    assert found(store, pickup_code="0000000000") == []


def listed(shop: Shop, query: str) -> Any:
    return made(shop.brand.get(f"/v1/orders?{query}"), 200)


def ids(answer: Any) -> list[str]:
    return [order["id"] for order in answer["items"]]


def test_over_http_a_member_is_found_by_the_whole_phone_number_and_by_no_part_of_it(
    shop: Shop, new_shop: Callable[..., Shop], api: Api
) -> None:
    phone = "8613800138000"
    signed_in = sign_in(api, shop.slug, phone=f"+{phone}")
    order = made(shop.order(Member(signed_in["principal"]["id"], signed_in["access_token"], phone)))
    made(shop.order())
    assert ids(listed(shop, f"phone=%2B{phone}")) == ids(listed(shop, f"phone=+{phone}")) == [order["id"]]
    assert ids(listed(shop, f"phone=%2B{phone[:2]}%20{phone[2:5]}-{phone[5:]}")) == [order["id"]]
    assert ids(listed(shop, "phone=%2B8613900139000")) == []
    assert ids(listed(shop, f"phone=%2B{phone}&member_id={order['campaign_id']}")) == []
    assert shop.brand.get(f"/v1/orders?phone={phone[-4:]}").status == 422
    assert ids(listed(new_shop(slug="elsewhere"), f"phone=%2B{phone}")) == []


def test_over_http_what_cannot_be_is_refused_by_its_name(shop: Shop) -> None:
    wrong = {
        "from_on=2026-06-02&to_on=2026-06-01": "?to_on",
        "payment=much": "?payment",
        "due=perhaps": "?due",
        "from_on=2026-02-30": "?from_on",
        "pickup_code=ABC": "?pickup_code",
        "payment_method=cash": "?payment_method",
    }
    for query, pointer in wrong.items():
        refused = shop.brand.get(f"/v1/orders?{query}")
        assert (refused.status, [each["pointer"] for each in refused.json["errors"]]) == (422, [pointer])


def test_over_http_a_cursor_opens_no_other_filter(shop: Shop) -> None:
    for _ in range(2):
        made(shop.order())
    first = listed(shop, "due=true&limit=1")
    assert shop.brand.get(f"/v1/orders?due=false&limit=1&cursor={first['next_cursor']}").status == 400
    assert len(ids(listed(shop, f"due=true&limit=1&cursor={first['next_cursor']}"))) == 1


def test_over_http_the_state_of_payment_is_shown(shop: Shop, api: Api) -> None:
    made(shop.order())
    assert [order["payment"] for order in listed(shop, "due=true")["items"]] == ["unpaid"]
