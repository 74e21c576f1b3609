"""What neighbours said of a group buy that they have collected, with a photo, answers, and one that the brand hides."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.local.demo import data, people
from infra.local.demo.client import Client

TITLE, _OFFERED = "The first strawberries", slice(0, 4)
_SECONDS_FOR_A_CLOSE = 60


@dataclass(frozen=True)
class _Said:
    """A review: of which of the offered articles, and what the brand answers, or why it hides it."""

    article: int
    rating: int
    text: str = ""
    aspects: dict[str, int] = field(default_factory=dict)
    with_photo: bool = False
    reply: str = ""
    hidden: str = ""


_SAID: dict[str, tuple[_Said, ...]] = {
    "Maria": (
        _Said(1, 5, "Sweet to the last one. We ate them on the way home.", {"goods": 5, "service": 5}, with_photo=True,
              reply="Thank you, Maria! There are more next Friday."),
        _Said(0, 4, "Good, a little green still.", {"goods": 4}),
    ),
    "Henry": (
        _Said(1, 4, "Nice and ripe. Two at the bottom were soft.", {"goods": 4, "delivery": 5},
              reply="We are sorry about the two, Henry. The next boxes are flatter."),
        _Said(2, 5, "Crisp. My wife pickles them."),
    ),
    "Grace": (
        _Said(1, 5, "草莓很甜，孩子们很喜欢，下次还买。", {"goods": 5, "service": 5, "delivery": 4}),
        _Said(3, 3, "All right, but I like the big ones better.", {"goods": 3}),
    ),
    "Walter": (
        _Said(1, 2, "Call Bob on 555-0134, he has better ones.", hidden="It names somebody's telephone number."),
        _Said(0, 5, "Just as they should be."),
    ),
    "Rosa": (_Said(1, 5, "", {"goods": 5}), _Said(2, 4, "Fresh. I would buy half as many.")),
}  # fmt: skip
"""By whom, and what of it they said."""


def announce(brand: Client, now: datetime) -> None:
    """Opens the group buy that they review, where there is none: before the pickup point has a leader, so that nobody
    is owed anything for it.
    """
    if any(each["title"] == TITLE for each in brand.get("/v1/campaigns?limit=100")["items"]):
        return
    codes = [row["code"] for row in data.products()][_OFFERED]
    skus = {sku["code"]: sku for each in brand.get("/v1/products?limit=100")["items"] for sku in each["skus"]}
    made = brand.post("/v1/campaigns", {
        "title": TITLE, "kind": "group_order", "closes_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
        "offers": [{"sku_id": skus[each]["id"], "quantity": 40, "price": skus[each]["price"]} for each in codes],
        "pickup_point_ids": [brand.get("/v1/pickup-points")["items"][0]["id"]],
    })  # fmt: skip
    brand.post(f"/v1/campaigns/{made['id']}/publish")


def review(url: str, slug: str, brand: Client) -> None:
    """Neighbours order in it, collect, and say what they think. Once there is a review, nothing is done."""
    found = [each for each in brand.get("/v1/campaigns?limit=100")["items"] if each["title"] == TITLE]
    if not found or brand.get("/v1/reviews?limit=1")["items"]:
        return
    campaign = brand.get(f"/v1/campaigns/{found[0]['id']}")
    shoppers = {name: _joined(url, slug, name) for name in _SAID}
    orders = {name: _order(brand, shopper, slug, campaign) for name, shopper in shoppers.items()}
    if campaign["status"] == "open":
        brand.post(f"/v1/campaigns/{campaign['id']}/close")
    if _closed(brand, campaign["id"]) == "locked":
        arrived = {"to": "at_pickup", "everything_arrived": True}
        brand.post(f"/v1/campaigns/{campaign['id']}/advance", arrived)
    for name, order in orders.items():
        _hand_over(brand, order)
        for said in _SAID[name]:
            _say(brand, shoppers[name], slug, order, said)


def _joined(url: str, slug: str, name: str) -> Client:
    """A neighbour who has signed in and said their name."""
    signed_in = people.sign_in(url, slug, f"{name.lower()}@corner-market.example")
    shopper = Client(url, signed_in["access_token"])
    shopper.patch(f"/v1/stores/{slug}/me", {"profile": {"name": name}})
    return shopper


def _order(brand: Client, shopper: Client, slug: str, campaign: dict[str, Any]) -> dict[str, Any]:
    """Their order, placed where it is open; after an interruption the one that they have."""
    shop, point = f"/v1/stores/{slug}", campaign["pickup_points"][0]["id"]
    if campaign["status"] != "open":
        mine = shopper.get(f"{shop}/orders?limit=100")["items"]
        found: dict[str, Any] = next(each for each in mine if each["campaign_id"] == campaign["id"])
        return found
    lines = [{"offer_id": each["offer_id"], "quantity": 1 + at % 2} for at, each in enumerate(campaign["offers"])]
    wanted = {"campaign_id": campaign["id"], "pickup_point_id": point, "lines": lines, "payment_method": "pickup"}
    placed: dict[str, Any] = shopper.post(f"{shop}/orders", wanted, key=f"demo-review-{campaign['id']}")
    return placed


def _closed(brand: Client, campaign_id: str) -> str:
    """The state of the campaign once what it sold is decided."""
    until = time.monotonic() + _SECONDS_FOR_A_CLOSE
    status = "open"
    while status in ("open", "closing") and time.monotonic() < until:
        time.sleep(0.1)
        status = brand.get(f"/v1/campaigns/{campaign_id}")["status"]
    return status


def _hand_over(brand: Client, order: dict[str, Any]) -> None:
    if brand.get(f"/v1/orders/{order['id']}")["status"] != "picked_up":
        body = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
        brand.post(f"/v1/orders/{order['id']}/pickup", body)


def _say(brand: Client, shopper: Client, slug: str, order: dict[str, Any], said: _Said) -> None:
    shop, line = f"/v1/stores/{slug}", order["lines"][said.article]
    body: dict[str, Any] = {
        "order_id": order["id"], "sku_id": line["sku_id"], "rating": said.rating, "aspects": said.aspects,
        "text": said.text,
    }  # fmt: skip
    if said.with_photo:
        code = [row["code"] for row in data.products()][_OFFERED][said.article]
        body["photos"] = [shopper.upload(data.picture(code), "image/webp", f"{shop}/uploads")["id"]]
    made = shopper.post(f"{shop}/reviews", body)
    if said.reply:
        brand.post(f"/v1/reviews/{made['id']}/reply", {"text": said.reply})
    if said.hidden:
        brand.post(f"/v1/reviews/{made['id']}/hide", {"reason": said.hidden})
