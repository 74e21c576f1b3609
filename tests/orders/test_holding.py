"""Orders that are paid online: held, paid, expired, paid late, cancelled; and no cent or unit is lost."""

from datetime import datetime, timedelta

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.campaign import CloseTotals
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.kernel.context import correlation_id
from chalicelib.orders.counting.service import counting
from chalicelib.orders.edits.service import pending
from chalicelib.orders.edits.service.editing import Edit, edit
from chalicelib.orders.ending.service.cancelling import cancel, release
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.errors import CutoffPassed, LimitReached, PaymentMethodUnavailable, SoldOut
from chalicelib.orders.model import HOLD
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import OrderView
from tests.orders.stage import Stage
from tests.orders.test_placing import size_of

ONLINE = ["pickup", "test"]
INSTANT = timedelta(milliseconds=1)


@pytest.fixture
def campaign(stage: Stage) -> CampaignRecord:
    """50 units at 12.50 each in one bucket, for every way of paying."""
    return stage.publish(50, payment_methods=ONLINE)


def ends(order: OrderRecord) -> datetime:
    assert order.hold_expires_at is not None
    return order.hold_expires_at


def counts(stage: Stage, campaign: CampaignRecord) -> tuple[int, int, int]:
    """Units free, held and sold."""
    buckets = stage.buckets(campaign)
    return tuple(sum(int(getattr(bucket, side)) for bucket in buckets) for side in ("free", "held", "sold"))  # type: ignore[return-value]


