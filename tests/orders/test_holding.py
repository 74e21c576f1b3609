"""Orders that are paid online: held, paid, expired, paid late, cancelled; and no cent or unit is lost."""

from datetime import datetime, timedelta

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.target import CloseTotals
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.kernel.context import correlation_id
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.changes.service.waiting import expire as drop_edit
from chalicelib.orders.counting.service import counting
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.errors import CutoffPassed, LimitReached, PaymentMethodUnavailable, SoldOut
from chalicelib.orders.model import HOLD
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import OrderView
from tests.orders.states import released
from tests.orders.store import Store
from tests.orders.test_placing import size_of

ONLINE = ["pickup", "test"]
INSTANT = timedelta(milliseconds=1)


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    """50 units at 12.50 each in one bucket, for every way of paying."""
    return store.publish(50, payment_methods=ONLINE)


def ends(order: OrderRecord) -> datetime:
    assert order.hold_expires_at is not None
    return order.hold_expires_at


def counts(store: Store, campaign: CampaignRecord) -> tuple[int, int, int]:
    """Units free, held and sold."""
    buckets = store.buckets(campaign)
    return tuple(sum(int(getattr(bucket, side)) for bucket in buckets) for side in ("free", "held", "sold"))  # type: ignore[return-value]


def test_an_order_paid_online_holds_its_units_for_a_quarter_of_an_hour(store: Store, campaign: CampaignRecord) -> None:
    order = store.hold(campaign, 3)
    assert (order.status, order.method, ends(order) - order.placed_at) == ("held", "test", HOLD)
    assert counts(store, campaign) == (47, 3, 0)
    assert order.outbox[0]["t"] == "order.held"
    assert payment.expected(order, ends(order) - INSTANT) == 3_750
    assert payment.expected(order, ends(order)) == 0
    store.check_stock(campaign)


def test_a_held_order_costs_what_another_costs_and_its_place_in_the_due_index(
    store: Store, campaign: CampaignRecord
) -> None:
    store.member(0)
    correlation_id.set("1c5d3a51-7d10-4a52-9e3a-1a6b6f0c9d11")
    with metered() as meter:
        order = store.hold(campaign, 3)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (4, 3)
    assert size_of(order) <= 1_024
    with metered() as meter:
        assert store.pay(order)
    assert meter.by_operation == {"GetItem": 1, "TransactWriteItems": 1}
    with metered() as meter:
        expire(store.tenant_id, order.id, ends(order))
    assert meter.by_operation == {"GetItem": 1}, "a timer of an order that was paid reads it once"


def test_a_payment_places_the_order_and_sells_its_units(store: Store, campaign: CampaignRecord) -> None:
    order = store.hold(campaign, 3)
    answer = OrderView.as_placed(order).model_dump_json()
    assert store.pay(order)
    paid = store.order(order)
    assert (paid.status, paid.paid_minor, paid.totals.due, paid.due_at) == ("placed", 3_750, 0, None)
    assert counts(store, campaign) == (47, 0, 3)
    assert OrderView.as_placed(store.hold(campaign, 3)).model_dump_json() == answer
    assert OrderView.of(paid).hold_expires_at is None
    assert not store.pay(order, 3_750), "a second payment is not wanted"
    store.check_stock(campaign)


def test_another_amount_is_not_wanted(store: Store, campaign: CampaignRecord) -> None:
    order = store.hold(campaign, 3)
    assert not store.pay(order, 3_749)
    assert not store.pay(order, 3_751)
    assert store.order(order).rev == order.rev


def test_a_hold_that_ends_gives_its_units_back(store: Store, campaign: CampaignRecord) -> None:
    order = store.hold(campaign, 3)
    expire(store.tenant_id, order.id, ends(order) - INSTANT)
    assert store.order(order).status == "held"
    for _ in range(3):
        expire(store.tenant_id, order.id, ends(order))
    expired = store.order(order)
    assert (expired.status, expired.rev, expired.due_at, expired.totals.due) == ("expired", 2, None, 0)
    assert counts(store, campaign) == (50, 0, 0)
    store.check_stock(campaign)


