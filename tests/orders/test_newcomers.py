"""Campaigns for members who never ordered before: one order each, also of two that are sent at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.model.kinds import NoShow
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction, metered
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.audience import service as shoppers
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.errors import NotInAudience
from chalicelib.orders.passes.service import collecting
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from tests.faults import Faults, faults
from tests.orders.states import released as release
from tests.orders.store import Store
from tests.orders.test_faults import _without_pauses, placed_once, requests_of

__all__ = ["_without_pauses", "faults"]

ONLINE = ["pickup", "test"]
LATER = timedelta(minutes=16)


def for_newcomers(store: Store, **terms: Any) -> CampaignRecord:
    """50 units for members who never ordered before."""
    return store.publish(50, payment_methods=ONLINE, audience=Audience(new_members_only=True, **terms))


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Does something once, between all that the next order reads of its member's orders and its write."""
    commit, first = placing._Placing._commit, iter([True])

    def late(*args: Any) -> OrderRecord:
        if next(first, False):
            act()
        return commit(*args)

    monkeypatch.setattr(placing._Placing, "_commit", late)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in one campaign", "in two campaigns"])
@pytest.mark.parametrize("first", ["placed", "held"])
def test_of_two_orders_at_once_one_is_placed_and_the_other_refused_by_name(
    store: Store, monkeypatch: pytest.MonkeyPatch, first: str, elsewhere: bool
) -> None:
    fresh = for_newcomers(store)
    other = for_newcomers(store) if elsewhere else fresh
    send = store.place if first == "placed" else store.hold
    meanwhile(monkeypatch, lambda: send(other, 1, key="key-2"))
    with pytest.raises(NotInAudience) as refusal:
        store.place(fresh, 1)
    assert refusal.value.code == "not_in_audience"
    assert [each.status for each in store.orders(other)] == [first]
    assert len(store.orders(fresh)) == (0 if elsewhere else 1)
    assert store.place(fresh, 1, member=1).status == "placed"
    store.check_stock(fresh)


