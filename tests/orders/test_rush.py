"""What a process remembers for a second during a rush, and what it must never be wrong about."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.db import Meter, fetch_many, metered
from chalicelib.kernel import clock
from chalicelib.members.records import MemberRecord
from chalicelib.orders.basket.service import reading
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import CampaignClosed, CampaignNotOpen, SoldOut
from chalicelib.orders.rush import service as rush
from chalicelib.promotions.records import ActivePromotions
from chalicelib.tenants.records import Tenant
from tests.orders.store import Store

SECOND = rush.REMEMBERED
MOMENT = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    """Nothing is remembered from before, and nothing is left behind."""
    rush.forget()
    yield
    rush.forget()


def refused(store: Store, campaign: CampaignRecord, key: str, **more: object) -> Meter:
    """What it costs to be told that nothing is left."""
    with metered() as meter, pytest.raises(SoldOut):
        store.place(campaign, 1, key=key, **more)  # type: ignore[arg-type]
    return meter


def test_a_second_is_remembered_and_no_longer() -> None:
    now = clock.now()
    rush.see_sold_out("offer", now)
    assert rush.is_sold_out("offer", now)
    assert rush.is_sold_out("offer", now + SECOND - MOMENT)
    assert not rush.is_sold_out("offer", now + SECOND)
    assert not rush.is_sold_out("offer", now - MOMENT), "a request that began before does not know of it"
    assert not rush.is_sold_out("another", now)


def test_what_is_given_back_is_forgotten() -> None:
    now = clock.now()
    rush.see_sold_out("offer", now)
    rush.see_given_back("offer")
    assert not rush.is_sold_out("offer", now)


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    now = clock.now()
    for n in range(1_000):
        rush.see_sold_out(f"offer-{n}", now)
    assert len(rush._sold_out) <= 200
    assert rush.is_sold_out("offer-999", now)


def test_only_a_campaign_in_several_buckets_is_remembered(store: Store) -> None:
    calm, hot = store.publish(10), store.publish(10, peak=2)
    now = clock.now()
    for campaign in (calm, hot):
        store.place(campaign, 1, now=now)
    assert rush.campaign_seen(calm.pk, now) is None
    seen = rush.campaign_seen(hot.pk, now)
    assert seen is not None
    assert (seen.id, rush.campaign_seen(hot.pk, now + SECOND)) == (hot.id, None)


def test_an_ended_campaign_is_not_remembered(store: Store) -> None:
    hot = store.publish(10, peak=2)
    campaigns.cancel_campaign(store.tenant_id, hot.id, store.staff, clock.now())
    rush.see_campaign(store.again(hot), clock.now())
    assert rush.campaign_seen(hot.pk, clock.now()) is None


def test_an_order_in_a_rush_reads_its_member_alone(store: Store) -> None:
    hot, _ = store.publish(10, peak=2), store.member()
    now = clock.now()
    everything = [CampaignRecord, MemberRecord, ActivePromotions, Tenant]
    for key, asked in (("first", everything), ("second", [MemberRecord])):
        with metered() as meter, patch.object(reading, "fetch_many", wraps=fetch_many) as read:
            store.place(hot, 1, key=key, now=now)
        assert sorted((one[0] for one in read.call_args.args[0]), key=str) == asked
        assert (meter.reads, meter.writes) == (1, 1)


def test_who_comes_after_the_last_unit_costs_no_write_for_a_second(store: Store) -> None:
    hot = store.publish(4, peak=2)
    now = clock.now()
    store.place(hot, 4, key="all", now=now)
    first, second = (refused(store, hot, key, now=now) for key in ("late", "later"))
    assert (first.writes, second.writes) == (1, 0)
    assert second.reads < first.reads
    assert refused(store, hot, "much later", now=now + SECOND).writes == 1


def test_units_that_were_given_back_are_had_at_once(store: Store) -> None:
    hot = store.publish(4, peak=2)
    now = clock.now()
    order = store.place(hot, 4, key="all", now=now)
    refused(store, hot, "late", now=now)
    cancel(store.tenant_id, store.member(), order.id, now)
    assert store.place(hot, 4, key="again", now=now).status == "placed"


def test_an_offer_in_one_bucket_is_asked_each_time(store: Store) -> None:
    calm = store.publish(4)
    now = clock.now()
    store.place(calm, 4, key="all", now=now)
    assert [refused(store, calm, key, now=now).writes for key in ("late", "later")] == [1, 1]


def test_a_remembered_campaign_does_not_outlive_its_fence(store: Store) -> None:
    """What is remembered decides nothing: the buckets of a campaign that was cancelled refuse."""
    hot = store.publish(10, peak=2)
    now = clock.now()
    store.place(hot, 1, key="first", now=now)
    campaigns.cancel_campaign(store.tenant_id, hot.id, store.staff, now)
    closing.wind_up(store.tenant_id, hot.id, now)
    assert rush.campaign_seen(hot.pk, now) is not None
    with pytest.raises((CampaignClosed, CampaignNotOpen)):
        store.place(hot, 1, key="second", now=now)


def test_what_another_thread_takes_out_meanwhile_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fleeting(dict[str, datetime]):
        """Another thread gives units back as soon as this one has seen that there are none."""

        def __contains__(self, key: object) -> bool:
            return super().pop(str(key), None) is not None

    monkeypatch.setattr(rush, "_sold_out", Fleeting())
    now = clock.now()
    rush.see_sold_out("offer", now)
    assert rush.is_sold_out("offer", now)
