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
from chalicelib.orders.passes.records.passes import PassRecord
from chalicelib.orders.passes.service import collecting
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.passes.service.every import PASSES
from chalicelib.orders.passes.service.walking import go_on
from tests.orders.changed import again, at_pickup, changes, locked, paid, refunds, write
from tests.orders.stage import Stage


def progress(stage: Stage, campaign: CampaignRecord, name: str) -> PassRecord | None:
    return PassRecord.fetch(*PassRecord.address(stage.tenant_id, campaign.id, name), consistent=True)


def run(stage: Stage, campaign: CampaignRecord, name: str, now: datetime | None = None) -> int:
    """Goes on until the pass is through; returns how many messages that took."""
    for step in range(1, 1_000):
        go_on(PASSES[name], stage.tenant_id, campaign.id, now or clock.now())
        found = progress(stage, campaign, name)
        if found is None or not found.outbox:
            return step
    raise AssertionError("the pass does not end")


def no_show(stage: Stage, campaign: CampaignRecord, action: str) -> CampaignRecord:
    """The campaign at its pickup points, with what becomes of uncollected orders."""
    campaign = at_pickup(stage, campaign)
    campaign.stored_no_show = replace(NoShow(), action=action)  # type: ignore[type-var]
    write(campaign)
    return campaign


def test_a_ladder_gives_back_the_difference_to_who_has_paid_and_asks_less_of_who_has_not(stage: Stage) -> None:
    """Ordered at 12.50 each; the close came to 10.00 for the first offer, the second has one price."""
    campaign = stage.publish(50, 50)
    online = paid(stage, stage.place(campaign, 3, 1))
    at_pickup_point = stage.place(campaign, 2, member=1)
    campaign = locked(stage, campaign, [1_000])

    run(stage, campaign, "reprice")

    online, waiting = again(stage, online), again(stage, at_pickup_point)
    assert [line.unit_price_minor for line in online.lines] == [1_000, 1_250]
    assert (online.totals.total, online.totals.refunded, online.totals.due) == (4_250, 750, 0)
    assert refunds(online) == [("ladder", 750)]
    assert changes(online) == [("repriced", "system")]
    assert (waiting.totals.total, waiting.totals.refunded, waiting.totals.due) == (2_000, 0, 2_000)
    assert refunds(waiting) == []


def test_repricing_again_changes_nothing(stage: Stage) -> None:
    campaign = stage.publish(50)
    order = paid(stage, stage.place(campaign, 3))
    campaign = locked(stage, campaign, [1_000])
    run(stage, campaign, "reprice")
    found = progress(stage, campaign, "reprice")
    assert found is not None
    found.finished_at = None
    write(found)
    revision = again(stage, order).rev
    run(stage, campaign, "reprice")
    assert again(stage, order).rev == revision
    assert refunds(order) == [("ladder", 750)]


def test_a_campaign_without_a_ladder_is_not_repriced(stage: Stage) -> None:
    campaign = stage.publish(50)
    stage.place(campaign, 3)
    go_on(PASSES["reprice"], stage.tenant_id, locked(stage, campaign).id, clock.now())
    assert progress(stage, campaign, "reprice") is None


def test_orders_are_ready_when_the_goods_are_at_the_pickup_point(stage: Stage) -> None:
    campaign = stage.publish(50)
    order = stage.place(campaign, 3)
    campaign = at_pickup(stage, locked(stage, campaign))
    run(stage, campaign, "ready")
    ready = again(stage, order)
    assert (ready.status, [entry["t"] for entry in ready.outbox or []]) == ("ready", ["order.ready"])
    assert stage.hand_over(order).status == "picked_up"


def test_who_paid_nothing_and_does_not_come_is_cancelled_and_who_paid_is_refunded(stage: Stage) -> None:
    campaign = stage.publish(50)
    unpaid, online = stage.place(campaign, 3), paid(stage, stage.place(campaign, 2, member=1))
    collected = stage.place(campaign, 1, member=2)
    campaign = no_show(stage, locked(stage, campaign), "refund")
    run(stage, campaign, "ready")
    stage.hand_over(collected)

    run(stage, campaign, "no_show")

    unpaid, online = again(stage, unpaid), again(stage, online)
    assert (unpaid.status, unpaid.cancelled_by, unpaid.totals.due) == ("cancelled", "no_show", 0)
    assert (online.status, online.totals.refunded) == ("refunded", 2_500)
    assert refunds(online) == [("no_show", 2_500)]
    assert again(stage, collected).status == "picked_up"
    assert stage.free(campaign) == 49
    stage.check_stock(campaign)


