"""Links that lead to the shop: whose they are is remembered until the order, and known to the brand alone."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from chalicelib.db import metered
from chalicelib.pages.storefront.attribution import is_person
from tests.builders import Shop, made
from tests.pages.test_shopping import at_checkout, order_now, orders_of

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"


def channel(shop: Shop, title: str = "Garden Road") -> str:
    """The id of a new channel, the code of its link."""
    return str(made(shop.brand.post("/v1/channels", {"kind": "chat_group", "title": title}))["id"])


def link_of(shop: Shop, member) -> str:
    """The code of a member's own link."""
    return str(made(shop.caller.call("POST", f"{shop.path}/share-links", token=member.token))["url"]).rpartition("/")[2]


def follow(browser, code: str, query: str = "", **headers: str):
    return browser.get(f"/go/{code}{query}", follow=False, **({"User-Agent": PHONE} | headers))


def via_of(shop: Shop):
    """Whose link led to the shopper's only order, as the brand sees it."""
    [order] = orders_of(shop)
    return made(shop.brand.get(f"/v1/orders/{order['id']}"), 200)["via"]


def test_an_order_is_put_down_to_the_link_that_was_followed_last(shop: Shop, shopper):
    earlier, code = channel(shop, "Earlier"), channel(shop)
    follow(shopper, earlier)
    answer = follow(shopper, code, f"?c={shop.campaign_id}")
    assert answer.headers["location"] == shopper.at(f"/campaigns/{shop.campaign_id}")

    order_now(shopper, at_checkout(shopper, shop))

    assert via_of(shop) == {"channel_id": code, "sharer_id": None}
    assert "via" not in orders_of(shop)[0]


def test_a_neighbours_link_is_remembered_over_the_sign_in(shop: Shop, visitor):
    sharer = shop.member()
    follow(visitor, link_of(shop, sharer))
    visitor.signed_in(shop.shopper)

    order_now(visitor, at_checkout(visitor, shop))

    assert via_of(shop) == {"channel_id": None, "sharer_id": sharer.id}


def test_nobody_is_put_down_as_who_led_to_their_own_order(shop: Shop, shopper):
    follow(shopper, link_of(shop, shop.shopper))
    order_now(shopper, at_checkout(shopper, shop))
    assert via_of(shop) is None


def test_a_link_is_forgotten_after_thirty_days(shop: Shop, shopper, clock):
    follow(shopper, channel(shop))
    campaign = shop.campaign(closes_in=timedelta(days=60))
    clock.advance(days=30, seconds=1)
    shopper.signed_in(shop.shopper)

    order_now(shopper, at_checkout(shopper, shop, campaign=campaign))

    assert via_of(shop) is None


def test_what_is_remembered_costs_the_order_nothing(shop: Shop, shopper):
    page = at_checkout(shopper, shop)
    with metered() as without:
        order_now(shopper, page)
    follow(shopper, channel(shop))
    page = at_checkout(shopper, shop)
    with metered() as led:
        order_now(shopper, page)

    assert (led.reads, led.writes, led.write_units) == (without.reads, without.writes, without.write_units)


@pytest.mark.parametrize("code", ["nobodys", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"])
def test_a_link_that_is_nobodys_leads_on_all_the_same(shop: Shop, visitor, code: str):
    answer = follow(visitor, code)
    assert (answer.status, answer.headers["location"]) == (303, visitor.at(""))
    assert "via" not in visitor.cookies


def test_a_forged_mark_is_nothing(shop: Shop, shopper):
    shopper.cookies["via"] = "Y2Z4.AAAA"
    order_now(shopper, at_checkout(shopper, shop))
    assert via_of(shop) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "WhatsApp/2.23"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
)
def test_a_preview_and_a_robot_leave_nothing_behind(shop: Shop, visitor, headers):
    answer = follow(visitor, channel(shop), **headers)
    assert answer.status == 303
    assert "via" not in visitor.cookies


def test_a_browser_of_a_chat_is_a_person():
    assert is_person({"user-agent": PHONE})
    assert not is_person({})


def test_the_text_has_the_members_own_link_once_they_ask_for_it(shop: Shop, shopper):
    path = f"/campaigns/{shop.campaign_id}/chat"
    page = shopper.send(shopper.get(path), "Use my own link")

    code = link_of(shop, shop.shopper)
    assert page.soup.select_one("textarea").get_text().rstrip().endswith(f"/go/{code}?c={shop.campaign_id}")
    assert not page.soup.select("main form")


def test_the_table_of_orders_says_whose_link_it_was(shop: Shop, shopper):
    code = channel(shop)
    follow(shopper, code)
    order_now(shopper, at_checkout(shopper, shop))

    [row] = csv.DictReader(io.StringIO(shop.brand.get("/v1/orders?format=csv").text.removeprefix("\ufeff")))

    assert (row["Channel ID"], row["Shared by"]) == (code, "")
