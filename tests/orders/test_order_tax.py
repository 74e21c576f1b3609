"""The tax in an order, from its quote to its last refund: at the rates of its placing, to the cent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.model.products import ProductDetails, SkuChange
from chalicelib.catalog.service.products import edit_product
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, metered
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.money import Money
from chalicelib.orders.adjustments.service import adjust, substitute
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.export.model import header
from chalicelib.orders.export.service import lines_of
from chalicelib.orders.goodwill.service import Gift, give
from chalicelib.orders.model import DeliveryAddress
from chalicelib.orders.passes.service import repricing
from chalicelib.orders.payment.service import returning
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.views.orders import OrderView
from chalicelib.orders.views.quotes import QuoteView
from chalicelib.pricing.model.tax import Tax, plus
from chalicelib.tenants.model import TenantChanges
from chalicelib.tenants.service.brand import edit_tenant
from tests.orders.means import book, points_pay
from tests.orders.promoting import percent
from tests.orders.states import again, at_pickup, edited, locked, paid, paid_online
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_placing import size_of

HOME = DeliveryAddress("Li", "+8613800138000", "2 Lilac Road")
DELIVERED = {"delivery": {"fee": Money(600, "CNY")}}


def taxed(store: Store, *rates: str | None, default: str | None = None, delivery: str | None = None) -> None:
    """The first SKUs have these rates, the others the brand's."""
    skus = get_skus(store.tenant_id, store.skus)
    changes = [
        SkuChange(sku_id, tax_bps=None if rate is None else int(float(rate) * 100))
        for sku_id, rate in zip(store.skus, rates, strict=False)
    ]
    product = next(iter(skus.values())).product_id
    edit_product(store.tenant_id, product, ProductDetails(), changes, None, store.staff, clock.now())
    settings = TenantChanges(tax_rate=default, delivery_tax_rate=delivery)
    edit_tenant(store.tenant_id, settings, None, store.staff, clock.now())


def shown(tax: Tax) -> list[tuple[str, int, int]]:
    return [(each.rate, each.base_minor, each.tax_minor) for each in tax]


def of(order: OrderRecord) -> list[tuple[str, int, int]]:
    return shown(refunds.taxable(order).document)


def went_back(order: OrderRecord) -> Tax:
    """What all refunds of an order reversed; what came to nothing is left out."""
    found = RefundRecord.every(order.pk, begins_with="refund#", consistent=True)
    return tuple(each for each in plus(*(refund.tax for refund in found)) if each.gross_minor or each.tax_minor)


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    """Pears at 13 %, eggs at 9 %, oil at none of its own, each 12.50; delivery costs 6.00 at 6 %."""
    taxed(store, "13", "9", delivery="6")
    return store.publish(50, 50, 50, **DELIVERED)


def test_a_quote_and_its_order_show_the_tax_of_what_is_paid_by_rate_and_by_line(
    store: Store, campaign: CampaignRecord
) -> None:
    """Three pears at 12.50 and an egg, 10 % off all, delivered: 33.75, 11.25, 6.00."""
    percent(store, 1_000)
    wish = store.wish(campaign, 3, 1, delivery=HOME, payment_method="test")
    quoted = QuoteView.of(quote_for(store.tenant_id, store.member(), wish, clock.now())).model_dump(mode="json")
    order = store.place(campaign, 3, 1, delivery=HOME, payment_method="test")
    placed = OrderView.of(order).model_dump(mode="json")
    for answer in (quoted, placed):
        told = [(each["rate"], each["base"]["amount_minor"], each["amount"]["amount_minor"]) for each in answer["tax"]]
        assert told == [("13", 2_987, 388), ("9", 1_032, 93), ("6", 566, 34)]
        assert [(line["tax_rate"], line["tax"]["amount_minor"]) for line in answer["lines"]] == [("13", 388), ("9", 93)]
    assert placed == OrderView.as_placed(again(store, order)).model_dump(mode="json")


def test_what_points_pay_for_bears_no_tax(store: Store, campaign: CampaignRecord) -> None:
    """25.00 less 5.00 that 500 points pay: 20.00 × 13/113 = 2.3008…"""
    points_pay(store, 1)
    book(store, 500)
    order = store.place(campaign, 2, points=500)
    assert (order.total_minor, of(order)) == (2_000, [("13", 1_770, 230)])


