"""Changing an order until the cutoff: what it costs then, what is taken and given back, and who is refused."""

from datetime import datetime, timedelta

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.orders.change_errors import NotEditable, NothingLeft
from chalicelib.orders.errors import CutoffPassed, LimitReached, PriceChanged, SoldOut, UnknownOffer
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import payment, pending
from chalicelib.orders.service.basket import Wish
from chalicelib.orders.service.cancelling import cancel
from chalicelib.orders.service.editing import Edit, edit
from chalicelib.orders.service.placing import place
from chalicelib.orders.views import OrderView
from tests.orders.changed import again, changes, paid, refunds
from tests.orders.stage import BODY_HASH, Stage

ANOTHER_HASH = "f" * 32


@pytest.fixture
def campaign(stage: Stage) -> CampaignRecord:
    """Fifty units each of pears, eggs and oil at 12.50."""
    return stage.publish(50, 50, 50, payment_methods=["pickup", "test"])


def change(stage: Stage, order: OrderRecord, *quantities: int | None, **more: object) -> OrderRecord:
    """New quantities for the campaign's offers in their order; None leaves an offer as it is."""
    offers = stage.again(_campaign(stage, order)).offers
    lines = tuple(
        (offer.offer_id, units) for offer, units in zip(offers, quantities, strict=False) if units is not None
    )
    now = more.pop("now", None) or clock.now()
    key, body_hash = str(more.pop("key", "edit-1")), str(more.pop("body_hash", BODY_HASH))
    wanted = Edit(lines, key, body_hash, **more)  # type: ignore[arg-type]
    assert isinstance(now, datetime)
    return edit(stage.tenant_id, order.member_id, order.id, wanted, now)


def _campaign(stage: Stage, order: OrderRecord) -> CampaignRecord:
    return CampaignRecord(*CampaignRecord.address(stage.tenant_id, order.campaign_id), id=order.campaign_id)


def pay(stage: Stage, order: OrderRecord, now: datetime | None = None) -> bool:
    """A payment of what may be charged has arrived."""
    order = again(stage, order)
    tx = Transaction()
    amount = payment.expected(order, clock.now()) or (order.pending or {}).get("amount", 1)
    wanted = payment.capture(tx, order, "payment-1", amount, now or clock.now())
    if wanted:
        tx.commit()
    return wanted


def online(stage: Stage, campaign: CampaignRecord, *quantities: int, member: int = 0) -> OrderRecord:
    """An order that was paid online."""
    lines = tuple((offer.offer_id, units) for offer, units in zip(campaign.offers, quantities, strict=False) if units)
    wish = Wish(campaign.id, lines, stage.point_id, "test")
    order = place(stage.tenant_id, stage.member(member), wish, f"online-{member}", BODY_HASH, clock.now())
    assert pay(stage, order)
    return again(stage, order)


def units(order: OrderRecord) -> list[int]:
    return [line.quantity for line in order.lines]


def test_more_of_one_less_of_another_and_a_new_one_keep_the_place_in_the_queue(
    stage: Stage, campaign: CampaignRecord
) -> None:
    order = stage.place(campaign, 3, 2)
    edited = change(stage, order, 5, 1, 4, now=clock.now() + timedelta(minutes=5))
    assert units(edited) == [5, 1, 4]
    assert (edited.totals.total, edited.totals.due) == (12_500, 12_500)
    assert (edited.placed_at, edited.gsi1sk) == (order.placed_at, order.gsi1sk)
    assert changes(edited) == [("edited", f"member:{order.member_id}")]
    assert stage.free(campaign) == 140
    stage.check_stock(campaign)


