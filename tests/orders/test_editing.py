"""Changing an order until the cutoff: what it costs then, what is taken and given back, and who is refused."""

from datetime import timedelta

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid, NotFound, Stale
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.changes.service import editing
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import (
    CutoffPassed,
    LimitReached,
    NotEditable,
    NothingLeft,
    PriceChanged,
    SoldOut,
    UnknownOffer,
)
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.placing.service import place
from chalicelib.orders.views.orders import OrderView
from tests.orders.states import again, changes, charged, edited, paid, paid_online, refunds, units_of
from tests.orders.store import BODY_HASH, Store

ANOTHER_HASH = "f" * 32


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    """Fifty units each of pears, eggs and oil at 12.50."""
    return store.publish(50, 50, 50, payment_methods=["pickup", "test"])


def test_more_of_one_less_of_another_and_a_new_one_keep_the_place_in_the_queue(
    store: Store, campaign: CampaignRecord
) -> None:
    order = store.place(campaign, 3, 2)
    now = edited(store, order, 5, 1, 4, now=clock.now() + timedelta(minutes=5))
    assert units_of(now) == [5, 1, 4]
    assert (now.totals.total, now.totals.due) == (12_500, 12_500)
    assert (now.placed_at, now.gsi1sk) == (order.placed_at, order.gsi1sk)
    assert changes(now) == [("edited", f"member:{order.member_id}")]
    assert store.free(campaign) == 140
    store.check_stock(campaign)


def test_what_is_not_named_stays_and_zero_leaves_out(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3, 2)
    assert units_of(edited(store, order, None, 0)) == [3]
    assert store.free(campaign) == 147
    store.check_stock(campaign)


def test_the_first_answer_to_the_placing_stays_the_same(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    first = OrderView.as_placed(order).model_dump_json()
    edited(store, order, 9)
    assert OrderView.as_placed(store.place(campaign, 3)).model_dump_json() == first


def test_the_same_key_answers_the_same_and_changes_once(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    first = edited(store, order, 5)
    edited(store, order, 1, key="edit-2")
    repeated = edited(store, order, 5)
    assert OrderView.of(repeated).model_dump_json() == OrderView.of(first).model_dump_json()
    assert units_of(again(store, order)) == [1]
    with pytest.raises(IdempotencyMismatch):
        edited(store, order, 5, body_hash=ANOTHER_HASH)


def test_a_request_that_changed_nothing_changes_nothing_when_it_comes_again(
    store: Store, campaign: CampaignRecord
) -> None:
    order = store.place(campaign, 3)
    first = OrderView.of(edited(store, order, 3)).model_dump_json()
    edited(store, order, 5, key="edit-2")
    assert OrderView.of(edited(store, order, 3)).model_dump_json() == first
    assert units_of(again(store, order)) == [5]
    with pytest.raises(IdempotencyMismatch):
        edited(store, order, 4, body_hash=ANOTHER_HASH)


def test_a_change_of_what_was_seen_only(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    edited(store, order, 5, revision=1)
    with pytest.raises(Stale):
        edited(store, order, 6, revision=1, key="edit-2")


def test_too_many_units_are_refused_and_the_rest_of_the_change_with_them(
    store: Store, campaign: CampaignRecord
) -> None:
    order = store.place(campaign, 3, 2)
    with pytest.raises(SoldOut) as refusal:
        edited(store, order, 51, 1)
    assert refusal.value.extra["left"] == 47
    assert units_of(again(store, order)) == [3, 2]
    store.check_stock(campaign)


def test_the_limit_for_one_member_counts_what_the_order_has(store: Store) -> None:
    campaign = store.publish(50, limit=4)
    order = store.place(campaign, 3)
    with pytest.raises(LimitReached):
        edited(store, order, 5)
    edited(store, order, 4)
    edited(store, order, 1, key="edit-2")
    store.place(campaign, 3, key="key-2")
    with pytest.raises(LimitReached):
        edited(store, order, 2, key="edit-3")


def test_refusals_name_what_to_do(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    with pytest.raises(NothingLeft):
        edited(store, order, 0)
    with pytest.raises(PriceChanged):
        edited(store, order, 4, expected_total_minor=4_999)
    with pytest.raises(UnknownOffer):
        edit(store.tenant_id, order.member_id, order.id, Edit((("nothing", 1),), "k", BODY_HASH), clock.now())
    with pytest.raises(NotFound):
        edit(store.tenant_id, store.member(4), order.id, Edit((), "k", BODY_HASH), clock.now())
    cancel(store.tenant_id, order.member_id, order.id, clock.now())
    with pytest.raises(NotEditable):
        edited(store, order, 4)


def test_changes_lead_to_no_more_lines_than_an_order_may_have(
    store: Store, campaign: CampaignRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MAX_LINES", 2)
    order = store.place(campaign, 3, 2)
    with pytest.raises(Invalid, match="3 lines, of at most 2"):
        edited(store, order, None, None, 1)
    assert units_of(edited(store, order, None, 0, 1)) == [3, 1]


def test_nothing_changes_after_the_cutoff_up_or_down(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    for n, quantity in enumerate((5, 1)):
        with pytest.raises(CutoffPassed):
            edited(store, order, quantity, now=campaign.closes_at, key=f"late-{n}")
    assert units_of(again(store, order)) == [3]


def test_an_order_that_waits_for_its_payment_holds_what_it_has_after_the_change(
    store: Store, campaign: CampaignRecord
) -> None:
    lines = ((campaign.offers[0].offer_id, 3),)
    held = place(
        store.tenant_id, store.member(), Wish(campaign.id, lines, store.point_id, "test"), "k", BODY_HASH, clock.now()
    )
    edited(store, held, 1, 2)
    assert payment.expected(again(store, held), clock.now()) == 3_750
    assert [int(bucket.held) for bucket in store.buckets(campaign)] == [1, 2, 0]
    assert charged(store, held)
    assert [int(bucket.sold) for bucket in store.buckets(campaign)] == [1, 2, 0]


def test_what_was_paid_too_much_goes_back_at_once(store: Store, campaign: CampaignRecord) -> None:
    """Paid 3 x 12.50 + 12.50 = 50.00; two units less are 25.00."""
    order = paid_online(store, campaign, 3, 1)
    now = edited(store, order, 1)
    assert (now.totals.total, now.totals.paid, now.totals.refunded, now.totals.due) == (
        2_500,
        5_000,
        2_500,
        0,
    )
    assert [amount for _, amount in refunds(now)] == [2_500]
    assert store.free(campaign) == 148
    store.check_stock(campaign)


def test_an_order_paid_in_cash_before_is_refunded_for_what_it_loses(store: Store, campaign: CampaignRecord) -> None:
    order = paid(store, store.place(campaign, 4), method=None)
    now = edited(store, order, 1)
    assert (now.totals.due, now.totals.refunded) == (0, 3_750)
