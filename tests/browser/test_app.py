"""The shop as an app: orders that were opened are shown without a connection, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.builders import made


@pytest.fixture
def order(server, served_shop):
    """An order whose code counts: its goods are at the pickup point."""
    campaign = served_shop.campaign(closes_in=timedelta(hours=1))
    placed = made(served_shop.order(campaign=campaign))
    server.advance(7200)
    served_shop.arrived(campaign["id"])
    server.quiet()
    return placed


@pytest.fixture
def shopper(served_shop, neighbour, order):
    """Whose order it is; her phone has opened it, and has kept it."""
    found = neighbour("en", member=served_shop.shopper)
    found.window.go(f"/orders/{order['id']}")
    path = f"/s/{served_shop.slug}/orders/{order['id']}"
    found.expect_kept([path, f"{path}/code.svg"])
    return found


def test_an_opened_order_is_shown_with_its_code_where_there_is_no_connection(shopper, order):
    page = shopper.page
    code = page.locator("#code .code").inner_text()

    shopper.window.lose_connection()

    expect(page.locator(".kept")).to_be_visible()
    expect(page.locator("#code .code")).to_have_text(code, use_inner_text=True)
    shopper.expect_drawn(page.locator("#code img"))
    expect(page.locator("form").filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize("visits", [1, 2])
def test_the_code_of_an_order_that_was_just_placed_is_kept_although_it_is_folded_away(served_shop, neighbour, visits):
    order = made(served_shop.order())
    ada = neighbour("zh", member=served_shop.shopper)
    if visits > 1:
        ada.window.go("")
        ada.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    ada.window.go(f"/orders/{order['id']}")
    path = f"/s/{served_shop.slug}/orders/{order['id']}"
    ada.expect_kept([path, f"{path}/code.svg"])

    ada.window.lose_connection()
    ada.page.locator("#code summary").click()
    ada.expect_code(order["pickup_code"])


def test_without_a_connection_a_page_says_so_lists_the_kept_orders_and_works_again_with_one(shopper):
    shopper.page.context.set_offline(True)
    shopper.window.go("")
    shopper.expect_heading("No connection")
    shopper.page.locator("[data-kept-orders] a").click()
    expect(shopper.page.locator(".kept")).to_be_visible()

    shopper.window.go("/sign-in")
    shopper.window.find_connection()
    shopper.follow("Try again")
    shopper.expect_heading("Group buys")


def test_no_page_with_prices_is_kept(shopper, served_shop):
    shopper.window.go(f"/campaigns/{served_shop.campaign_id}")
    shopper.window.lose_connection()
    shopper.expect_heading("No connection")


def test_signing_out_takes_the_orders_off_the_phone(shopper):
    shopper.page.context.clear_cookies(name="session")
    shopper.window.go("")
    shopper.expect_kept([])


def test_who_signs_in_next_finds_no_order_of_the_one_before(shopper, served_shop):
    shopper.window.signed_in(served_shop.member())
    shopper.window.go("")
    shopper.expect_kept([])
