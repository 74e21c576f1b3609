"""Orders of bundles: sold at one price, taken from the stock of each SKU, given back and repaid by part."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.campaigns.model.kinds import Kind as CampaignKind
from chalicelib.campaigns.model.offer_terms import BundleTerms, OfferTerms, PartTerms
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import running
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.catalog.model.products import ProductDetails, SkuChange
from chalicelib.catalog.service.products import create_product
from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.changes.service import editing
from chalicelib.orders.discounts.model import off_lines
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.errors import LimitReached, SoldOut
from chalicelib.orders.model import HOLD, Line, Status, Take
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.passes.service.walking import advance
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import OrderView
from chalicelib.orders.views.quotes import QuoteView
from chalicelib.pricing.model import Scope
from chalicelib.promotions.model.terms import Kind
from chalicelib.web import MoneyField
from tests.orders.promoting import percent, promote, reduction
from tests.orders.store import Store
from tests.orders.test_order_tax import of as tax_of
from tests.orders.test_order_tax import taxed

PEARS, EGGS, OIL = range(3)
PRICES = 6_000, 4_000, 2_000


@pytest.fixture
def skus(store: Store) -> list[str]:
    """Pears at 60.00, eggs at 40.00, oil at 20.00."""
    wanted = [SkuChange(code=f"S{n}", title=f"Goods {n}", price=Money(price, "CNY")) for n, price in enumerate(PRICES)]
    made = create_product(store.tenant_id, ProductDetails("Larder", "food"), wanted, store.staff, clock.now())
    store.skus = [sku.sku_id for sku in made.skus]
    return store.skus


def a_bundle(store: Store, *parts: tuple[int, int], price: int = 9_000, quantity: int = 10, **more: Any) -> OfferTerms:
    made_of = BundleTerms(tuple(PartTerms(store.skus[sku], units) for sku, units in parts), "Set")
    return OfferTerms("", Money(price, "CNY"), quantity, bundle=made_of, **more)


def alone(store: Store, sku: int, quantity: int = 10, **more: Any) -> OfferTerms:
    return OfferTerms(store.skus[sku], Money(PRICES[sku], "CNY"), quantity, **more)


PAIR = (PEARS, 1), (EGGS, 1)


def sold(store: Store, campaign: CampaignRecord) -> list[int]:
    """Units sold of each of the store's SKUs."""
    units = campaign_stock.sold_by_sku(store.again(campaign))
    return [units[sku] for sku in store.skus]


def left(store: Store, campaign: CampaignRecord) -> list[int]:
    (progress,) = progress_of([store.again(campaign)], clock.now())
    return [each.left for each in progress.offers]


def test_a_bundle_takes_units_of_each_sku_and_costs_its_price(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[a_bundle(store, (PEARS, 1), (EGGS, 6), price=9_000)])
    order = store.place(campaign, 2)
    assert order.total_minor == 18_000
    assert [(line.sku_id, line.quantity, line.total_minor) for line in order.lines] == [
        (skus[PEARS], 2, 3_600), (skus[EGGS], 12, 14_400),
    ]  # fmt: skip
    assert sold(store, campaign) == [2, 12, 0]
    assert left(store, campaign) == [8]
    store.check_stock(campaign)
    (line,) = OrderView.of(order).lines
    assert (line.offer_id, line.sku_id, line.quantity) == (campaign.offers[0].offer_id, None, 2)
    assert (line.unit_price.amount_minor, line.total.amount_minor) == (9_000, 18_000)
    assert [(part.sku_id, part.quantity) for part in line.parts] == [(skus[PEARS], 2), (skus[EGGS], 12)]


def test_of_the_worked_case_the_price_is_54_and_36(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[a_bundle(store, *PAIR)])
    order = store.place(campaign, 1)
    assert [line.total_minor for line in order.lines] == [5_400, 3_600]


def test_a_quote_shows_the_parts(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[a_bundle(store, *PAIR), alone(store, PEARS)])
    basket = quote_for(store.tenant_id, store.member(), store.wish(campaign, 2, 1, payment_method=None), clock.now())
    quoted = QuoteView.of(basket)
    assert (quoted.lines[0].title, quoted.lines[0].sku_id) == ("Set", None)
    assert [(part.title, part.quantity, part.total.amount_minor) for part in quoted.lines[0].parts] == [
        ("Larder · Goods 0", 2, 10_800), ("Larder · Goods 1", 2, 7_200),
    ]  # fmt: skip
    assert quoted.total.amount_minor == 24_000


