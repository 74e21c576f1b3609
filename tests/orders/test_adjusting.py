"""Taking units out after the lock: with a reason, back to stock, the money back, once for each cause."""

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.kernel.money import Money
from chalicelib.orders.adjustments.service import Outlook, adjust, adjust_after_lock, preview, substitute
from chalicelib.orders.errors import CampaignNotLocked, NotAdjustable, NotInOrder, NotLower, UnitsPickedUp
from chalicelib.orders.goodwill.service import Gift, give
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import Goodwill
from chalicelib.orders.refunds.service import line_rests
from chalicelib.orders.views.orders import OrderView
from chalicelib.tenants.records import AuditEntry
from tests.orders.states import again, changes, paid, refunds, write
from tests.orders.store import BODY_HASH, Store


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    return store.publish(50, 50)


@pytest.fixture
def order(store: Store, campaign: CampaignRecord) -> OrderRecord:
    """Three pears and one egg at 12.50 each, paid online, in a locked campaign."""
    order = paid(store, store.place(campaign, 3, 1))
    store.lock(campaign)
    return order


def lower(store: Store, order: OrderRecord, *quantities: int, cause: str = "receipt-1") -> OrderRecord:
    wanted = {line.offer_id: units for line, units in zip(order.lines, quantities, strict=False)}
    return adjust(store.tenant_id, order.id, wanted, cause=cause, reason="Short", by="system", now=clock.now())


def test_a_shortage_is_refunded_and_its_units_go_back(
    store: Store, order: OrderRecord, campaign: CampaignRecord
) -> None:
    lowered = lower(store, order, 1)
    assert [line.quantity for line in lowered.lines] == [1, 1]
    assert (lowered.totals.total, lowered.totals.paid, lowered.totals.refunded, lowered.totals.due) == (
        2_500,
        5_000,
        2_500,
        0,
    )
    assert refunds(order) == [("receipt-1", 2_500)]
    assert changes(order) == [("adjusted", "system")]
    store.check_stock(campaign)


def given(store: Store, order: OrderRecord, *amounts: int) -> OrderRecord:
    """So much of each line was given back by goodwill."""
    lines = {line.offer_id: minor for line, minor in zip(order.lines, amounts, strict=False) if minor}
    gift = Gift(Money(sum(lines.values()), order.currency), "Sorry", lines)
    give(store.tenant_id, order.id, gift, "gift", BODY_HASH, store.staff, clock.now())
    return again(store, order)


@pytest.mark.parametrize(
    ("gifts", "left", "refunded", "gift"),
    [
        # Three pears at 12.50 were given back; none come, and nothing more goes back for them.
        ((3_750, 0), (0,), 0, []),
        # Of 30.00 given for three pears 12.50 stay a gift for the one that comes; for the two, 7.50 are missing.
        ((3_000, 0), (1,), 750, [1_250]),
        # A gift that the pear left is worth stays one; the two others are refunded whole.
        ((1_000, 0), (1,), 2_500, [1_000]),
        # What was given for the egg has nothing to do with the pears.
        ((0, 1_250), (1,), 2_500, [1_250]),
    ],
)
def test_what_was_given_for_units_that_are_missing_is_not_paid_a_second_time(
    store: Store, order: OrderRecord, gifts: tuple[int, int], left: tuple[int], refunded: int, gift: list[int]
) -> None:
    given(store, order, *gifts)
    lowered = lower(store, again(store, order), *left)

    assert dict(refunds(order)).get("receipt-1", 0) == refunded
    assert (lowered.totals.due, list(Goodwill.from_json(lowered.goodwill).lines.values())) == (0, gift)
    rests = line_rests(lowered)
    assert sum(rests.values()) == lowered.refundable_minor
    assert rests[order.lines[1].offer_id] == 1_250 - gifts[1]


def test_a_shortage_of_a_second_line_leaves_the_gift_of_one_that_went_before_alone(
    store: Store, order: OrderRecord
) -> None:
    lower(store, given(store, order, 3_750), 0)
    lower(store, again(store, order), 0, cause="receipt-2")

    assert refunds(order)[-1] == ("receipt-2", 1_250)


def test_the_same_cause_lowers_once(store: Store, order: OrderRecord) -> None:
    first = lower(store, order, 2)
    lower(store, order, 1, cause="receipt-2")
    assert [line.quantity for line in lower(store, order, 2).lines] == [line.quantity for line in first.lines]
    assert [line.quantity for line in again(store, order).lines] == [1, 1]
    assert refunds(order) == [("receipt-1", 1_250), ("receipt-2", 1_250)]


def test_refunds_line_by_line_come_to_what_was_paid(store: Store, order: OrderRecord, campaign: CampaignRecord) -> None:
    """A discount of 0.10 on 50.00: 49.90 paid, 12.47 + 12.47 + 12.48 + 12.48 back."""
    discounted = again(store, order)
    discounted.discount_minor, discounted.paid_minor = 10, 4_990
    write(discounted)
    for n, left in enumerate(((2, 1), (1, 1), (1, 0), (0,))):
        lower(store, again(store, order), *left, cause=f"r{n}")
    ended = again(store, order)
    assert [amount for _, amount in refunds(order)] == [1_247, 1_247, 1_248, 1_248]
    assert (ended.status, ended.totals.refunded, ended.totals.due) == ("refunded", 4_990, 0)
    assert store.free(campaign) == 100