def test_what_is_not_named_stays_and_zero_leaves_out(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.place(campaign, 3, 2)
    assert units(change(stage, order, None, 0)) == [3]
    assert stage.free(campaign) == 147
    stage.check_stock(campaign)


def test_the_first_answer_to_the_placing_stays_the_same(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.place(campaign, 3)
    first = OrderView.as_placed(order).model_dump_json()
    change(stage, order, 9)
    assert OrderView.as_placed(stage.place(campaign, 3)).model_dump_json() == first


def test_the_same_key_answers_the_same_and_changes_once(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.place(campaign, 3)
    first = change(stage, order, 5)
    change(stage, order, 1, key="edit-2")
    repeated = change(stage, order, 5)
    assert OrderView.of(repeated).model_dump_json() == OrderView.of(first).model_dump_json()
    assert units(again(stage, order)) == [1]
    with pytest.raises(IdempotencyMismatch):
        change(stage, order, 5, body_hash=ANOTHER_HASH)


def test_a_change_of_what_was_seen_only(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.place(campaign, 3)
    change(stage, order, 5, revision=1)
    with pytest.raises(Stale):
        change(stage, order, 6, revision=1, key="edit-2")


def test_too_many_units_are_refused_and_the_rest_of_the_change_with_them(
    stage: Stage, campaign: CampaignRecord
) -> None:
    order = stage.place(campaign, 3, 2)
    with pytest.raises(SoldOut) as refusal:
        change(stage, order, 51, 1)
    assert refusal.value.extra["left"] == 47
    assert units(again(stage, order)) == [3, 2]
    stage.check_stock(campaign)


def test_the_limit_for_one_member_counts_what_the_order_has(stage: Stage) -> None:
    campaign = stage.publish(50, limit=4)
    order = stage.place(campaign, 3)
    with pytest.raises(LimitReached):
        change(stage, order, 5)
    change(stage, order, 4)
    change(stage, order, 1, key="edit-2")
    stage.place(campaign, 3, key="key-2")
    with pytest.raises(LimitReached):
        change(stage, order, 2, key="edit-3")


def test_refusals_name_what_to_do(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.place(campaign, 3)
    with pytest.raises(NothingLeft):
        change(stage, order, 0)
    with pytest.raises(PriceChanged):
        change(stage, order, 4, expected_total_minor=4_999)
    with pytest.raises(UnknownOffer):
        edit(stage.tenant_id, order.member_id, order.id, Edit((("nothing", 1),), "k", BODY_HASH), clock.now())
    with pytest.raises(NotFound):
        edit(stage.tenant_id, stage.member(4), order.id, Edit((), "k", BODY_HASH), clock.now())
    cancel(stage.tenant_id, order.member_id, order.id, clock.now())
    with pytest.raises(NotEditable):
        change(stage, order, 4)


def test_nothing_changes_after_the_cutoff_up_or_down(stage: Stage, campaign: CampaignRecord) -> None:
    order = stage.place(campaign, 3)
    for n, quantity in enumerate((5, 1)):
        with pytest.raises(CutoffPassed):
            change(stage, order, quantity, now=campaign.closes_at, key=f"late-{n}")
    assert units(again(stage, order)) == [3]


def test_an_order_that_waits_for_its_payment_holds_what_it_has_after_the_change(
    stage: Stage, campaign: CampaignRecord
) -> None:
    lines = ((campaign.offers[0].offer_id, 3),)
    held = place(
        stage.tenant_id, stage.member(), Wish(campaign.id, lines, stage.point_id, "test"), "k", BODY_HASH, clock.now()
    )
    change(stage, held, 1, 2)
    assert payment.expected(again(stage, held), clock.now()) == 3_750
    assert [int(bucket.held) for bucket in stage.buckets(campaign)] == [1, 2, 0]
    assert pay(stage, held)
    assert [int(bucket.sold) for bucket in stage.buckets(campaign)] == [1, 2, 0]


def test_what_was_paid_too_much_goes_back_at_once(stage: Stage, campaign: CampaignRecord) -> None:
    """Paid 3 x 12.50 + 12.50 = 50.00; two units less are 25.00."""
    order = online(stage, campaign, 3, 1)
    edited = change(stage, order, 1)
    assert (edited.totals.total, edited.totals.paid, edited.totals.refunded, edited.totals.due) == (
        2_500,
        5_000,
        2_500,
        0,
    )
    assert [amount for _, amount in refunds(edited)] == [2_500]
    assert stage.free(campaign) == 148
    stage.check_stock(campaign)


class TestADearerBasketOfAPaidOrder:
    def test_waits_for_the_difference_with_its_units_held(self, stage: Stage, campaign: CampaignRecord) -> None:
        order = online(stage, campaign, 2, 2)
        waiting = change(stage, order, 5, 1)
        assert units(waiting) == [2, 2]
        assert payment.expected(again(stage, order), clock.now()) == 2_500
        assert [(int(each.held), int(each.sold)) for each in stage.buckets(campaign)] == [(3, 2), (0, 2), (0, 0)]

        assert pay(stage, order)

        edited = again(stage, order)
        assert units(edited) == [5, 1]
        assert (edited.totals.total, edited.totals.paid, edited.totals.due) == (7_500, 7_500, 0)
        assert changes(edited)[-1][0] == "edited"
        assert edited.due_at is None
        stage.check_stock(campaign)

    def test_is_dropped_after_a_quarter_of_an_hour(self, stage: Stage, campaign: CampaignRecord) -> None:
        order = online(stage, campaign, 2)
        change(stage, order, 5)
        waiting = again(stage, order)
        assert (waiting.due_kind, waiting.due_queue) == ("order.pending", "orders")
        now = clock.now()
        pending.expire(stage.tenant_id, order.id, now + timedelta(minutes=14))
        assert again(stage, order).pending is not None
        for _ in range(2):
            pending.expire(stage.tenant_id, order.id, now + timedelta(minutes=16))
        assert units(again(stage, order)) == [2]
        assert not pay(stage, order), "the payment that comes now is given back"
        stage.check_stock(campaign)

    def test_makes_way_for_another_change(self, stage: Stage, campaign: CampaignRecord) -> None:
        order = online(stage, campaign, 2)
        waiting = change(stage, order, 5)
        edited = change(stage, order, 1, key="edit-2", revision=int(waiting.rev))
        assert (units(edited), edited.pending) == ([1], None)
        assert [amount for _, amount in refunds(edited)] == [1_250]
        stage.check_stock(campaign)

    def test_makes_way_for_the_cancellation_of_the_order(self, stage: Stage, campaign: CampaignRecord) -> None:
        order = online(stage, campaign, 2)
        change(stage, order, 5)
        ended = cancel(stage.tenant_id, order.member_id, order.id, clock.now())
        assert (ended.status, ended.pending, ended.totals.refunded) == ("cancelled", None, 2_500)
        assert stage.free(campaign) == 150
        stage.check_stock(campaign)

    def test_is_not_taken_for_another_amount(self, stage: Stage, campaign: CampaignRecord) -> None:
        order = online(stage, campaign, 2)
        change(stage, order, 5)
        tx = Transaction()
        assert not payment.capture(tx, again(stage, order), "payment-2", 3_749, clock.now())
        assert len(tx) == 0

    def test_is_paid_once(self, stage: Stage, campaign: CampaignRecord) -> None:
        order = online(stage, campaign, 2)
        change(stage, order, 5)
        seen, twin = again(stage, order), again(stage, order)
        first, second = Transaction(), Transaction()
        assert payment.capture(first, seen, "p1", 3_750, clock.now())
        assert payment.capture(second, twin, "p2", 3_750, clock.now())
        first.commit()
        with pytest.raises(Refused):
            second.commit()
        assert not payment.capture(Transaction(), again(stage, order), "p2", 3_750, clock.now())


def test_an_order_paid_in_cash_before_is_refunded_for_what_it_loses(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid(stage, stage.place(campaign, 4), method=None)
    edited = change(stage, order, 1)
    assert (edited.totals.due, edited.totals.refunded) == (0, 3_750)
