"""Orders in teams: three items in one write, and every way in and out of a team."""

from datetime import timedelta

import pytest

from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.orders.ending.service import hold as holding
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import CutoffPassed
from chalicelib.orders.teams.errors import (
    AlreadyInTeam,
    NotATeamCampaign,
    TeamClosed,
    TeamExpired,
    TeamFilled,
    TeamFull,
    UnknownTeam,
)
from chalicelib.orders.teams.model import TeamStatus
from tests.orders.store import Store
from tests.orders.teams.team_buy import ONLINE, TeamBuy


def test_an_order_and_its_team_are_one_read_and_one_write_of_three_items(team_buy: TeamBuy) -> None:
    team_buy.store.member(0)
    with metered() as meter:
        first = team_buy.order(0)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    # Order, bucket and team, two units each; indexes: the order's two, the team's two lists and its end.
    assert (meter.write_units, meter.index_write_units) == (6, 5)

    team = team_buy.team_of(first)
    with metered() as meter:
        team_buy.order(1, team)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert meter.write_units == 6


def test_three_who_join_in_time_fill_the_team(team_buy: TeamBuy) -> None:
    first = team_buy.order(0)
    team = team_buy.team_of(first)
    assert (team.status, team.team.places_left, team.ends_at - team.started_at) == ("forming", 2, timedelta(hours=2))
    orders = [first, team_buy.order(1, team), team_buy.order(2, team)]
    filled = team_buy.team_of(first)
    assert filled.status == TeamStatus.FILLED
    assert [event["t"] for event in filled.outbox] == ["team.filled"]
    assert not filled.is_unfinished
    assert [seat.order_id for seat in filled.team.seats] == [order.id for order in orders]
    with pytest.raises(TeamClosed):
        team_buy.order(3, team)
    team_buy.store.check_stock(team_buy.campaign)


def test_a_repeated_request_is_the_same_order_in_the_same_place(team_buy: TeamBuy) -> None:
    team = team_buy.team_of(team_buy.order(0))
    assert team_buy.order(1, team).id == team_buy.order(1, team).id
    assert team_buy.order(0).team_id == team.id
    assert len(team_buy.team_of(team_buy.order(0)).team.seats) == 2


def test_refusals_take_no_units(team_buy: TeamBuy) -> None:
    team = team_buy.team_of(team_buy.order(0))
    free = team_buy.store.free(team_buy.campaign)
    other = TeamBuy.publish(team_buy.store, size=2)
    with pytest.raises(UnknownTeam):
        other.order(1, team)
    with pytest.raises(AlreadyInTeam):
        team_buy.order(0, team)
    with pytest.raises(TeamExpired):
        team_buy.order(1, team, now=team.ends_at)
    alone = TeamBuy(team_buy.store, team_buy.store.publish(50))
    with pytest.raises(NotATeamCampaign):
        alone.order(1, team)
    assert team_buy.store.free(team_buy.campaign) == free
    assert alone.order(1).team_id is None


def test_an_unpaid_order_has_a_place_and_fills_nothing_until_it_is_paid(team_buy: TeamBuy) -> None:
    first = team_buy.order(0)
    team = team_buy.team_of(first)
    held = team_buy.order(1, team, method=ONLINE)
    team_buy.order(2, team)
    assert (held.status, team_buy.team_of(first).status) == ("held", "forming")
    with pytest.raises(TeamFull):
        team_buy.order(3, team)
    assert team_buy.pay(held)
    assert (team_buy.again(held).status, team_buy.team_of(first).status) == ("placed", "filled")


def test_a_hold_ends_no_later_than_its_team(team_buy: TeamBuy) -> None:
    team = team_buy.team_of(team_buy.order(0))
    late = team_buy.order(1, team, method=ONLINE, now=team.ends_at - timedelta(minutes=1))
    assert late.hold_expires_at == late.due_at == team.ends_at
    assert not team_buy.pay(late, now=team.ends_at)


def test_an_unpaid_place_goes_to_the_next_and_a_late_payment_finds_another_if_there_is_one(
    team_buy: TeamBuy,
) -> None:
    team = team_buy.team_of(team_buy.order(0))
    one, two = (team_buy.order(n, team, method=ONLINE) for n in (1, 2))
    after = clock.now() + timedelta(minutes=16)
    for each in (one, two):
        holding.expire(team_buy.tenant_id, each.id, after)
    assert team_buy.team_of(one).team.places_left == 2
    assert team_buy.pay(one, now=after)
    team_buy.order(3, team, now=after)
    assert team_buy.team_of(one).status == TeamStatus.FILLED
    assert not team_buy.pay(two, now=after)
    assert team_buy.statuses(one, two) == ["placed", "expired"]
    team_buy.store.check_stock(team_buy.campaign)


def test_a_leader_who_cancels_passes_the_team_on_and_the_last_one_dissolves_it(team_buy: TeamBuy) -> None:
    first = team_buy.order(0)
    second = team_buy.order(1, team_buy.team_of(first))
    assert cancel(team_buy.tenant_id, first.member_id, first.id, clock.now()).status == "cancelled"
    team = team_buy.team_of(second)
    assert (team.team.leader_id, team.team.places_left) == (second.member_id, 2)
    cancel(team_buy.tenant_id, second.member_id, second.id, clock.now())
    team = team_buy.team_of(second)
    assert (team.status, team.is_unfinished) == ("dissolved", False)
    assert team_buy.store.free(team_buy.campaign) == 50


def test_orders_of_a_filled_team_stand(store: Store) -> None:
    pair = TeamBuy.publish(store, size=2)
    first = pair.order(0)
    second = pair.order(1, pair.team_of(first))
    for order in (first, second):
        with pytest.raises(TeamFilled):
            cancel(pair.tenant_id, order.member_id, order.id, clock.now())
    assert pair.statuses(first, second) == ["placed", "placed"]


def test_a_hold_that_ends_before_anyone_else_came_dissolves_the_team(team_buy: TeamBuy) -> None:
    lonely = team_buy.order(0, method=ONLINE)
    holding.expire(team_buy.tenant_id, lonely.id, clock.now() + timedelta(minutes=16))
    assert team_buy.team_of(lonely).status == TeamStatus.DISSOLVED
    assert not team_buy.pay(lonely)


def test_after_the_close_the_cutoff_counts_before_the_team(team_buy: TeamBuy) -> None:
    order = team_buy.order(0)
    assert team_buy.campaign.closes_at is not None
    with pytest.raises(CutoffPassed):
        cancel(team_buy.tenant_id, order.member_id, order.id, team_buy.campaign.closes_at)
