"""What is done to every order of a campaign, and that a worker may die at any step of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.campaigns.model.kinds import NoShow
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.messaging import Message
from chalicelib.orders import events
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.passes.records import DUE, PassRecord
from chalicelib.orders.passes.service import collecting
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.passes.service.walking import CONTINUE, advance
from tests.orders.states import again, at_pickup, changes, locked, paid, refunds, write
from tests.orders.store import Store


def progress(store: Store, campaign: CampaignRecord, name: str) -> PassRecord | None:
    return PassRecord.fetch(*PassRecord.address(store.tenant_id, campaign.id, name), consistent=True)


def run(store: Store, campaign: CampaignRecord, name: str, now: datetime | None = None) -> int:
    """Goes on until the pass is through; returns how many messages that took."""
    for step in range(1, 1_000):
        advance(PASSES[name], store.tenant_id, campaign.id, now or clock.now())
        found = progress(store, campaign, name)
        if found is None or CONTINUE not in {each["t"] for each in found.outbox or ()}:
            return step
    raise AssertionError("the pass does not end")


def no_show(store: Store, campaign: CampaignRecord, action: str) -> CampaignRecord:
    """The campaign at its pickup points, with what becomes of uncollected orders."""
    campaign = at_pickup(store, campaign)
    campaign.stored_no_show = replace(NoShow(), action=action)  # type: ignore[type-var]
    write(campaign)
    return campaign


def test_a_ladder_gives_back_the_difference_to_who_has_paid_and_asks_less_of_who_has_not(store: Store) -> None:
    """Ordered at 12.50 each; the close came to 10.00 for the first offer, the second has one price."""
    campaign = store.publish(50, 50)
    online = paid(store, store.place(campaign, 3, 1))
    at_pickup_point = store.place(campaign, 2, member=1)
    campaign = locked(store, campaign, [1_000])

    run(store, campaign, "reprice")

    online, waiting = again(store, online), again(store, at_pickup_point)
    assert [line.unit_price_minor for line in online.lines] == [1_000, 1_250]
    assert (online.totals.total, online.totals.refunded, online.totals.due) == (4_250, 750, 0)
    assert refunds(online) == [("ladder", 750)]
    assert changes(online) == [("repriced", "system")]
    assert (waiting.totals.total, waiting.totals.refunded, waiting.totals.due) == (2_000, 0, 2_000)
    assert refunds(waiting) == []


def test_repricing_again_changes_nothing(store: Store) -> None:
    campaign = store.publish(50)
    order = paid(store, store.place(campaign, 3))
    campaign = locked(store, campaign, [1_000])
    run(store, campaign, "reprice")
    found = progress(store, campaign, "reprice")
    assert found is not None
    found.finished_at = None
    write(found)
    revision = again(store, order).rev
    run(store, campaign, "reprice")
    assert again(store, order).rev == revision
    assert refunds(order) == [("ladder", 750)]


def test_a_campaign_without_a_ladder_is_not_repriced(store: Store) -> None:
    campaign = store.publish(50)
    store.place(campaign, 3)
    advance(PASSES["reprice"], store.tenant_id, locked(store, campaign).id, clock.now())
    assert progress(store, campaign, "reprice") is None


def test_orders_are_ready_when_the_goods_are_at_the_pickup_point(store: Store) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 3)
    campaign = at_pickup(store, locked(store, campaign))
    run(store, campaign, "ready")
    ready = again(store, order)
    assert (ready.status, [entry["t"] for entry in ready.outbox or []]) == ("ready", ["order.ready"])
    assert store.hand_over(order).status == "picked_up"


def test_who_paid_nothing_and_does_not_come_is_cancelled_and_who_paid_is_refunded(store: Store) -> None:
    campaign = store.publish(50)
    unpaid, online = store.place(campaign, 3), paid(store, store.place(campaign, 2, member=1))
    collected = store.place(campaign, 1, member=2)
    campaign = no_show(store, locked(store, campaign), "refund")
    run(store, campaign, "ready")
    store.hand_over(collected)

    run(store, campaign, "no_show")

    unpaid, online = again(store, unpaid), again(store, online)
    assert (unpaid.status, unpaid.cancelled_by, unpaid.totals.due) == ("cancelled", "no_show", 0)
    assert (online.status, online.totals.refunded) == ("refunded", 2_500)
    assert refunds(online) == [("no_show", 2_500)]
    assert again(store, collected).status == "picked_up"
    assert store.free(campaign) == 49
    store.check_stock(campaign)


def test_a_paid_order_is_forfeited_where_the_campaign_said_so(store: Store) -> None:
    campaign = store.publish(50)
    order = paid(store, store.place(campaign, 2))
    campaign = no_show(store, locked(store, campaign), "forfeit")
    run(store, campaign, "no_show")
    kept = again(store, order)
    assert (kept.status, kept.cancelled_by, kept.forfeited_at is not None) == ("cancelled", "no_show", True)
    assert (kept.totals.paid, kept.totals.refunded, kept.totals.due) == (2_500, 0, 0)
    assert [entry["t"] for entry in kept.outbox or []] == ["order.cancelled", "order.forfeited"]
    store.check_stock(campaign)


def test_of_an_order_collected_in_part_the_rest_is_refunded(store: Store) -> None:
    campaign = store.publish(50, 50)
    order = paid(store, store.place(campaign, 3, 1))
    campaign = no_show(store, locked(store, campaign), "refund")
    pickup.hand_over(
        store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "", clock.now(),
        {order.lines[0].offer_id: 2},
    )  # fmt: skip
    run(store, campaign, "no_show")
    ended = again(store, order)
    assert (ended.status, [line.quantity for line in ended.lines]) == ("picked_up", [2])
    assert refunds(ended) == [("no_show", 2_500)]
    store.check_stock(campaign)


def test_the_time_to_collect_ends_by_the_campaigns_own_hours(store: Store) -> None:
    campaign = at_pickup(store, locked(store, store.publish(50)))
    now = clock.now()
    for later in (0, 5):
        collecting.wait_for_members(store.tenant_id, campaign.id, now + timedelta(hours=later))
    waits = progress(store, campaign, "no_show")
    assert waits is not None
    assert (waits.due_kind, waits.due_queue) == ("orders.pass_due", "orders")
    assert abs(waits.due_at - now - timedelta(hours=72)) < timedelta(seconds=1)
    run(store, campaign, "no_show")
    done = progress(store, campaign, "no_show")
    assert done is not None
    assert (done.due_at, done.finished_at is not None) == (None, True)


def test_a_pass_whose_message_is_lost_is_due_again_until_it_is_through(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "ORDERS_AT_A_TIME", 1)
    campaign = store.publish(50)
    for member in range(2):
        store.place(campaign, 1, member=member)
    campaign = at_pickup(store, locked(store, campaign))
    advance(PASSES["ready"], store.tenant_id, campaign.id, clock.now())
    found = progress(store, campaign, "ready")
    assert found is not None
    assert (found.due_kind, found.due_queue) == (DUE, "orders")
    data = {"pk": found.pk, "sk": found.sk}
    events.pass_when_due(Message("id", DUE, store.tenant_id, clock.now(), data), clock.now())
    run(store, campaign, "ready")
    assert {order.status for order in store.orders(campaign)} == {"ready"}
    through = progress(store, campaign, "ready")
    assert through is not None
    assert through.due_at is None


def test_a_pass_that_is_wanted_no_more_is_not_due_for_ever(store: Store) -> None:
    campaign = locked(store, store.publish(50))
    waits = PassRecord(*PassRecord.address(store.tenant_id, campaign.id, "release"), visited=1)
    waits.due_at = clock.now()
    tx = Transaction()
    tx.create("pass", waits)
    tx.commit()
    advance(PASSES["release"], store.tenant_id, campaign.id, clock.now())
    found = progress(store, campaign, "release")
    assert found is not None
    assert (found.due_at, int(found.visited)) == (None, 1)
