"""Teams over HTTP: started, listed, joined, filled; and failed by the clock."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Page, metered, put_many, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.teams.records import TeamRecord, all_teams, unfinished_teams
from chalicelib.orders.teams.service.listing import get_team, list_forming, list_teams
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Clock, Drain, Sweep


@pytest.fixture
def campaign(shop: Shop) -> Any:
    """Two order together within a day."""
    return shop.campaign(kind="team_buy", team={"size": 2, "hours": 24}, closes_in=timedelta(days=3))


def read(shop: Shop, path: str) -> Any:
    """What anyone sees, without a credential."""
    return made(shop.caller.call("GET", f"{shop.path}/{path}"), 200)


def teams(shop: Shop, campaign: Any, query: str = "") -> Any:
    return read(shop, f"campaigns/{campaign['id']}/teams{query}")


def named(shop: Shop, name: str) -> Member:
    member = shop.member()
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"profile": {"name": name}}, token=member.token), 200)
    return member


def cancel(shop: Shop, member: Member, order: Any) -> Reply:
    return shop.caller.call("POST", f"{shop.path}/orders/{order['id']}/cancel", token=member.token)


def test_a_team_is_seen_joined_and_filled(shop: Shop, campaign: Any) -> None:
    ada, bo = named(shop, "Ada Lovelace"), shop.member()
    first = made(shop.order(ada, campaign=campaign))
    (team,) = teams(shop, campaign)["items"]
    assert team["id"] == first["team_id"]
    assert (team["leader_name"], team["joined"], team["places_left"]) == ("A**", 1, 1)
    assert "Lovelace" not in str(team)

    second = made(shop.order(bo, campaign=campaign, team_id=team["id"]))
    assert second["team_id"] == team["id"]
    assert teams(shop, campaign)["items"] == [], "what is full is not on offer"
    assert read(shop, f"teams/{team['id']}")["status"] == "filled"
    refused = cancel(shop, ada, first)
    assert (refused.status, refused.json["code"]) == (409, "team_filled")
    late = shop.order(campaign=campaign, team_id=team["id"])
    assert (late.status, late.json["code"], late.json["team_status"]) == (409, "team_closed", "filled")

    (seen,) = made(shop.brand.get(f"/v1/campaigns/{campaign['id']}/teams?status=filled"), 200)["items"]
    assert seen["leader_id"] == ada.id
    assert [seat["member_id"] for seat in seen["members"]] == [ada.id, bo.id]


def test_a_team_that_does_not_fill_fails_by_itself(shop: Shop, campaign: Any, clock: Clock, sweep: Sweep) -> None:
    order = made(shop.order(campaign=campaign))
    clock.advance(hours=24, seconds=1)
    assert read(shop, f"teams/{order['team_id']}")["status"] == "failed", "whether the timer has come or not"
    assert teams(shop, campaign)["items"] == []
    sweep()
    mine = made(shop.caller.call("GET", f"{shop.path}/orders/{order['id']}", token=shop.shopper.token), 200)
    assert (mine["status"], mine["cancelled_by"]) == ("cancelled", "team")


def test_the_close_ends_what_still_forms_and_locks_the_rest(
    shop: Shop, campaign: Any, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    clock.advance(days=2, hours=12)
    ada, bo, cy = (shop.member() for _ in range(3))
    first = made(shop.order(ada, campaign=campaign))
    made(shop.order(bo, campaign=campaign, team_id=first["team_id"]))
    alone = made(shop.order(cy, campaign=campaign))
    drain()
    assert read(shop, f"teams/{alone['team_id']}")["expires_at"] == campaign["closes_at"]
    clock.advance(hours=13)
    sweep(2)
    orders = made(shop.brand.get(f"/v1/orders?campaign_id={campaign['id']}"), 200)["items"]
    assert sorted(order["status"] for order in orders) == ["cancelled", "placed", "placed"]
    progress = made(shop.brand.get(f"/v1/campaigns/{campaign['id']}/progress"), 200)
    assert (progress["status"], progress["orders"], progress["participants"]) == ("locked", 2, 2)


def test_lists_go_page_by_page_across_shards(shop: Shop) -> None:
    wide = shop.campaign(
        kind="team_buy", team={"size": 2, "hours": 24}, peak_orders_per_second=1000, offers=[shop.offer(quantity=80)]
    )
    begun = [made(shop.order(shop.member(), campaign=wide))["team_id"] for _ in range(7)]
    public, internal = f"{shop.path}/campaigns/{wide['id']}/teams", f"/v1/campaigns/{wide['id']}/teams"
    for path, expected in ((public, begun), (internal, begun[::-1])):
        found, cursor = [], ""
        while cursor is not None:
            page = made(shop.brand.get(f"{path}?limit=3{cursor and f'&cursor={cursor}'}"), 200)
            assert len(page["items"]) <= 3
            found += [team["id"] for team in page["items"]]
            cursor = page["next_cursor"]
        assert found == expected


@pytest.mark.parametrize("in_shards", [1, 3, 8])
def test_a_page_of_teams_reads_what_it_shows_however_many_there_are(shop: Shop, in_shards: int) -> None:
    # Given seventy teams in some of eight shards
    wide = shop.campaign(
        kind="team_buy", team={"size": 2, "hours": 24}, peak_orders_per_second=1000, offers=[shop.offer(quantity=80)]
    )
    with tenant_scope(shop.tenant_id):
        first = get_team(shop.tenant_id, made(shop.order(shop.member(), campaign=wide))["team_id"])
        copies = [_copy(first, n, n % in_shards) for n in range(70)]
        put_many(copies)

    # When they are listed, the next to end first and the newest first
    for list_page, expected in ((_forming, copies), (_all, copies[::-1])):
        found, cursor = [], None
        while cursor is not None or not found:
            with tenant_scope(shop.tenant_id), metered() as meter:
                page = list_page(shop.tenant_id, wide["id"], cursor)
            # Then a page is full, and few were read besides
            assert len(page.items) == 20 or page.last_key is None
            assert meter.items_read <= 20 * 6 // 5 + 8 * 3
            found += [team.id for team in page.items if team.id != first.id]
            cursor = page.last_key
        assert found == [team.id for team in expected]


def _forming(tenant_id: str, campaign_id: str, cursor: Any) -> Page[TeamRecord]:
    return list_forming(tenant_id, campaign_id, clock.now(), 20, cursor)


def _all(tenant_id: str, campaign_id: str, cursor: Any) -> Page[TeamRecord]:
    return list_teams(tenant_id, campaign_id, 20, cursor)


def _copy(team: TeamRecord, n: int, shard: int) -> TeamRecord:
    """The team under another id, begun so many seconds later, in that shard of its campaign's lists."""
    copy = TeamRecord.from_raw_data(team.serialize())
    copy.pk, copy.sk = TeamRecord.address(team.tenant_id, derived_id(team.tenant_id, str(n)))
    later = sortable(clock.now() + timedelta(hours=20, seconds=n))
    copy.gsi1pk, copy.gsi1sk = unfinished_teams(team.tenant_id, team.campaign_id, shard), later
    copy.gsi2pk, copy.gsi2sk = all_teams(team.tenant_id, team.campaign_id, shard), later
    return copy
