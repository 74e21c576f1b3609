"""What happens to neighbours, step by step. Each step names the row of the table that says who hears what."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

from chalicelib.payments.errors import ProviderRefused
from chalicelib.payments.providers.test import TestProvider
from tests.notices.told.world import ANN, BO, CY, NEIGHBOURS, World

Story = Callable[[World], Iterator[str]]
STORIES: list[Story] = []


def story(tale: Story) -> Story:
    """Puts it among those that are told."""
    STORIES.append(tale)
    return tale


@story
def paid_at_the_pickup_point(w: World) -> Iterator[str]:
    ladder = [{"from_quantity": 1, "price": w.shop.money(900)}, {"from_quantity": 5, "price": w.shop.money(800)}]
    campaign = w.campaign(kind="ladder", offers=[{"sku_id": w.shop.sku_id, "ladder": ladder, "quantity": 50}])
    orders = {who: w.order(who, campaign) for who in NEIGHBOURS}
    yield "placed, to be paid at the pickup point"
    for who, order in orders.items():
        w.change(who, order, 3)
    yield "changed by themselves"
    again = {who: w.order(who, campaign, 1) for who in NEIGHBOURS}
    yield "placed once more"
    for who, order in again.items():
        w.cancel(who, order)
    yield "cancelled by themselves, nothing paid"
    closes_at = w.clock.now() + timedelta(days=3)
    w.staff("PATCH", f"/v1/campaigns/{campaign['id']}", {"closes_at": f"{closes_at:%Y-%m-%dT%H:%M:%SZ}"})
    yield "the brand moves the close"
    w.close(campaign)
    yield "locked at a lower price, nothing paid"
    for who in (ANN, BO):
        w.adjust(orders[who], 1)
    yield "cut by an adjustment, nothing paid"
    w.staff("POST", f"/v1/orders/{orders[BO]['id']}/move", {"pickup_point_id": w.other_point["id"], "reason": "修路"})
    yield "moved by the team"
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/advance", {"to": "at_pickup", "everything_arrived": True})
    yield "ready"
    w.clock.advance(hours=47)
    yield "two days before it is too late"
    w.hand_over(orders[ANN])
    yield "collected"
    w.clock.advance(hours=2)
    yield "a day before it is too late"
    w.clock.advance(hours=25)
    yield "not collected, nothing paid"


@story
def paid_online(w: World) -> Iterator[str]:
    campaign = w.campaign(no_show={"hours": 24, "action": "refund"})
    lapsed = {who: w.order(who, campaign, online=True) for who in NEIGHBOURS}
    yield "ordered, not paid yet"
    w.clock.advance(minutes=16)
    yield "the hold lapses"
    late = w.order(CY, campaign, online=True)
    payment = w.start(CY, late)
    w.cancel(CY, late)
    yield "cancelled before it is paid"
    w.arrive(payment)
    yield "paid after it was cancelled"
    assert {w.act(who, "GET", f"/orders/{each['id']}")["status"] for who, each in lapsed.items()} == {"expired"}
    orders = {who: w.order(who, campaign, online=True) for who in NEIGHBOURS}
    for who, order in orders.items():
        w.pay(who, order)
    yield "paid, which places it"
    for who, order in orders.items():
        w.change(who, order, 3)
    yield "made dearer by themselves, not paid yet"
    w.pay(ANN, orders[ANN])
    yield "the change is paid"
    w.clock.advance(minutes=16)
    yield "the change is not paid in time"
    w.change(ANN, orders[ANN], 2)
    yield "made cheaper by themselves"
    again = {who: w.order(who, campaign, online=True) for who in NEIGHBOURS}
    payments = {who: w.pay(who, order) for who, order in again.items()}
    yield "paid, which places another"
    for who, order in again.items():
        w.cancel(who, order)
    yield "cancelled by themselves, money comes back"
    assert set(map(w.given_back, payments.values())) == {1_800}
    yield from _after_the_close(w, campaign, orders)


def _after_the_close(w: World, campaign: Any, orders: dict[str, Any]) -> Iterator[str]:
    w.close(campaign)
    yield "locked at the price that was paid"
    w.adjust(orders[ANN], 1)
    w.adjust(orders[BO], 0)
    yield "cut by an adjustment, one to nothing"
    amount = {"amount": w.shop.money(100), "reason": "久等了"}
    w.staff("POST", f"/v1/orders/{orders[CY]['id']}/refunds", amount, 201)
    yield "goodwill"
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/advance", {"to": "at_pickup", "everything_arrived": True})
    yield "ready, with a day to collect"
    w.clock.advance(hours=12)
    yield "half a day before it is too late"
    w.clock.advance(hours=13)
    yield "not collected, money comes back"


@story
def deposits(w: World) -> Iterator[str]:
    offer = w.shop.offer(price=900) | {"deposit": w.shop.money(200)}
    terms = {"payment_methods": ["test"], "balance": {"hours_after_close": 48, "on_default": "forfeit"}}
    campaign = w.campaign(kind="pre_order", offers=[offer], **terms)
    orders = {who: w.order(who, campaign, online=True) for who in NEIGHBOURS}
    for who, order in orders.items():
        w.pay(who, order)
    yield "a deposit is paid, which places it"
    w.close(campaign)
    yield "locked, the balance is due"
    w.pay(ANN, orders[ANN])
    yield "the balance is paid"
    w.clock.advance(hours=23)
    yield "more than a day before a default"
    w.clock.advance(hours=2)
    yield "a day before a default"
    w.pay(BO, orders[BO])
    yield "the balance is paid after the reminder"
    w.clock.advance(hours=24)
    yield "the balance is not paid in time, the deposit kept"


@story
def a_target_missed(w: World) -> Iterator[str]:
    target = {"measure": "quantity", "value": 50, "on_miss": "extend", "extend_hours": 24}
    campaign = w.campaign(target=target)
    for who in (ANN, BO):
        w.order(who, campaign, 1)
    w.pay(CY, w.order(CY, campaign, online=True))
    yield "placed, two unpaid and one paid"
    w.order(ANN, campaign, 1)
    yield "one places a second"
    w.close(campaign)
    yield "the target is missed, the campaign extended"
    w.close(campaign)
    yield "the target is missed for good"


@story
def a_campaign_cancelled(w: World) -> Iterator[str]:
    campaign = w.campaign(team={"size": 2, "hours": 4}, kind="team_buy")
    first = w.order(ANN, campaign)
    yield "a place in a team"
    w.order(BO, campaign, team_id=first["team_id"])
    yield "the team is complete"
    w.order(CY, campaign)
    yield "another team begins"
    w.clock.advance(hours=5)
    yield "the team does not fill"
    w.pay(CY, w.order(CY, w.campaign(), online=True))
    yield "paid elsewhere"
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/cancel", {"reason": "霜冻"})
    yield "the brand cancels, nothing paid"


@story
def done_by_the_team(w: World) -> Iterator[str]:
    campaign = w.campaign()
    orders = {}
    for who in (BO, CY):
        lines = [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 2}]
        body = {"campaign_id": campaign["id"], "pickup_point_id": w.point["id"], "lines": lines}
        orders[who] = w.staff("POST", "/v1/orders", body | {"member_id": w.people[who].id}, 201)
    yield "placed by the team"
    lines = [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 1}]
    w.staff("PATCH", f"/v1/orders/{orders[BO]['id']}", {"lines": lines})
    yield "changed by the team"
    w.staff("POST", f"/v1/orders/{orders[CY]['id']}/cancel")
    yield "cancelled by the team"
    order = w.order(ANN, campaign, online=True)
    payment = w.pay(ANN, order)
    yield "paid beside them"
    with mock.patch.object(TestProvider, "refund", side_effect=ProviderRefused("no", detail_zh="不")):
        w.cancel(ANN, order)
        yield "cancelled, and the provider refuses the refund"
    w.staff("POST", f"/v1/payments/{payment}/refunds/retry")
    yield "the refund succeeds when it is tried again"
