"""Telling members costs their orders nothing, and each of them a few reads, however many there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.kinds import Balance, NoShow
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, metered
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.messaging import Message
from chalicelib.notices.telling import service as telling
from chalicelib.orders import events
from chalicelib.orders.model import Status
from chalicelib.orders.notices import events as notices
from chalicelib.orders.passes.records import PassRecord
from chalicelib.orders.passes.service import collecting, reminding, walking
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.payment.service.balance import BALANCE
from chalicelib.orders.records import OrderRecord, campaign_orders
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import refund_id
from chalicelib.orders.teams.model import Seat, Team, TeamStatus
from chalicelib.orders.teams.records import TeamRecord, all_teams
from tests.orders.states import at_pickup, locked, paid, write
from tests.orders.store import Store
from tests.orders.test_many import filled


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What was queued for people, each cause and person once."""
    queued: dict[str, Message] = {}
    monkeypatch.setattr(telling, "publish", lambda _, message: queued.setdefault(message.id, message))
    monkeypatch.setattr(telling, "publish_all", lambda _, many, *__: queued.update({each.id: each for each in many}))

    class Once(list[Message]):
        def __iter__(self) -> Iterator[Message]:
            return iter(list(queued.values()))

    return Once()


def about(store: Store, event: str, at: datetime | None = None, **data: Any) -> Message:
    now = at or clock.now()
    return Message(new_id(now), event, store.tenant_id, now, data, "")


def orders_of(store: Store, campaign: CampaignRecord) -> list[OrderRecord]:
    shards = range(int(campaign.shards))
    return [
        order
        for shard in shards
        for order in OrderRecord.every(campaign_orders(store.tenant_id, campaign.id, shard), index="gsi1")
    ]


def walk(store: Store, campaign: CampaignRecord, name: str) -> list[str]:
    """A whole pass; the orders that it told of."""
    found: list[str] = []
    while True:
        walking.advance(PASSES[name], store.tenant_id, campaign.id, clock.now())
        progress = PassRecord.fetch(*PassRecord.address(store.tenant_id, campaign.id, name), consistent=True)
        assert progress is not None
        emitted = progress.outbox or []
        found += [each["d"]["order_id"] for each in emitted if each["t"] == PASSES[name].tells]
        if not any(each["t"] == walking.CONTINUE for each in emitted):
            return found


def test_a_reminder_is_a_write_a_page_and_none_to_an_order(store: Store) -> None:
    campaign = filled(store, 60)
    before = {order.id: int(order.rev) for order in orders_of(store, campaign)}
    with metered() as meter:
        told_of = walk(store, campaign, "extended")
    assert sorted(told_of) == sorted(before)
    assert {order.id: int(order.rev) for order in orders_of(store, campaign)} == before
    # Three shards of a page each: the campaign, the pass and the page are read, the pass is written; and read here.
    assert (meter.reads - 3, meter.writes) == (9, 3)


def test_what_one_of_many_hears_takes_a_few_reads_and_no_write(store: Store, told: list[Message]) -> None:
    campaign = filled(store, 60)
    order = orders_of(store, campaign)[0]
    with metered() as meter:
        notices.consumer.handle(about(store, "order.placed", order_id=order.id), clock.now())
    assert [message.data["template"] for message in told] == ["order_placed"]
    assert (meter.reads, meter.writes) == (3, 0)


def test_an_event_of_long_ago_tells_nothing(store: Store, told: list[Message]) -> None:
    """Such as one that a redrive found in an order of last year, when the markers of what was told are gone."""
    order = store.place(store.publish(5), 1)
    now = clock.now()
    long_ago = about(store, "order.placed", now - notices.PAST - timedelta(seconds=1), order_id=order.id)
    notices.consumer.handle(long_ago, now)
    assert list(told) == []
    notices.consumer.handle(about(store, "order.placed", now - notices.PAST, order_id=order.id), now)
    assert len(list(told)) == 1


def test_a_close_that_moves_twice_is_told_twice_also_to_whom_the_first_walk_had_passed(
    store: Store, told: list[Message]
) -> None:
    """And once for a member with two orders of it."""
    campaign = store.publish(50, hours=12)
    first, second = store.place(campaign, 1), store.place(campaign, 1, key="key-2")
    other = store.place(campaign, 1, member=1)
    for hours in (24, 48):
        campaign.closes_at = clock.now() + timedelta(hours=hours)
        write(campaign)
        extended = about(store, "campaign.extended", campaign_id=campaign.id)
        events.consumer.handle(extended, clock.now())
        events.consumer.handle(extended, clock.now())
        for order in (first, other, second, other):
            notices.consumer.handle(about(store, "order.campaign_extended", order_id=order.id), clock.now())
        campaign = store.again(campaign)
    assert [message.data["template"] for message in told] == ["campaign_extended"] * 4
    assert len({(m.data["person"], str(m.data["facts"]["until"])) for m in told}) == 4