def test_an_order_paid_online_holds_its_units_for_a_quarter_of_an_hour(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.hold(campaign, 3)
    assert (order.status, order.method, ends(order) - order.placed_at) == ("held", "test", HOLD)
    assert counts(stage, campaign) == (47, 3, 0)
    assert order.outbox[0]["t"] == "order.held"
    assert payment.expected(order, ends(order) - INSTANT) == 3_750
    assert payment.expected(order, ends(order)) == 0
    stage.check_stock(campaign)


def test_a_held_order_costs_what_another_costs_and_its_place_in_the_due_index(
    stage: Stage, campaign: CampaignRecord
) -> None:
    stage.member(0)
    correlation_id.set("1c5d3a51-7d10-4a52-9e3a-1a6b6f0c9d11")
    with metered() as meter:
        order = stage.hold(campaign, 3)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (4, 3)
    assert size_of(order) <= 1_024
    with metered() as meter:
        assert stage.pay(order)
    assert meter.by_operation == {"GetItem": 1, "TransactWriteItems": 1}
    with metered() as meter:
        expire(stage.tenant_id, order.id, ends(order))
    assert meter.by_operation == {"GetItem": 1}, "a timer of an order that was paid reads it once"


def test_a_payment_places_the_order_and_sells_its_units(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.hold(campaign, 3)
    answer = OrderView.as_placed(order).model_dump_json()
    assert stage.pay(order)
    paid = stage.order(order)
    assert (paid.status, paid.paid_minor, paid.totals.due, paid.due_at) == ("placed", 3_750, 0, None)
    assert counts(stage, campaign) == (47, 0, 3)
    assert OrderView.as_placed(stage.hold(campaign, 3)).model_dump_json() == answer
    assert OrderView.of(paid).hold_expires_at is None
    assert not stage.pay(order, 3_750), "a second payment is not wanted"
    stage.check_stock(campaign)


def test_another_amount_is_not_wanted(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.hold(campaign, 3)
    assert not stage.pay(order, 3_749)
    assert not stage.pay(order, 3_751)
    assert stage.order(order).rev == order.rev


def test_a_hold_that_ends_gives_its_units_back(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.hold(campaign, 3)
    expire(stage.tenant_id, order.id, ends(order) - INSTANT)
    assert stage.order(order).status == "held"
    for _ in range(3):
        expire(stage.tenant_id, order.id, ends(order))
    expired = stage.order(order)
    assert (expired.status, expired.rev, expired.due_at, expired.totals.due) == ("expired", 2, None, 0)
    assert counts(stage, campaign) == (50, 0, 0)
    stage.check_stock(campaign)


def test_a_payment_after_the_end_of_the_hold_is_taken_while_its_units_are_there(
    stage: Stage, campaign: CampaignRecord
) -> None:
    order = stage.hold(campaign, 3)
    assert stage.pay(order, now=ends(order) + timedelta(minutes=2))
    assert counts(stage, campaign) == (47, 0, 3)


def test_a_late_payment_takes_units_again_if_there_are_any(stage: Stage) -> None:
    campaign = stage.publish(9, peak=3, payment_methods=ONLINE, limit=9)
    order = stage.hold(campaign, 3)
    expire(stage.tenant_id, order.id, ends(order))
    stage.place(campaign, 4, member=1)
    late = ends(order) + timedelta(minutes=5)
    assert stage.pay(order, now=late)
    again = stage.order(order)
    assert (again.status, again.paid_minor, again.totals.due) == ("placed", 3_750, 0)
    assert counts(stage, campaign) == (2, 0, 7)
    with pytest.raises(LimitReached):
        stage.place(campaign, 7, key="key-2")
    stage.check_stock(campaign)


@pytest.mark.parametrize("why", ["sold out", "closed", "limit", "cancelled"])
def test_a_late_payment_that_comes_to_nothing_is_given_back(stage: Stage, why: str) -> None:
    campaign = stage.publish(5, payment_methods=ONLINE, limit=5)
    order = stage.hold(campaign, 3)
    now = ends(order)
    if why == "cancelled":
        cancel(stage.tenant_id, stage.member(), order.id, clock.now())
    else:
        expire(stage.tenant_id, order.id, now)
    if why == "sold out":
        stage.place(campaign, 3, member=1)
    elif why == "limit":
        stage.place(campaign, 3, key="key-2")
    elif why == "closed":
        assert campaign.closes_at is not None
        now = campaign.closes_at
    before = counts(stage, campaign)
    assert not stage.pay(order, now=now)
    assert counts(stage, campaign) == before
    stage.check_stock(campaign)


def test_cancelling_a_held_order_frees_it_also_after_the_close(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.hold(campaign, 3)
    assert campaign.closes_at is not None
    ended = cancel(stage.tenant_id, stage.member(), order.id, campaign.closes_at)
    assert (ended.status, stage.refunds(order)) == ("cancelled", {})
    assert counts(stage, campaign) == (50, 0, 0)


def test_cancelling_a_paid_order_refunds_it_in_full_once(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.hold(campaign, 3)
    stage.pay(order)
    for _ in range(2):
        ended = cancel(stage.tenant_id, stage.member(), order.id, clock.now())
    assert (ended.status, ended.paid_minor, ended.refunded_minor, ended.totals.due) == ("cancelled", 3_750, 3_750, 0)
    assert stage.refunds(order) == {"cancel": 3_750}
    stage.check_stock(campaign)
    late = stage.hold(campaign, 1, key="key-2")
    stage.pay(late)
    assert campaign.closes_at is not None
    with pytest.raises(CutoffPassed):
        cancel(stage.tenant_id, stage.member(), late.id, campaign.closes_at)
    assert stage.refunds(late) == {}


def test_a_cancelled_campaign_releases_held_orders_and_refunds_paid_ones(
    stage: Stage, campaign: CampaignRecord
) -> None:
    held, paid = stage.hold(campaign, 1), stage.hold(campaign, 2, key="key-2")
    stage.pay(paid)
    campaigns.cancel_campaign(stage.tenant_id, campaign.id, stage.staff, clock.now())
    closing.wind_up(stage.tenant_id, campaign.id, clock.now())
    assert all(release(stage.order(order), clock.now()) for order in (held, paid))
    assert (stage.refunds(held), stage.refunds(paid)) == ({}, {"campaign": 2_500})
    assert counts(stage, campaign) == (50, 0, 0)
    assert not stage.pay(held), "money that comes now goes back"
    stage.check_stock(campaign)


def test_the_close_waits_for_holds_and_is_decided_with_the_last(stage: Stage, campaign: CampaignRecord) -> None:
    assert campaign.closes_at is not None
    just_before = campaign.closes_at - timedelta(minutes=1)
    stage.place(campaign, 1, member=3, now=just_before)
    paid, unpaid = (stage.hold(campaign, 2, member=n, now=just_before) for n in (1, 2))
    stage.lock(campaign)
    assert stage.again(campaign).status == "closing"
    assert stage.pay(paid, now=campaign.closes_at)
    counting.count_orders(stage.tenant_id, [paid.id], campaign.closes_at)
    assert stage.again(campaign).status == "closing"
    expire(stage.tenant_id, unpaid.id, ends(unpaid))
    counting.count_orders(stage.tenant_id, [unpaid.id], ends(unpaid))
    decided = stage.again(campaign)
    assert (decided.status, decided.totals) == ("locked", CloseTotals(3, 2, 3_750))
    assert not stage.pay(unpaid, now=ends(unpaid)), "nothing is taken after the lock"
    stage.check_stock(campaign)


def test_only_what_was_paid_counts_in_the_progress(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.hold(campaign, 2)
    counting.count_orders(stage.tenant_id, [order.id], clock.now())
    assert stage.progress(campaign) == (0, 0, 0, 0)
    stage.pay(order)
    counting.count_orders(stage.tenant_id, [order.id], clock.now())
    assert stage.progress(campaign) == (1, 1, 2, 2_500)


def test_held_units_are_not_for_sale(stage: Stage, campaign: CampaignRecord) -> None:
    stage.hold(campaign, 48)
    with pytest.raises(SoldOut) as refusal:
        stage.place(campaign, 3, member=1)
    assert refusal.value.extra["left"] == 2


def test_a_campaign_takes_the_payments_that_it_names(stage: Stage) -> None:
    with pytest.raises(PaymentMethodUnavailable) as refusal:
        stage.hold(stage.publish(5, payment_methods=["pickup"]), 1)
    assert "'pickup'" in refusal.value.detail
    with pytest.raises(PaymentMethodUnavailable):
        stage.place(stage.publish(5, payment_methods=["test"]), 1)


def test_the_close_waits_for_a_dearer_basket_that_is_not_paid(stage: Stage, campaign: CampaignRecord) -> None:
    assert campaign.closes_at is not None
    just_before = campaign.closes_at - timedelta(minutes=1)
    order = stage.hold(campaign, 1, now=just_before)
    stage.pay(order, now=just_before)
    more = Edit(((campaign.offers[0].offer_id, 3),), "edit-1", "hash")
    edit(stage.tenant_id, stage.member(), order.id, more, just_before)
    assert counts(stage, campaign) == (47, 2, 1)
    stage.check_stock(campaign)
    stage.lock(campaign)
    assert stage.again(campaign).status == "closing"
    over = just_before + HOLD
    pending.expire(stage.tenant_id, order.id, over)
    changed = stage.order(order)
    assert [entry["t"] for entry in changed.outbox] == ["order.changed"]
    counting.count_orders(stage.tenant_id, [order.id], over)
    assert (stage.again(campaign).status, counts(stage, campaign)) == ("locked", (49, 0, 1))


def test_what_the_ways_of_an_order_cost(stage: Stage, campaign: CampaignRecord) -> None:
    """Requests and write units of one line: an order of a kilobyte, a bucket, a refund, each at two units."""
    order, late = stage.hold(campaign, 3), stage.hold(campaign, 1, key="key-2")
    ways = {
        "paid": lambda: stage.pay(order),
        "counted": lambda: counting.count_orders(stage.tenant_id, [order.id], clock.now()),
        "cancelled and refunded": lambda: cancel(stage.tenant_id, stage.member(), order.id, clock.now()),
        "expired": lambda: expire(stage.tenant_id, late.id, ends(late)),
    }
    costs = {}
    for name, way in ways.items():
        with metered() as meter:
            way()
        costs[name] = (meter.reads, meter.writes, meter.write_units)
    assert costs == {
        "paid": (1, 1, 4), "counted": (2, 1, 4), "cancelled and refunded": (1, 1, 6), "expired": (1, 1, 4),
    }  # fmt: skip
