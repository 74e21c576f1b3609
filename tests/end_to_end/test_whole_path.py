"""The whole path over HTTP: a brand signs up, sells, closes, hands over, and is told of what went wrong.

Everything goes through the public interface of the running stack, pollers at work; only the clock is moved where a
person would wait.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kernel.clock import instant, parse_instant
from tests.builders import Brand, made
from tests.conftest import Served
from tests.end_to_end.steps import key, nothing_left_behind, now, sign_in

SLUG = "fresh-fruit"
STORE = f"/v1/stores/{SLUG}"


def money(amount_minor: int) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": "CNY"}


def sign_up(server: Served) -> Brand:
    """A brand signs up and can work at once with the key that is shown once."""
    wanted = {
        "name": "邻里鲜果", "slug": SLUG, "owner_email": "owner@fruit.example", "timezone": "Asia/Shanghai",
        "currency": "CNY", "locale": "zh",
    }  # fmt: skip
    signed_up = made(server.post("/v1/tenants", wanted))
    assert signed_up["tenant"]["status"] == "active"
    assert signed_up["tenant"]["storefront_url"].endswith(SLUG)
    return Brand(server, signed_up["api_key"]["secret"])


def plan(server: Served, brand: Brand) -> Any:
    """It puts a product on the shelf, names a pickup point, and publishes a campaign that opens in a minute."""
    sku = {"code": "LYCHEE-1KG", "title": "一公斤", "price": money(3990), "cost": money(2100)}
    product = made(brand.post("/v1/products", {"title": "荔枝 🍒", "skus": [sku]}))
    place = made(brand.post("/v1/pickup-points", {"name": "东门", "address": "花园路 1 号"}))
    opens_at = now(server) + timedelta(minutes=1)
    wanted = {
        "title": "周末荔枝", "kind": "group_order", "opens_at": instant(opens_at),
        "closes_at": instant(opens_at + timedelta(hours=6)),
        "target": {"measure": "quantity", "value": 2, "on_miss": "cancel"},
        "offers": [{"sku_id": product["skus"][0]["id"], "price": money(2990), "quantity": 10, "per_member_limit": 5}],
        "pickup_point_ids": [place["id"]],
    }  # fmt: skip
    campaign = made(brand.post("/v1/campaigns", wanted))
    assert campaign["status"] == "draft"
    published = made(brand.post(f"/v1/campaigns/{campaign['id']}/publish"), 200)
    assert published["status"] == "scheduled"
    return published


def basket_of(campaign: Any) -> dict[str, Any]:
    """Three of its first offer, collected at its pickup point."""
    return {
        "campaign_id": campaign["id"], "pickup_point_id": campaign["pickup_points"][0]["id"],
        "lines": [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 3}],
    }  # fmt: skip


def order_once(server: Served, neighbour: Brand, campaign: Any) -> Any:
    """Before the campaign opens nobody can order. Then browse, quote, order, and the same order again."""
    basket = basket_of(campaign)
    order = basket | {"payment_method": "pickup"}
    early = neighbour.post(f"{STORE}/orders", order, headers=key("early"))
    assert (early.status, early.json["code"]) == (409, "campaign_not_open")
    server.advance(61)
    (shown,) = made(server.get(f"{STORE}/campaigns"), 200)["items"]
    assert (shown["id"], shown["status"], shown["progress"]["left"]) == (campaign["id"], "open", 10)
    quote = made(neighbour.post(f"{STORE}/quotes", basket), 200)
    assert quote["totals"]["total"] == money(8970)
    priced = order | {"expected_total_minor": 8970}
    placed, again = (made(neighbour.post(f"{STORE}/orders", priced, headers=key("one-order"))) for _ in range(2))
    assert placed == again
    assert (placed["status"], placed["totals"]["due"]) == ("placed", money(8970))
    return placed


def close(server: Served, brand: Brand, neighbour: Brand, campaign: Any) -> None:
    """At its close it has reached its target: locked by itself, with a purchase list; no order gets in."""
    server.advance(6 * 3600)
    server.advance(60)
    assert made(brand.get(f"/v1/campaigns/{campaign['id']}"), 200)["status"] == "locked"
    late = neighbour.post(f"{STORE}/orders", basket_of(campaign) | {"payment_method": "pickup"}, headers=key("late"))
    assert (late.status, late.json["code"]) == (409, "campaign_closed")
    bought = made(brand.get(f"/v1/campaigns/{campaign['id']}/purchase-list"), 200)
    assert [line["quantity"] for line in bought["lines"]] == [3]


def hand_over_once(brand: Brand, placed: Any) -> None:
    """The order is handed over against its code, once."""
    handover = {"code": placed["pickup_code"], "pickup_point_id": placed["pickup_point_id"]}
    path = f"/v1/orders/{placed['id']}/pickup"
    assert brand.post(path, handover).json["code"] == "not_at_pickup"
    arrived = {"to": "at_pickup", "everything_arrived": True}
    made(brand.post(f"/v1/campaigns/{placed['campaign_id']}/advance", arrived), 200)
    assert made(brand.post(path, handover), 200)["status"] == "picked_up"
    assert brand.post(path, handover).json["code"] == "already_picked_up"


def complain(server: Served, brand: Brand, neighbour: Brand, placed: Any) -> Any:
    """An invitation has come; its one answer is a 1, which opens a complaint with an owner and a due time."""
    server.quiet()
    (invited,) = made(neighbour.get(f"{STORE}/invitations"), 200)["items"]
    answers = f"{STORE}/invitations/{invited['token']}/answers"
    thanks = made(server.post(answers, {"score": 1, "comment": "烂了一半"}))
    assert server.post(answers, {"score": 5}).status == 409
    server.quiet()
    (complaint,) = made(brand.get("/v1/complaints"), 200)["items"]
    assert complaint["id"] == thanks["complaint_id"]
    assert (complaint["order_id"], complaint["status"]) == (placed["id"], "open")
    assert complaint["owner"]
    assert parse_instant(complaint["resolution_due_at"]) > now(server)
    assert {"category", "urgency"} <= complaint.keys()
    return complaint


def resolve(server: Served, complaint: Any) -> None:
    """The owner of the brand signs in like anybody else and resolves it."""
    owner = sign_in(server, "staff", SLUG, "owner@fruit.example")
    assert owner["principal"]["id"] == complaint["owner"]
    resolved = {"outcome": "全额退款", "remedy": "退款"}
    path = f"/v1/complaints/{complaint['id']}/resolve"
    assert made(server.post(path, resolved, token=owner["access_token"]), 200)["status"] == "resolved"
    server.quiet()


def test_from_sign_up_to_a_complaint_with_an_owner(server: Served) -> None:
    brand = sign_up(server)
    campaign = plan(server, brand)
    signed_in = sign_in(server, "member", SLUG, "neighbour@people.example")
    neighbour = Brand(server, signed_in["access_token"])
    placed = order_once(server, neighbour, campaign)
    close(server, brand, neighbour, campaign)
    hand_over_once(brand, placed)
    resolve(server, complain(server, brand, neighbour, placed))
    nothing_left_behind(server)
