"""A cancelled campaign lets every order go, however often its worker dies."""

from datetime import datetime

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.kernel import clock
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.passes.records import PassRecord
from chalicelib.orders.passes.service import releasing
from chalicelib.orders.passes.service import walking as passes
from tests.orders.store import Store


@pytest.fixture
def campaign(store: Store, monkeypatch: pytest.MonkeyPatch) -> CampaignRecord:
    """Cancelled with 23 live orders in three shards, and one that its member cancelled before."""
    monkeypatch.setattr(passes, "ORDERS_AT_A_TIME", 4)
    published = store.publish(60, 60, peak=3)
    for n in range(23):
        store.place(published, 1, n % 3, member=n)
    gone = store.place(published, 5, member=30)
    cancel(store.tenant_id, store.member(30), gone.id, clock.now())
    campaigns.cancel_campaign(store.tenant_id, published.id, store.staff, clock.now())
    closing.wind_up(store.tenant_id, published.id, clock.now())
    return published


def release_next(tenant_id: str, campaign_id: str, now: datetime) -> None:
    passes.advance(releasing.RELEASE, tenant_id, campaign_id, now)


def continues(store: Store, campaign: CampaignRecord) -> bool:
    """Whether the last step asked for another."""
    progress = PassRecord.fetch(*PassRecord.address(store.tenant_id, campaign.id, "release"), consistent=True)
    return bool(progress and progress.outbox)


def check_released(store: Store, campaign: CampaignRecord) -> None:
    orders = store.orders(campaign)
    assert [order.status for order in orders] == ["cancelled"] * 24
    assert sorted(order.cancelled_by or "" for order in orders) == ["campaign"] * 23 + ["member"]
    assert all(order.totals.due == 0 for order in orders)
    assert store.free(campaign) == 120
    store.check_stock(campaign)


def test_every_order_is_released_page_by_page(store: Store, campaign: CampaignRecord) -> None:
    steps = 1
    release_next(store.tenant_id, campaign.id, clock.now())
    while continues(store, campaign):
        release_next(store.tenant_id, campaign.id, clock.now())
        steps += 1
    assert 6 <= steps <= 11, "24 orders, four at a time, however they fall into three shards"
    check_released(store, campaign)
    assert store.again(campaign).wound_up_at is not None


def test_a_worker_that_dies_after_every_second_release_changes_nothing(
    store: Store, campaign: CampaignRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = releasing.release
    released = 0

    def dying(*arguments: object) -> None:
        nonlocal released
        released += 1
        if released % 3 == 0:
            raise KeyboardInterrupt
        release(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(releasing, "release", dying)
    died = 0
    while store.free(campaign) < 120:
        try:
            release_next(store.tenant_id, campaign.id, clock.now())
        except KeyboardInterrupt:
            died += 1
    assert died > 5
    check_released(store, campaign)


def test_messages_that_come_again_after_the_end_change_nothing(store: Store, campaign: CampaignRecord) -> None:
    for _ in range(30):
        release_next(store.tenant_id, campaign.id, clock.now())
    check_released(store, campaign)


def test_a_running_campaign_releases_nothing(store: Store) -> None:
    running = store.publish(60)
    order = store.place(running, 2)
    release_next(store.tenant_id, running.id, clock.now())
    assert store.orders(running)[0].rev == order.rev
