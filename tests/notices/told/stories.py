"""What happens to neighbours, step by step. Each step names the row of the table that says who hears what."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.payments.errors import ProviderRefused, ProviderUnavailable
from chalicelib.payments.providers.test import TestProvider
from tests.builders import made
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
    w.hand_over(w.read_order(orders[BO]))
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
    elsewhere = w.campaign()
    w.pay(CY, w.order(CY, elsewhere, online=True))
    yield "paid elsewhere"
    w.staff("POST", f"/v1/campaigns/{elsewhere['id']}/cancel", {"reason": "霜冻"})
    yield "the brand cancels what was paid"
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
    lines = [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 3}]
    w.staff("PATCH", f"/v1/orders/{order['id']}", {"lines": lines})
    yield "made dearer by the team, to be paid"
    with mock.patch.object(TestProvider, "refund", side_effect=ProviderRefused("no", detail_zh="不")):
        w.cancel(ANN, order)
        yield "cancelled, and the provider refuses the refund"
    w.staff("POST", f"/v1/payments/{payment}/refunds/retry")
    yield "the refund succeeds when it is tried again"


@story
def goods_that_came_otherwise(w: World) -> Iterator[str]:
    nashi = w.shop.product(title="水晶梨")["skus"][0]["id"]
    ladder = [{"from_quantity": 1, "price": w.shop.money(900)}, {"from_quantity": 5, "price": w.shop.money(800)}]
    offers = [{"sku_id": w.shop.sku_id, "ladder": ladder, "quantity": 50}]
    terms = {"delivery": {"fee": w.shop.money(300)}, "no_show": {"hours": 30, "action": "forfeit"}}
    campaign = w.campaign(kind="ladder", offers=offers, **terms)
    home = {"name": "安", "phone": "+8613800138000", "address": "花园路 2 号"}
    brought, collected = w.order(ANN, campaign, online=True, delivery=home), w.order(BO, campaign, online=True)
    w.pay(ANN, brought)
    w.pay(BO, collected)
    w.order(CY, campaign, delivery=home)
    yield "placed, some to be brought"
    w.close(campaign)
    yield "locked at a lower price, two paid"
    came = {"sku_id": w.shop.sku_id, "received": 5, "substitute": {"sku_id": nashi, "quantity": 1}}
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/receipts", {"lines": [came]}, 201)
    yield "something else comes for one"
    w.staff("POST", f"/v1/orders/{brought['id']}/move", {"delivery": None, "reason": "修路"})
    yield "collected instead of delivered"
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/advance", {"to": "at_pickup", "everything_arrived": True})
    yield "ready, one to be brought"
    w.clock.advance(hours=7)
    yield "a day before two are forfeited"
    w.hand_over(brought)
    yield "one is collected after the reminder"
    w.clock.advance(hours=24)
    yield "not collected, the money kept"


@story
def less_and_other_goods_by_one_receipt(w: World) -> Iterator[str]:
    nashi = w.shop.product(title="水晶梨")["skus"][0]["id"]
    campaign = w.campaign()
    first = w.order(CY, campaign, 2)
    w.order(ANN, campaign, 2)
    last = w.order(BO, campaign, 3, online=True)
    w.pay(BO, last)
    yield "placed, the last one paid"
    w.close(campaign)
    yield "locked before the receipt"
    came = {"sku_id": w.shop.sku_id, "received": 3, "short": 2, "substitute": {"sku_id": nashi, "quantity": 2}}
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/receipts", {"lines": [came]}, 201)
    yield "less comes for one, and something else for that one and another"
    w.adjust(first, 1)
    yield "one is cut, so what was ordered comes for another after all"


@story
def a_shortage(w: World) -> Iterator[str]:
    campaign = w.campaign()
    paid, unpaid, part = w.order(ANN, campaign, 3, online=True), w.order(BO, campaign), w.order(CY, campaign, 3)
    w.pay(ANN, paid)
    yield "placed, one of three paid"
    w.close(campaign)
    yield "locked, and nothing else"
    w.adjust(unpaid, 0)
    came = {"lines": [{"sku_id": w.shop.sku_id, "received": 5, "short": 3}]}
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/receipts", came, 201)
    yield "less comes than was ordered"
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/advance", {"to": "at_pickup"})
    yield "ready, what has come"
    w.hand_over(part, 1)
    w.hand_over(paid, 1)
    yield "collected in part"
    amount = {"amount": w.shop.money(100), "reason": "久等了"}
    w.staff("POST", f"/v1/orders/{part['id']}/refunds", amount, 201)
    yield "goodwill for what was paid in cash"
    w.adjust(paid, 2)
    yield "cut while it waits, paid"
    w.clock.advance(hours=73)
    yield "the rest is left behind"
    cash, *_ = made(w.shop.brand.get("/v1/cash-refunds"), 200)["items"]
    w.staff("POST", f"/v1/orders/{cash['order_id']}/refunds/{cash['id']}/confirm")
    yield "cash is paid out"


@story
def money_of_other_kinds(w: World) -> Iterator[str]:
    campaign = w.campaign(payment_methods=["test"])
    for who in (BO, CY):
        payment = w.start(who, order := w.order(who, campaign, online=True))
        w.arrive(payment, 1_000)
        w.staff("POST", f"/v1/payments/{payment}/accept", {"reason": "少付了"})
    yield "less came than was asked, and is accepted"
    w.pay(CY, order)
    yield "the rest is paid"
    twice = w.order(ANN, campaign, online=True)
    first, second = w.start(ANN, twice), w.start(ANN, twice)
    w.arrive(first)
    yield "paid with the first of two attempts"
    w.arrive(second)
    yield "paid twice"
    with tenant_scope(w.shop.tenant_id):
        w.provider.give_back(first, 500)
    w.notify(first, "refunded")
    yield "the brand gives back at the provider"
    with mock.patch.object(TestProvider, "refund", side_effect=ProviderUnavailable("no", detail_zh="不")):
        w.cancel(ANN, twice)
        yield "cancelled while the provider is away"
    w.clock.advance(hours=2)
    yield "the refund is made hours later"
    w.clock.set(product_clock.parse_instant(campaign["closes_at"]) - timedelta(minutes=5))
    w.order(ANN, campaign, online=True)
    w.clock.advance(minutes=20)
    yield "the hold lapses after the close"
    w.clock.advance(hours=49)
    yield "a day before the rest is overdue"
    w.clock.advance(hours=24)
    yield "the rest is not paid in time"
