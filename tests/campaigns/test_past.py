"""What shoppers are shown of campaigns that have closed."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.campaigns.service.listing import list_past
from chalicelib.db import metered, tenant_scope


def _listed(shop, when):
    return [each["title"] for each in shop.caller.call("GET", f"{shop.path}/campaigns?when={when}").json["items"]]


def test_what_took_place_is_listed_by_its_close_the_last_first(shop, clock, sweep):
    for title, hours in (("Pears", 2), ("Plums", 1), ("Later", 48)):
        shop.campaign(title=title, closes_in=timedelta(hours=hours))
    clock.advance(hours=3)
    sweep()

    assert _listed(shop, "past") == ["Pears", "Plums"]
    assert _listed(shop, "now") == ["Later"]


def test_a_campaign_closed_by_hand_stands_where_it_closed(shop, clock, sweep):
    shop.campaign(title="By hand", closes_in=timedelta(days=5))
    shop.brand.post(f"/v1/campaigns/{shop.campaign(title='Now', closes_in=timedelta(days=9))['id']}/close")
    clock.advance(days=6)
    sweep()

    assert _listed(shop, "past") == ["By hand", "Now"]


def test_drafts_and_what_was_cancelled_are_not_listed(shop, sweep):
    shop.campaign(publish=False)
    shop.brand.post(f"/v1/campaigns/{shop.campaign_id}/cancel", {})
    sweep()

    assert _listed(shop, "past") == []
    assert _listed(shop, "now") == []


def test_the_list_is_one_query(shop):
    with tenant_scope(shop.tenant_id), metered() as meter:
        list_past(shop.tenant_id, limit=10)
    assert meter.by_operation == {"Query": 1}
