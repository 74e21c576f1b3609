"""Channels over HTTP, and the links that members pass on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.channels.model import Via
from chalicelib.channels.service import led_by
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel.ids import new_id
from tests.builders import Shop, made

GROUP = {"kind": "chat_group", "title": "Garden Road"}


def test_a_channel_is_read_back_with_its_link(shop: Shop) -> None:
    channel = made(shop.brand.post("/v1/channels", GROUP | {"cost": shop.money(5_000)}))

    assert channel["url"] == f"http://127.0.0.1:8000/s/{shop.slug}/go/{channel['id']}"
    assert made(shop.brand.get(f"/v1/channels/{channel['id']}"), 200) == channel
    assert made(shop.brand.get("/v1/channels"), 200)["items"] == [channel]
    assert (channel["kind"], channel["title"], channel["cost"]) == ("chat_group", "Garden Road", shop.money(5_000))


def test_what_is_left_out_stays_and_a_cost_of_null_is_taken_away(shop: Shop) -> None:
    channel = made(shop.brand.post("/v1/channels", GROUP | {"cost": shop.money(5_000)}))
    path = f"/v1/channels/{channel['id']}"

    renamed = made(shop.brand.patch(path, {"title": "Rose Road"}), 200)
    assert renamed == channel | {"title": "Rose Road"}
    assert made(shop.brand.patch(path, {"cost": None}), 200) == renamed | {"cost": None}
    assert shop.brand.patch(path, {"title": "Late"}, headers={"If-Match": '"1"'}).status == 412


def test_a_cost_is_in_the_brands_currency(shop: Shop) -> None:
    refused = shop.brand.post("/v1/channels", GROUP | {"cost": {"amount_minor": 1, "currency": "USD"}})
    assert (refused.status, refused.json["code"]) == (422, "cost_in_another_currency")
    assert refused.json["errors"][0]["pointer"] == "/cost/currency"


@pytest.mark.parametrize("body", [{"kind": "billboard", "title": "x"}, {"kind": "shop"}, GROUP | {"cost": -1}])
def test_a_channel_has_a_kind_and_a_title(shop: Shop, body) -> None:
    assert shop.brand.post("/v1/channels", body).status == 422


def test_another_brands_channel_is_not_found(shop: Shop, new_shop) -> None:
    theirs = made(new_shop().brand.post("/v1/channels", GROUP))
    assert shop.brand.get(f"/v1/channels/{theirs['id']}").status == 404
    with tenant_scope(shop.tenant_id):
        assert led_by(shop.tenant_id, theirs["id"]) is None


def test_a_members_link_is_the_same_for_ever_and_does_not_name_them(shop: Shop) -> None:
    links = [
        made(shop.caller.call("POST", f"{shop.path}/share-links", token=shop.shopper.token))["url"] for _ in range(2)
    ]

    assert links[0] == links[1]
    assert shop.shopper.id not in links[0]
    with tenant_scope(shop.tenant_id), metered() as spent:
        assert led_by(shop.tenant_id, links[0].rpartition("/")[2]) == Via(sharer_id=shop.shopper.id)
    assert (spent.reads, spent.writes) == (1, 0)


def test_the_link_of_an_archived_channel_is_nobodys(shop: Shop) -> None:
    channel = made(shop.brand.post("/v1/channels", GROUP))
    made(shop.brand.patch(f"/v1/channels/{channel['id']}", {"archived": True}), 200)
    with tenant_scope(shop.tenant_id):
        assert led_by(shop.tenant_id, channel["id"]) is None


def test_an_order_keeps_whose_link_it_was_as_it_was_written() -> None:
    one = new_id(datetime(2030, 1, 1, tzinfo=UTC))
    assert Via.read(Via(channel_id=one).written) == Via(channel_id=one)
    assert Via.read(Via(sharer_id=one).written) == Via(sharer_id=one)
    assert [Via.read(each) for each in ("", "c", "x" + one, "c" + one + "1")] == [None] * 4
