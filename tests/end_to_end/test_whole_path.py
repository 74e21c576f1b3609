"""The whole path over HTTP: a brand signs up, sells, closes, hands over, and hears of what went wrong.

Everything goes through the public interface of the running stack, pollers at work; only the clock is moved where a
person would wait.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.clock import instant, parse_instant
from tests.builders import made


def now(server: Any) -> datetime:
    """What time the product says it is."""
    return parse_instant(made(server.get("/local/clock"), 200)["now"])


def code_sent_to(server: Any, email: str) -> str:
    """The sign-in code in the newest message to an address."""
    server.quiet()
    headers = {"Accept": "application/json"}
    newest = made(server.get(f"/local/mailbox?to={email}", headers=headers), 200)["items"][0]
    return re.findall(r"\b\d{6}\b", newest["text"])[0]


def sign_in(server: Any, audience: str, slug: str, email: str) -> Any:
    """Asks for a code, reads it in the mailbox, and exchanges it for a token."""
    who = {"audience": audience, "tenant": slug, "email": email}
    assert server.post("/v1/auth/code", who).status == 202
    return made(server.post("/v1/auth/token", who | {"code": code_sent_to(server, email)}), 200)


def money(amount_minor: int) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": "CNY"}


def test_from_sign_up_to_a_complaint_with_an_owner(server: Any) -> None:
    # A brand signs up and can work at once with the key that is shown once.
    wanted = {
        "name": "邻里鲜果", "slug": "fresh-fruit", "owner_email": "owner@fruit.example", "timezone": "Asia/Shanghai",
        "currency": "CNY", "locale": "zh",
    }  # fmt: skip
    signed_up = made(server.post("/v1/tenants", wanted))
    key, store = signed_up["api_key"]["secret"], f"/v1/stores/{signed_up['tenant']['slug']}"
    assert signed_up["tenant"]["status"] == "active"
    assert signed_up["tenant"]["storefront_url"].endswith("fresh-fruit")

    # It puts a product on the shelf, names a pickup point, and plans a campaign that opens in a minute.
    sku = {"code": "LYCHEE-1KG", "title": "一公斤", "price": money(3990), "cost": money(2100)}
    product = made(server.post("/v1/products", {"title": "荔枝 🍒", "skus": [sku]}, token=key))
    place = made(server.post("/v1/pickup-points", {"name": "东门", "address": "花园路 1 号"}, token=key))
    opens_at = now(server) + timedelta(minutes=1)
    plan = {
        "title": "周末荔枝", "kind": "group_order", "opens_at": instant(opens_at),
        "closes_at": instant(opens_at + timedelta(hours=6)),
        "target": {"measure": "quantity", "value": 2, "on_miss": "cancel"},
        "offers": [{"sku_id": product["skus"][0]["id"], "price": money(2990), "quantity": 10, "per_member_limit": 5}],
        "pickup_point_ids": [place["id"]],
    }  # fmt: skip
    campaign = made(server.post("/v1/campaigns", plan, token=key))
    assert campaign["status"] == "draft"
    published = made(server.post(f"/v1/campaigns/{campaign['id']}/publish", token=key), 200)
    assert published["status"] == "scheduled"

    # A neighbour signs in with a code from the mailbox; before the campaign opens nobody can order.
    token = sign_in(server, "member", "fresh-fruit", "neighbour@people.example")["access_token"]
    basket = {
        "campaign_id": campaign["id"], "pickup_point_id": place["id"],
        "lines": [{"offer_id": published["offers"][0]["offer_id"], "quantity": 3}],
    }  # fmt: skip
    order = basket | {"payment_method": "pickup"}
    early = server.post(f"{store}/orders", order, token=token, headers={"Idempotency-Key": "early"})
    assert (early.status, early.json["code"]) == (409, "campaign_not_open")

    # A minute later it has opened by itself: browse, quote, order, and the same order again.
    server.advance(61)
    (shown,) = made(server.get(f"{store}/campaigns"), 200)["items"]
    assert (shown["id"], shown["status"], shown["progress"]["left"]) == (campaign["id"], "open", 10)
    quote = made(server.post(f"{store}/quotes", basket, token=token), 200)
    assert quote["totals"]["total"] == money(8970)
    priced = order | {"expected_total_minor": 8970}
    key_header = {"Idempotency-Key": "one-order"}
    placed = made(server.post(f"{store}/orders", priced, token=token, headers=key_header))
    again = made(server.post(f"{store}/orders", priced, token=token, headers=key_header))
    assert placed == again
    assert (placed["status"], placed["totals"]["due"]) == ("placed", money(8970))

    # At its close the campaign has reached its target: locked by itself, with a purchase list; no order gets in.
    server.advance(6 * 3600)
    server.advance(60)
    closed = made(server.get(f"/v1/campaigns/{campaign['id']}", token=key), 200)
    assert closed["status"] == "locked"
    late = server.post(f"{store}/orders", order, token=token, headers={"Idempotency-Key": "late"})
    assert (late.status, late.json["code"]) == (409, "campaign_closed")
    bought = made(server.get(f"/v1/campaigns/{campaign['id']}/purchase-list", token=key), 200)
    assert [line["quantity"] for line in bought["lines"]] == [3]

    # The order is handed over against its code, once.
    handover = {"code": placed["pickup_code"], "pickup_point_id": place["id"]}
    handed = made(server.post(f"/v1/orders/{placed['id']}/pickup", handover, token=key), 200)
    assert handed["status"] == "picked_up"
    assert server.post(f"/v1/orders/{placed['id']}/pickup", handover, token=key).json["code"] == "already_picked_up"

    # That brings an invitation; its one answer is a 1, which opens a complaint with an owner and a due time.
    server.quiet()
    (invited,) = made(server.get(f"{store}/invitations", token=token), 200)["items"]
    answers = f"{store}/invitations/{invited['token']}/answers"
    thanks = made(server.post(answers, {"score": 1, "comment": "烂了一半"}))
    assert server.post(answers, {"score": 5}).status == 409
    server.quiet()
    (complaint,) = made(server.get("/v1/complaints", token=key), 200)["items"]
    assert complaint["id"] == thanks["complaint_id"]
    assert (complaint["order_id"], complaint["status"]) == (placed["id"], "open")
    assert complaint["owner"]
    assert parse_instant(complaint["resolution_due_at"]) > now(server)
    assert {"category", "urgency"} <= complaint.keys()

    # The owner of the brand signs in like anybody else and resolves it; nothing was left behind anywhere.
    owner = sign_in(server, "staff", "fresh-fruit", "owner@fruit.example")
    assert owner["principal"]["id"] == complaint["owner"]
    resolved = {"outcome": "全额退款", "remedy": "退款"}
    path = f"/v1/complaints/{complaint['id']}/resolve"
    assert made(server.post(path, resolved, token=owner["access_token"]), 200)["status"] == "resolved"
    server.quiet()
    health = made(server.get("/local/health"), 200)
    assert (health["ready"], health["pending"], health["dead_letters"]) == (True, {}, {})
