"""What each operation of the engine costs: requests to DynamoDB and capacity units, beside the number it must be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Meter, metered, tenant_scope
from chalicelib.fulfilment.purchasing import service as purchasing
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.fulfilment.receiving.service import receipts as receiving
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.counting.service import counting
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.records import OrderRecord
from chalicelib.settlement.books.service import goods, money
from chalicelib.settlement.books.service import orders as order_books
from chalicelib.settlement.commission import service as releasing
from infra.bench.figure import Figure, told
from infra.bench.shop import Cost, Shop
from infra.bench.stage import Brand, Stage

COSTS: dict[str, Cost] = {
    "an order": (1, 1, 4),
    "an order that is paid online": (1, 1, 4),
    "an order that joins a team": (1, 1, 6),
    "an edit": (3, 1, 6),
    "a cancellation": (1, 1, 4),
    "capturing a payment": (1, 1, 4),
    "a cancellation with its refund": (1, 1, 6),
    "counting an order": (2, 1, 4),
    "closing a campaign of one bucket": (2, 2, 6),
    "repricing, each order": (0, 1, 6),
    "releasing, each order": (0, 1, 6),
    "an adjustment with its refund": (2, 1, 8),
    "a handover in parts": (2, 1, 4),
    "a handover": (2, 1, 2),
    "a receipt": (2, 1, 6),
    "going short, each order": (2, 1, 8),
    "booking a payment": (2, 1, 10),
    "booking a handover, with commission": (2, 1, 16),
    "releasing a commission": (1, 1, 14),
    "booking a receipt": (1, 1, 10),
    "deciding an after-sale case": (5, 1, 8),
    "goods that come back, with their refund": (4, 1, 16),
}
"""A transactional write takes 2 units for each kilobyte of each item. What is asked over HTTP, as the decision of an
after-sale case is, includes the credential that the route reads."""

ONLINE = {"payment_methods": ["pickup", "test"]}
PRICE = 900
FEW, MANY = 2, 7
"""Orders of two campaigns: what the larger one costs more is what its further orders cost."""


def figures(stage: Stage) -> Iterator[Figure]:
    """One line for each operation, of orders of one line."""
    shop = Shop(stage, Brand(stage, "engine-bench"))
    with tenant_scope(shop.tenant_id):
        for part in (_orders, _teams, _passes, _goods, _books):
            part(shop)
    for name, cost in shop.costs.items():
        measured = cost[0], cost[1], cost[2]
        yield Figure(name, _said(COSTS[name]), _said(measured), measured == COSTS[name], shop.spelled[name])
    yield told("operations of the engine that were measured", str(len(shop.costs)))


def _said(cost: Cost) -> str:
    return f"{cost[0]:g} R, {cost[1]:g} W, {cost[2]:g} units"


def _orders(shop: Shop) -> None:
    campaign, tenant_id, now = shop.campaign(**ONLINE), shop.tenant_id, clock.now()
    offer_id, member_id = campaign["offers"][0]["offer_id"], shop.members[2]
    order = shop.count("an order", lambda: shop.order(campaign, 3))
    shop.count("counting an order", lambda: counting.count_orders(tenant_id, [order.id], now))
    wanted = Edit(((offer_id, 5),), "edit", "h" * 32)
    shop.count("an edit", lambda: edit(tenant_id, member_id, order.id, wanted, now))
    shop.count("a cancellation", lambda: cancel(tenant_id, member_id, order.id, now))
    online = shop.count("an order that is paid online", lambda: shop.order(campaign, 3, payment_method="test"))
    shop.count("capturing a payment", lambda: shop.pay(online))
    shop.count("a cancellation with its refund", lambda: cancel(tenant_id, member_id, online.id, now))


def _teams(shop: Shop) -> None:
    campaign = shop.campaign(kind="team_buy", team={"size": 3, "hours": 2})
    first = shop.order(campaign, member=3)
    shop.count("an order that joins a team", lambda: shop.order(campaign, member=4, team_id=first.team_id))


def _passes(shop: Shop) -> None:
    ladder = [
        {"from_quantity": 1, "price": shop.brand.money(PRICE)},
        {"from_quantity": 2, "price": shop.brand.money(800)},
    ]
    offer = {"sku_id": shop.brand.sku_id, "ladder": ladder, "quantity": 200}
    meters: dict[str, list[Meter]] = {"reprice": [], "release": []}
    for count in (FEW, MANY):
        for name, metering in meters.items():
            campaign = shop.campaign(kind="ladder", offers=[offer], **ONLINE)
            for n in range(count):
                shop.paid(campaign, member=2 + n)
            if name == "reprice":
                shop.lock(campaign)
            else:
                campaigns.cancel_campaign(shop.tenant_id, campaign["id"], shop.staff, clock.now())
                closing.wind_up(shop.tenant_id, campaign["id"], clock.now())
            with metered() as meter:
                passes.advance(PASSES[name], shop.tenant_id, campaign["id"], clock.now())
            metering.append(meter)
    for name, told_as in (("reprice", "repricing, each order"), ("release", "releasing, each order")):
        few, many = meters[name]
        shop.keep(told_as, many, few, MANY - FEW)


def _goods(shop: Shop) -> None:
    """A close, a list, and two receipts: one that two orders go short by, one by twelve."""
    few, many = (_short(shop, count) for count in (FEW, MANY))
    shop.keep("going short, each order", many, few, MANY - FEW)


def _short(shop: Shop, count: int) -> Meter:
    """What the pass costs by which so many orders of one unit lose it: of what came, one unit alone is sound."""
    campaign = shop.campaign(**ONLINE)
    for n in range(count + 1):
        shop.paid(campaign, member=2 + n)
    closes_at = get_campaign(shop.tenant_id, campaign["id"]).window[1]
    shop.count(
        "closing a campaign of one bucket", lambda: closing.close_campaign(shop.tenant_id, campaign["id"], closes_at)
    )
    counting.decide_closed(shop.tenant_id, campaign["id"], closes_at)
    purchasing.freeze(shop.tenant_id, campaign["id"], clock.now())
    arrival = Arrival(shop.brand.sku_id, count + 1, damaged=count, cost_minor=400)
    delivery = receiving.Delivery(shop.supplier_id, (arrival,), "", "r-1", "hash", shop.staff)
    receipt = shop.count("a receipt", lambda: receiving.receive(shop.tenant_id, campaign["id"], delivery, clock.now()))
    shop.count("booking a receipt", lambda: goods.received(shop.tenant_id, campaign["id"], receipt.id, clock.now()))
    allocating.allocate_next(shop.tenant_id, campaign["id"], clock.now())
    with metered() as meter:
        allocating.allocate_next(shop.tenant_id, campaign["id"], clock.now())
    return meter


def _books(shop: Shop) -> None:
    """A paid order from its payment to its commission, one in parts, and one that comes back."""
    campaign, tenant_id, now = shop.campaign(**ONLINE), shop.tenant_id, clock.now()
    offer_id = campaign["offers"][0]["offer_id"]
    order, payment_id = shop.paid_with_the_provider(campaign, 3)
    parts = shop.paid(campaign, 3)
    shop.lock(campaign)
    shop.count("booking a payment", lambda: money.captured(tenant_id, {payment_id: order.id}, now))
    shop.count(
        "an adjustment with its refund",
        lambda: adjust(tenant_id, parts.id, {offer_id: 2}, cause="c", reason="Bruised", by="system", now=now),
    )
    shop.bring(campaign)
    shop.count("a handover in parts", lambda: shop.hand_over(parts, lines={offer_id: 1}))
    shop.count("a handover", lambda: shop.hand_over(order))
    shop.count(
        "booking a handover, with commission", lambda: order_books.bring_up_to_date(tenant_id, order.id, clock.now())
    )
    _after_sale(shop, order, offer_id)
    end = clock.now() + timedelta(days=60)
    shop.count("releasing a commission", lambda: releasing.release(tenant_id, order.id, end))


def _after_sale(shop: Shop, order: OrderRecord, offer_id: str) -> None:
    line = {"offer_id": offer_id, "quantity": 1}
    body = {"kind": "return", "lines": [line], "reason": "Bruised"}
    path = f"/v1/stores/{shop.brand.slug}/orders/{order.id}/after-sales"
    case = shop.stage.ask("POST", path, body, shop.token, Idempotency_Key="case")
    came = {"lines": [line | {"disposition": "restock"}]}

    def say(what: str, said: Any) -> Any:
        there = f"/v1/after-sales/{case['id']}/{what}"
        return shop.stage.ask("POST", there, said, shop.brand.key, Idempotency_Key=what)

    shop.count("deciding an after-sale case", lambda: say("decision", {"outcome": "approve"}))
    shop.count("goods that come back, with their refund", lambda: say("receive", came))
    say("complete", {})
