"""Bundles on the pages: composed at the console, looked at and ordered in the shop, worked on by part after that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock
from tests.builders import Shop, made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk, Seen, Visitor


@pytest.fixture
def shop(care: CustomerCare) -> Shop:
    """A brand that sells pears at 60.00 and eggs at 40.00."""
    care.shop.product(title="Pears", price=6_000)
    care.shop.product(title="Eggs", price=4_000)
    return care.shop


def skus(shop: Shop) -> dict[str, str]:
    found = made(shop.brand.get("/v1/products"), 200)["items"]
    return {each["title"]: each["skus"][0]["id"] for each in found}


def a_bundle(shop: Shop, **fields: Any) -> Any:
    parts = [{"sku_id": skus(shop)[title]} for title in ("Pears", "Eggs")]
    offer = {"title": "Breakfast", "parts": parts, "price": shop.money(9_000), "quantity": 10}
    return shop.campaign(offers=[offer], **fields)


def test_a_bundle_is_composed_step_by_step(desk: Desk, shop: Shop) -> None:
    draft = shop.campaign(publish=False, offers=[])
    page = desk.get(f"/campaigns/{draft['id']}/goods")
    page = desk.send(page, "Begin a bundle")
    assert "Nothing is in the bundle yet" in page.words()
    page = desk.send(page, "Add Pears One", into="0", offers__0__title="Breakfast")
    page = desk.send(page, "Add Eggs One", offers__0__bundle_kind="themed")
    assert "Bought one by one all of it costs CN¥100.00." in page.words()
    page = desk.send(page, "Save and go on", offers__0__price="", offers__0__quantity="5")
    assert page.status == 422
    page = desk.send(
        page, "Save and go on", offers__0__price="90", offers__0__quantity="5", offers__0__parts__1__quantity="2"
    )
    assert page.heading == "Time, place and payment"
    (offer,) = made(shop.brand.get(f"/v1/campaigns/{draft['id']}"), 200)["offers"]
    assert (offer["title"], offer["bundle_kind"], offer["price"]) == ("Breakfast", "themed", shop.money(9_000))
    assert [(part["title"], part["quantity"]) for part in offer["parts"]] == [("Pears · One", 1), ("Eggs · One", 2)]
    # And again: what is stored is there, a part can be left out, and one part alone is refused beside it.
    page = desk.get(f"/campaigns/{draft['id']}/goods")
    page = desk.send(page, "Leave it out Eggs · One")
    page = desk.send(page, "Save and go on")
    assert page.status == 422
    assert page.words(".good-row .fault") == "Add another SKU, or offer this one alone."
    preview = desk.get(f"/campaigns/{draft['id']}/preview").words(".frame")
    assert "Breakfast" in preview
    assert "You save CN¥50.00" in preview  # 60 + 2 × 40 for 90
    # One that is dearer than its goods alone may be sold, and is said to be.
    page = desk.get(f"/campaigns/{draft['id']}/goods")
    assert "costs more than that" not in page.words()
    page = desk.send(page, "Save and go on", offers__0__price="140.01")
    assert "A bundle costs more than its goods one by one" in page.words(".flash")
    assert "The bundle costs more than that" in desk.get(f"/campaigns/{draft['id']}/goods").words(".good-row .note")
    assert "dearer than one by one, CN¥140.00" in desk.get(f"/campaigns/{draft['id']}").words(".data .badge")


def ordered(shop: Shop, shopper: Visitor, campaign: Any, units: int = 2) -> Any:
    offer_id = campaign["offers"][0]["offer_id"]
    page = shopper.get(f"/campaigns/{campaign['id']}")
    shown = page.words()
    assert "In the bundle: Pears · One × 1" in shown
    assert "You save CN¥10.00" in shown
    page = shopper.send(page, "To the basket", **{f"units__{offer_id}": units})
    assert "In the bundle: Pears · One × 1" in page.words()
    page = shopper.send(page, "Go on and order")
    shopper.send(page, "Order now", follow=False)
    return made(shop.caller.call("GET", f"{shop.path}/orders", token=shop.shopper.token), 200)["items"][0]


def test_a_neighbour_orders_a_bundle_and_sees_its_parts(
    shop: Shop, new_visitor: Callable[..., Visitor], care: CustomerCare, desk: Desk
) -> None:
    shopper = new_visitor(shop).signed_in(shop.shopper)
    campaign = a_bundle(shop, closes_in=timedelta(hours=1))
    order = ordered(shop, shopper, campaign)
    page = shopper.get(f"/orders/{order['id']}")
    assert "Breakfast × 2 CN¥180.00" in page.words(".lines")
    assert "Pears · One × 2 Eggs · One × 2" in page.words(".inside")
    change = shopper.get(f"/orders/{order['id']}/change")
    assert change.soup.select_one(f"#f-units-{campaign['offers'][0]['offer_id']}")["value"] == "2"  # type: ignore[index]

    care.clock.advance(hours=2)
    care.sweep()
    # The team takes an egg out: its share comes back, and both see which part it was.
    eggs = f"{campaign['offers'][0]['offer_id']}_{skus(shop)['Eggs']}"
    adjusted = desk.get(f"/orders/{order['id']}/adjust")
    look = _pressed(desk, adjusted, **{f"units__{eggs}": 1, "reason": "Broken"})
    assert "Eggs · One (Breakfast)" in look.words()
    _pressed(desk, look)
    assert made(shop.brand.get(f"/v1/orders/{order['id']}"), 200)["totals"]["total"] == shop.money(14_400)
    assert "1 of what you ordered could not be supplied" in shopper.get(f"/orders/{order['id']}").words(".inside")

    # One part is handed over, then the rest.
    shop.arrived(campaign["id"])
    page = desk.get(f"/orders/{order['id']}")
    assert "Pears · One × 2" in page.words(".inside")
    names = {f"units__{eggs}": 1, f"units__{eggs[:26]}_{skus(shop)['Pears']}": 0}
    page = desk.send(page, "Hand over only these", code=order["pickup_code"], **names)
    assert "A part is handed over" in page.words(".flash")
    page = desk.send(page, "Hand over all of it", code=order["pickup_code"], part="")
    assert made(shop.brand.get(f"/v1/orders/{order['id']}"), 200)["status"] == "picked_up"

    # A pear comes back: asked for by part, decided by part, booked by part.
    care.drain()
    ask = shopper.get(f"/orders/{order['id']}/after-sale")
    assert "Pears · One (Breakfast)" in ask.words()
    pears = f"{eggs[:26]}_{skus(shop)['Pears']}"
    sent = _pressed(shopper, ask, kind="return", reason="Bruised", **{f"units__{pears}": 1})
    assert "Pears · One (Breakfast) × 1" in sent.words()
    (case,) = made(shop.brand.get("/v1/after-sales"), 200)["items"]
    decision = desk.send(desk.get(f"/after-sales/{case['id']}"), "Approve it …", back="units", **{f"units__{pears}": 1})
    decided = desk.send(decision, "Yes, do it")
    assert "Pears · One (Breakfast)" in decided.words()
    booked = desk.send(decided, "Book what came back", **{f"shelf__{pears}": 1})
    assert booked.status == 200
    assert made(shop.brand.get(f"/v1/after-sales/{case['id']}"), 200)["refunded"] == shop.money(5_400)


def _pressed(browser: Visitor, page: Seen, **typed: Any) -> Seen:
    """The main button of the page, which stays in sight."""
    (button,) = page.soup.select(".stay button")
    return browser.send(page, " ".join(button.get_text(" ").split()), **typed)


def test_a_bundle_is_read_in_chinese(shop: Shop, new_visitor: Callable[..., Visitor]) -> None:
    campaign = a_bundle(shop)
    words = new_visitor(shop, language="zh").get(f"/campaigns/{campaign['id']}").words()
    assert "组合装内含：" in words
    assert "单买共 ¥100.00，省 ¥10.00。" in words


def test_a_recurring_group_buy_takes_a_bundle_over(desk: Desk, shop: Shop) -> None:
    campaign = a_bundle(shop)
    page = desk.get(f"/campaign-series/new?campaign={campaign['id']}")
    ahead = (clock.now() + timedelta(days=3)).date().isoformat()
    rule = {"rule__every": "day", "rule__opens": "20:00", "rule__starts_on": ahead, "open_hours": "36"}
    desk.send(page, "Make it recurring", title="Every evening", **rule)
    (series,) = made(shop.brand.get("/v1/campaign-series"), 200)["items"]
    (offer,) = series["template"]["offers"]
    assert [part["sku_id"] for part in offer["parts"]] == [skus(shop)["Pears"], skus(shop)["Eggs"]]
    assert (offer["title"], offer["bundle_kind"]) == ("Breakfast", "complementary")