def test_a_sku_without_a_rate_has_the_brands_and_without_that_none(store: Store) -> None:
    taxed(store, "13", None, default="9")
    both = store.place(store.publish(50, 50), 1, 1)
    taxed(store, None, None)
    none = store.place(store.publish(50, 50), 1, 1, key="key-2")
    assert of(both) == [("13", 1_106, 144), ("9", 1_147, 103)]
    assert of(none) == []
    view = OrderView.of(none).model_dump(mode="json")
    assert (view["tax"], view["lines"][0]["tax"], view["lines"][0]["tax_rate"]) == ([], None, None)
    assert len(none.stored_lines[0]) == 5


def test_a_rate_of_zero_is_shown_and_is_not_the_brands(store: Store) -> None:
    taxed(store, "0", default="9")
    assert of(store.place(store.publish(50), 1)) == [("0", 1_250, 0)]


def test_an_order_keeps_its_rates_whatever_becomes_of_them(store: Store, campaign: CampaignRecord) -> None:
    first = store.place(campaign, 2, delivery=HOME)
    taxed(store, "6", "6", delivery="13")
    second = store.place(campaign, 2, delivery=HOME, key="key-2")
    third = store.place(store.publish(50, **DELIVERED), 2, delivery=HOME, key="key-3")
    assert of(again(store, first)) == of(second) == [("13", 2_212, 288), ("6", 566, 34)]
    assert of(third) == [("13", 531, 69), ("6", 2_358, 142)]


def test_a_taxed_order_of_one_line_fits_a_kilobyte_and_costs_what_any_does(store: Store) -> None:
    taxed(store, "5.55", "5.55")
    campaign = store.publish(50)
    store.member(0)
    correlation_id.set("1c5d3a51-7d10-4a52-9e3a-1a6b6f0c9d11")
    with metered() as meter:
        order = store.place(campaign, 3)
    assert order.lines[0].rates == ((555, 1),)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (4, 2)
    assert size_of(order) <= 1_024


@pytest.mark.parametrize("quantities", [(2, 1, 1), (1, 0, 1), (3, 1, 0)])
def test_taken_out_in_parts_all_refunds_sum_to_the_tax_of_the_order(
    store: Store, campaign: CampaignRecord, quantities: tuple[int, int, int]
) -> None:
    """Each step is by how much the tax in the order's money falls."""
    percent(store, 3_333)
    order = paid(store, store.place(campaign, 3, 1, 1, delivery=HOME))
    had = refunds.taxable(order).document
    store.lock(campaign)
    ids = [line.offer_id for line in order.lines]
    for n, left in enumerate((dict(zip(ids, quantities, strict=True)), {ids[0]: 0}, dict.fromkeys(ids, 0))):
        lines = {line.offer_id: line.quantity for line in again(store, order).lines}
        wanted = {name: units for name, units in left.items() if units < lines.get(name, 0)}
        if wanted:
            adjust(
                store.tenant_id, order.id, wanted, cause=f"short-{n}", reason="Short", by="system", now=clock.now()
            )  # fmt: skip
    order = again(store, order)
    assert order.refundable_minor == 0
    assert shown(went_back(order)) == shown(had)


def _cancelled(store: Store, order: OrderRecord, campaign: CampaignRecord) -> None:
    cancel(store.tenant_id, order.member_id, order.id, clock.now())


def _less_then_cancelled(store: Store, order: OrderRecord, campaign: CampaignRecord) -> None:
    edited(store, order, 1)
    cancel(store.tenant_id, order.member_id, order.id, clock.now())


def _given_then_short(store: Store, order: OrderRecord, campaign: CampaignRecord) -> None:
    gift = Gift(Money(1_001, "CNY"), "Sorry")
    give(store.tenant_id, order.id, gift, "gift", BODY_HASH, store.staff, clock.now())
    store.lock(campaign)
    now, lines = clock.now(), [line.offer_id for line in order.lines]
    adjust(store.tenant_id, order.id, {lines[0]: 1}, cause="short", reason="Short", by="system", now=now)
    adjust(store.tenant_id, order.id, dict.fromkeys(lines, 0), cause="all", reason="Short", by="system", now=now)


def _refunded_at_the_provider(store: Store, order: OrderRecord, campaign: CampaignRecord) -> None:
    for n, amount in enumerate((777, 1, again(store, order).refundable_minor - 778)):
        tx = Transaction()
        returning.gone_back(tx, again(store, order), amount, f"dispute_lost:{n}", clock.now())
        tx.commit()


