"""Many want a team's last places at once: exactly the places are given, and each refusal says so."""

from collections import Counter
from datetime import timedelta

from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.teams import expire
from tests.orders.store import Store
from tests.orders.teams.team_buy import TeamBuy
from tests.races.threads import all_at_once

JOINERS = 20


def test_twenty_joiners_for_the_last_four_places(store: Store) -> None:
    team_buy = TeamBuy.publish(store, size=5)
    store.member(JOINERS)
    first = team_buy.order(0)
    team = team_buy.team_of(first)

    def join(n: int) -> str:
        try:
            return team_buy.order(n, team).status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(join, range(1, JOINERS + 1), threads=JOINERS))
    assert results == {"placed": 4, "team_closed": JOINERS - 4}
    filled = team_buy.team_of(first)
    assert (filled.status, len({seat.member_id for seat in filled.team.seats})) == ("filled", 5)
    assert store.free(team_buy.campaign) == 45
    store.check_stock(team_buy.campaign)


def test_joining_leaving_and_the_end_at_once_leave_no_order_behind(store: Store) -> None:
    """Whoever joins a moment before the team fails is let go with it; whoever comes after is refused."""
    team_buy = TeamBuy.publish(store, size=JOINERS + 2)
    store.member(JOINERS)
    first = team_buy.order(0)
    team = team_buy.team_of(first)
    leavers = {n: team_buy.order(n, team) for n in range(1, 5)}
    before = team.ends_at - timedelta(seconds=1)

    def act(n: int) -> str:
        try:
            if n == 0:
                expire(team_buy.tenant_id, team.id, team.ends_at)
                return "ended"
            if n in leavers:
                return cancel(team_buy.tenant_id, store.member(n), leavers[n].id, clock.now()).status
            return team_buy.order(n, team, now=before).status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(act, [5, 6, 1, 7, 8, 2, 0, *range(9, JOINERS), 3, 4], threads=12))
    assert set(results) <= {"ended", "cancelled", "placed", "team_closed", "unavailable"}
    expire(team_buy.tenant_id, team.id, team.ends_at)
    assert team_buy.team_of(first).status == "failed"
    assert {order.status for order in store.orders(team_buy.campaign)} == {"cancelled"}
    assert store.free(team_buy.campaign) == 50
    store.check_stock(team_buy.campaign)
