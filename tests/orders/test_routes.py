"""Orders as clients meet them: paths, shapes, refusals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel.clock import parse_instant
from chalicelib.tenants.service.brand import wall_time
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Api, Clock, Drain, Sweep

UNKNOWN = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


def quoted(api: Api, shop: Shop, **fields: Any) -> Reply:
    wanted = {"campaign_id": shop.campaign_id, "lines": [{"offer_id": shop.offer_id, "quantity": 2}]} | fields
    return api.post(f"{shop.path}/quotes", wanted, token=shop.shopper.token)


def locked(shop: Shop, clock: Clock, sweep: Sweep) -> None:
    clock.advance(days=8)
    sweep()
    assert made(shop.brand.get(f"/v1/campaigns/{shop.campaign_id}"), 200)["status"] == "locked"


def test_a_quote_explains_the_total(api: Api, shop: Shop) -> None:
    answer = made(quoted(api, shop, pickup_point_id=shop.pickup_point_id), 200)
    assert answer["total"] == answer["totals"]["total"] == shop.money(1_800)
    assert answer["discounts"] == []
    assert answer["lines"][0]["unit_price"] == shop.money(900)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"lines": [{"offer_id": UNKNOWN, "quantity": 0}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": UNKNOWN, "quantity": 10_000}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": UNKNOWN, "quantity": "2"}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": UNKNOWN, "quantity": 1}]}, "/lines/0/offer_id"),
        ({"lines": [{"offer_id": UNKNOWN, "quantity": 1}] * 21}, "/lines"),
        ({"pickup_point_id": UNKNOWN}, "/pickup_point_id"),
        ({"coupon_id": UNKNOWN}, "/coupon_id"),
        ({"points": 1}, "/points"),
        ({"tip": 1}, "/tip"),
    ],
)
def test_a_faulty_basket_is_refused_at_the_field(api: Api, shop: Shop, fields: dict[str, Any], pointer: str) -> None:
    reply = quoted(api, shop, **fields)
    assert reply.status == 422
    assert reply.json["errors"][0]["pointer"] == pointer


def test_a_quote_of_an_unpublished_campaign_finds_nothing(api: Api, shop: Shop) -> None:
    draft = shop.campaign(publish=False)
    assert quoted(api, shop, campaign_id=draft["id"]).status == 404


def test_a_quote_outside_the_window_says_so(api: Api, shop: Shop, clock: Clock) -> None:
    coming = shop.campaign(opens_in=timedelta(hours=1))
    line = {"offer_id": coming["offers"][0]["offer_id"], "quantity": 1}
    reply = quoted(api, shop, campaign_id=coming["id"], lines=[line])
    assert (reply.status, reply.json["code"]) == (409, "campaign_not_open")
    assert reply.json["opens_at"] == coming["opens_at"]
    assert quoted(api, shop).status == 200
    clock.advance(days=7)
    assert quoted(api, shop).json["code"] == "campaign_closed"


def test_an_order_has_the_shape_that_clients_rely_on(shop: Shop) -> None:
    order = made(shop.order(quantity=3))
    assert order["status"] == "placed"
    assert order["campaign_id"] == shop.campaign_id
    assert order["pickup_point_id"] == shop.pickup_point_id
    assert order["hold_expires_at"] is None
    assert len(order["pickup_code"]) == 10
    assert order["placed_at"].endswith("Z")
    zero, total = shop.money(0), shop.money(2_700)
    assert order["lines"] == [
        {
            "offer_id": shop.offer_id,
            "sku_id": shop.sku_id,
            "quantity": 3,
            "unit_price": shop.money(900),
            "total": total,
            "substitutes": [],
            "tax_rate": None,
            "tax": None,
            "parts": [],
        }
    ]
    unpaid = {"discount": zero, "delivery": zero, "paid": zero, "refunded": zero}
    assert order["totals"] == unpaid | {"goods": total, "total": total, "due": total}


def test_the_same_key_gives_the_same_bytes_also_after_cancelling(api: Api, shop: Shop) -> None:
    first = shop.order(quantity=3, key="k")
    made(first)
    api.post(f"{shop.path}/orders/{first.json['id']}/cancel", token=shop.shopper.token)
    again = shop.order(quantity=3, key="k")
    assert (again.status, again.text) == (201, first.text)
    other = shop.order(quantity=4, key="k")
    assert (other.status, other.json["code"]) == (422, "idempotency_mismatch")


def test_an_order_needs_a_key(api: Api, shop: Shop) -> None:
    wanted = {"campaign_id": shop.campaign_id, "lines": [{"offer_id": shop.offer_id, "quantity": 1}]}
    wanted |= {"pickup_point_id": shop.pickup_point_id, "payment_method": "pickup"}
    reply = api.post(f"{shop.path}/orders", wanted, token=shop.shopper.token)
    assert (reply.status, reply.json["code"]) == (400, "idempotency_key_required")


def test_a_changed_price_is_said_to_the_shopper_as_money(shop: Shop) -> None:
    refused = shop.order(expected_total_minor=899)
    assert refused.json["detail"] == "The total is CN¥9.00 now; if you agree to it, order again."


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"payment_method": "stripe"}, 422, "payment_method_unavailable"),
        ({"payment_method": "barter"}, 422, "invalid"),
        ({"pickup_point_id": UNKNOWN}, 422, "unknown_pickup_point"),
        ({"pickup_point_id": None}, 422, "invalid"),
        ({"campaign_id": UNKNOWN}, 404, "not_found"),
        ({"expected_total_minor": 899}, 409, "price_changed"),
    ],
)
def test_refusals_of_an_order(shop: Shop, fields: dict[str, Any], status: int, code: str) -> None:
    reply = shop.order(**fields)
    assert (reply.status, reply.json["code"]) == (status, code)
    assert made(shop.order(quantity=50))["status"] == "placed"
    assert shop.order(quantity=1).json["code"] == "sold_out"


def test_members_see_their_own_orders_only(api: Api, shop: Shop) -> None:
    mine = [made(shop.order(quantity=n + 1))["id"] for n in range(3)]
    stranger = shop.member()
    first = api.get(f"{shop.path}/orders?limit=2", token=shop.shopper.token).json
    second = api.get(f"{shop.path}/orders?limit=2&cursor={first['next_cursor']}", token=shop.shopper.token).json
    assert [order["id"] for order in first["items"] + second["items"]] == mine[::-1]
    assert second["next_cursor"] is None
    assert api.get(f"{shop.path}/orders", token=stranger.token).json["items"] == []
    assert api.get(f"{shop.path}/orders/{mine[0]}", token=stranger.token).status == 404
    assert api.post(f"{shop.path}/orders/{mine[0]}/cancel", token=stranger.token).status == 404
    own = api.get(f"{shop.path}/orders/{mine[0]}", token=shop.shopper.token)
    assert (own.status, own.headers["ETag"]) == (200, '"1"')


def test_cancelling_over_http_until_the_cutoff(api: Api, shop: Shop, clock: Clock) -> None:
    order, kept = made(shop.order(quantity=3)), made(shop.order(quantity=1))
    path = f"{shop.path}/orders/{order['id']}/cancel"
    first = api.post(path, token=shop.shopper.token)
    assert (first.status, first.json["status"]) == (200, "cancelled")
    clock.advance(days=7)
    assert api.post(path, token=shop.shopper.token).text == first.text
    late = api.post(f"{shop.path}/orders/{kept['id']}/cancel", token=shop.shopper.token)
    assert (late.status, late.json["code"]) == (409, "cutoff_passed")


def test_staff_list_and_read_orders_and_only_some_see_the_code(
    api: Api, shop: Shop, staff_token: Callable[..., str]
) -> None:
    made(shop.order(quantity=2))
    other = shop.member()
    wanted = made(shop.order(other, quantity=1))
    listed = made(shop.brand.get(f"/v1/orders?campaign_id={shop.campaign_id}&member_id={other.id}"), 200)["items"]
    assert [(order["id"], order["member_id"], order["pickup_code"]) for order in listed] == [
        (wanted["id"], other.id, wanted["pickup_code"])
    ]
    assert len(made(shop.brand.get("/v1/orders?status=placed"), 200)["items"]) == 2
    assert made(shop.brand.get("/v1/orders?status=cancelled"), 200)["items"] == []
    analyst = staff_token(shop, "analyst")
    assert made(api.get(f"/v1/orders/{wanted['id']}", token=analyst), 200)["pickup_code"] is None
    assert shop.brand.get("/v1/orders?status=lost").status == 422
    assert shop.brand.get(f"/v1/orders/{UNKNOWN}").status == 404
    assert shop.brand.get("/v1/orders/none").status == 404
    assert api.get("/v1/orders", token=other.token).status == 403


@pytest.fixture
def staff_token() -> Callable[..., str]:
    """Adds a colleague with a role and signs that colleague in."""
    from chalicelib.kernel import clock
    from chalicelib.web.tokens import issue

    def colleague(shop: Shop, role: str) -> str:
        wanted = {"email": f"{role}@{shop.slug}.example", "name": role, "roles": [role]}
        staff_id = made(shop.brand.post("/v1/staff", wanted))["id"]
        return issue("staff", shop.tenant_id, shop.slug, staff_id, frozenset({role}), clock.now(), 10**7)

    return colleague


def test_from_order_to_pickup(
    api: Api, shop: Shop, clock: Clock, sweep: Sweep, drain: Drain, staff_token: Callable[..., str]
) -> None:
    order = made(shop.order(quantity=2))
    gone = made(shop.order(quantity=5))
    api.post(f"{shop.path}/orders/{gone['id']}/cancel", token=shop.shopper.token)
    drain()
    progress = made(shop.brand.get(f"/v1/campaigns/{shop.campaign_id}/progress"), 200)
    assert (progress["participants"], progress["revenue"]) == (1, shop.money(1_800))
    path, body = (
        f"/v1/orders/{order['id']}/pickup",
        {"code": order["pickup_code"], "pickup_point_id": shop.pickup_point_id},
    )
    assert shop.brand.post(path, body).json["code"] == "campaign_not_locked"
    locked(shop, clock, sweep)
    assert api.post(path, body, token=staff_token(shop, "editor")).status == 403
    assert api.post(path, body, token=shop.shopper.token).json["code"] == "not_the_leader"
    assert shop.brand.post(path, body).json["code"] == "not_at_pickup"
    shop.arrived()
    for impossible in ("WRONG", "0000000000000", "UUUUUUUUUU", "＃"):
        refused = shop.brand.post(path, body | {"code": impossible})
        assert (refused.status, refused.json["code"]) == (422, "code_impossible")
    wrong = shop.brand.post(path, body | {"code": "ＯＩＬＯ－00 000 0"})
    assert (wrong.status, wrong.json["code"], wrong.json["tries_left"]) == (409, "wrong_code", 9)
    handed = shop.brand.post(path, body, headers={"Idempotency-Key": "h"})
    assert (handed.status, handed.json["status"]) == (200, "picked_up")
    assert handed.json["totals"]["paid"] == shop.money(1_800)
    assert shop.brand.post(path, body, headers={"Idempotency-Key": "h"}).text == handed.text
    over = shop.brand.post(path, body).json
    assert (over["code"], over["picked_up_at"]) == ("already_picked_up", handed.json["picked_up_at"])
    with tenant_scope(shop.tenant_id):
        assert wall_time(shop.tenant_id, parse_instant(over["picked_up_at"])) in over["detail"]
    drain()


def test_the_locked_campaigns_papers_in_json_and_csv(api: Api, shop: Shop, clock: Clock, sweep: Sweep) -> None:
    other = shop.member()
    order = made(shop.order(quantity=2))
    made(shop.order(other, quantity=3))
    base = f"/v1/campaigns/{shop.campaign_id}"
    assert shop.brand.get(f"{base}/purchase-list").json["code"] == "campaign_not_locked"
    assert shop.brand.get(f"{base}/sorting-sheets").status == 409
    locked(shop, clock, sweep)
    bought = made(shop.brand.get(f"{base}/purchase-list"), 200)
    assert (bought["version"], bought["quantity"]) == (1, 5)
    assert bought["lines"][0]["offers"] == [{"offer_id": shop.offer_id, "quantity": 5}]
    table = shop.brand.get(f"{base}/purchase-list", headers={"Accept": "text/csv"})
    assert table.headers["Content-Type"].startswith("text/csv")
    assert shop.sku_id in table.text.splitlines()[1].split(",")
    sheets = made(shop.brand.get(f"{base}/sorting-sheets?pickup_point_id={shop.pickup_point_id}"), 200)["sheets"]
    assert [sheet["items"][0]["quantity"] for sheet in sheets] == [5]
    assert sheets[0]["members"][0]["orders"][0]["order_id"] == order["id"]
    rows = shop.brand.get(f"{base}/sorting-sheets?format=csv").text.splitlines()
    assert len(rows) == 3
    assert order["pickup_code"] not in "".join(rows)
    assert shop.brand.get(f"{base}/sorting-sheets?pickup_point_id={UNKNOWN}").status == 422
    assert api.get(f"{base}/purchase-list", token=other.token).status == 403


def test_a_cancelled_campaign_lets_every_order_go(api: Api, shop: Shop, sweep: Sweep, clock: Clock) -> None:
    members: list[Member] = [shop.member() for _ in range(3)]
    for member in members:
        made(shop.order(member, quantity=2))
    made(shop.brand.post(f"/v1/campaigns/{shop.campaign_id}/cancel", {"reason": "frost"}), 200)
    sweep()
    orders = made(shop.brand.get(f"/v1/orders?campaign_id={shop.campaign_id}"), 200)["items"]
    assert [(order["status"], order["cancelled_by"]) for order in orders] == [("cancelled", "campaign")] * 3
    assert made(shop.brand.get(f"/v1/campaigns/{shop.campaign_id}/progress"), 200)["participants"] == 0
    refused = shop.order()
    assert (refused.status, refused.json["code"]) == (409, "campaign_closed"), refused.text


def test_a_cursor_opens_no_other_members_list(api: Api, shop: Shop) -> None:
    mine, yours = shop.member(), shop.member()
    for member in (mine, mine, yours, yours):
        made(shop.order(member))
    first = made(api.get(f"{shop.path}/orders?limit=1", token=mine.token), 200)
    following = f"{shop.path}/orders?limit=1&cursor={first['next_cursor']}"
    assert len(made(api.get(following, token=mine.token), 200)["items"]) == 1
    refused = api.get(following, token=yours.token)
    assert (refused.status, refused.json["code"]) == (400, "bad_cursor")
