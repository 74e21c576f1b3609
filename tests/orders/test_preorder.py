"""Pre-orders by hand: a deposit first, the balance after the close, and what becomes of those who do not pay it."""

from datetime import timedelta

import pytest

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.kinds import Balance
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.catalog.service.ledger import adjust_stock
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.kernel import clock
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.counting.service.counting import count_orders
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.errors import BalanceUnpaid, PaymentMethodUnavailable
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.passes.service.walking import advance
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.payment.service.balance import end_unpaid
from chalicelib.orders.views.orders import OrderView
from chalicelib.orders.views.quotes import QuoteView
from chalicelib.tenants.service.brand import wall_time
from tests.orders.store import Store

HOURS = timedelta(hours=48)


def preorder(store: Store, on_default: str = "refund", **terms: object) -> CampaignRecord:
    """50 units at 12.50 each, of which 3.00 are the deposit; the balance is due 48 hours after the close."""
    wanted = {"kind": "pre_order", "deposit_minor": 300, "payment_methods": ["test"]}
    return store.publish(50, **{"balance": Balance(48, on_default)} | wanted | terms)  # type: ignore[arg-type]


def test_the_deposit_places_the_order_and_the_balance_is_due_after_the_close(store: Store) -> None:
    """2 x 12.50 = 25.00: 6.00 now, 19.00 later."""
    campaign = preorder(store)
    order = store.hold(campaign, 2)
    answer = OrderView.as_placed(order)
    assert answer.deposit is not None
    assert (answer.deposit.amount_minor, answer.totals.due.amount_minor) == (600, 2_500)
    assert payment.expected(order, clock.now()) == 600
    assert not store.pay(order, 2_500), "the whole price is not what it waits for"
    assert store.pay(order, 600)
    placed = store.order(order)
    assert (placed.status, placed.totals.due) == ("placed", 1_900)
    assert campaign.closes_at is not None
    assert placed.balance_due_at == placed.due_at == campaign.closes_at + HOURS
    assert payment.expected(placed, campaign.closes_at) == 1_900
    assert not store.pay(order, 600)
    assert store.pay(order, 1_900)
    done = store.order(order)
    assert (done.paid_minor, done.totals.due, done.due_at, done.status) == (2_500, 0, None, "placed")
    assert OrderView.as_placed(done) == answer
    store.check_stock(campaign)


def test_a_balance_that_may_be_paid_at_pickup_has_no_other_end(store: Store) -> None:
    campaign = preorder(store, payment_methods=["test", "pickup"], balance=None)
    with pytest.raises(PaymentMethodUnavailable):
        store.place(campaign, 2)
    order = store.hold(campaign, 2)
    store.pay(order)
    assert (store.order(order).balance_due_at, store.order(order).due_at) == (None, None)
    store.lock(campaign)
    handed = store.hand_over(store.order(order))
    assert (handed.paid_minor, handed.cash_minor, handed.totals.due) == (2_500, 1_900, 0)


@pytest.mark.parametrize("on_default", ["refund", "forfeit"])
def test_without_the_balance_the_deposit_goes_back_or_is_forfeited_as_was_said(store: Store, on_default: str) -> None:
    campaign = preorder(store, on_default)
    order, paid = store.hold(campaign, 2), store.hold(campaign, 1, key="key-2")
    store.pay(order)
    store.pay(paid)
    store.pay(paid, 950)
    store.lock(campaign)
    end = store.order(order).balance_due_at
    assert end is not None
    end_unpaid(store.tenant_id, order.id, end - timedelta(milliseconds=1))
    assert store.order(order).status == "placed"
    for each in (order, paid, order):
        end_unpaid(store.tenant_id, each.id, end)
    ended = store.order(order)
    refunded, status = ({"balance": 600}, "refunded") if on_default == "refund" else ({}, "cancelled")
    assert (ended.status, store.refunds(order), ended.totals.due) == (status, refunded, 0)
    assert ("order.forfeited" in {entry["t"] for entry in ended.outbox}) == (on_default == "forfeit")
    assert store.order(paid).status == "placed"
    assert not store.pay(order, 1_900, now=end), "money that comes after it goes back"
    store.check_stock(campaign)


def test_nobody_defaults_before_the_campaign_is_decided(store: Store) -> None:
    campaign = preorder(store, target=Target(Measure.QUANTITY, 5, OnMiss.EXTEND, 24))
    order = store.hold(campaign, 2)
    store.pay(order)
    store.lock(campaign)
    assert store.again(campaign).status == "extended"
    end = store.order(order).balance_due_at
    assert end is not None
    end_unpaid(store.tenant_id, order.id, end)
    waiting = store.order(order)
    assert (waiting.status, waiting.balance_due_at) == ("placed", end + HOURS)
    assert waiting.due_at == waiting.balance_due_at