@pytest.mark.parametrize(("hours", "before"), [(24, None), (25, 1), (72, 48)])
def test_the_reminder_to_collect_is_a_day_before_unless_that_is_no_later_than_the_first_word(
    store: Store, hours: int, before: int | None
) -> None:
    campaign = at_pickup(store, store.publish(5))
    campaign.stored_no_show = NoShow(hours, "refund")
    write(campaign)
    now = clock.now()
    for late in (0, 30):
        collecting.wait_for_members(store.tenant_id, campaign.id, now + timedelta(minutes=late))
    progress = PassRecord.fetch(*PassRecord.address(store.tenant_id, campaign.id, "collect_soon"), consistent=True)
    assert (progress and progress.due_at) == (None if before is None else now + timedelta(hours=before))
    assert collecting.collect_until(store.tenant_id, campaign.id) == now + timedelta(hours=hours)


@pytest.mark.parametrize(("hours", "reminded"), [(24, False), (25, True)])
def test_the_reminder_to_pay_likewise(store: Store, hours: int, reminded: bool) -> None:
    terms = {"kind": "pre_order", "deposit_minor": 200, "payment_methods": ["test"]}
    campaign = locked(store, store.publish(5, **terms))
    campaign.balance = Balance(hours, "refund")
    write(campaign)
    closed_at = campaign.closes_at
    assert closed_at is not None
    reminding.remind_of_balances(store.tenant_id, campaign.id, closed_at)
    progress = PassRecord.fetch(*PassRecord.address(store.tenant_id, campaign.id, "balance_soon"), consistent=True)
    assert (progress is not None) == reminded
    if progress is not None:
        assert progress.due_at == closed_at + timedelta(hours=hours - 24)


@pytest.mark.parametrize("event", ["order.collect_soon", "order.balance_soon", "order.campaign_extended"])
def test_a_reminder_that_comes_when_its_time_is_over_or_nothing_is_to_be_done_tells_nothing(
    store: Store, told: list[Message], event: str
) -> None:
    """An order that was placed and is paid at pickup, in a campaign that has ended by now."""
    campaign = store.publish(5)
    order = store.place(campaign, 1)
    campaign.status = CampaignStatus.COMPLETED.value
    write(campaign)
    notices.consumer.handle(about(store, event, order_id=order.id), clock.now())
    assert list(told) == []


def test_a_refund_that_comes_in_two_ways_is_told_once_with_both(store: Store, told: list[Message]) -> None:
    order = paid(store, store.place(store.publish(5), 1))
    order.cash_minor = 250
    tx = Transaction()
    refunds.request_all(tx, order, cause=BALANCE, by="system", now=clock.now())
    order.status = Status.REFUNDED.value
    tx.replace("order", order)
    tx.commit()
    parts = [refund_id(store.tenant_id, order.id, *names) for names in ((BALANCE,), (BALANCE, "cash"))]
    for part in reversed(parts):
        requested = about(store, "refund.requested", order_id=order.id, refund_id=part)
        notices.consumer.handle(requested, clock.now())
    (message,) = told
    assert message.data["facts"]["amount"] == {"money": [1_250, "CNY"]}
    assert message.data["facts"]["way"]["en"] == "the way you paid, of which CN¥2.50 in cash at your pickup point"


def test_a_worker_that_dies_between_two_of_a_team_tells_each_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, now = store.publish(5), clock.now()
    seats = tuple(Seat(store.member(n), f"order-{n}", now, paid=True) for n in range(3))
    team = Team(3, now + timedelta(hours=1), seats, TeamStatus.FILLED)
    tx = Transaction()
    tx.create("team", TeamRecord.begun(store.tenant_id, new_id(now), campaign.id, 1, team, now))
    tx.commit()
    record = next(iter(TeamRecord.every(all_teams(store.tenant_id, campaign.id, 0), index="gsi2")))
    queued: list[str] = []

    def publish(_: str, message: Message) -> None:
        if len(queued) == 1:
            queued.append("died")
            raise ConnectionError
        queued.append(message.id)

    monkeypatch.setattr(telling, "publish", publish)
    filled_now = about(store, "team.filled", team_id=record.id)
    with pytest.raises(ConnectionError):
        notices.consumer.handle(filled_now, now)
    notices.consumer.handle(filled_now, now)
    assert len({each for each in queued if each != "died"}) == 3
    assert queued[0] == queued[2]
