"""Favourites, reminders and places in line, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import metered
from chalicelib.wanting.model import lists
from tests.builders import Shop, made
from tests.conftest import Clock, Drain
from tests.races.threads import all_at_once
from tests.wanting.shops import cancel, drop, keep, leave, listed, product_of, wait, wanted


@pytest.mark.parametrize("kind", ["favourites", "reminders"])
def test_a_product_is_kept_once_and_counted_exactly(shop: Shop, kind: str) -> None:
    product, other = product_of(shop), shop.product()["id"]
    first = made(keep(shop, product, kind=kind), 200)
    again = made(keep(shop, product, kind=kind), 200)
    assert again == first
    made(keep(shop, product, shop.member(), kind), 200)
    made(keep(shop, other, kind=kind), 200)

    found = listed(shop, kind)["items"]
    assert [each["product_id"] for each in found] == [other, product]
    assert (found[0]["on_sale"], found[0]["product"]["id"]) == ([], other)
    [on_sale] = found[1]["on_sale"]
    assert (on_sale["campaign_id"], on_sale["left"], on_sale["price"]) == (shop.campaign_id, 50, shop.money(900))
    counts = (0, 0, 0, 2) if kind == "favourites" else (0, 0, 2, 0)
    assert wanted(shop)[product] == counts

    for _ in range(2):
        assert drop(shop, product, kind=kind).status == 204
    assert [each["product_id"] for each in listed(shop, kind)["items"]] == [other]
    assert sum(wanted(shop)[product]) == 1


def test_lists_come_in_pages_and_have_an_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST", lists.MOST | {lists.Kind.FAVOURITES: 3})
    monkeypatch.setattr("chalicelib.wanting.service.keeping.MOST", lists.MOST)
    products = [shop.product()["id"] for _ in range(4)]
    for product in products[:3]:
        made(keep(shop, product), 200)
    refused = keep(shop, products[3])
    assert (refused.status, refused.json["code"], refused.json["most"]) == (409, "list_full", 3)
    assert made(keep(shop, products[0]), 200)["product_id"] == products[0]

    first = listed(shop, "favourites", query="?limit=2")
    rest = listed(shop, "favourites", query=f"?limit=2&cursor={first['next_cursor']}")
    found = [each["product_id"] for each in (*first["items"], *rest["items"])]
    assert (found, rest["next_cursor"]) == (products[2::-1], None)


def test_what_is_no_longer_in_the_shop_stays_on_the_list_without_a_place_to_buy_it(shop: Shop) -> None:
    product = product_of(shop)
    made(keep(shop, product), 200)
    made(shop.brand.patch(f"/v1/products/{product}", {"status": "archived"}), 200)
    [only] = listed(shop, "favourites")["items"]
    assert (only["product_id"], only["product"], only["on_sale"]) == (product, None, [])
    assert keep(shop, product, shop.member()).status == 404
    assert drop(shop, product).status == 204


def test_many_at_once_are_counted_once_each(shop: Shop) -> None:
    product = product_of(shop)
    members = [shop.member() for _ in range(8)]
    acts = [(member, put) for member in members for put in (True, True, False, True)]
    all_at_once(lambda act: (keep if act[1] else drop)(shop, product, act[0]), acts)
    kept = sum(bool(listed(shop, "favourites", member)["items"]) for member in members)
    assert wanted(shop).get(product, (0, 0, 0, 0))[3] == kept


@pytest.fixture
def sold_out(shop: Shop) -> Any:
    """A campaign of which the shopper has bought the only two units."""
    campaign = shop.campaign(offers=[shop.offer(quantity=2, per_member_limit=2)])
    made(shop.order(quantity=2, campaign=campaign))
    return campaign


def test_a_member_waits_in_line_with_a_quantity(shop: Shop, sold_out: Any) -> None:
    first, second = shop.member(), shop.member()
    place = made(wait(shop, sold_out, first, 2), 200)
    assert (place["quantity"], place["campaign_id"]) == (2, sold_out["id"])
    made(wait(shop, sold_out, second), 200)
    changed = made(wait(shop, sold_out, first, 1), 200)
    assert changed == place | {"quantity": 1}
    [own] = listed(shop, "waiting", first)["items"]
    assert (own["left"], own["told_at"], own["campaign_status"]) == (0, None, "open")
    assert wanted(shop)[product_of(shop, sold_out)] == (2, 2, 0, 0)

    for _ in range(2):
        assert leave(shop, sold_out, first).status == 204
    assert listed(shop, "waiting", first)["items"] == []
    assert wanted(shop)[product_of(shop, sold_out)] == (1, 1, 0, 0)


def test_nobody_waits_for_what_is_there_or_cannot_come(shop: Shop, sold_out: Any, clock: Clock) -> None:
    member = shop.member()
    here = wait(shop, shop.open_campaign, member)
    assert (here.status, here.json["code"], here.json["left"]) == (409, "offer_available", 50)
    many = wait(shop, sold_out, member, 3)
    assert (many.status, many.json["code"], many.json["errors"][0]["pointer"]) == (
        422,
        "quantity_too_large",
        "/quantity",
    )
    other = {**sold_out, "offers": shop.open_campaign["offers"]}
    assert wait(shop, other, member).status == 404
    made(shop.brand.patch(f"/v1/members/{member.id}", {"status": "blocked", "reason": "Rude"}), 200)
    assert wait(shop, sold_out, member).json["code"] == "member_blocked"
    clock.advance(days=8)
    late = wait(shop, sold_out, shop.member())
    assert (late.status, late.json["code"]) == (409, "nothing_to_wait_for")


def test_how_many_there_were_does_not_bound_how_many_are_wanted(shop: Shop) -> None:
    campaign = shop.campaign(offers=[shop.offer(quantity=1)])
    made(shop.order(campaign=campaign))
    member = shop.member()
    assert made(wait(shop, campaign, member, 5), 200)["quantity"] == 5
    assert wanted(shop)[product_of(shop, campaign)][:2] == (5, 1)
    many = wait(shop, campaign, member, lists.MOST_UNITS + 1)
    assert (many.status, many.json["code"]) == (422, "quantity_too_large")


def test_nobody_waits_in_a_campaign_for_others(shop: Shop) -> None:
    campaign = shop.campaign(offers=[shop.offer(quantity=1)], audience={"member_ids": [shop.shopper.id]})
    made(shop.order(campaign=campaign))
    refused = wait(shop, campaign, shop.member())
    assert (refused.status, refused.json["code"]) == (403, "not_in_audience")


def test_who_orders_leaves_the_line(shop: Shop, sold_out: Any, drain: Drain) -> None:
    first, second = shop.member(), shop.member()
    made(wait(shop, sold_out, first), 200)
    made(wait(shop, sold_out, second), 200)
    path = f"/v1/campaigns/{sold_out['id']}/offers/{sold_out['offers'][0]['offer_id']}"
    made(shop.brand.patch(path, {"quantity": 3}), 200)
    ordered = made(shop.order(second, campaign=sold_out))
    drain()
    assert listed(shop, "waiting", second)["items"] == []
    assert wanted(shop)[product_of(shop, sold_out)] == (1, 1, 0, 0)
    cancel(shop, ordered, second)
    drain()
    assert listed(shop, "waiting", second)["items"] == []


def test_an_order_of_a_brand_where_nobody_waits_costs_one_read(shop: Shop) -> None:
    from chalicelib.db import tenant_scope
    from chalicelib.kernel import clock as product_clock
    from chalicelib.wanting.service.following import orders_changed

    order = made(shop.order())
    with tenant_scope(shop.tenant_id), metered() as meter:
        orders_changed(shop.tenant_id, [order["id"]] * 20, product_clock.now())
    assert (meter.reads, meter.writes) == (1, 0)
