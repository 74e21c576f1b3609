"""Teams that do not fill: everyone gets units and money back, also where a worker dies or the campaign closes first."""

from datetime import datetime, timedelta

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.counting.service import counting
from chalicelib.orders.ending.service import teams as ending
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.teams import expire
from chalicelib.orders.model import OWED
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.passes.service.releasing import RELEASE
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.teams.model import TeamStatus
from tests.faults import Faults, Killed, faults
from tests.orders.store import Store
from tests.orders.teams.team_buy import ONLINE, TeamBuy

__all__ = ["faults"]


def refunds(order: OrderRecord) -> list[tuple[str, int]]:
    found = RefundRecord.page(order.pk, begins_with="refund#").items
    return [(refund.cause, int(refund.amount_minor)) for refund in found]


def test_an_unfilled_team_fails_at_its_end_and_everyone_is_refunded(team_buy: TeamBuy) -> None:
    cash = team_buy.order(0)
    team = team_buy.team_of(cash)
    paid = team_buy.order(1, team, method=ONLINE)
    assert team_buy.pay(paid)
    expire(team_buy.tenant_id, team.id, team.ends_at - timedelta(milliseconds=1))
    assert team_buy.team_of(cash).status == TeamStatus.FORMING

    for _ in range(3):
        expire(team_buy.tenant_id, team.id, team.ends_at)
    failed = team_buy.team_of(cash)
    assert (failed.status, failed.is_unfinished, failed.team.paid) == ("failed", False, 2)
    assert team_buy.statuses(cash, paid) == ["cancelled", "cancelled"]
    assert {team_buy.again(order).cancelled_by for order in (cash, paid)} == {"team"}
    assert (refunds(cash), refunds(paid)) == ([], [("team", 1_250)])
    assert team_buy.store.free(team_buy.campaign) == 50
    team_buy.store.check_stock(team_buy.campaign)


def test_a_payment_for_a_failed_team_is_not_wanted(team_buy: TeamBuy) -> None:
    held = team_buy.order(0, method=ONLINE)
    team = team_buy.team_of(held)
    expire(team_buy.tenant_id, team.id, team.ends_at)
    assert team_buy.statuses(held) == ["cancelled"]
    assert not team_buy.pay(held, now=team.ends_at)


def test_a_filled_team_has_no_end(store: Store) -> None:
    pair = TeamBuy.publish(store, size=2)
    first = pair.order(0)
    second = pair.order(1, pair.team_of(first))
    expire(pair.tenant_id, str(first.team_id), clock.now() + timedelta(days=1))
    assert pair.statuses(first, second) == ["placed", "placed"]


def test_a_worker_that_dies_after_every_order_is_continued(team_buy: TeamBuy, monkeypatch: pytest.MonkeyPatch) -> None:
    first = team_buy.order(0)
    team = team_buy.team_of(first)
    orders = [first, team_buy.order(1, team)]
    let_go, calls = ending._let_go, 0

    def dying(order: OrderRecord, now: datetime) -> None:
        nonlocal calls
        if order.status not in OWED:
            return
        calls += 1
        let_go(order, now)
        if calls <= 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(ending, "_let_go", dying)
    for _ in orders:
        with pytest.raises(KeyboardInterrupt):
            expire(team_buy.tenant_id, team.id, team.ends_at)
        assert team_buy.team_of(first).due_at == team.ends_at, "it comes again"
    expire(team_buy.tenant_id, team.id, team.ends_at)
    assert (calls, team_buy.statuses(*orders), team_buy.team_of(first).is_unfinished) == (2, ["cancelled"] * 2, False)
    team_buy.store.check_stock(team_buy.campaign)


def test_workers_that_all_die_at_their_tenth_request_let_every_seat_go(store: Store, faults: Faults) -> None:
    team_buy = TeamBuy.publish(store, size=30)
    first = team_buy.order(0)
    team = team_buy.team_of(first)
    orders = [first, *(team_buy.order(n, team) for n in range(1, 20))]
    died = 0
    while team_buy.team_of(first).is_unfinished:
        assert died <= 20 / 7, "each attempt lets seven go: three of its requests are the team, its failing, its orders"
        faults.arm("killed", at=9)
        try:
            expire(team_buy.tenant_id, team.id, team.ends_at)
        except Killed:
            died += 1
        faults.arm(None)
    assert (died, set(team_buy.statuses(*orders))) == (2, {"cancelled"})
    store.check_stock(team_buy.campaign)


