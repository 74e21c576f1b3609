"""Handing an order over in parts: each unit once, everything paid the first time."""

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.orders.errors import AlreadyPickedUp, MoreThanOrdered, NotInOrder, OrderForfeited, UnitsPickedUp
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import StaffOrderView
from tests.orders.states import again, changes, paid, write
from tests.orders.store import Store


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    return store.publish(50, 50)


@pytest.fixture
def order(store: Store, campaign: CampaignRecord) -> OrderRecord:
    """Three pears and two eggs at 12.50, at the pickup point."""
    placed = store.place(campaign, 3, 2)
    store.lock(campaign)
    return placed


def hand_over(store: Store, order: OrderRecord, *quantities: int, key: str = "") -> OrderRecord:
    """So many units of the order's lines; without any, all that is left."""
    store.bring(order, clock.now())
    lines = {line.offer_id: units for line, units in zip(order.lines, quantities, strict=False) if units}
    return pickup.hand_over(
        store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, key, clock.now(), lines or None
    )


def test_a_part_is_handed_over_and_everything_is_paid(store: Store, order: OrderRecord) -> None:
    part = hand_over(store, order, 1, 2)
    assert (part.status, part.picked_up_at) == ("placed", None)
    assert sorted((part.picked or {}).values()) == [1, 2]
    assert (part.totals.paid, part.totals.due) == (6_250, 0)
    rest = hand_over(store, order)
    assert (rest.status, rest.totals.paid) == ("picked_up", 6_250)
    assert [kind for kind, _ in changes(order)] == ["handed_over", "handed_over"]
    with pytest.raises(AlreadyPickedUp):
        hand_over(store, order)


def test_no_unit_is_handed_over_twice(store: Store, order: OrderRecord) -> None:
    hand_over(store, order, 1, 2)
    with pytest.raises(UnitsPickedUp):
        hand_over(store, order, 0, 1)
    with pytest.raises(MoreThanOrdered) as refusal:
        hand_over(store, order, 3)
    assert refusal.value.extra["left"] == 2
    assert hand_over(store, order, 2).status == "picked_up"


def test_only_what_was_ordered_is_handed_over(store: Store, order: OrderRecord) -> None:
    store.bring(order, clock.now())
    with pytest.raises(NotInOrder):
        pickup.hand_over(
            store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "", clock.now(), {"plums": 1}
        )
    assert again(store, order).rev == order.rev


def test_a_lost_answer_is_given_again(store: Store, order: OrderRecord) -> None:
    first = hand_over(store, order, 1, key="k1")
    last = hand_over(store, order, 2, 2, key="k2")
    for key, answer, quantities in (("k1", first, (1,)), ("k2", last, (2, 2))):
        repeated = hand_over(store, order, *quantities, key=key)
        shown, shown_again = (StaffOrderView.for_staff(each, with_code=False) for each in (answer, repeated))
        assert shown_again.model_dump_json() == shown.model_dump_json()
    with pytest.raises(IdempotencyMismatch):
        hand_over(store, order, 2, key="k1")


def test_the_rest_of_a_preorder_is_paid_at_the_first_handover(store: Store, order: OrderRecord) -> None:
    """62.50 with a deposit of 10.00 paid online: 52.50 in cash."""
    preorder = paid(store, order, 1_000)
    preorder.deposit_minor = 1_000
    write(preorder)
    part = hand_over(store, order, 1)
    assert (part.totals.paid, part.totals.due, part.cash_minor) == (6_250, 0, 5_250)


def test_an_order_in_one_go_is_a_single_write_of_the_order_alone(store: Store, order: OrderRecord) -> None:
    done = hand_over(store, order)
    assert (done.picked, done.first, changes(done)) == (None, None, [])


def test_a_forfeited_order_is_not_handed_over(store: Store, order: OrderRecord) -> None:
    lost = paid(store, order)
    lost.forfeited_at = clock.now()
    write(lost)
    with pytest.raises(OrderForfeited):
        hand_over(store, order)