def test_an_order_that_nothing_was_paid_for_is_cancelled(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    store.lock(campaign)
    ended = lower(store, order, 0)
    assert OrderView.of(lower(store, order, 0)).model_dump_json() == OrderView.of(ended).model_dump_json()
    assert (ended.status, ended.cancelled_by, ended.totals.due) == ("cancelled", "system", 0)
    assert refunds(order) == []
    store.check_stock(campaign)


def test_of_a_preorder_the_deposit_of_what_is_missing_goes_back(store: Store) -> None:
    """A deposit of 3.00 a unit: four ordered, three come, 3.00 back and 28.50 still to pay."""
    campaign = store.publish(50)
    order = store.place(campaign, 4)
    store.lock(campaign)
    campaign = store.again(campaign)
    campaign.stored_offers = [{**campaign.stored_offers[0], "deposit_minor": 300}]
    write(campaign)
    order = paid(store, order, 1_200)
    order.deposit_minor = 1_200
    write(order)
    lowered = lower(store, order, 3)
    assert (lowered.deposit_minor, lowered.totals.refunded, lowered.totals.due) == (900, 300, 2_850)


def test_refusals_name_what_is_wrong(store: Store, order: OrderRecord, campaign: CampaignRecord) -> None:
    with pytest.raises(NotLower):
        lower(store, order, 4)
    with pytest.raises(NotInOrder):
        adjust(store.tenant_id, order.id, {"plums": 0}, cause="c", reason="r", by="system", now=clock.now())
    with pytest.raises(NotFound):
        adjust(store.tenant_id, "none", {}, cause="c", reason="r", by="system", now=clock.now())
    store.bring(order, clock.now())
    lines = {order.lines[0].offer_id: 2}
    pickup.hand_over(
        store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "", clock.now(), lines
    )  # fmt: skip
    with pytest.raises(UnitsPickedUp):
        lower(store, order, 1)
    assert lower(store, order, 2, 0).status == "picked_up", "what was handed over is all there is now"
    with pytest.raises(NotAdjustable):
        lower(store, order, 1, cause="receipt-2")


def test_staff_adjust_after_the_lock_only(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    lines = {order.lines[0].offer_id: 1}

    def by_staff(body_hash: str = "a") -> OrderRecord:
        return adjust_after_lock(
            store.tenant_id, order.id, lines, key="key-1", reason="Dented", by=store.staff, now=clock.now(),
            body_hash=body_hash,
        )  # fmt: skip

    with pytest.raises(CampaignNotLocked):
        by_staff()
    store.lock(campaign)
    assert (by_staff().totals.due, by_staff().totals.due) == (1_250, 1_250)
    assert changes(order) == [("adjusted", store.staff.label)]
    with pytest.raises(IdempotencyMismatch):
        by_staff("b")
    target = AuditEntry.partition_of(store.tenant_id, f"order:{order.id}")
    [logged] = AuditEntry.every(target, index="gsi1")
    assert (logged.action, logged.actor_id, logged.changes) == (
        "order.adjusted", store.staff.id, {"quantities": lines, "reason": "Dented"},
    )  # fmt: skip


@pytest.mark.parametrize("quantities", [(1, 1), (0, 1), (0, 0)])
def test_a_look_at_an_adjustment_says_what_it_does_and_writes_nothing(
    store: Store, order: OrderRecord, quantities: tuple[int, int]
) -> None:
    wanted = {line.offer_id: units for line, units in zip(order.lines, quantities, strict=True)}
    with metered() as meter:
        seen = preview(store.tenant_id, order.id, wanted, store.staff, clock.now())
    assert meter.writes == 0
    assert int(again(store, order).rev) == int(order.rev)

    made = lower(store, order, *quantities)

    ends = sum(quantities) == 0
    assert seen == Outlook(0 if ends else made.total_minor, int(made.refunded_minor), 0, ends)


def test_a_look_at_an_adjustment_is_refused_as_the_adjustment_is(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 3)
    with pytest.raises(CampaignNotLocked):
        preview(store.tenant_id, order.id, {order.lines[0].offer_id: 1}, store.staff, clock.now())
    store.lock(campaign)
    with pytest.raises(NotLower):
        preview(store.tenant_id, order.id, {order.lines[0].offer_id: 4}, store.staff, clock.now())


def test_another_sku_at_the_same_price_is_recorded(store: Store, order: OrderRecord) -> None:
    first = order.lines[0]
    for _ in range(2):
        changed = substitute(
            store.tenant_id, order.id, first.offer_id, store.skus[0], {store.skus[2]: first.quantity},
            cause="receipt-1", reason="No pears", by="system", now=clock.now(),
        )  # fmt: skip
    assert (changed.lines[0].sku_id, changed.lines[0].unit_price_minor) == (store.skus[2], 1_250)
    assert changes(order) == [("substituted", "system")]
    with pytest.raises(NotFound):
        substitute(
            store.tenant_id, order.id, first.offer_id, store.skus[0], {"none": 1}, cause="c", reason="r", by="system",
            now=clock.now(),
        )  # fmt: skip
