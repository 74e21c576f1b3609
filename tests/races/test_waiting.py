"""Units become free among many that look, order and cancel: exactly as many are told as the rule says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.wanting.model.waves import CHANCE, Place
from chalicelib.wanting.records import PlaceRecord, QueueRecord
from chalicelib.wanting.service import looking, waiting
from chalicelib.wanting.service.counting import units_waited_for
from tests.orders.store import Store
from tests.races.threads import all_at_once

LOOKS = 50


def line(store: Store, units: int, members: int) -> tuple[CampaignRecord, list[Any]]:
    """A sold-out campaign, its orders, and so many in line."""
    store.member(units + members)
    campaign = store.publish(units)
    orders = [store.place(campaign, 1, member=n) for n in range(units)]
    for n in range(units, units + members):
        waiting.wait(store.tenant_id, store.member(n), campaign.id, campaign.offers[0].offer_id, 1, clock.now())
    return campaign, orders


def places(store: Store, campaign: CampaignRecord) -> list[Place]:
    partition = QueueRecord.partition(store.tenant_id, campaign.offers[0].offer_id)
    return [each.place for each in PlaceRecord.every(partition, between=("0", "9~"), consistent=True)]


def test_50_looks_at_once_at_the_last_unit_tell_one(store: Store) -> None:
    campaign, [order] = line(store, 1, 5)
    cancel(store.tenant_id, store.member(0), order.id, clock.now())
    now = clock.now()
    all_at_once(lambda _: looking.look_at_campaign(store.tenant_id, campaign.id, now), range(LOOKS))
    assert [each.times for each in places(store, campaign)] == [1, 0, 0, 0, 0]
    later = now + CHANCE
    all_at_once(lambda _: looking.look_at_campaign(store.tenant_id, campaign.id, later), range(LOOKS))
    assert [each.times for each in places(store, campaign)] == [1, 1, 0, 0, 0]


def test_cancellations_and_looks_at_once_tell_as_many_as_became_free(store: Store) -> None:
    campaign, orders = line(store, 6, 9)

    def act(n: int) -> None:
        if n < len(orders):
            cancel(store.tenant_id, store.member(n), orders[n].id, clock.now())
        looking.look_at_campaign(store.tenant_id, campaign.id, clock.now())

    all_at_once(act, [*range(len(orders)), *range(100, 130)])
    looking.look_at_campaign(store.tenant_id, campaign.id, clock.now())
    assert [each.times for each in places(store, campaign)] == [1] * 6 + [0] * 3


def test_joining_at_once_counts_each_and_gives_each_a_place(store: Store) -> None:
    campaign, _ = line(store, 1, 0)
    offer_id = campaign.offers[0].offer_id
    store.member(LOOKS)
    all_at_once(
        lambda n: waiting.wait(store.tenant_id, store.member(n % 25 + 1), campaign.id, offer_id, 1, clock.now()),
        range(LOOKS),
    )
    assert units_waited_for(store.tenant_id, [offer_id]) == {offer_id: 25}
    assert Counter(each.member_id for each in places(store, campaign)) == {store.member(n): 1 for n in range(1, 26)}
