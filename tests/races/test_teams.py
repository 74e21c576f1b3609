"""Many want a team's last places at once: exactly the places are given, and each refusal says so."""

from collections import Counter
from datetime import timedelta

from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.passes.service.teams import expire
from tests.orders.stage import Stage
from tests.orders.teams.club import Club
from tests.races.crowd import all_at_once

JOINERS = 20


def test_twenty_joiners_for_the_last_four_places(stage: Stage) -> None:
    club = Club.publish(stage, size=5)
    stage.member(JOINERS)
    first = club.order(0)
    team = club.team_of(first)

    def join(n: int) -> str:
        try:
            return club.order(n, team).status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(join, range(1, JOINERS + 1), threads=JOINERS))
    assert results == {"placed": 4, "team_closed": JOINERS - 4}
    filled = club.team_of(first)
    assert (filled.status, len({seat.member_id for seat in filled.team.seats})) == ("filled", 5)
    assert stage.free(club.campaign) == 45
    stage.check_stock(club.campaign)


def test_joining_leaving_and_the_end_at_once_leave_no_order_behind(stage: Stage) -> None:
    """Whoever joins a moment before the team fails is let go with it; whoever comes after is refused."""
    club = Club.publish(stage, size=JOINERS + 2)
    stage.member(JOINERS)
    first = club.order(0)
    team = club.team_of(first)
    leavers = {n: club.order(n, team) for n in range(1, 5)}
    before = team.ends_at - timedelta(seconds=1)

    def act(n: int) -> str:
        try:
            if n == 0:
                expire(club.tenant_id, team.id, team.ends_at)
                return "ended"
            if n in leavers:
                return cancel(club.tenant_id, stage.member(n), leavers[n].id, clock.now()).status
            return club.order(n, team, now=before).status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(act, [5, 6, 1, 7, 8, 2, 0, *range(9, JOINERS), 3, 4], threads=12))
    assert set(results) <= {"ended", "cancelled", "placed", "team_closed", "unavailable"}
    expire(club.tenant_id, team.id, team.ends_at)
    assert club.team_of(first).status == "failed"
    assert {order.status for order in stage.orders(club.campaign)} == {"cancelled"}
    assert stage.free(club.campaign) == 50
    stage.check_stock(club.campaign)
