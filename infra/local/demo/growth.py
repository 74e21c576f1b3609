"""What lowers prices at the demo brand, and neighbours who order with it, so that costs and effects can be seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any

from infra.local.demo.client import Client

_BASKETS = (
    (1, 2),
    (3, 3, 2),
    (2, 1, 1, 2),
    (4, 4, 3, 2),
    (6, 5, 4, 3, 2),
    (1,),
    (3, 2, 3),
    (5, 5, 5),
    (2, 2),
    (2, 3, 1),
)
"""How many units of the first offers each neighbour orders."""
_CALLED_OFF = 6
"""Which of them thinks again."""


def lower_prices(brand: Client, campaign: dict[str, Any], now: datetime) -> None:
    """A promotion that runs in a campaign, one that is a draft to be tried out, coupons by a code, and some orders.
    Once there are promotions, nothing is done.
    """
    if brand.get("/v1/promotions")["items"]:
        return
    neighbours = [each["id"] for each in brand.get(f"/v1/members?limit={len(_BASKETS)}")["items"]]
    reduction = {
        "title": "Breakfast together", "kind": "full_reduction", "budget": _dollars(200),
        "terms": {"steps": [_step(10, 1), _step(20, 3)]}, "scope": {"campaign_ids": [campaign["id"]]},
    }  # fmt: skip
    running = brand.post("/v1/promotions", {**reduction, **_days(now, 14)})
    brand.post(f"/v1/promotions/{running['id']}/publish")
    fruit = {"title": "Fruit week", "kind": "timed_price", "terms": {"percent_off": "10"}, "budget": _dollars(50)}
    brand.post("/v1/promotions", {**fruit, "scope": {"categories": ["Produce"]}, **_days(now, 7)})
    brand.post("/v1/coupon-batches", {
        "title": "Welcome back", "kind": "amount", "purpose": "win_back", "value": _dollars(1), "minimum": _dollars(8),
        "codes": {"mode": "shared", "code": "FARM-BACK"}, "budget": _dollars(50),
    })  # fmt: skip
    wanted = enumerate(zip(neighbours, _BASKETS, strict=False))
    placed = [_order(brand, campaign, who, units, at) for at, (who, units) in wanted]
    if len(placed) > _CALLED_OFF:
        brand.post(f"/v1/orders/{placed[_CALLED_OFF]}/cancel", {"reason": "Away that week"})
    for at, who in enumerate(neighbours[:3]):
        brand.post(f"/v1/members/{who}/points", {"delta": 150, "reason": "Thank you"}, key=f"demo-points-{at}")


def open_channel(brand: Client) -> None:
    """A chat group, whose link shows what it brings; nothing where there is a channel."""
    if not brand.get("/v1/channels?limit=1")["items"]:
        brand.post("/v1/channels", {"kind": "chat_group", "title": "Elm Street neighbours", "cost": _dollars(15)})


def watch_prices(brand: Client, campaign: dict[str, Any], now: datetime) -> None:
    """A margin floor, what is wanted in two stages, and what two competitors ask for goods of a campaign. Once there
    are rules, nothing is done.
    """
    if brand.get("/v1/price-rules")["floor"] is not None:
        return
    stages = {"growth": {"largest_discount": "15", "margin": "30"}, "decline": {"price_change": "-10"}}
    brand.put("/v1/price-rules", {"floor": {"percent": "10"}, "stages": stages})
    yesterday = f"{now - timedelta(days=1):%Y-%m-%d}"
    asked = (("Bridge Street Foods", 80), ("Valley Grocers", 97))
    for at, (offer, (competitor, share)) in enumerate(product(campaign["offers"][:3], asked)):
        minor = max(1, offer["price"]["amount_minor"] * share // 100)
        price = {"amount_minor": minor, "currency": offer["price"]["currency"]}
        seen = {"sku_id": offer["sku_id"], "competitor": competitor, "price": price, "seen_on": yesterday}
        brand.post("/v1/competitor-prices", seen, key=f"demo-price-{at}")


def _order(brand: Client, campaign: dict[str, Any], who: str, units: tuple[int, ...], at: int) -> str:
    """An order that somebody of the team writes down for a neighbour who called."""
    chosen = zip(campaign["offers"], units, strict=False)
    lines = [{"offer_id": offer["offer_id"], "quantity": many} for offer, many in chosen]
    point = campaign["pickup_points"][0]["id"]
    wanted = {"member_id": who, "campaign_id": campaign["id"], "pickup_point_id": point, "lines": lines}
    return str(brand.post("/v1/orders", wanted, key=f"demo-order-{at}")["id"])


def _days(now: datetime, many: int) -> dict[str, str]:
    return {"starts_at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "ends_at": f"{now + timedelta(days=many):%Y-%m-%dT%H:%M:%SZ}"}


def _step(from_dollars: int, off_dollars: int) -> dict[str, Any]:
    return {"from": _dollars(from_dollars), "off": _dollars(off_dollars)}


def _dollars(many: int) -> dict[str, Any]:
    return {"amount_minor": many * 100, "currency": "USD"}
