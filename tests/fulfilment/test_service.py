"""The sorting sheets of a locked campaign, on the engine."""

import pytest

from chalicelib.campaigns.service import planning as campaigns
from chalicelib.fulfilment.purchasing.service import freeze
from chalicelib.fulfilment.sorting.service import sorting
from chalicelib.kernel import clock
from chalicelib.orders.errors import CampaignNotLocked, NotAPickupPoint
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from tests.orders.stage import Stage


def test_before_the_lock_and_after_a_cancellation_there_is_nothing(stage: Stage) -> None:
    campaign = stage.publish(40)
    stage.place(campaign, 1)
    for _ in range(2):
        with pytest.raises(CampaignNotLocked):
            freeze(stage.tenant_id, campaign.id, clock.now())
        with pytest.raises(CampaignNotLocked):
            sorting(stage.tenant_id, campaign.id, None)
        if stage.again(campaign).status == "open":
            campaigns.cancel_campaign(stage.tenant_id, campaign.id, stage.staff, clock.now())


def test_each_pickup_point_gets_its_own_sheet(stage: Stage) -> None:
    west = pickup_points.create_pickup_point(
        stage.tenant_id, PickupPointDetails("West gate", "9 Lilac Road"), stage.staff, clock.now()
    )
    campaign = stage.publish(40, 40, peak=3, pickup_point_ids=[stage.point_id, west.id])
    first = stage.place(campaign, 2, 1)
    stage.place(campaign, 1, member=1, key="key-2")
    stage.place(campaign, 0, 4, key="key-3")
    stage.point_id, east = west.id, stage.point_id
    stage.place(campaign, 7, member=2)
    stage.lock(campaign)
    found = sorting(stage.tenant_id, campaign.id, None)
    offers = [offer.offer_id for offer in campaign.offers]
    assert [sheet.pickup_point_id for sheet in found.sheets] == [east, west.id]
    assert found.sheets[0].units == {offers[0]: 3, offers[1]: 5}
    shares = found.sheets[0].shares
    assert [(share.member_id, len(share.parcels)) for share in shares] == [(stage.member(0), 2), (stage.member(1), 1)]
    assert shares[0].parcels[0].order_id == first.id
    only = sorting(stage.tenant_id, campaign.id, west.id)
    assert [(sheet.pickup_point_id, sheet.units) for sheet in only.sheets] == [(west.id, {offers[0]: 7})]
    with pytest.raises(NotAPickupPoint):
        sorting(stage.tenant_id, campaign.id, stage.tenant_id)
