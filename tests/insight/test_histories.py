"""Orders enter the histories of their members, and move the first and last days on which they ordered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, delete_many, metered, put_many, tenant_scope
from chalicelib.histories.model import History
from chalicelib.histories.records import PurchaseRecord
from chalicelib.histories.service import first_and_last, histories_of, history_of
from chalicelib.insight.activity.service import imported_orders, own_orders, reading_on
from chalicelib.insight.activity.service.own_orders import record_orders
from chalicelib.insight.records import EarlierOrders
from chalicelib.insight.rollups.service.united_members import mark_united
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service import sources
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord, OrdinalCounter, UnitedRecord
from tests.builders import Shop, made
from tests.conftest import Clock
from tests.insight.figures import Figures

NOON = datetime(2028, 6, 15, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def open_shop(new_figures: Callable[..., Figures], clock: Clock) -> Shop:
    """A brand in Shanghai with a campaign that is open for weeks; it is noon there."""
    clock.set(NOON)
    return new_figures(timezone="Asia/Shanghai", currency="CNY").shop


def ordered_on(shop: Shop, member_id: str) -> tuple[date | None, date | None]:
    with tenant_scope(shop.tenant_id):
        member = MemberRecord.at(shop.tenant_id, member_id, consistent=True)
    assert member is not None
    return member.first_ordered_on, member.last_ordered_on


def history(shop: Shop, ordinal: int = 0) -> History:
    with tenant_scope(shop.tenant_id):
        return history_of(shop.tenant_id, ordinal)


def cancel(shop: Shop, order: dict[str, Any]) -> None:
    made(shop.caller.call("POST", f"{shop.path}/orders/{order['id']}/cancel", token=shop.shopper.token), 200)


def test_an_order_is_a_purchase_of_its_goods_and_the_first_and_last_day_of_its_member(
    open_shop: Shop, drain: Callable[[], None]
) -> None:
    order = made(open_shop.order())
    drain()
    [bought] = history(open_shop).purchases
    assert (bought.source, bought.on, bought.units) == (order["id"], date(2028, 6, 15), 1)
    assert bought.amount_minor == order["totals"]["goods"]["amount_minor"]
    assert (bought.campaign_id, bought.pickup_point_id) == (order["campaign_id"], order["pickup_point_id"])
    [part] = bought.parts
    assert part.product_id
    assert (part.units, part.amount_minor) == (1, bought.amount_minor)
    assert ordered_on(open_shop, open_shop.shopper.id) == (date(2028, 6, 15), date(2028, 6, 15))


def test_an_order_that_comes_to_nothing_takes_the_last_day_back_and_then_the_first(
    open_shop: Shop, drain: Callable[[], None], clock: Clock
) -> None:
    first = made(open_shop.order())
    drain()
    clock.advance(days=2)
    second = made(open_shop.order())
    drain()
    assert ordered_on(open_shop, open_shop.shopper.id) == (date(2028, 6, 15), date(2028, 6, 17))
    cancel(open_shop, second)
    drain()
    assert ordered_on(open_shop, open_shop.shopper.id) == (date(2028, 6, 15), date(2028, 6, 15))
    cancel(open_shop, first)
    drain()
    assert ordered_on(open_shop, open_shop.shopper.id) == (None, None)
    assert history(open_shop).orders == 0


def test_a_worker_that_read_before_a_cancel_leaves_no_day_behind(
    open_shop: Shop, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    order, tenant_id = made(open_shop.order()), open_shop.tenant_id
    with tenant_scope(tenant_id):
        [placed] = own_orders.get_orders(tenant_id, [order["id"]])
    cancel(open_shop, order)
    drain()
    read, earlier = own_orders.get_orders, [[placed]]
    with tenant_scope(tenant_id):
        monkeypatch.setattr(own_orders, "get_orders", lambda *given: earlier.pop() if earlier else read(*given))
        record_orders(tenant_id, [order["id"]], NOON)
    assert (earlier, ordered_on(open_shop, open_shop.shopper.id)) == ([], (None, None))
    assert history(open_shop).orders == 0


def test_imported_orders_are_purchases_under_their_references_once_however_often_they_come(figures: Figures) -> None:
    rows = [("A#1", "ann", "2026-01-05", 2, 1000, "USD"), ("A-2", "ann", "2026-02-01", 1, 500, "EUR")]
    figures.import_orders(rows)
    figures.import_orders(rows)
    found = history(figures.shop)
    assert [(each.source, each.imported) for each in found.purchases] == [("A#1", True), ("A-2", True)]
    assert (found.spend, found.units) == ({"USD": 1000, "EUR": 500}, 3)
    [ann] = made(figures.shop.brand.get("/v1/members"), 200)["items"]
    assert ordered_on(figures.shop, ann["id"]) == (date(2026, 1, 5), date(2026, 2, 1))


def test_an_import_that_dies_between_an_order_and_its_purchase_makes_it_good(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"A-{n}", "ann", "2026-01-05", 1, 100, "USD") for n in range(3)]
    keep, died = imported_orders.keep, list[str]()

    def dies_once(*given: Any) -> None:
        if not died:
            died.append("before the purchases")
            raise RuntimeError("the function was killed")
        keep(*given)

    monkeypatch.setattr(imported_orders, "keep", dies_once)
    figures.import_orders(rows)
    assert (died, history(figures.shop).orders) == (["before the purchases"], 3)


def test_a_history_that_became_anothers_is_read_with_theirs(figures: Figures) -> None:
    figures.import_orders([("A-1", "ann", "2026-01-05", 1, 100, "USD"), ("B-1", "bob", "2026-02-05", 1, 70, "USD")])
    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        assert unite(tenant_id, 1, 0, product_clock.now())
    assert history(figures.shop).spend == {"USD": 170}
    with tenant_scope(tenant_id):
        stays = MemberRecord.fetch(*MemberRecord.address_of_ordinal(tenant_id, 0), consistent=True)
    assert stays is not None
    assert (stays.first_ordered_on, stays.last_ordered_on) == (date(2026, 1, 5), date(2026, 2, 5))


def test_a_history_that_went_by_way_of_a_third_is_read_whole(figures: Figures) -> None:
    rows = [(f"{name}-1", name, f"2026-0{n}-05", 1, n, "USD") for n, name in enumerate(("ann", "bob", "cem", "dee"), 1)]
    figures.import_orders(rows)
    tenant_id = figures.shop.tenant_id
    for gone, stays in ((3, 2), (1, 0), (2, 0)):
        with tenant_scope(tenant_id):
            assert unite(tenant_id, gone, stays, product_clock.now())
    assert history(figures.shop).spend == {"USD": 1 + 2 + 3 + 4}


def test_an_order_of_whom_somebody_became_that_comes_to_nothing_leaves_what_they_bought_before(
    open_shop: Shop, drain: Callable[[], None]
) -> None:
    order = made(open_shop.order())
    drain()
    Figures(open_shop, drain).import_orders([("A-1", "ann", "2026-01-05", 1, 100, "CNY")])
    with tenant_scope(open_shop.tenant_id):
        assert unite(open_shop.tenant_id, 1, 0, product_clock.now())
    cancel(open_shop, order)
    drain()
    assert ordered_on(open_shop, open_shop.shopper.id) == (date(2026, 1, 5), date(2026, 1, 5))


def test_a_history_costs_the_same_however_many_were_united(figures: Figures) -> None:
    """Those of before it was kept who became whom are entered by the night, and read as a whole until then."""
    figures.import_orders([("A-1", "ann", "2026-01-05", 1, 100, "USD"), ("B-1", "bob", "2026-02-05", 1, 70, "USD")])
    tenant_id, cost = figures.shop.tenant_id, []
    with tenant_scope(tenant_id):
        put_many(
            UnitedRecord(*UnitedRecord.address(tenant_id, gone), into=stays)
            for gone, stays in [(1, 0), *((1_000 + n, 5_000 + n % 20) for n in range(300))]
        )
        assert history(figures.shop).spend == {"USD": 170}
        mark_united(tenant_id)
        assert history(figures.shop).spend == {"USD": 170}
        for ordinals in ([0], [77]):
            with metered() as read:
                histories_of(tenant_id, ordinals)
            cost.append((read.items_read, read.read_units))
        with metered() as read:
            assert first_and_last(tenant_id, 0) == (date(2026, 1, 5), date(2026, 2, 5))
    assert cost[0][0] == 1 + 1 + 1 + 2, "a union, that all are entered, who became them, and the purchases"
    assert cost[1][0] == 1 + 1, "nobody became them"
    assert read.items_read == 1 + 1 + 1 + 4
    assert max(units for _, units in cost) <= 6


def test_two_who_enter_them_at_once_lose_no_union(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one has read what was united before; the other has entered it, and united two more."""
    figures.import_orders([(f"{n}-1", n, "2026-01-05", 1, 100, "USD") for n in ("ann", "bob", "cem")])
    tenant_id, read = figures.shop.tenant_id, sources.every_union
    with tenant_scope(tenant_id):
        put_many([UnitedRecord(*UnitedRecord.address(tenant_id, 1), into=0)])

        def slow(tenant_id: str) -> list[UnitedRecord]:
            found = read(tenant_id)
            monkeypatch.setattr(sources, "every_union", read)
            assert unite(tenant_id, 2, 0, product_clock.now())
            return found

        monkeypatch.setattr(sources, "every_union", slow)
        sources.enter(tenant_id)
        assert sources.sources_of(tenant_id, [0]) == {0: [1, 2]}


