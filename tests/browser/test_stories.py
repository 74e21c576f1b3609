"""What a neighbour does with a phone, from the link in the chat group until she has her groceries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

ADDRESS = "ada@people.example"
ONLINE = {"payment_methods": ["test"]}
LANGUAGES = pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.verify)])


def _comes_by_link(neighbour, campaign, units=2):
    """From the chat group to the page of a campaign, and with some of its first offer to the basket."""
    neighbour.window.go(f"/campaigns/{campaign['id']}")
    expect(neighbour.page.get_by_role("heading", level=1)).to_have_text(campaign["title"])
    neighbour.page.locator(f'input[name="units.{campaign["offers"][0]["offer_id"]}"]').fill(str(units))
    neighbour.press("To the basket")
    neighbour.expect_heading("Your basket")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_the_link_in_a_chat_to_an_order_paid_online(served_shop, neighbour, language):
    campaign = served_shop.campaign(title="草莓 Strawberries", closes_in=timedelta(hours=1), **ONLINE)
    ada = neighbour(language)

    _comes_by_link(ada, campaign)
    ada.press("Sign in and order")
    ada.sign_in(ADDRESS)
    ada.expect_heading("Check your order")
    ada.press("Order now")
    ada.expect_heading("Pay")
    ada.pay()
    ada.expect_heading("Paid. Thank you.")

    (order,) = served_shop.brand.get("/v1/orders").json["items"]
    assert (order["status"], order["lines"][0]["quantity"]) == ("placed", 2)