def test_a_payment_after_the_end_of_the_hold_is_taken_while_its_units_are_there(
    store: Store, campaign: CampaignRecord
) -> None:
    order = store.hold(campaign, 3)
    assert store.pay(order, now=ends(order) + timedelta(minutes=2))
    assert counts(store, campaign) == (47, 0, 3)


def test_a_late_payment_takes_units_again_if_there_are_any(store: Store) -> None:
    campaign = store.publish(9, peak=3, payment_methods=ONLINE, limit=9)
    order = store.hold(campaign, 3)
    expire(store.tenant_id, order.id, ends(order))
    store.place(campaign, 4, member=1)
    late = ends(order) + timedelta(minutes=5)
    assert store.pay(order, now=late)
    again = store.order(order)
    assert (again.status, again.paid_minor, again.totals.due) == ("placed", 3_750, 0)
    assert counts(store, campaign) == (2, 0, 7)
    with pytest.raises(LimitReached):
        store.place(campaign, 7, key="key-2")
    store.check_stock(campaign)


@pytest.mark.parametrize("why", ["sold out", "closed", "limit", "cancelled"])
def test_a_late_payment_that_comes_to_nothing_is_given_back(store: Store, why: str) -> None:
    campaign = store.publish(5, payment_methods=ONLINE, limit=5)
    order = store.hold(campaign, 3)
    now = ends(order)
    if why == "cancelled":
        cancel(store.tenant_id, store.member(), order.id, clock.now())
    else:
        expire(store.tenant_id, order.id, now)
    if why == "sold out":
        store.place(campaign, 3, member=1)
    elif why == "limit":
        store.place(campaign, 3, key="key-2")
    elif why == "closed":
        assert campaign.closes_at is not None
        now = campaign.closes_at
    before = counts(store, campaign)
    assert not store.pay(order, now=now)
    assert counts(store, campaign) == before
    store.check_stock(campaign)


def test_cancelling_a_held_order_frees_it_also_after_the_close(store: Store, campaign: CampaignRecord) -> None:
    order = store.hold(campaign, 3)
    assert campaign.closes_at is not None
    ended = cancel(store.tenant_id, store.member(), order.id, campaign.closes_at)
    assert (ended.status, store.refunds(order)) == ("cancelled", {})
    assert counts(store, campaign) == (50, 0, 0)


def test_cancelling_a_paid_order_refunds_it_in_full_once(store: Store, campaign: CampaignRecord) -> None:
    order = store.hold(campaign, 3)
    store.pay(order)
    for _ in range(2):
        ended = cancel(store.tenant_id, store.member(), order.id, clock.now())
    assert (ended.status, ended.paid_minor, ended.refunded_minor, ended.totals.due) == ("cancelled", 3_750, 3_750, 0)
    assert store.refunds(order) == {"cancel": 3_750}
    store.check_stock(campaign)
    late = store.hold(campaign, 1, key="key-2")
    store.pay(late)
    assert campaign.closes_at is not None
    with pytest.raises(CutoffPassed):
        cancel(store.tenant_id, store.member(), late.id, campaign.closes_at)
    assert store.refunds(late) == {}


def test_a_cancelled_campaign_releases_held_orders_and_refunds_paid_ones(
    store: Store, campaign: CampaignRecord
) -> None:
    held, paid = store.hold(campaign, 1), store.hold(campaign, 2, key="key-2")
    store.pay(paid)
    campaigns.cancel_campaign(store.tenant_id, campaign.id, store.staff, clock.now())
    closing.wind_up(store.tenant_id, campaign.id, clock.now())
    for order in (held, paid):
        released(store.order(order))
    assert (store.refunds(held), store.refunds(paid)) == ({}, {"campaign": 2_500})
    assert counts(store, campaign) == (50, 0, 0)
    assert not store.pay(held), "money that comes now goes back"
    store.check_stock(campaign)