def forget_histories(shop: Shop) -> None:
    """Leaves a brand as a release did that kept no histories."""
    tenant_id = shop.tenant_id
    with tenant_scope(tenant_id):
        counter = OrdinalCounter.fetch(*OrdinalCounter.address(tenant_id), consistent=True)
        assert counter is not None
        for ordinal in range(int(counter.next)):
            records = PurchaseRecord.of_member(tenant_id, ordinal)
            delete_many((PurchaseRecord, str(each.pk), str(each.sk)) for each in list(records))
            tx = Transaction()
            tx.update(
                "member", MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, ordinal),
                actions=[MemberRecord.first_ordered_on.remove(), MemberRecord.last_ordered_on.remove()],
            )  # fmt: skip
            tx.commit()
        tx = Transaction()
        place = OrdinalCounter.address(tenant_id)
        tx.update("counter", OrdinalCounter, *place, actions=[OrdinalCounter.histories.remove()])
        tx.commit()


def test_orders_of_before_are_entered_once_by_the_night(
    open_shop: Shop, drain: Callable[[], None], clock: Clock, sweep: Callable[[], None],
    new_figures: Callable[..., Figures], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    figures = Figures(open_shop, drain)
    made(open_shop.order())
    figures.import_orders([(f"A-{n}", "ann", f"2026-01-{n:02d}", 1, 100, "CNY") for n in range(1, 21)])
    clock.advance(days=1)
    sweep()
    before = [history(open_shop, ordinal) for ordinal in (0, 1)]
    forget_histories(open_shop)
    monkeypatch.setattr(reading_on, "MESSAGE_SECONDS", 0.0)
    clock.advance(days=1)
    sweep()

    assert [history(open_shop, ordinal) for ordinal in (0, 1)] == before
    assert [each.orders for each in before] == [1, 20]
    assert ordered_on(open_shop, open_shop.shopper.id) == (date(2028, 6, 15), date(2028, 6, 15))
    with tenant_scope(open_shop.tenant_id):
        state = EarlierOrders.fetch(*EarlierOrders.address(open_shop.tenant_id), consistent=True)
    assert state is not None
    assert (state.through_on, state.due_at) == (date(2028, 6, 15), None)