def test_alone_and_in_a_bundle_a_sku_is_sold_from_one_stock(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[alone(store, PEARS, 5), a_bundle(store, *PAIR, quantity=4)])
    both = store.place(campaign, 2, 2)
    assert {(stock, takes) for line in both.lines for stock, takes in line.sources} == {
        (campaign.offers[0].offer_id, (Take(0, 2),)),
        *((goods.offer_id, (Take(0, 2),)) for goods in campaign.offers[1].goods()),
    }
    assert left(store, campaign) == [1, 1]
    assert sold(store, campaign) == [4, 2, 0]
    store.check_stock(campaign)
    with pytest.raises(SoldOut) as refused:  # a pear is left, and two bundles by their own number
        store.place(campaign, 0, 2, key="k2")
    assert refused.value.extra == {"offer_id": campaign.offers[1].offer_id, "left": 1}
    assert "'Set'" in refused.value.detail
    store.place(campaign, 0, 1, key="k3")
    with pytest.raises(SoldOut) as refused:
        store.place(campaign, 1, key="k4")
    assert refused.value.extra == {"offer_id": campaign.offers[0].offer_id, "left": 0}
    store.check_stock(campaign)


def test_no_more_bundles_are_sold_than_are_offered_though_their_parts_are_left(store: Store, skus: list[str]) -> None:
    campaign = store.publish(
        offers=[alone(store, PEARS, 50), alone(store, EGGS, 50), a_bundle(store, *PAIR, quantity=3)]
    )
    store.place(campaign, 0, 0, 3)
    assert left(store, campaign) == [47, 47, 0]
    with pytest.raises(SoldOut):
        store.place(campaign, 0, 0, 1, key="k2")
    store.place(campaign, 47, 47, key="k3")
    store.check_stock(campaign)


def test_one_order_takes_both_from_the_last_buckets_of_one_stock(store: Store, skus: list[str]) -> None:
    # 6 pears in three buckets; 4 alone and 2 in bundles come out of all of them.
    campaign = store.publish(offers=[alone(store, PEARS, 6), a_bundle(store, *PAIR, quantity=3)], peak=3)
    order = store.place(campaign, 4, 2)
    assert (
        sum(
            take.units
            for line in order.lines
            for stock, takes in line.sources
            if stock == campaign.offers[0].offer_id
            for take in takes
        )
        == 6
    )
    assert left(store, campaign) == [0, 0]
    store.check_stock(campaign)
    cancel(store.tenant_id, store.member(), order.id, clock.now())
    assert left(store, campaign) == [6, 3]
    store.check_stock(campaign)


def test_one_read_and_one_write_place_a_bundle(store: Store, skus: list[str]) -> None:
    campaign = store.publish(
        offers=[alone(store, PEARS, 9), a_bundle(store, *PAIR, quantity=9)], payment_methods=["pickup"]
    )
    store.member()
    with metered() as meter:
        store.place(campaign, 1, 2)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    # The order, which fits a kilobyte, and three stocks: both parts', and the pears', once for both lines.
    assert (meter.write_units, meter.index_write_units) == (8, 2)


def edited(store: Store, order: OrderRecord, *lines: tuple[str, int], key: str = "e1") -> OrderRecord:
    edit = editing.Edit(lines, key, f"hash-{key}")
    return editing.edit(store.tenant_id, order.member_id, order.id, edit, clock.now())


def test_an_edit_has_more_and_fewer_bundles(store: Store, skus: list[str]) -> None:
    campaign = store.publish(
        offers=[alone(store, PEARS, 9), a_bundle(store, (PEARS, 2), (EGGS, 1), price=9_001, quantity=4)]
    )
    pears, pair = (offer.offer_id for offer in campaign.offers)
    order = store.place(campaign, 1, 1)
    order = edited(store, order, (pair, 3))
    assert order.total_minor == 6_000 + 3 * 9_001
    assert sold(store, campaign) == [7, 3, 0]
    store.check_stock(campaign)
    order = edited(store, order, (pair, 1), (pears, 4), key="e2")
    assert order.total_minor == 4 * 6_000 + 9_001
    assert sold(store, campaign) == [6, 1, 0]
    order = edited(store, order, (pair, 0), key="e3")
    assert [line.offer_id for line in order.lines] == [pears]
    store.check_stock(campaign)


