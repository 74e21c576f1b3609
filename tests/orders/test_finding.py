"""Staff find orders by what they remember of whose they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.orders.service.listing import Filter, list_orders
from tests.builders import Shop, made


@pytest.fixture
def by_name(shop: Shop) -> dict[str, list[str]]:
    """Of each of three members three orders, the newest last, placed in turn; their ids by the member's name."""
    people = [("王小明", "+8613800138000"), ("李小明", "+8613900138000"), ("Ada", "+8613900131111")]
    with tenant_scope(shop.tenant_id):
        found = enrol(
            shop.tenant_id,
            [Newcomer(Identity("phone", phone), date(2026, 3, 1), "sign_in", name=name) for name, phone in people],
            clock.now(),
        )
    placed: dict[str, list[str]] = {name: [] for name, _ in people}
    for n in range(3):
        for name, phone in people:
            body = {
                "member_id": member_id(shop.tenant_id, found[Identity("phone", phone)]),
                "campaign_id": shop.campaign_id,
                "pickup_point_id": shop.pickup_point_id,
                "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
            }
            order = made(shop.brand.post("/v1/orders", body, headers={"Idempotency-Key": f"{phone}-{n}"}))
            placed[name].append(order["id"])
    return placed


def found(shop: Shop, q: str, **more: Any) -> list[str]:
    """The ids of all orders of a search, page by page."""
    ids, cursor = list[str](), ""
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    while True:
        page = made(shop.brand.get(f"/v1/orders?q={quote(q)}{asked}{cursor}"), 200)
        ids += [order["id"] for order in page["items"]]
        if page["next_cursor"] is None:
            return ids
        cursor = f"&cursor={page['next_cursor']}"


def test_orders_are_found_by_whose_they_are_newest_first(shop: Shop, by_name: dict[str, list[str]]) -> None:
    both = ["王小明", "李小明"]
    for q, names in {"小明": both, "8000": both, "王小明": ["王小明"], "Bob": [], "1111": ["Ada"]}.items():
        in_turn = [by_name[name][n] for n in range(3) for name in names]
        assert [found(shop, q, limit=limit) for limit in (1, 2, 20)] == [in_turn[::-1]] * 3


def test_an_order_is_found_by_its_id_and_filters_narrow(shop: Shop, by_name: dict[str, list[str]]) -> None:
    [first, second, third] = by_name["Ada"]
    assert found(shop, second.lower()) == [second]
    assert found(shop, second, status="cancelled") == []
    assert found(shop, "Ada", status="placed") == [third, second, first]
    assert found(shop, "Ada", status="cancelled") == []
    assert found(shop, "Ada", phone=quote("+8613800138000")) == []
    assert found(shop, "Ada\u200b") == [third, second, first]
    [ada] = shop.brand.get("/v1/members?phone=+8613900131111").json["items"]  # in a store of the United States
    assert ada["profile"]["name"] == "Ada"


def test_a_search_takes_a_request_for_each_member(shop: Shop, by_name: dict[str, list[str]]) -> None:
    with tenant_scope(shop.tenant_id), metered() as meter:
        page = list_orders(shop.tenant_id, Filter(q="小明"), 20, None)
    assert (len(page.items), meter.by_operation) == (6, {"BatchGetItem": 2, "Query": 3})


def test_more_members_than_can_be_listed_together_are_refused(shop: Shop) -> None:
    with tenant_scope(shop.tenant_id):
        people = [Newcomer(Identity("ref", f"C-{n}"), date(2026, 3, 1), "sign_in", name=f"王{n}") for n in range(21)]
        enrol(shop.tenant_id, people, clock.now())
    answer = shop.brand.get(f"/v1/orders?q={quote('王')}")
    assert (answer.status, answer.json["code"]) == (422, "too_many_members")
    assert found(shop, "王20") == []


def test_a_file_has_the_orders_of_a_search(
    shop: Shop, by_name: dict[str, list[str]], drain: Callable[[], None]
) -> None:
    table = shop.brand.get(f"/v1/orders?q={quote('小明')}&format=csv")
    assert table.headers["x-row-count"] == "6"
    job = made(shop.brand.post(f"/v1/order-exports?q={quote('小明')}&format=csv"), 202)["job"]
    drain()
    assert made(shop.brand.get(f"/v1/jobs/{job['id']}"), 200)["done"] == 6


def test_who_may_not_see_numbers_does_not_find_orders_by_them(shop: Shop, by_name: dict[str, list[str]]) -> None:
    key = made(shop.brand.post("/v1/api-keys", {"name": "k", "scopes": ["analyst"]}))["secret"]
    counts = [len(shop.brand.get(f"/v1/orders?q={q}", token=key).json["items"]) for q in ("8000", quote("小明"))]
    assert counts == [0, 6]
    of_number = "/v1/orders?phone=%2B8613800138000"
    assert bool(shop.brand.get(of_number).json["items"]) > bool(shop.brand.get(of_number, token=key).json["items"])
