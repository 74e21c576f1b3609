"""Hearts, lines and reminders in the shop, without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Shop, made
from tests.pages.site import Visitor
from tests.wanting.shops import keep, listed, product_of, wait


@pytest.fixture
def sold_out(shop: Shop) -> Any:
    """A campaign of which somebody has bought the only unit."""
    campaign = shop.campaign(offers=[shop.offer(quantity=1)])
    made(shop.order(shop.member(), campaign=campaign))
    return campaign


def test_a_product_is_kept_on_its_page_and_found_under_me(shop: Shop, shopper: Visitor) -> None:
    product = product_of(shop)
    page = shopper.send(shopper.get(f"/products/{product}"), "Favourite")
    assert page.words(".flash") == "It is among your favourites."
    assert page.soup.select_one('.heart[aria-pressed="true"]')
    favourites = shopper.get(shopper.get("/me").link("My favourites"))
    assert shop.open_campaign["title"] in favourites.words(".shelf")
    assert "50 left" in favourites.words(".shelf")
    button = " ".join(favourites.soup.select(".shelf button")[0].get_text(" ").split())
    empty = shopper.send(favourites, button)
    assert "You keep nothing yet." in empty.words(".empty")
    assert listed(shop, "favourites")["items"] == []


def test_the_heart_of_an_offer_comes_back_to_its_campaign(shop: Shop, shopper: Visitor) -> None:
    page = shopper.get(f"/campaigns/{shop.campaign_id}")
    [heart] = page.soup.select(".heart.only")
    assert (heart["aria-pressed"], heart["form"]) == ("false", "keep")
    back = shopper.send(page, " ".join(heart.get_text(" ").split()))
    assert back.heading == shop.open_campaign["title"]
    assert back.soup.select_one('.heart[aria-pressed="true"]')


def test_who_is_not_signed_in_is_led_there_and_then_keeps_it(shop: Shop, visitor: Visitor) -> None:
    page = visitor.get(f"/products/{product_of(shop)}")
    assert page.soup.select_one('.heart[aria-pressed="false"]')
    assert "sign in" in visitor.send(page, "Favourite").words("main").lower()


def test_where_it_is_sold_out_a_member_gets_in_line_changes_and_leaves(
    shop: Shop, shopper: Visitor, sold_out: Any
) -> None:
    page = shopper.get(shopper.get(f"/campaigns/{sold_out['id']}").link("Tell me when there is some again"))
    assert page.heading == "Wait for it"
    assert "Nothing is kept for you" in page.words(".note")
    refused = shopper.send(page, "Tell me when there is some again", quantity="1001")
    assert "At most 1000 for each member" in refused.words("main")
    lines = shopper.send(page, "Tell me when there is some again", quantity="1")
    assert lines.words(".flash") == "You are in line. You are told when there is some again."
    assert "× 1" in lines.words(".shelf")
    own = shopper.get(lines.link("Change how many"))
    assert own.heading == "You are in line"
    left = shopper.send(own, "Wait no more")
    assert "You are in no line." in left.words("main")
    assert listed(shop, "waiting")["items"] == []


def test_where_there_is_some_left_it_says_so(shop: Shop, shopper: Visitor) -> None:
    offer = shop.open_campaign["offers"][0]["offer_id"]
    page = shopper.get(f"/campaigns/{shop.campaign_id}/waiting/{offer}")
    assert "There are 50 left: order them now." in page.words("main")
    assert shopper.get(f"/campaigns/{shop.campaign_id}/waiting/{'0' * 26}").status == 404


def test_a_product_in_no_group_buy_can_be_asked_for_in_both_languages(
    shop: Shop, shopper: Visitor, new_visitor: Callable[..., Visitor]
) -> None:
    product = shop.product(title="Quinces")["id"]
    page = shopper.send(shopper.get(f"/products/{product}"), "Tell me when it comes again")
    assert page.words(".flash") == "You are told when it can be ordered again."
    chinese = new_visitor(shop, language="zh").signed_in(shop.shopper)
    told = chinese.get("/me/waiting")
    assert (told.heading, "Quinces" in told.words(".shelf")) == ("我的候补与提醒", True)
    after = chinese.send(told, "取消提醒")
    assert after.words(".flash") == "不再提醒您。"
    assert listed(shop, "reminders")["items"] == []


def test_the_team_sees_what_is_wanted_and_takes_it_along(shop: Shop, desk: Visitor, sold_out: Any) -> None:
    assert "Nobody waits for anything so far." in desk.get("/wanted").words(".empty")
    product = product_of(shop, sold_out)
    made(wait(shop, sold_out, shop.shopper), 200)
    made(keep(shop, product), 200)
    page = desk.get("/wanted")
    row = page.soup.select_one(".data tbody tr")
    assert row is not None
    cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
    assert cells[1:] == ["1", "1", "0", "1", sold_out["title"]]
    table = desk.get("/wanted?format=csv")
    assert table.text.lstrip("\ufeff").splitlines()[1].split(",")[2:6] == ["1", "1", "0", "1"]
