"""The sorting sheets of a locked campaign, on the engine."""

import pytest

from chalicelib.campaigns.service import planning as campaigns
from chalicelib.fulfilment.purchasing.service import freeze
from chalicelib.fulfilment.sorting.service import sorting
from chalicelib.kernel import clock
from chalicelib.orders.errors import CampaignNotLocked, NotAPickupPoint
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from tests.orders.store import Store


def test_before_the_lock_and_after_a_cancellation_there_is_nothing(store: Store) -> None:
    campaign = store.publish(40)
    store.place(campaign, 1)
    for _ in range(2):
        with pytest.raises(CampaignNotLocked):
            freeze(store.tenant_id, campaign.id, clock.now())
        with pytest.raises(CampaignNotLocked):
            sorting(store.tenant_id, campaign.id, None)
        if store.again(campaign).status == "open":
            campaigns.cancel_campaign(store.tenant_id, campaign.id, store.staff, clock.now())


def test_each_pickup_point_gets_its_own_sheet(store: Store) -> None:
    west = pickup_points.create_pickup_point(
        store.tenant_id, PickupPointDetails("West gate", "9 Lilac Road"), store.staff, clock.now()
    )
    campaign = store.publish(40, 40, peak=3, pickup_point_ids=[store.point_id, west.id])
    first = store.place(campaign, 2, 1)
    store.place(campaign, 1, member=1, key="key-2")
    store.place(campaign, 0, 4, key="key-3")
    store.point_id, east = west.id, store.point_id
    store.place(campaign, 7, member=2)
    store.lock(campaign)
    found = sorting(store.tenant_id, campaign.id, None)
    offers = [offer.offer_id for offer in campaign.offers]
    assert [sheet.pickup_point_id for sheet in found.sheets] == [east, west.id]
    assert found.sheets[0].units == {offers[0]: 3, offers[1]: 5}
    shares = found.sheets[0].shares
    assert [(share.member_id, len(share.parcels)) for share in shares] == [(store.member(0), 2), (store.member(1), 1)]
    assert shares[0].parcels[0].order_id == first.id
    only = sorting(store.tenant_id, campaign.id, west.id)
    assert [(sheet.pickup_point_id, sheet.units) for sheet in only.sheets] == [(west.id, {offers[0]: 7})]
    with pytest.raises(NotAPickupPoint):
        sorting(store.tenant_id, campaign.id, store.tenant_id)