def test_a_team_costs_two_reads_and_a_write_for_each_order_and_two_for_itself(team_buy: TeamBuy) -> None:
    first = team_buy.order(0)
    team_buy.order(1, team_buy.team_of(first))
    team = team_buy.team_of(first)
    with metered() as meter:
        expire(team_buy.tenant_id, team.id, team.ends_at)
    assert (meter.reads, meter.writes) == (2, 2 + 2)


def test_a_member_may_leave_a_team_that_has_failed_and_not_let_go_yet(
    team_buy: TeamBuy, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = team_buy.order(0)
    team = team_buy.team_of(order)
    monkeypatch.setattr(ending, "_let_go", lambda *_: (_ for _ in ()).throw(Unavailable()))
    with pytest.raises(Unavailable):
        expire(team_buy.tenant_id, team.id, team.ends_at)
    monkeypatch.undo()
    assert cancel(team_buy.tenant_id, order.member_id, order.id, team.ends_at).cancelled_by == "member"
    expire(team_buy.tenant_id, team.id, team.ends_at)
    assert (team_buy.again(order).cancelled_by, team_buy.team_of(order).is_unfinished) == ("member", False)


def close_and_count(team_buy: TeamBuy) -> list[str]:
    """Closes and counts until the campaign is decided; the states it went through."""
    closes_at = team_buy.campaign.closes_at
    assert closes_at is not None
    closing.close_campaign(team_buy.tenant_id, team_buy.campaign.id, closes_at)
    seen: list[str] = []
    for _ in range(6):
        counting.decide_closed(team_buy.tenant_id, team_buy.campaign.id, closes_at)
        seen.append(team_buy.store.again(team_buy.campaign).status)
    return seen


def test_the_close_counts_no_order_of_a_team_that_still_forms(store: Store) -> None:
    """Two filled teams of two, and one who waits for a second: four participants, not five, so a target of five is
    missed."""
    target = Target(Measure.PARTICIPANTS, 5, OnMiss.CANCEL)
    pairs = TeamBuy.publish(store, size=2, hours=20, target=target)
    for n in (0, 2):
        pairs.order(n + 1, pairs.team_of(pairs.order(n)))
    alone = pairs.order(9)
    assert pairs.team_of(alone).ends_at == pairs.campaign.closes_at, "a team ends with its campaign at the latest"
    seen = close_and_count(pairs)
    decided = store.again(pairs.campaign)
    assert decided.totals is not None
    assert (decided.totals.participants, decided.totals.quantity) == (4, 4)
    assert seen[0] == "closing"
    assert seen[-1] == "cancelled"
    assert (pairs.statuses(alone), pairs.team_of(alone).status) == (["cancelled"], "failed")


def test_a_team_that_the_index_does_not_show_yet_stops_the_count(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = TeamBuy.publish(store, size=2, hours=20)
    alone = pairs.order(0)
    monkeypatch.setattr(ending, "unfinished", lambda *_: [])
    closes_at = pairs.campaign.closes_at
    assert closes_at is not None
    closing.close_campaign(pairs.tenant_id, pairs.campaign.id, closes_at)
    with pytest.raises(Unavailable):
        counting.decide_closed(pairs.tenant_id, pairs.campaign.id, closes_at)
    monkeypatch.undo()
    for _ in range(3):
        counting.decide_closed(pairs.tenant_id, pairs.campaign.id, closes_at)
    assert (store.again(pairs.campaign).status, pairs.statuses(alone)) == ("locked", ["cancelled"])
    store.check_stock(pairs.campaign)


def test_a_cancelled_campaign_takes_its_teams_apart(team_buy: TeamBuy) -> None:
    first = team_buy.order(0)
    second = team_buy.order(1, team_buy.team_of(first))
    campaigns.cancel_campaign(team_buy.tenant_id, team_buy.campaign.id, team_buy.store.staff, clock.now())
    closing.wind_up(team_buy.tenant_id, team_buy.campaign.id, clock.now())
    passes.advance(RELEASE, team_buy.tenant_id, team_buy.campaign.id, clock.now())
    assert team_buy.statuses(first, second) == ["cancelled", "cancelled"]
    assert team_buy.team_of(first).status == TeamStatus.DISSOLVED
