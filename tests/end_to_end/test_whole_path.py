"""One neighbour's order from a brand's sign-up to a complaint with an owner: over HTTP, as clients would do it."""

import re
from datetime import timedelta
from typing import Any

from chalicelib.kernel.clock import instant, parse_instant
from tests.builders import made
from tests.calls import Verbs
from tests.conftest import Served

SLUG = "harvest"
NEIGHBOUR = "lin@neighbours.example"


def code_from_mailbox(server: Served, to: str) -> str:
    server.quiet()
    newest = server.get(f"/local/mailbox?to={to}", headers={"Accept": "application/json"}).json["items"][0]
    found = re.search(r"\b\d{6}\b", newest["text"])
    assert found, newest
    return found[0]


def sign_in(server: Served, **who: Any) -> str:
    assert server.post("/v1/auth/code", {"tenant": SLUG, **who}).status == 202
    code = code_from_mailbox(server, who["email"])
    signed_in = made(server.post("/v1/auth/token", {"tenant": SLUG, **who, "code": code}), 200)
    return str(signed_in["access_token"])


class With(Verbs):
    """Calls of one person."""

    def __init__(self, server: Served, token: str) -> None:
        self._server, self._token = server, token

    def call(self, method: str, path: str, **options: Any) -> Any:
        return self._server.call(method, path, token=self._token, **options)


def open_a_brand(server: Served) -> With:
    signed_up = made(server.post("/v1/tenants", {
        "name": "邻里鲜果", "slug": SLUG, "owner_email": "owner@harvest.example",
        "timezone": "Asia/Shanghai", "currency": "CNY", "locale": "zh",
    }))  # fmt: skip
    assert signed_up["tenant"]["status"] == "active"
    assert signed_up["tenant"]["storefront_url"].endswith(f"/v1/stores/{SLUG}")
    assert made(server.get(f"/v1/stores/{SLUG}"), 200)["name"] == "邻里鲜果"
    return With(server, signed_up["api_key"]["secret"])


def publish_a_campaign(server: Served, brand: With) -> dict[str, Any]:
    """It opens in a minute and closes in an hour; the target is one unit."""
    price = {"amount_minor": 1250, "currency": "CNY"}
    product = made(brand.post("/v1/products", {"title": "秭归脐橙", "category": "fruit", "skus": [
        {"code": "ORANGE-5", "title": "5 kg", "price": price}]}))  # fmt: skip
    point = made(brand.post("/v1/pickup-points", {"name": "东门驿站", "address": "学院路 1 号"}))
    now = parse_instant(server.get("/local/clock").json["now"])
    campaign = made(brand.post("/v1/campaigns", {
        "title": "周末橙子", "kind": "group_order",
        "opens_at": instant(now + timedelta(minutes=1)),
        "closes_at": instant(now + timedelta(hours=1)),
        "target": {"measure": "quantity", "value": 1, "on_miss": "cancel"},
        "offers": [{"sku_id": product["skus"][0]["id"], "price": {**price, "amount_minor": 990}, "quantity": 50}],
        "pickup_point_ids": [point["id"]],
    }))  # fmt: skip
    assert made(brand.post(f"/v1/campaigns/{campaign['id']}/publish"), 200)["status"] == "scheduled"
    return dict(campaign)


def test_from_sign_up_to_a_complaint_with_an_owner(server: Served) -> None:
    brand = open_a_brand(server)
    campaign = publish_a_campaign(server, brand)
    neighbour = With(server, sign_in(server, audience="member", email=NEIGHBOUR))
    wanted = {
        "campaign_id": campaign["id"],
        "lines": [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 2}],
        "pickup_point_id": campaign["pickup_points"][0]["id"],
        "payment_method": "pickup",
    }
    store, key = f"/v1/stores/{SLUG}", {"Idempotency-Key": "weekend"}

    # A minute too early it is refused, a minute later it is placed; sent again, it is the same order.
    early = neighbour.post(f"{store}/orders", wanted, headers=key)
    assert (early.status, early.json["code"]) == (409, "campaign_not_open")
    server.advance(61)
    order = made(neighbour.post(f"{store}/orders", wanted, headers=key))
    assert made(neighbour.post(f"{store}/orders", wanted, headers=key)) == order
    assert (order["status"], order["totals"]["due"]["amount_minor"]) == ("placed", 1980)
    server.quiet()
    progress = made(brand.get(f"/v1/campaigns/{campaign['id']}/progress"), 200)
    assert (progress["sold"], progress["participants"]) == (2, 1)

    # The hour passes: it closes and locks by itself, and the list to buy by is frozen.
    server.advance(3600)
    assert made(brand.get(f"/v1/campaigns/{campaign['id']}"), 200)["status"] == "locked"
    late = neighbour.post(f"{store}/orders", wanted, headers={"Idempotency-Key": "too-late"})
    assert (late.status, late.json["code"]) == (409, "campaign_closed")
    bought = made(brand.get(f"/v1/campaigns/{campaign['id']}/purchase-list"), 200)
    assert [line["quantity"] for line in bought["lines"]] == [2]

    # Handed over by its code, at its point.
    handed_over = made(brand.post(f"/v1/orders/{order['id']}/pickup", {
        "code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}), 200)  # fmt: skip
    assert (handed_over["status"], handed_over["totals"]["paid"]["amount_minor"]) == ("picked_up", 1980)

    # Asked how it was, the neighbour is not content: someone is now in charge of that, by a certain time.
    server.quiet()
    [invitation] = made(neighbour.get(f"{store}/invitations"), 200)["items"]
    answers = f"{store}/invitations/{invitation['token']}/answers"
    made(server.post(answers, {"score": 1, "comment": "一半是坏的"}))
    assert server.post(answers, {"score": 5}).json["code"] == "already_answered"
    server.quiet()
    [complaint] = made(brand.get("/v1/complaints"), 200)["items"]
    assert complaint["order_id"] == order["id"]
    assert complaint["owner"]
    assert complaint["resolution_due_at"] > complaint["first_response_due_at"]
    assert complaint["category"]
    assert complaint["urgency"]


def test_the_owner_signs_in_with_a_code_and_reads_the_same_brand(server: Served) -> None:
    brand = open_a_brand(server)
    owner = With(server, sign_in(server, audience="staff", email="owner@harvest.example"))
    assert made(owner.get("/v1/tenant"), 200) == made(brand.get("/v1/tenant"), 200)
