"""Reviews at the console: found, answered, hidden, shown again; and whether buyers are asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Visitor
from tests.reviews.shop import Reviews


@pytest.fixture
def reviews(care: CustomerCare) -> Reviews:
    return Reviews(care)


def test_the_team_answers_hides_and_shows_again(reviews: Reviews, new_desk: Callable[..., Visitor]) -> None:
    reviews.written(reviews.bought(), rating=2, text="Too small")
    desk = new_desk(reviews.shop, "service")

    page = desk.get("/console/reviews?unanswered=true&rating=2")
    assert "Too small" in page.words("table")
    page = desk.get(page.link(reviews.shown()[0]["goods"]))
    page = desk.send(page, "Answer it", text="We are sorry")
    assert page.words(".flash") == "Your answer stands beside the review."
    assert reviews.shown()[0]["reply"]["text"] == "We are sorry"
    page = desk.send(page, "Hide the review", reason="A phone number")
    assert page.words(".flash") == "It is hidden. Its author is told why."
    assert reviews.shown() == []
    assert "Too small" in desk.get("/console/reviews?status=hidden").words("table")
    page = desk.send(page, "Show it again")
    assert page.words(".flash") == "It is shown again."
    assert len(reviews.shown()) == 1


def test_who_only_looks_has_no_buttons(reviews: Reviews, new_desk: Callable[..., Visitor]) -> None:
    mine = reviews.written(reviews.bought())
    page = new_desk(reviews.shop, "analyst").get(f"/console/reviews/{mine['id']}")

    assert page.status == 200
    assert "Hide the review" not in page.text


def test_a_manager_has_buyers_asked(reviews: Reviews, new_desk: Callable[..., Visitor]) -> None:
    desk = new_desk(reviews.shop, "manager")
    page = desk.send(desk.get("/console/reviews"), "Save", asks_after_pickup="true")

    assert page.words(".flash") == "It is saved."
    assert made(reviews.brand.get("/v1/review-rules"), 200) == {"asks_after_pickup": True}
    assert "Members are asked." in new_desk(reviews.shop, "service").get("/console/reviews").words()