@pytest.mark.parametrize("hours", [24, 47])
def test_after_an_extension_everybodys_balance_is_due_so_long_after_the_new_close(store: Store, hours: int) -> None:
    campaign = preorder(store, "forfeit", target=Target(Measure.QUANTITY, 3, OnMiss.EXTEND, hours))
    first = store.hold(campaign, 2)
    store.pay(first)
    store.lock(campaign)
    more = store.hold(campaign, 1, member=1)
    store.pay(more)
    before = store.order(first).balance_due_at
    store.lock(store.again(campaign))
    campaign = store.again(campaign)
    assert (campaign.status, campaign.closes_at is not None) == ("locked", True)

    end_unpaid(store.tenant_id, first.id, before)  # the message about the old end comes before the orders are gone over
    advance(PASSES["reprice"], store.tenant_id, campaign.id, clock.now())

    ends = {store.order(order).balance_due_at for order in (first, more)}
    assert ends == {campaign.closes_at + HOURS} == {store.order(first).due_at}
    assert store.order(first).status == "placed"
    end_unpaid(store.tenant_id, first.id, campaign.closes_at + HOURS)
    assert store.order(first).forfeited_at is not None


def test_an_order_whose_balance_is_paid_online_is_not_handed_over_before(store: Store) -> None:
    campaign = preorder(store)
    order = store.hold(campaign, 2)
    store.pay(order)
    store.lock(campaign)
    with pytest.raises(BalanceUnpaid) as refused:
        store.hand_over(store.order(order))
    until = wall_time(store.tenant_id, campaign.closes_at + HOURS)
    assert f"until {until};" in refused.value.detail
    assert until in refused.value.detail_zh
    assert (store.order(order).status, store.order(order).cash_minor) == ("placed", None)
    assert store.pay(order, 1_900)
    assert store.hand_over(store.order(order)).status == "picked_up"


def test_when_the_close_is_moved_the_date_that_members_see_moves_with_the_lock(store: Store) -> None:
    campaign = preorder(store)
    order, paid = store.hold(campaign, 2), store.hold(campaign, 1, key="key-2")
    store.pay(order)
    store.pay(paid)
    store.pay(paid, 950)
    assert campaign.closes_at is not None
    later = campaign.closes_at + timedelta(hours=47)
    campaigns.edit_campaign(store.tenant_id, campaign.id, CampaignTerms(closes_at=later), store.staff, clock.now())
    store.lock(store.again(campaign))
    for _ in range(2):
        advance(PASSES["reprice"], store.tenant_id, campaign.id, clock.now())
    asked = store.order(order)
    assert asked.balance_due_at == asked.due_at == later + HOURS
    assert [entry["t"] for entry in asked.outbox] == ["order.balance_due"]
    assert payment.expected(store.order(order), later + HOURS - timedelta(seconds=1)) == 1_900
    assert store.order(paid).due_at is None


def test_cancelling_before_the_close_gives_the_deposit_back(store: Store) -> None:
    order = store.hold(preorder(store), 2)
    store.pay(order)
    cancel(store.tenant_id, store.member(), order.id, clock.now())
    assert store.refunds(order) == {"cancel": 600}


def test_a_quote_shows_the_deposit(store: Store) -> None:
    basket = quote_for(
        store.tenant_id, store.member(), store.wish(preorder(store), 2, payment_method=None), clock.now()
    )
    shown = QuoteView.of(basket)
    assert shown.deposit is not None
    assert (shown.deposit.amount_minor, shown.total.amount_minor) == (600, 2_500)


def test_units_of_those_who_default_go_back_to_the_skus_stock(store: Store) -> None:
    set_stock(store, 60)
    campaign = preorder(store)
    order = store.hold(campaign, 2)
    store.pay(order)
    store.lock(campaign)
    closing.wind_up(store.tenant_id, campaign.id, clock.now())
    assert stock_of(store) == 58
    end = store.order(order).balance_due_at
    assert end is not None
    end_unpaid(store.tenant_id, order.id, end)
    for _ in range(2):
        count_orders(store.tenant_id, [order.id], end)
    assert stock_of(store) == 60


def set_stock(store: Store, units: int) -> None:
    """Tracks the SKU's stock from now on."""
    adjust_stock(store.tenant_id, store.skus[0], units, "count", "key", "hash", store.staff, clock.now())


def stock_of(store: Store) -> int:
    return int(get_skus(store.tenant_id, store.skus[:1])[store.skus[0]].free)


def test_a_deposit_that_comes_after_the_hold_still_leaves_a_balance_with_an_end(store: Store) -> None:
    """An order that had expired takes its units again, and owes its 19.00 by the same hour as everyone's."""
    campaign = preorder(store)
    order = store.hold(campaign, 2)
    later = clock.now() + timedelta(minutes=20)
    expire(store.tenant_id, order.id, later)
    assert store.order(order).status == "expired"
    assert store.pay(order, 600, now=later)
    placed = store.order(order)
    assert (placed.status, placed.totals.due) == ("placed", 1_900)
    assert campaign.closes_at is not None
    assert placed.balance_due_at == placed.due_at == campaign.closes_at + HOURS
    store.check_stock(campaign)
