"""A member's page of points and tier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import made
from tests.loyalty.conftest import A_POINT_A_YUAN, CHECK_IN, GOLD, SILVER, Loyalty, loyalty
from tests.pages.site import Visitor

__all__ = ["loyalty"]


@pytest.fixture
def reader(loyalty: Loyalty, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser that the shopper is signed in with."""
    return new_visitor(loyalty.shop).signed_in(loyalty.shop.shopper)


def test_who_has_nothing_yet_is_told_so(reader: Visitor) -> None:
    page = reader.get("/points")

    assert page.words("#balance") == "You have 0 points"
    assert "There are no points yet." in page.words()
    assert not page.soup.select("main form")


def test_a_member_checks_in_once_a_day(loyalty: Loyalty, reader: Visitor) -> None:
    loyalty.rules({**CHECK_IN, "valid_days": 30})

    page = reader.send(reader.get("/points"), "Check in for 5 points")

    assert page.words(".flash") == "You have checked in. Come back tomorrow for more points."
    assert page.words("#balance") == "You have 5 points"
    assert not page.soup.select("main form")
    assert "Checked in" in page.words()
    assert page.words('section[aria-labelledby="expiring"]').startswith("What expires when")
    assert "5 points" in reader.get("/me").words("main")
    loyalty.clock.advance(days=1)
    assert reader.get("/points").soup.select("main form")


def test_what_an_order_earned_and_gave_back_leads_to_it(loyalty: Loyalty, reader: Visitor) -> None:
    loyalty.rules(A_POINT_A_YUAN)
    order = loyalty.collected(2)
    made(loyalty.book(-18, reason="Used at the fair"))
    loyalty.give_back(order, 900)

    page = reader.get("/points")

    assert page.words("#balance") == "You owe 9 points"
    assert page.link("See the order") == reader.at(f"/orders/{order['id']}")
    assert "Booked by the store: Used at the fair" in page.words()


def test_the_tier_and_what_leads_to_the_next_one_are_said_in_both_languages(loyalty: Loyalty, reader: Visitor) -> None:
    loyalty.tiers({**SILVER, "privileges": {"points_factor": "1.2", "free_delivery": True}}, GOLD)
    assert "CN¥10.00 more lead to Silver." in reader.get("/points").words()
    order = loyalty.collected(2)

    page = reader.get("/points")
    assert page.words("#tier") == "Your tier: Silver"
    assert "1.2 times the points for your orders" in page.words()
    assert "CN¥12.00 more lead to Gold." in page.words()
    loyalty.give_back(order, 900)
    assert "You are short of it at the moment." in reader.get("/points").words()

    reader.send(reader.get("/me"), "中文")
    page = reader.get("/points")
    assert (page.heading, page.words("#tier")) == ("我的积分", "您的等级： Silver")


def test_a_tier_that_was_given_shows_its_day(loyalty: Loyalty, reader: Visitor) -> None:
    loyalty.tiers()
    until = (loyalty.today + timedelta(days=30)).isoformat()
    body = {"tier": "gold", "until_on": until, "reason": "Opening day"}
    made(loyalty.brand.put(f"/v1/members/{loyalty.shop.shopper.id}/tier", body), 200)

    assert "The store gave it to you until" in reader.get("/points").words()