def test_an_ordinary_order_in_the_same_moment_counts_as_the_second_and_no_newcomers_order_follows(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, ordinary = for_newcomers(store), store.publish(50)
    meanwhile(monkeypatch, lambda: store.place(ordinary, 1, key="key-2"))
    assert store.place(fresh, 1).status == "placed"
    assert len(store.orders(ordinary)) == 1
    with pytest.raises(NotInAudience):
        store.place(for_newcomers(store), 1, key="key-3")


def test_an_ordinary_order_that_was_answered_before_is_seen(store: Store) -> None:
    store.place(store.publish(50), 1)
    with pytest.raises(NotInAudience):
        store.place(for_newcomers(store), 1, key="key-2")


def test_an_order_and_its_repetition_at_once_are_one_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = for_newcomers(store)
    meanwhile(monkeypatch, lambda: store.place(fresh, 1))
    assert [store.place(fresh, 1).id, store.place(fresh, 1).id] == [each.id for each in store.orders(fresh)] * 2
    assert store.free(fresh) == 49


def cancelled(store: Store, order: OrderRecord) -> None:
    cancel(store.tenant_id, order.member_id, order.id, clock.now())


def expired(store: Store, order: OrderRecord) -> None:
    expire(store.tenant_id, order.id, clock.now() + LATER)


def released(store: Store, order: OrderRecord) -> None:
    release(store.order(order))


def emptied(store: Store, order: OrderRecord) -> None:
    nothing = {line.offer_id: 0 for line in order.lines}
    adjust(store.tenant_id, order.id, nothing, cause="c", reason="none came", by="staff:1", now=clock.now())


def emptied_and_refunded(store: Store, order: OrderRecord) -> None:
    assert store.pay(order)
    emptied(store, order)


def never_collected(store: Store, order: OrderRecord) -> None:
    assert store.pay(order)
    uncollected(store, order, "refund")


def uncollected(store: Store, order: OrderRecord, action: str) -> None:
    """The time to collect it is over, and what was paid goes back or is kept."""
    tx = Transaction()
    campaign = replace_no_show(store, order, action)
    collecting._end_no_show(tx, campaign, store.order(order), clock.now())
    tx.commit()


def replace_no_show(store: Store, order: OrderRecord, action: str) -> CampaignRecord:
    campaign = get_campaign(store.tenant_id, order.campaign_id)
    campaign.stored_no_show = NoShow(action=action)  # type: ignore[arg-type]
    return campaign


ENDS = [cancelled, expired, released, emptied, emptied_and_refunded, never_collected]


@pytest.mark.parametrize("end", ENDS)
def test_an_order_that_came_to_nothing_lets_its_member_order_once_more(
    store: Store, monkeypatch: pytest.MonkeyPatch, end: Callable[[Store, OrderRecord], None]
) -> None:
    fresh, other = for_newcomers(store), for_newcomers(store)
    waits = end in (expired, emptied_and_refunded, never_collected)
    order = store.hold(fresh, 1) if waits else store.place(fresh, 1)
    end(store, order)
    meanwhile(monkeypatch, lambda: store.place(other, 1, key="key-2"))
    with pytest.raises(NotInAudience):
        store.place(fresh, 1, key="key-3")
    assert [each.status for each in store.orders(other)] == ["placed"]
    assert store.order(order).id == store.place(fresh, 1, payment_method=order.method).id, "its key has its answer"


def test_whose_money_was_kept_is_no_newcomer(store: Store) -> None:
    fresh = for_newcomers(store)
    order = store.hold(fresh, 1)
    assert store.pay(order)
    uncollected(store, order, "forfeit")
    assert store.order(order).status == "cancelled"
    for campaign in (fresh, for_newcomers(store)):
        with pytest.raises(NotInAudience):
            store.place(campaign, 1, key="key-2")


def test_a_payment_that_comes_late_places_no_second_order(store: Store) -> None:
    fresh = for_newcomers(store)
    held = store.hold(fresh, 1)
    expired(store, held)
    again = store.place(fresh, 1, key="key-2")
    assert not store.pay(held), "its member has ordered since: the money goes back"
    cancelled(store, again)
    assert store.pay(held)
    assert [store.order(each).status for each in (held, again)] == ["placed", "cancelled"]
    store.check_stock(fresh)


def test_a_late_payment_and_a_new_order_at_once_are_one_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = for_newcomers(store)
    held = store.hold(fresh, 1)
    expired(store, held)
    counts = shoppers._counts
    paid: Iterator[Callable[[], bool]] = iter([lambda: store.pay(held)])

    def seen(tenant_id: str, order_id: str) -> bool:
        found = counts(tenant_id, order_id)
        next(paid, lambda: True)()
        return found

    monkeypatch.setattr(shoppers, "_counts", seen)
    with pytest.raises(NotInAudience):
        store.place(fresh, 1, key="key-2")
    assert [each.status for each in store.orders(fresh)] == ["placed"]
    assert store.order(held).status == "placed"


def test_only_where_it_is_asked_who_ordered_before_is_there_more_to_read_and_write(store: Store) -> None:
    plain = {"BatchGetItem": 1, "TransactWriteItems": 1}
    for audience in (None, Audience(member_ids=(store.member(),))):
        assert requests(store, store.publish(50, audience=audience)) == (plain, 4)
    joined = store.publish(50, audience=Audience(new_members_only=True, joined_within_days=7))
    _, write_units = requests(store, joined)
    assert write_units == 4
    asked = plain | {"Query": 1, "GetItem": 1}
    assert requests(store, for_newcomers(store), member=1) == (asked, 6)


def requests(store: Store, campaign: CampaignRecord, member: int = 0) -> tuple[dict[str, int], float]:
    """What the placing of an order asks of DynamoDB, by operation, and its write units."""
    store.member(member)
    with metered() as meter:
        store.place(campaign, 1, member=member, key=campaign.id)
    return meter.by_operation, meter.write_units


def test_placing_as_a_newcomer(store: Store, faults: Faults) -> None:
    faults.of("place")
    fresh, _ = for_newcomers(store), store.member()
    asked = requests_of(faults, lambda: store.place(fresh, 2, key="first"))
    cancelled(store, store.orders(fresh)[0])
    # From now on a claim is there: its order is read, and found to have come to nothing.
    assert placed_once(store, faults, fresh, 2, asked + 1) == 60
