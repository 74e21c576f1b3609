"""Orders are shown with the words around them: what each line is called, its campaign, its pickup point, its member."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.records import MemberRecord
from chalicelib.orders.adjustments.service import substitute
from tests.builders import Shop, made
from tests.conftest import Api, Clock, Sweep


def own(shop: Shop, path: str = "") -> Any:
    return made(shop.caller.call("GET", f"{shop.path}/orders{path}", token=shop.shopper.token), 200)


def named(shop: Shop, name: str, phone: str) -> None:
    with tenant_scope(shop.tenant_id):
        record = MemberRecord.at(shop.tenant_id, shop.shopper.id)
        assert record is not None
        record.name, record.phone = name, phone
        tx = Transaction()
        tx.replace("member", record)
        tx.commit()


def test_my_orders_say_what_i_bought_where_and_when_i_collect_it(shop: Shop) -> None:
    pears = shop.product(title="秋梨")["skus"][0]["id"]
    point = shop.pickup_point(name="East gate", address="1 Lilac Road", opening_hours="17–20")
    campaign = shop.campaign(title="Autumn", offers=[shop.offer(sku_id=pears)], pickup_point_ids=[point["id"]])
    placed = made(shop.order(campaign=campaign, quantity=2))

    for order in (own(shop)["items"][0], own(shop, f"/{placed['id']}")):
        [line] = order["lines"]
        assert (line["title"], line["substitute_for"], line["quantity"]) == ("秋梨 · One", None, 2)
        assert order["campaign"] == {
            "id": campaign["id"], "title": "Autumn", "kind": "group_order", "status": "open",
            "opens_at": campaign["opens_at"], "closes_at": campaign["closes_at"], "arrives_on": None,
        }  # fmt: skip
        assert order["pickup_point"] == {
            "id": point["id"], "name": "East gate", "address": "1 Lilac Road", "opening_hours": "17–20",
        }  # fmt: skip
        # And what clients rely on stays as it was placed.
        assert {name: order[name] for name in placed if name != "lines"} == {
            name: value for name, value in placed.items() if name != "lines"
        }
        assert {**line, **placed["lines"][0]} == line


@pytest.mark.parametrize("also_offered", [False, True])
def test_the_title_is_the_one_it_was_sold_under_and_a_substitute_says_instead_of_what(
    shop: Shop, clock: Clock, sweep: Sweep, also_offered: bool
) -> None:
    """Whether the campaign offers the substitute as well, or not."""
    eggs, duck = (shop.product(title=title)["skus"][0]["id"] for title in ("Eggs", "Duck eggs"))
    offers = [shop.offer(sku_id=sku) for sku in (eggs, duck)[: 1 + also_offered]]
    campaign = shop.campaign(offers=offers, closes_in=timedelta(hours=1))
    order = made(shop.order(campaign=campaign))
    product = shop.brand.get(f"/v1/campaigns/{campaign['id']}").json["offers"][0]["product_id"]
    made(shop.brand.patch(f"/v1/products/{product}", {"title": "Free-range eggs"}), 200)
    assert own(shop)["items"][0]["lines"][0]["title"] == "Eggs · One"

    clock.advance(hours=2)
    sweep(2)
    with tenant_scope(shop.tenant_id):
        substitute(
            shop.tenant_id, order["id"], campaign["offers"][0]["offer_id"], eggs, {duck: 1},
            cause="receipt", reason="No eggs", by="system", now=product_clock.now(),
        )  # fmt: skip
    shown = own(shop, f"/{order['id']}")
    assert (shown["lines"][0]["title"], shown["lines"][0]["substitute_for"]) == ("Duck eggs · One", "Eggs · One")
    assert shown["campaign"]["status"] == "locked"


def test_the_team_sees_whose_order_it_is_without_the_whole_number(api: Api, shop: Shop) -> None:
    named(shop, "王小明", "+8613800138000")
    placed = made(shop.order())
    for order in (
        made(shop.brand.get("/v1/orders"), 200)["items"][0],
        made(shop.brand.get(f"/v1/orders/{placed['id']}"), 200),
    ):
        assert (order["member_name"], order["member_phone"]) == ("王小明", "****8000")
        assert order["lines"][0]["title"].endswith(" · One")
        assert order["campaign"]["title"] == shop.open_campaign["title"]
        assert order["pickup_point"]["id"] == shop.pickup_point_id
    assert "13800138000" not in str(order)


def test_a_page_of_my_orders_costs_one_request_more_than_its_orders(shop: Shop) -> None:
    """Of three campaigns at three points."""
    for _ in range(3):
        point = shop.pickup_point()["id"]
        made(shop.order(campaign=shop.campaign(pickup_point_ids=[point])))
    own(shop)
    with metered() as meter:
        assert len(own(shop)["items"]) == 3
    assert meter.by_operation == {"Query": 1, "BatchGetItem": 1, "GetItem": 1}, "the last: are they still signed in?"
