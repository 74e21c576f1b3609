"""Campaigns for members who never ordered before: one order each, also of two that are sent at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.audience import service as shoppers
from chalicelib.orders.ending.service.cancelling import cancel, release
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.errors import NotInAudience
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from tests.faults import Faults, faults
from tests.orders.stage import Stage
from tests.orders.test_faults import _without_pauses, placed_once, requests_of

__all__ = ["_without_pauses", "faults"]

ONLINE = ["pickup", "test"]
LATER = timedelta(minutes=16)


def for_newcomers(stage: Stage, **terms: Any) -> CampaignRecord:
    """50 units for members who never ordered before."""
    return stage.publish(50, payment_methods=ONLINE, audience=Audience(new_members_only=True, **terms))


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Does something once, between all that the next order reads of its member's orders and its write."""
    commit, first = placing._commit, iter([True])

    def late(*args: Any) -> OrderRecord:
        if next(first, False):
            act()
        return commit(*args)

    monkeypatch.setattr(placing, "_commit", late)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in one campaign", "in two campaigns"])
@pytest.mark.parametrize("first", ["placed", "held"])
def test_of_two_orders_at_once_one_is_placed_and_the_other_refused_by_name(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, first: str, elsewhere: bool
) -> None:
    fresh = for_newcomers(stage)
    other = for_newcomers(stage) if elsewhere else fresh
    send = stage.place if first == "placed" else stage.hold
    meanwhile(monkeypatch, lambda: send(other, 1, key="key-2"))
    with pytest.raises(NotInAudience) as refusal:
        stage.place(fresh, 1)
    assert refusal.value.code == "not_in_audience"
    assert [each.status for each in stage.orders(other)] == [first]
    assert len(stage.orders(fresh)) == (0 if elsewhere else 1)
    assert stage.place(fresh, 1, member=1).status == "placed"
    stage.check_stock(fresh)


def test_an_order_and_its_repetition_at_once_are_one_order(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = for_newcomers(stage)
    meanwhile(monkeypatch, lambda: stage.place(fresh, 1))
    assert [stage.place(fresh, 1).id, stage.place(fresh, 1).id] == [each.id for each in stage.orders(fresh)] * 2
    assert stage.free(fresh) == 49


def cancelled(stage: Stage, order: OrderRecord) -> None:
    cancel(stage.tenant_id, order.member_id, order.id, clock.now())


def expired(stage: Stage, order: OrderRecord) -> None:
    expire(stage.tenant_id, order.id, clock.now() + LATER)


def released(stage: Stage, order: OrderRecord) -> None:
    assert release(stage.order(order), clock.now())


def emptied(stage: Stage, order: OrderRecord) -> None:
    nothing = {line.offer_id: 0 for line in order.lines}
    adjust(stage.tenant_id, order.id, nothing, cause="c", reason="none came", by="staff:1", now=clock.now())


@pytest.mark.parametrize("end", [cancelled, expired, released, emptied])
def test_an_order_that_came_to_nothing_lets_its_member_order_once_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, end: Callable[[Stage, OrderRecord], None]
) -> None:
    fresh, other = for_newcomers(stage), for_newcomers(stage)
    order = stage.hold(fresh, 1) if end is expired else stage.place(fresh, 1)
    end(stage, order)
    meanwhile(monkeypatch, lambda: stage.place(other, 1, key="key-2"))
    with pytest.raises(NotInAudience):
        stage.place(fresh, 1, key="key-3")
    assert [each.status for each in stage.orders(other)] == ["placed"]
    assert stage.order(order).id == stage.place(fresh, 1, payment_method=order.method).id, "its key has its answer"


def test_a_payment_that_comes_late_places_no_second_order(stage: Stage) -> None:
    fresh = for_newcomers(stage)
    held = stage.hold(fresh, 1)
    expired(stage, held)
    again = stage.place(fresh, 1, key="key-2")
    assert not stage.pay(held), "its member has ordered since: the money goes back"
    cancelled(stage, again)
    assert stage.pay(held)
    assert [stage.order(each).status for each in (held, again)] == ["placed", "cancelled"]
    stage.check_stock(fresh)


def test_a_late_payment_and_a_new_order_at_once_are_one_order(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = for_newcomers(stage)
    held = stage.hold(fresh, 1)
    expired(stage, held)
    counts = shoppers._counts
    paid: Iterator[Callable[[], bool]] = iter([lambda: stage.pay(held)])

    def seen(tenant_id: str, order_id: str) -> bool:
        found = counts(tenant_id, order_id)
        next(paid, lambda: True)()
        return found

    monkeypatch.setattr(shoppers, "_counts", seen)
    with pytest.raises(NotInAudience):
        stage.place(fresh, 1, key="key-2")
    assert [each.status for each in stage.orders(fresh)] == ["placed"]
    assert stage.order(held).status == "placed"


def test_only_where_it_is_asked_who_ordered_before_is_there_more_to_read_and_write(stage: Stage) -> None:
    plain = {"BatchGetItem": 1, "TransactWriteItems": 1}
    for audience in (None, Audience(member_ids=(stage.member(),))):
        assert requests(stage, stage.publish(50, audience=audience)) == (plain, 4)
    joined = stage.publish(50, audience=Audience(new_members_only=True, joined_within_days=7))
    _, write_units = requests(stage, joined)
    assert write_units == 4
    asked = plain | {"Query": 1, "GetItem": 1}
    assert requests(stage, for_newcomers(stage), member=1) == (asked, 6)


def requests(stage: Stage, campaign: CampaignRecord, member: int = 0) -> tuple[dict[str, int], float]:
    """What the placing of an order asks of DynamoDB, by operation, and its write units."""
    stage.member(member)
    with metered() as meter:
        stage.place(campaign, 1, member=member, key=campaign.id)
    return meter.by_operation, meter.write_units


def test_placing_as_a_newcomer(stage: Stage, faults: Faults) -> None:
    faults.of("place")
    fresh, _ = for_newcomers(stage), stage.member()
    asked = requests_of(faults, lambda: stage.place(fresh, 2, key="first"))
    cancelled(stage, stage.orders(fresh)[0])
    # From now on a claim is there: its order is read, and found to have come to nothing.
    assert placed_once(stage, faults, fresh, 2, asked + 1) == 60