def test_a_hold_keeps_the_units_of_every_part_until_it_is_paid_or_ends(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[alone(store, PEARS, 3), a_bundle(store, *PAIR, quantity=3)])
    paid, late = store.hold(campaign, 1, 1), store.hold(campaign, 0, 1, key="k2", member=1)
    store.check_stock(campaign)
    assert left(store, campaign) == [0, 0]
    assert store.pay(paid)
    expire(store.tenant_id, late.id, clock.now() + HOLD)
    assert left(store, campaign) == [1, 1]
    store.check_stock(campaign)
    assert store.pay(late, 9_000)  # too late, but there is a pear yet
    assert store.order(late).status == Status.PLACED
    assert left(store, campaign) == [0, 0]
    store.check_stock(campaign)


def test_a_late_payment_is_not_wanted_where_a_part_is_gone(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[alone(store, PEARS, 1), a_bundle(store, *PAIR, quantity=1)])
    late = store.hold(campaign, 0, 1)
    expire(store.tenant_id, late.id, clock.now() + HOLD)
    store.place(campaign, 1, key="k2", member=1)
    assert not store.pay(late, 9_000)
    store.check_stock(campaign)


def test_a_limit_is_in_bundles(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[a_bundle(store, (PEARS, 3), (EGGS, 1), per_member_limit=2)])
    store.place(campaign, 2)
    with pytest.raises(LimitReached) as refused:
        store.place(campaign, 1, key="k2")
    assert refused.value.extra == {"offer_id": campaign.offers[0].offer_id, "limit": 2, "left": 0}
    assert "'Set'" in refused.value.detail
    cancel(store.tenant_id, store.member(), store.orders(campaign)[0].id, clock.now())
    store.place(campaign, 1, key="k3")


def test_a_target_counts_the_units_and_a_close_finds_stock_and_orders_agreed(store: Store, skus: list[str]) -> None:
    target = Target(Measure.QUANTITY, 7, OnMiss.CANCEL)
    offers = [alone(store, PEARS), a_bundle(store, *PAIR)]
    campaign = store.publish(offers=offers, target=target)
    store.place(campaign, 1, 3)  # a pear, and three of each in bundles
    store.lock(campaign)
    locked = store.again(campaign)
    assert locked.status == "locked"
    assert locked.totals is not None
    assert (locked.totals.quantity, locked.totals.amount_minor) == (7, 6_000 + 27_000)


def test_more_bundles_are_put_on_sale_as_far_as_their_parts_go(store: Store, skus: list[str]) -> None:
    campaign = store.publish(offers=[alone(store, PEARS, 6), a_bundle(store, (PEARS, 2), (EGGS, 3), quantity=2)])
    pair = campaign.offers[1].offer_id
    store.place(campaign, 0, 2)
    raised = running.raise_offer(store.tenant_id, campaign.id, pair, store.staff, clock.now(), quantity=3)
    assert raised.offers[1].quantity == 3
    store.place(store.again(campaign), 0, 1, key="k2")
    store.check_stock(store.again(campaign))
    with pytest.raises(Exception, match="there are 6"):
        running.raise_offer(store.tenant_id, campaign.id, pair, store.staff, clock.now(), quantity=4)


def test_a_line_of_a_bundles_part_is_kept_and_read_again() -> None:
    part = Line("B-1", "eggs", 12, 7_200, (Take(0, 6), Take(1, 6)), per=6, draws_on="E", drawn=(Take(3, 12),))
    assert Line.from_json(part.as_json()) == part
    assert part.total_minor == 14_400
    plain = Line("B-0", "pears", 2, 1_800, (Take(0, 2),))
    assert plain.as_json() == ["B-0", "pears", 2, 1_800, 0]


# --- promotions, coupons and tax see one item, and leave their mark on each part


def test_a_bundle_is_one_item_to_a_threshold_and_its_discount_falls_on_the_parts(store: Store, skus: list[str]) -> None:
    reduction(store, 9_000, 1_001)
    campaign = store.publish(offers=[a_bundle(store, *PAIR), alone(store, OIL)])
    order = store.place(campaign, 1, 1)  # 90 and 20: 10.01 off 110
    # 10.01 by 90 and 20: 8.19 and 1.82; the bundle's by 54 and 36: 4.91 and 3.28.
    assert [dict(each.shares) for each in order.discounts] == [
        {line.offer_id: share for line, share in zip(order.lines, (491, 328, 182), strict=True)}
    ]
    assert order.total_minor == 11_000 - 1_001
    placed = OrderView.of(order)
    assert [line.amount.amount_minor for line in placed.discounts[0].lines] == [819, 182]
    less = edited(store, order, (campaign.offers[1].offer_id, 0))
    assert (less.total_minor, int(less.discount_minor)) == (9_000 - 1_001, 1_001)