def test_a_paid_order_is_forfeited_where_the_campaign_said_so(stage: Stage) -> None:
    campaign = stage.publish(50)
    order = paid(stage, stage.place(campaign, 2))
    campaign = no_show(stage, locked(stage, campaign), "forfeit")
    run(stage, campaign, "no_show")
    kept = again(stage, order)
    assert (kept.status, kept.cancelled_by, kept.forfeited_at is not None) == ("cancelled", "no_show", True)
    assert (kept.totals.paid, kept.totals.refunded, kept.totals.due) == (2_500, 0, 0)
    assert [entry["t"] for entry in kept.outbox or []] == ["order.cancelled", "order.forfeited"]
    stage.check_stock(campaign)


def test_of_an_order_collected_in_part_the_rest_is_refunded(stage: Stage) -> None:
    campaign = stage.publish(50, 50)
    order = paid(stage, stage.place(campaign, 3, 1))
    campaign = no_show(stage, locked(stage, campaign), "refund")
    pickup.hand_over(
        stage.tenant_id, order.id, order.pickup_code, stage.point_id, stage.staff, "", clock.now(),
        {order.lines[0].offer_id: 2},
    )  # fmt: skip
    run(stage, campaign, "no_show")
    ended = again(stage, order)
    assert (ended.status, [line.quantity for line in ended.lines]) == ("picked_up", [2])
    assert refunds(ended) == [("no_show", 2_500)]
    stage.check_stock(campaign)


def test_the_time_to_collect_ends_by_the_campaigns_own_hours(stage: Stage) -> None:
    campaign = at_pickup(stage, locked(stage, stage.publish(50)))
    now = clock.now()
    for later in (0, 5):
        collecting.wait_for_members(stage.tenant_id, campaign.id, now + timedelta(hours=later))
    waits = progress(stage, campaign, "no_show")
    assert waits is not None
    assert (waits.due_kind, waits.due_queue) == ("orders.pass_due", "orders")
    assert abs(waits.due_at - now - timedelta(hours=72)) < timedelta(seconds=1)
    run(stage, campaign, "no_show")
    done = progress(stage, campaign, "no_show")
    assert done is not None
    assert (done.due_at, done.finished_at is not None) == (None, True)


def test_a_pass_whose_message_is_lost_is_due_again_until_it_is_through(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "ORDERS_AT_A_TIME", 1)
    campaign = stage.publish(50)
    for member in range(2):
        stage.place(campaign, 1, member=member)
    campaign = at_pickup(stage, locked(stage, campaign))
    go_on(PASSES["ready"], stage.tenant_id, campaign.id, clock.now())
    found = progress(stage, campaign, "ready")
    assert found is not None
    assert (found.due_kind, found.due_queue) == (passes.DUE, "orders")
    data = {"pk": found.pk, "sk": found.sk}
    events.pass_when_due(Message("id", passes.DUE, stage.tenant_id, clock.now(), data), clock.now())
    run(stage, campaign, "ready")
    assert {order.status for order in stage.orders(campaign)} == {"ready"}
    through = progress(stage, campaign, "ready")
    assert through is not None
    assert through.due_at is None


def test_a_pass_that_is_wanted_no_more_is_not_due_for_ever(stage: Stage) -> None:
    campaign = locked(stage, stage.publish(50))
    waits = PassRecord(*PassRecord.address(stage.tenant_id, campaign.id, "release"), visited=1)
    waits.schedule(clock.now(), passes.DUE, "orders")
    tx = Transaction()
    tx.create("pass", waits)
    tx.commit()
    go_on(PASSES["release"], stage.tenant_id, campaign.id, clock.now())
    found = progress(stage, campaign, "release")
    assert found is not None
    assert (found.due_at, int(found.visited)) == (None, 1)