def _after_the_ladder(store: Store, order: OrderRecord, campaign: CampaignRecord) -> None:
    locked(store, campaign, [1_100, 1_199])
    tx = Transaction()
    repricing._reprice(tx, store.again(campaign), again(store, order), clock.now())
    tx.commit()
    adjust(
        store.tenant_id, order.id, dict.fromkeys([line.offer_id for line in order.lines], 0),
        cause="all", reason="Short", by="system", now=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "end", [_cancelled, _less_then_cancelled, _given_then_short, _refunded_at_the_provider, _after_the_ladder]
)
def test_however_its_money_goes_back_the_refunds_sum_to_its_tax(
    store: Store, campaign: CampaignRecord, end: Callable[[Store, OrderRecord, CampaignRecord], None]
) -> None:
    order = paid_online(store, campaign, 3, 2, 1, delivery=HOME)
    had = refunds.taxable(order).document
    assert len(had) == 3
    end(store, order, campaign)
    order = again(store, order)
    assert order.refundable_minor == 0
    assert shown(went_back(order)) == shown(had)


def test_money_that_an_order_does_not_take_goes_back_without_tax(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    tx = Transaction()
    returning.give_back(tx, again(store, order), "payment-2", 2_500, clock.now())
    tx.commit()
    assert went_back(order) == ()
    cancel(store.tenant_id, order.member_id, order.id, clock.now())
    tx = Transaction()
    returning.give_back(tx, again(store, order), "payment-3", 2_500, clock.now())
    tx.commit()
    assert shown(went_back(order)) == [("13", 2_212, 288)]


def test_a_change_from_one_rate_to_another_shows_both(store: Store, campaign: CampaignRecord) -> None:
    """Two pears at 13 % become one egg at 9 %: 25.00 less 12.50."""
    order = paid_online(store, campaign, 2)
    edited(store, order, 0, 1)
    assert shown(went_back(order)) == [("13", 2_212, 288), ("9", -1_147, -103)]
    cancel(store.tenant_id, order.member_id, order.id, clock.now())
    assert shown(went_back(order)) == [("13", 2_212, 288)]


def test_a_substitute_is_taxed_as_what_was_ordered(store: Store, campaign: CampaignRecord) -> None:
    order = paid(store, store.place(campaign, 2))
    store.lock(campaign)
    (line,) = order.lines
    substitute(
        store.tenant_id, order.id, line.offer_id, line.sku_id, {store.skus[1]: 2}, cause="instead", reason="None left",
        by="system", now=clock.now(),
    )  # fmt: skip
    changed = again(store, order)
    assert changed.lines[0].sku_id == store.skus[1]
    assert of(changed) == of(order) == [("13", 2_212, 288)]


def test_a_deposit_goes_back_with_its_share_of_the_tax(store: Store) -> None:
    """5.00 of each of two pears at 12.50 was paid: the refund reverses the tax in 10.00."""
    taxed(store, "13")
    campaign = store.publish(50, kind="pre_order", deposit_minor=500, payment_methods=["pickup", "test"])
    order = paid_online(store, campaign, 2)
    assert of(order) == [("13", 2_212, 288)]
    cancel(store.tenant_id, order.member_id, order.id, clock.now())
    assert shown(went_back(order)) == [("13", 885, 115)]


def test_cash_and_card_go_back_each_with_its_own_part(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2, 2)
    order.cash_minor = 2_001
    tx = Transaction()
    tx.replace("order", order)
    tx.commit()
    campaign = at_pickup(store, locked(store, campaign))
    gift = Gift(Money(4_000, "CNY"), "Sorry")
    made = give(store.tenant_id, order.id, gift, "gift", BODY_HASH, store.staff, clock.now())
    assert [int(refund.amount_minor) for refund in made] == [2_999, 1_001]
    for refund in made:
        assert sum(each.gross_minor for each in refund.tax) == refund.amount_minor
    had, left = refunds.taxable(order).document, refunds.taxable(again(store, order)).kept
    assert plus(went_back(order), left) == had


def test_the_table_of_orders_has_its_tax_in_columns_that_sum(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3, 1, 1, delivery=HOME)
    table = lines_of(store.tenant_id, [order], zone("Asia/Shanghai"), "en", with_code=False)
    assert header(zone("Asia/Shanghai"), "en")[-5:] == [
        "Tax rate (%)", "Tax in line", "Tax rate of delivery (%)", "Tax in delivery", "Tax in order",
    ]  # fmt: skip
    assert [[None if cell is None else str(cell) for cell in row[-5:]] for row in table] == [
        ["13", "4.31", "6", "0.34", "5.68"],
        ["9", "1.03", None, None, None],
        [None, None, None, None, None],
    ]
