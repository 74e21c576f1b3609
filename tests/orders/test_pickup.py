"""Handing over: the right order, at the right point, for the right code, once."""

import threading
from datetime import timedelta

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import (
    AlreadyPickedUp,
    CampaignNotLocked,
    CodeLocked,
    NotCollectable,
    NotTheLeader,
    WrongCode,
    WrongPickupPoint,
)
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from tests.orders.store import Store

WRONG = "0000000000"


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    return store.publish(50)


@pytest.fixture
def order(store: Store, campaign: CampaignRecord) -> OrderRecord:
    """An order of 2 x 12.50 whose campaign is locked."""
    placed = store.place(campaign, 2)
    store.lock(campaign)
    return placed


def member(store: Store, member_id: str) -> Principal:
    return Principal("member", store.tenant_id, member_id, slug="lilac")


def test_an_order_is_handed_over_and_paid(store: Store, order: OrderRecord) -> None:
    handed = store.hand_over(order)
    assert handed.status == "picked_up"
    assert (handed.totals.paid, handed.totals.due) == (2_500, 0)
    assert handed.picked_up_by == store.staff.label
    assert [entry["t"] for entry in handed.outbox] == ["order.picked_up"]


def test_the_code_serves_once(store: Store, order: OrderRecord) -> None:
    store.hand_over(order)
    with pytest.raises(AlreadyPickedUp):
        store.hand_over(order)


def test_a_lost_answer_is_given_again_to_the_same_person_with_the_same_key(store: Store, order: OrderRecord) -> None:
    first = store.hand_over(order, key="k1")
    assert store.hand_over(order, key="k1").picked_up_at == first.picked_up_at
    leader = member(store, store.leader_id)
    for other in ({"key": "k2"}, {"key": "k1", "by": leader}, {"key": "k1", "code": WRONG}):
        with pytest.raises(AlreadyPickedUp):
            store.hand_over(order, **other)


def test_nothing_is_handed_over_before_the_campaign_is_locked(store: Store, campaign: CampaignRecord) -> None:
    placed = store.place(campaign, 2)
    with pytest.raises(CampaignNotLocked):
        store.hand_over(placed)


def test_a_cancelled_order_is_not_handed_over(store: Store, campaign: CampaignRecord) -> None:
    placed = store.place(campaign, 2)
    cancel(store.tenant_id, store.member(), placed.id, clock.now())
    with pytest.raises(NotCollectable):
        store.hand_over(placed)


def test_the_code_is_worth_nothing_at_another_point(store: Store, order: OrderRecord) -> None:
    details = PickupPointDetails("West gate", "9 Lilac Road", store.member(7))
    west = pickup_points.create_pickup_point(store.tenant_id, details, store.staff, clock.now())
    for by in (store.staff, member(store, store.member(7))):
        with pytest.raises(WrongPickupPoint):
            store.hand_over(order, pickup_point_id=west.id, by=by)
    assert get_order(store.tenant_id, order.id).tries.wrong == 0


def test_the_leader_hands_over_at_the_own_point_and_nobody_else_does(store: Store, order: OrderRecord) -> None:
    for stranger in (store.member(), store.member(5)):
        with pytest.raises(NotTheLeader):
            store.hand_over(order, by=member(store, stranger))
    assert store.hand_over(order, by=member(store, store.leader_id)).status == "picked_up"


def test_a_new_leader_counts_at_once(store: Store, order: OrderRecord) -> None:
    changed = PickupPointDetails(leader_id=store.member(9))
    pickup_points.edit_pickup_point(store.tenant_id, store.point_id, changed, None, store.staff, clock.now())
    with pytest.raises(NotTheLeader):
        store.hand_over(order, by=member(store, store.leader_id))
    assert store.hand_over(order, by=member(store, store.member(9))).status == "picked_up"


def test_an_unknown_order_is_not_found(store: Store, order: OrderRecord) -> None:
    order.pk = OrderRecord.address(store.tenant_id, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A")[0]
    with pytest.raises(NotFound):
        store.hand_over(order)


def test_ten_wrong_codes_lock_the_order_even_for_the_right_one(store: Store, order: OrderRecord) -> None:
    now = clock.now()
    left, said = [], []
    for _ in range(10):
        with pytest.raises(WrongCode) as refusal:
            store.hand_over(order, WRONG, now=now)
        left.append(refusal.value.extra["tries_left"])
        said.append(refusal.value.detail_zh)
    assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert said[-2:] == ["取货码不正确，还可尝试 1 次。", "取货码不正确，请在 15 分钟后再试。"]
    for code in (WRONG, None):
        with pytest.raises(CodeLocked) as locked:
            store.hand_over(order, code, now=now)
        assert locked.value.retry_after == 900
    assert store.hand_over(order, now=now + timedelta(minutes=15)).status == "picked_up"


def test_however_many_guess_at_once_only_ten_learn_that_they_were_wrong(store: Store, order: OrderRecord) -> None:
    refusals: list[type[DomainError]] = []
    start = threading.Barrier(16)

    def guess() -> None:
        with tenant_scope(store.tenant_id):
            start.wait()
            for _ in range(3):
                try:
                    store.hand_over(order, WRONG)
                except DomainError as refusal:
                    refusals.append(type(refusal))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals.count(WrongCode) == 10
    assert refusals.count(CodeLocked) == 38


def test_two_who_hand_over_at_once_do_it_once(store: Store, order: OrderRecord) -> None:
    results: list[str] = []
    start = threading.Barrier(8)

    def try_it() -> None:
        with tenant_scope(store.tenant_id):
            start.wait()
            try:
                results.append(store.hand_over(order).status)
            except AlreadyPickedUp:
                results.append("already")

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["already"] * 7 + ["picked_up"]