def test_a_gift_from_so_many_units_counts_bundles(store: Store, skus: list[str]) -> None:
    promote(store, Kind.GIFT, from_quantity=2, sku_id=skus[OIL], quantity=1)
    campaign = store.publish(offers=[a_bundle(store, *PAIR), alone(store, OIL)])
    assert len(store.place(campaign, 1).lines) == 2
    given = store.place(campaign, 2, key="k2")
    assert [line.quantity for line in given.lines] == [2, 2, 1]
    assert given.total_minor == 18_000


def test_a_promotion_for_some_goods_covers_a_bundle_where_it_covers_every_part(store: Store, skus: list[str]) -> None:
    by_itself = SkuChange(code="X", title="Jam", price=Money(2_000, "CNY"))
    jam = create_product(store.tenant_id, ProductDetails("Jam", "sweets"), [by_itself], store.staff, clock.now())
    store.skus = [*skus, jam.skus[0].sku_id]
    percent(store, 1_000, scope=Scope(categories=frozenset({"food"})))
    campaign = store.publish(offers=[a_bundle(store, *PAIR), a_bundle(store, (PEARS, 1), (3, 1), price=7_000)])
    assert store.place(campaign, 1).total_minor == 8_100  # pears and eggs are food
    assert store.place(campaign, 0, 1, key="k2").total_minor == 7_000  # jam is not


def test_stacked_discounts_take_no_part_below_nothing(store: Store, skus: list[str]) -> None:
    percent(store, 5_000)
    reduction(store, 1, 1)
    campaign = store.publish(offers=[a_bundle(store, (PEARS, 1), (EGGS, 1), (OIL, 1), price=3)])
    order = store.place(campaign, 1)
    assert order.total_minor == 0
    off = off_lines(order.discounts)
    assert all(off.get(line.offer_id, 0) == line.total_minor for line in order.lines)


def test_the_tax_of_a_bundle_is_that_of_its_parts_in_quote_and_order(store: Store, skus: list[str]) -> None:
    taxed(store, "9", "13")
    percent(store, 1_000)
    campaign = store.publish(offers=[a_bundle(store, *PAIR)])
    basket = quote_for(store.tenant_id, store.member(), store.wish(campaign, 1, payment_method=None), clock.now())
    order = store.place(campaign, 1)
    # 81.00 of 90.00: 48.60 at 9 % includes 4.01, 32.40 at 13 % includes 3.73.
    included = [("13", 2_867, 373), ("9", 4_459, 401)]
    assert (
        tax_of(order) == [(each.rate, each.base_minor, each.tax_minor) for each in basket.taxable.document] == included
    )
    (line,) = OrderView.of(order).lines
    assert (line.tax_rate, line.tax) == (None, MoneyField.of(774, "CNY"))
    assert [(part.tax_rate, part.tax and part.tax.amount_minor) for part in line.parts] == [("9", 401), ("13", 373)]
    assert QuoteView.of(basket).lines[0].parts[1].tax == MoneyField.of(373, "CNY")


def test_a_bundles_ladder_falls_for_each_part(store: Store, skus: list[str]) -> None:
    steps = ((1, Money(9_000, "CNY")), (3, Money(8_001, "CNY")))
    terms = replace(a_bundle(store, *PAIR), price=None, ladder=steps)
    campaign = store.publish(kind=CampaignKind.LADDER, offers=[terms])
    order = store.place(campaign, 3)
    assert order.total_minor == 27_000
    store.lock(campaign)
    for _ in range(3):
        advance(PASSES["reprice"], store.tenant_id, campaign.id, clock.now())
    order = store.order(order)
    assert [line.total_minor for line in order.lines] == [14_403, 9_600]  # 48.006 and 32.004 of 80.01: 48.01 and 32.00
    assert order.total_minor == 3 * 8_001


def test_a_pre_order_of_a_bundle_asks_its_deposit_once(store: Store, skus: list[str]) -> None:
    terms = replace(a_bundle(store, (PEARS, 1), (EGGS, 3), price=18_000), deposit=Money(1_000, "CNY"))
    campaign = store.publish(kind=CampaignKind.PRE_ORDER, offers=[terms], payment_methods=["test"])
    order = store.hold(campaign, 2)
    assert (order.deposit_minor, order.total_minor) == (2_000, 36_000)
    assert store.pay(order)
    assert edited(store, store.order(order), (campaign.offers[0].offer_id, 1)).deposit_minor == 1_000
