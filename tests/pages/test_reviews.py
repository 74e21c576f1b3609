"""Reviewing on pages what was collected, and reading what others say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Seen, Visitor
from tests.reviews.shop import Reviews


@pytest.fixture
def reviews(care: CustomerCare) -> Reviews:
    return Reviews(care)


@pytest.fixture
def shopper(care: CustomerCare, new_visitor: Callable[..., Visitor]) -> Visitor:
    """A browser that the shop's shopper is signed in with."""
    return new_visitor(care.shop).signed_in(care.shop.shopper)


def sent(shopper: Visitor, order: Any, **typed: Any) -> Seen:
    """The page after a review was sent from the page of its order."""
    page = shopper.get(f"/orders/{order['id']}")
    page = shopper.get(page.link("Review what you bought"))
    return shopper.send(page, "Send my review", **({"rating": 5} | typed))


def test_a_buyer_reviews_from_the_order_changes_and_deletes_it(reviews: Reviews, shopper: Visitor) -> None:
    order = reviews.bought()

    page = sent(shopper, order, rating=4, text="Sweet <b>", aspects__goods=5)
    assert page.words(".flash") == "Thank you! Your review is shown now."
    assert page.heading == "Your reviews of this order"
    assert "Review what you bought" not in shopper.get(f"/orders/{order['id']}").text
    page = shopper.get(page.link("Sweet <b>"))
    page = shopper.send(page, "Save", text="Sweet", rating=3)
    assert page.words(".flash") == "Your review is changed."
    assert reviews.rating()["average"] == "3.0"
    assert "Sweet" in shopper.get("/reviews").words(".card")
    page = shopper.send(page, "Yes, delete my review")
    assert page.words(".flash") == "Your review is deleted."
    assert reviews.rating() is None
    assert "Review what you bought" not in shopper.get(f"/orders/{order['id']}").text


def test_without_stars_it_says_so_and_keeps_the_words(reviews: Reviews, shopper: Visitor) -> None:
    page = shopper.get(f"/orders/{reviews.bought()['id']}/reviews")
    page = shopper.send(page, "Send my review", text="Sweet")

    assert (page.status, page.words("#rating-fault")) == (422, "Choose how many stars.")
    assert page.words("#f-text") == "Sweet"


def test_what_was_not_collected_has_nothing_to_review(reviews: Reviews, shopper: Visitor) -> None:
    [order] = reviews.care.ordered(reviews.shop.shopper)

    assert "Review what you bought" not in shopper.get(f"/orders/{order['id']}").text
    assert "Nothing of this order can be reviewed" in shopper.get(f"/orders/{order['id']}/reviews").words()


def test_everybody_reads_what_is_said_of_a_product(
    reviews: Reviews, shopper: Visitor, new_visitor: Callable[..., Visitor]
) -> None:
    buyers = [reviews.shop.member(f"buyer{n}@people.example") for n in range(5)]
    for n, (order, buyer) in enumerate(zip(reviews.care.collected(*buyers), buyers, strict=True)):
        reviews.written(order, buyer, rating=5 - n % 2, text=f"Said {n}")
        reviews.care.clock.advance(seconds=1)
    anyone, product = new_visitor(reviews.shop), reviews.product_id()

    page = anyone.get(f"/products/{product}")
    assert "4.6 5 reviews" in page.words()
    assert len(page.soup.select(".review")) == 3
    page = anyone.get(page.link("Read all 5 reviews"))
    assert [each.select_one(".lines").get_text() for each in page.soup.select(".review")] == [
        f"Said {n}" for n in (4, 3, 2, 1, 0)
    ]
    page = anyone.get(page.link("Fewest stars"))
    assert "Said 1" in page.words(".review")
    assert "4.6 5 reviews · 100 % praise" in anyone.get("").words(".reputation")
    assert "4.6 5 reviews" in anyone.get("/products?sort=rating").words(".shelf .card")
    assert anyone.get("/products?min_rating=4").soup.select(".shelf .card")


def test_four_reviews_make_no_reputation(reviews: Reviews, new_visitor: Callable[..., Visitor]) -> None:
    buyers = [reviews.shop.member(f"buyer{n}@people.example") for n in range(4)]
    for order, buyer in zip(reviews.care.collected(*buyers), buyers, strict=True):
        reviews.written(order, buyer)

    assert new_visitor(reviews.shop).get("").soup.select(".reputation") == []
    assert made(reviews.care.store("GET", "/reputation"), 200) == {"reputation": None}


def test_a_hidden_review_tells_its_author_why(reviews: Reviews, shopper: Visitor) -> None:
    mine = reviews.written(reviews.bought(), text="Rude")
    made(reviews.act(mine, "hide", {"reason": "It is rude"}), 200)

    assert "The shop does not show it any more: It is rude" in shopper.get(f"/reviews/{mine['id']}").words(".note")