def test_the_close_waits_for_holds_and_is_decided_with_the_last(store: Store, campaign: CampaignRecord) -> None:
    assert campaign.closes_at is not None
    just_before = campaign.closes_at - timedelta(minutes=1)
    store.place(campaign, 1, member=3, now=just_before)
    paid, unpaid = (store.hold(campaign, 2, member=n, now=just_before) for n in (1, 2))
    store.lock(campaign)
    assert store.again(campaign).status == "closing"
    assert store.pay(paid, now=campaign.closes_at)
    counting.count_orders(store.tenant_id, [paid.id], campaign.closes_at)
    assert store.again(campaign).status == "closing"
    expire(store.tenant_id, unpaid.id, ends(unpaid))
    counting.count_orders(store.tenant_id, [unpaid.id], ends(unpaid))
    decided = store.again(campaign)
    assert (decided.status, decided.totals) == ("locked", CloseTotals(3, 2, 3_750))
    assert not store.pay(unpaid, now=ends(unpaid)), "nothing is taken after the lock"
    store.check_stock(campaign)


def test_only_what_was_paid_counts_in_the_progress(store: Store, campaign: CampaignRecord) -> None:
    order = store.hold(campaign, 2)
    counting.count_orders(store.tenant_id, [order.id], clock.now())
    assert store.progress(campaign) == (0, 0, 0, 0)
    store.pay(order)
    counting.count_orders(store.tenant_id, [order.id], clock.now())
    assert store.progress(campaign) == (1, 1, 2, 2_500)


def test_held_units_are_not_for_sale(store: Store, campaign: CampaignRecord) -> None:
    store.hold(campaign, 48)
    with pytest.raises(SoldOut) as refusal:
        store.place(campaign, 3, member=1)
    assert refusal.value.extra["left"] == 2


def test_a_campaign_takes_the_payments_that_it_names(store: Store) -> None:
    with pytest.raises(PaymentMethodUnavailable) as refusal:
        store.hold(store.publish(5, payment_methods=["pickup"]), 1)
    assert "'pickup'" in refusal.value.detail
    with pytest.raises(PaymentMethodUnavailable):
        store.place(store.publish(5, payment_methods=["test"]), 1)


def test_the_close_waits_for_a_dearer_basket_that_is_not_paid(store: Store, campaign: CampaignRecord) -> None:
    assert campaign.closes_at is not None
    just_before = campaign.closes_at - timedelta(minutes=1)
    order = store.hold(campaign, 1, now=just_before)
    store.pay(order, now=just_before)
    more = Edit(((campaign.offers[0].offer_id, 3),), "edit-1", "hash")
    edit(store.tenant_id, store.member(), order.id, more, just_before)
    assert counts(store, campaign) == (47, 2, 1)
    store.check_stock(campaign)
    store.lock(campaign)
    assert store.again(campaign).status == "closing"
    over = just_before + HOLD
    drop_edit(store.tenant_id, order.id, over)
    changed = store.order(order)
    assert [entry["t"] for entry in changed.outbox] == ["order.changed", "order.edit_lapsed"]
    counting.count_orders(store.tenant_id, [order.id], over)
    assert (store.again(campaign).status, counts(store, campaign)) == ("locked", (49, 0, 1))


def test_what_the_ways_of_an_order_cost(store: Store, campaign: CampaignRecord) -> None:
    """Requests and write units of one line: an order of a kilobyte, a bucket, a refund, each at two units."""
    order, late = store.hold(campaign, 3), store.hold(campaign, 1, key="key-2")
    ways = {
        "paid": lambda: store.pay(order),
        "counted": lambda: counting.count_orders(store.tenant_id, [order.id], clock.now()),
        "cancelled and refunded": lambda: cancel(store.tenant_id, store.member(), order.id, clock.now()),
        "expired": lambda: expire(store.tenant_id, late.id, ends(late)),
    }
    costs = {}
    for name, way in ways.items():
        with metered() as meter:
            way()
        costs[name] = (meter.reads, meter.writes, meter.write_units)
    assert costs == {
        "paid": (1, 1, 4), "counted": (2, 1, 4), "cancelled and refunded": (1, 1, 6), "expired": (1, 1, 4),
    }  # fmt: skip
