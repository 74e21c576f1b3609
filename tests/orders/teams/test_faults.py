"""Whatever fails, at whichever request, while a team is joined, filled, left or ended: one effect, nobody left over."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.teams import expire
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.records import OrderRecord
from tests.faults import Faults, Kind, faults
from tests.orders.store import Store
from tests.orders.teams.team_buy import ONLINE, TeamBuy
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of

__all__ = ["_without_pauses", "faults"]


def runs(faults: Faults, requests: int) -> Iterator[tuple[Kind, int, int]]:
    """The faults that reach a caller; a single one that the layers below hide was tried on every other use case."""
    return (
        run for run in faulty_runs(faults, requests) if run[2] > 1 or run[0] in ("timed_out_after_landing", "killed")
    )


def test_joining_and_leaving(store: Store, faults: Faults) -> None:
    faults.of("team")
    team_buy = TeamBuy.publish(store, size=50)
    store.member(50)
    team = team_buy.team_of(team_buy.order(0))
    joins = requests_of(faults, lambda: team_buy.order(1, team))
    joined = [
        repeated(faults, lambda n=n: team_buy.order(n, team))  # type: ignore[misc]
        for n, _ in enumerate(faulty_runs(faults, joins), start=2)
    ]
    faults.arm(None)
    assert len(joined) == 24
    assert [seat.order_id for seat in team_buy.team_of(joined[0]).team.seats][2:] == [order.id for order in joined]

    def leave(order: OrderRecord) -> OrderRecord:
        return cancel(team_buy.tenant_id, order.member_id, order.id, clock.now())

    leaves = requests_of(faults, lambda: leave(joined[0]))
    still = iter(joined[1:])
    for _, order in zip(faulty_runs(faults, leaves), still, strict=False):
        repeated(faults, lambda order=order: leave(order))  # type: ignore[misc]
    faults.arm(None)
    assert len(team_buy.team_of(joined[0]).team.seats) == 2 + len(list(still))
    store.check_stock(team_buy.campaign)


def test_the_last_payment(store: Store, faults: Faults) -> None:
    faults.of("team")
    pairs = TeamBuy.publish(store, size=2, quantity=200)

    def waiting(n: int) -> OrderRecord:
        return pairs.order(2 * n + 1, pairs.team_of(pairs.order(2 * n)), method=ONLINE)

    def pay(order: OrderRecord) -> None:
        fresh = pairs.again(order)
        tx = Transaction()
        if fresh.status == "held" and payment.capture(tx, fresh, "payment", fresh.total_minor, clock.now()):
            tx.commit()

    first = waiting(0)
    requests = requests_of(faults, lambda: pay(first))
    for n, fault in enumerate(runs(faults, requests), start=1):
        faults.arm(None)
        order = waiting(n)
        faults.arm(*fault)
        repeated(faults, lambda order=order: pay(order))  # type: ignore[misc]
        faults.arm(None)
        pay(order)
        assert (pairs.team_of(order).status, pairs.statuses(order)) == ("filled", ["placed"])
    store.check_stock(pairs.campaign)


def test_the_end(store: Store, faults: Faults) -> None:
    faults.of("team")
    team_buy = TeamBuy.publish(store, quantity=200)
    start = clock.now()
    end = start + timedelta(hours=3)

    first = team_buy.order(0, now=start)
    requests = requests_of(faults, lambda: expire(team_buy.tenant_id, str(first.team_id), end))
    assert requests == 5
    for n, fault in enumerate(runs(faults, requests), start=1):
        faults.arm(None)
        order = team_buy.order(n, now=start)
        faults.arm(*fault)
        repeated(faults, lambda order=order: expire(team_buy.tenant_id, str(order.team_id), end))  # type: ignore[misc]
        faults.arm(None)
        expire(team_buy.tenant_id, str(order.team_id), end)
        team = team_buy.team_of(order)
        assert (team_buy.statuses(order), team.status, team.is_unfinished) == (["cancelled"], "failed", False)
    assert store.free(team_buy.campaign) == 200
    store.check_stock(team_buy.campaign)
