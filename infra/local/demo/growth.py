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


def order_more(brand: Client, campaign: dict[str, Any], members: list[str]) -> None:
    """A unit for each of some members who have called."""
    for at, who in enumerate(members, len(_BASKETS)):
        _order(brand, campaign, who, (1,), at)


def open_channel(brand: Client) -> None:
    """A chat group, whose link shows what it brings; nothing where there is a channel."""
    if not brand.get("/v1/channels?limit=1")["items"]:
        brand.post("/v1/channels", {"kind": "chat_group", "title": "Elm Street neighbours", "cost": _dollars(15)})


def book_costs(brand: Client, campaign: dict[str, Any], now: datetime) -> None:
    """What the last two weeks cost beside the goods: help, the van, and leaflets for a campaign. Once there are costs,
    nothing is done.
    """
    if brand.get("/v1/costs?limit=1")["items"]:
        return
    first, last = (f"{each:%Y-%m-%d}" for each in (now - timedelta(days=13), now))
    for kind, title, amount, what in (
        ("labour", "Help at the garage, two weeks", 42, {"from_on": first, "to_on": last}),
        ("logistics", "Van and fuel", 28, {"from_on": first, "to_on": last}),
        ("marketing", "Leaflets", 9, {"from_on": last, "campaign_id": campaign["id"]}),
    ):
        cost = {"kind": kind, "title": title, "amount": _dollars(amount), **what}
        brand.post("/v1/costs", cost, key=f"demo-cost-{kind}")


def recruit(brand: Client, now: datetime) -> None:
    """Members who bring a neighbour are given a coupon, and two invite codes are out: one for the chat group, one for
    whoever is met at the market. Three who left their address there are invited. Once there are codes, nothing is done.
    """
    if brand.get("/v1/invite-codes?limit=1")["items"]:
        return
    thanks = brand.post("/v1/coupon-batches", {
        "title": "Thank you for a neighbour", "kind": "amount", "purpose": "loyal", "value": _dollars(2),
        "limits": {"per_member": 20},
    })  # fmt: skip
    brand.put("/v1/recruitment", {
        "referral": {"coupon_batch_id": thanks["id"], "per_month": 10}, "welcome": {"message": True},
        "questions": [{"text": "Which street do you live in?", "required": True}],
    })  # fmt: skip
    channel = brand.get("/v1/channels?limit=1")["items"][0]["id"]
    chat = {"code": "ELM-STREET", "title": "Elm Street neighbours", "channel_id": channel, "max_uses": 200}
    brand.post("/v1/invite-codes", chat)
    brand.post("/v1/invite-codes", {"length": "short", "title": "Market stand"})
    agreed = {"source": "List at the market stand", "agreed_on": f"{now - timedelta(days=2):%Y-%m-%d}"}
    people = [{"name": name, "email": f"{name.lower()}@market.example", **agreed} for name in ("June", "Walt", "Ruth")]
    join_by = f"{now + timedelta(days=21):%Y-%m-%d}"
    brand.post("/v1/prospects", {"people": people, "join_by": join_by, "coupon_batch_id": thanks["id"]})


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


def segment(brand: Client) -> None:
    """Four segments, where there are none: regulars, whom to win back, big spenders among those by their scores, and a
    list of tasters with its tag.
    """
    if brand.get("/v1/segments")["items"]:
        return
    brand.post("/v1/tags", {"tag": "taster"})
    regulars = {
        "all": [
            {"field": "frequency", "op": "at_least", "value": 5},
            {"field": "purchases", "op": "bought", "value": {"within_days": 30}},
        ]
    }
    quiet = {
        "all": [
            {"field": "orders", "op": "at_least", "value": {"number": 1}},
            {"field": "recency", "op": "at_least", "value": 30},
        ]
    }
    leaving = {
        "all": [
            {"field": "rfm_recency", "op": "at_most", "value": 2},
            {"field": "rfm_monetary", "op": "at_least", "value": 4},
        ]
    }
    brand.post("/v1/segments", {"title": "Big spenders about to leave", "rule": leaving})
    brand.post("/v1/segments", {"title": "Regulars", "rule": regulars})
    brand.post("/v1/segments", {"title": "Quiet for 30 days", "rule": quiet})
    tasters = brand.post("/v1/segments", {"title": "Tasters", "kind": "list", "tag": "taster"})
    members = [each["id"] for each in brand.get("/v1/members?limit=5")["items"]]
    brand.post(f"/v1/segments/{tasters['id']}/members", {"add": members})


def win_back(brand: Client) -> None:
    """A journey that runs: who has not ordered for 30 days is given a coupon, and a fifth of them are left alone. Who
    is in it, and what it brings, comes of the days that pass. Once there are journeys, nothing is done.
    """
    if brand.get("/v1/journeys")["items"]:
        return
    made = brand.post(
        "/v1/journeys/ready-made", {"name": "win_back", "percent_off": "10", "control_share": "20", "quiet_days": 30}
    )
    brand.post(f"/v1/journeys/{made['id']}/publish")
    greeting = {
        "zh": {"subject": "谢谢您来试吃", "text": "{name}，{brand} 为您留了新品：{shop}"},
        "en": {"subject": "Thank you for tasting", "text": "{name}, {brand} has something new: {shop}"},
    }
    tasters = next(each["id"] for each in brand.get("/v1/segments")["items"] if each["title"] == "Tasters")
    tasting = brand.post("/v1/journeys", {
        "title": "Who tastes for us", "trigger": {"kind": "segment_entered", "segment_id": tasters},
        "steps": [{"kind": "points", "points": 20}, {"kind": "message", "texts": greeting}],
        "exit_on_purchase": False,
    })  # fmt: skip
    brand.post(f"/v1/journeys/{tasting['id']}/publish")
    members = brand.get("/v1/members?limit=12")["items"]
    brand.post(f"/v1/segments/{tasters}/members", {"add": [each["id"] for each in members]})
