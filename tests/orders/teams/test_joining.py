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
from tests.orders.stage import Stage
from tests.orders.teams.club import ONLINE, Club


def test_an_order_and_its_team_are_one_read_and_one_write_of_three_items(club: Club) -> None:
    club.stage.member(0)
    with metered() as meter:
        first = club.order(0)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    # Order, bucket and team, two units each; indexes: the order's two, the team's two lists and its end.
    assert (meter.write_units, meter.index_write_units) == (6, 5)

    team = club.team_of(first)
    with metered() as meter:
        club.order(1, team)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert meter.write_units == 6


def test_three_who_join_in_time_fill_the_team(club: Club) -> None:
    first = club.order(0)
    team = club.team_of(first)
    assert (team.status, team.team.places_left, team.ends_at - team.started_at) == ("forming", 2, timedelta(hours=2))
    orders = [first, club.order(1, team), club.order(2, team)]
    filled = club.team_of(first)
    assert filled.status == TeamStatus.FILLED
    assert [event["t"] for event in filled.outbox] == ["team.filled"]
    assert not filled.unsettled
    assert [seat.order_id for seat in filled.team.seats] == [order.id for order in orders]
    with pytest.raises(TeamClosed):
        club.order(3, team)
    club.stage.check_stock(club.campaign)


def test_a_repeated_request_is_the_same_order_in_the_same_place(club: Club) -> None:
    team = club.team_of(club.order(0))
    assert club.order(1, team).id == club.order(1, team).id
    assert club.order(0).team_id == team.id
    assert len(club.team_of(club.order(0)).team.seats) == 2


def test_refusals_take_no_units(club: Club) -> None:
    team = club.team_of(club.order(0))
    free = club.stage.free(club.campaign)
    other = Club.publish(club.stage, size=2)
    with pytest.raises(UnknownTeam):
        other.order(1, team)
    with pytest.raises(AlreadyInTeam):
        club.order(0, team)
    with pytest.raises(TeamExpired):
        club.order(1, team, now=team.ends_at)
    alone = Club(club.stage, club.stage.publish(50))
    with pytest.raises(NotATeamCampaign):
        alone.order(1, team)
    assert club.stage.free(club.campaign) == free
    assert alone.order(1).team_id is None


def test_an_unpaid_order_has_a_place_and_fills_nothing_until_it_is_paid(club: Club) -> None:
    first = club.order(0)
    team = club.team_of(first)
    held = club.order(1, team, method=ONLINE)
    club.order(2, team)
    assert (held.status, club.team_of(first).status) == ("held", "forming")
    with pytest.raises(TeamFull):
        club.order(3, team)
    assert club.pay(held)
    assert (club.again(held).status, club.team_of(first).status) == ("placed", "filled")


def test_a_hold_ends_no_later_than_its_team(club: Club) -> None:
    team = club.team_of(club.order(0))
    late = club.order(1, team, method=ONLINE, now=team.ends_at - timedelta(minutes=1))
    assert late.hold_expires_at == late.due_at == team.ends_at
    assert not club.pay(late, now=team.ends_at)


def test_a_place_that_is_not_paid_goes_to_the_next_and_a_late_payment_finds_another_if_there_is_one(club: Club) -> None:
    team = club.team_of(club.order(0))
    one, two = (club.order(n, team, method=ONLINE) for n in (1, 2))
    after = clock.now() + timedelta(minutes=16)
    for each in (one, two):
        holding.expire(club.tenant_id, each.id, after)
    assert club.team_of(one).team.places_left == 2
    assert club.pay(one, now=after)
    club.order(3, team, now=after)
    assert club.team_of(one).status == TeamStatus.FILLED
    assert not club.pay(two, now=after)
    assert club.statuses(one, two) == ["placed", "expired"]
    club.stage.check_stock(club.campaign)


def test_a_leader_who_cancels_passes_the_team_on_and_the_last_one_dissolves_it(club: Club) -> None:
    first = club.order(0)
    second = club.order(1, club.team_of(first))
    assert cancel(club.tenant_id, first.member_id, first.id, clock.now()).status == "cancelled"
    team = club.team_of(second)
    assert (team.team.leader_id, team.team.places_left) == (second.member_id, 2)
    cancel(club.tenant_id, second.member_id, second.id, clock.now())
    team = club.team_of(second)
    assert (team.status, team.unsettled) == ("dissolved", False)
    assert club.stage.free(club.campaign) == 50


def test_orders_of_a_filled_team_stand(stage: Stage) -> None:
    pair = Club.publish(stage, size=2)
    first = pair.order(0)
    second = pair.order(1, pair.team_of(first))
    for order in (first, second):
        with pytest.raises(TeamFilled):
            cancel(pair.tenant_id, order.member_id, order.id, clock.now())
    assert pair.statuses(first, second) == ["placed", "placed"]


def test_a_hold_that_ends_before_anyone_else_came_dissolves_the_team(club: Club) -> None:
    lonely = club.order(0, method=ONLINE)
    holding.expire(club.tenant_id, lonely.id, clock.now() + timedelta(minutes=16))
    assert club.team_of(lonely).status == TeamStatus.DISSOLVED
    assert not club.pay(lonely)


def test_after_the_close_the_cutoff_counts_before_the_team(club: Club) -> None:
    order = club.order(0)
    assert club.campaign.closes_at is not None
    with pytest.raises(CutoffPassed):
        cancel(club.tenant_id, order.member_id, order.id, club.campaign.closes_at)
