"""Buyers review what they collected: who may, what is shown, what the team does, what it earns."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.engine import Engine
from tests.aftersales.conftest import JPEG, Returns
from tests.builders import made
from tests.letters import news
from tests.reviews.shop import Reviews
from tests.uploads import send

pytestmark = pytest.mark.usefixtures("noon")

EARNS = {"rules": [{"action": "review", "points": 20}]}


def told(engine: Engine, words: str) -> list[Any]:
    """What was sent under a subject with these words."""
    return [each for each in news(engine) if words in each["subject"]]


def uploaded(reviews: Reviews, content: bytes = JPEG) -> str:
    """A photo of the shopper's own; its id."""
    asked = {"content_type": "image/jpeg", "size": len(content)}
    form = made(reviews.care.store("POST", "/uploads", reviews.shop.shopper, json=asked))
    assert send(form, content) == 204
    return str(form["id"])


def test_a_buyer_reviews_what_they_collected(reviews: Reviews) -> None:
    order = reviews.bought()
    photo = uploaded(reviews)

    mine = reviews.written(order, rating=4, text="Sweet & small", aspects={"goods": 4, "service": 5}, photos=[photo])

    assert (mine["status"], mine["rating"], mine["photos"][0]["id"]) == ("shown", 4, photo)
    [shown] = reviews.shown()
    assert (shown["author"], shown["text"], shown["reply"]) == ("**", "Sweet & small", None)
    assert shown["aspects"] == {"goods": 4, "service": 5, "delivery": None}
    assert not {"member_id", "order_id", "hidden_reason"} & set(shown)
    assert reviews.rating() == {
        "count": 1, "average": "4.0",
        "by_star": [{"stars": n, "count": int(n == 4)} for n in (5, 4, 3, 2, 1)],
        "aspects": {"goods": "4.0", "service": "5.0", "delivery": None},
    }  # fmt: skip
    [listed] = made(reviews.brand.get("/v1/reviews?unanswered=true&rating=4"), 200)["items"]
    assert (listed["id"], listed["member_id"]) == (mine["id"], reviews.shop.shopper.id)


def test_a_name_is_its_first_character(reviews: Reviews) -> None:
    made(reviews.care.store("PATCH", "/me", reviews.shop.shopper, json={"profile": {"name": "Petra"}}), 200)
    reviews.written(reviews.bought())

    assert reviews.shown()[0]["author"] == "P**"
    made(reviews.care.store("POST", "/me/leave", reviews.shop.shopper, json={"reason": "privacy"}), 200)
    assert reviews.shown()[0]["author"] == "**"


def test_sent_again_it_is_the_same_review(reviews: Reviews) -> None:
    order = reviews.bought()
    first = reviews.written(order, text="Good")

    assert reviews.written(order, text="Good")["id"] == first["id"]
    other = reviews.send(order, text="Better")
    assert (other.status, other.json["code"], other.json["review_id"]) == (409, "reviewed_already", first["id"])
    assert reviews.rating()["count"] == 1


def test_who_has_not_collected_it_cannot_review(reviews: Reviews) -> None:
    [waits] = reviews.care.ordered(reviews.shop.shopper)

    refused = reviews.send(waits)
    assert (refused.status, refused.json["code"]) == (409, "not_bought")
    other = reviews.shop.member()
    assert reviews.send(waits, other).status == 404
    reviews.care.hand_over(waits)
    assert reviews.send(waits, sku_id=waits["id"]).json["code"] == "not_bought"
    reviews.written(waits)


def test_who_was_paid_back_cannot_review(reviews: Reviews) -> None:
    returns = Returns(reviews.care)
    returns.pay_on_approval()
    order = reviews.bought()
    made(returns.decide(returns.opened(order, 2)), 200)

    assert reviews.send(order).json["code"] == "not_bought"


def test_who_returned_a_part_can(reviews: Reviews) -> None:
    returns = Returns(reviews.care)
    returns.pay_on_approval()
    order = reviews.bought()
    made(returns.decide(returns.opened(order, 1)), 200)

    reviews.written(order, rating=2)


def test_it_is_too_late_after_half_a_year(reviews: Reviews) -> None:
    order = reviews.bought()
    reviews.care.clock.advance(days=180)

    assert reviews.send(order).json["code"] == "reviewing_over"


def test_its_author_changes_it_for_a_month_and_deletes_it_for_good(reviews: Reviews) -> None:
    order = reviews.bought()
    mine = reviews.written(order, rating=1, text="Bad")

    assert made(reviews.put(mine, rating=3, text="Not so bad"), 200)["edited_at"]
    assert (reviews.rating()["average"], reviews.rating()["count"]) == ("3.0", 1)
    assert reviews.put(mine, reviews.shop.member()).status == 404
    reviews.care.clock.advance(days=30)
    assert reviews.put(mine, rating=5).json["code"] == "review_settled"
    assert [reviews.delete(mine).status, reviews.delete(mine).status] == [204, 204]
    assert (reviews.rating(), reviews.shown()) == (None, [])
    assert reviews.care.store("GET", f"/reviews/{mine['id']}", reviews.shop.shopper).status == 404
    assert reviews.send(order, rating=1, text="Bad").json["code"] == "reviewed_already"
    assert reviews.put(mine, rating=5).json["code"] == "review_deleted"


def test_a_hidden_review_is_its_authors_and_the_teams_alone(reviews: Reviews, engine: Engine) -> None:
    mine = reviews.written(reviews.bought(), rating=1, text="Call 13800138000")

    assert reviews.act(mine, "hide").status == 422
    hidden = made(reviews.act(mine, "hide", {"reason": "A phone number"}), 200)
    assert (hidden["status"], hidden["hidden_reason"]) == ("hidden", "A phone number")
    assert (reviews.rating(), reviews.shown()) == (None, [])
    own = made(reviews.care.store("GET", f"/reviews/{mine['id']}", reviews.shop.shopper), 200)
    assert own["hidden_reason"] == "A phone number"
    made(reviews.put(mine, rating=2, text="Rotten"), 200)
    assert reviews.shown() == []
    assert [each["id"] for each in made(reviews.brand.get("/v1/reviews?status=hidden"), 200)["items"]] == [mine["id"]]
    reviews.care.drain()
    [letter] = told(engine, "is not shown any more")
    assert "A phone number" in letter["text"]

    made(reviews.act(mine, "show"), 200)
    assert (reviews.rating()["average"], reviews.shown()[0]["text"]) == ("2.0", "Rotten")
    done = [each["action"] for each in made(reviews.brand.get(f"/v1/audit?target=review:{mine['id']}"), 200)["items"]]
    assert done == ["review.shown", "review.hidden"]


def test_the_brand_answers_once_and_may_change_that(reviews: Reviews, engine: Engine) -> None:
    mine = reviews.written(reviews.bought(), text="Good")

    made(reviews.act(mine, "reply", {"text": "Thank you"}), 200)
    again = made(reviews.act(mine, "reply", {"text": "Thank you, Ada"}), 200)
    assert again["reply"]["text"] == "Thank you, Ada"
    assert reviews.shown()[0]["reply"]["text"] == "Thank you, Ada"
    assert reviews.act(mine, "reply", {"text": "Late"}, If_Match='"1"').status == 412
    reviews.care.drain()
    assert len(told(engine, "has answered your review")) == 1
    assert made(reviews.brand.get("/v1/reviews?unanswered=true"), 200)["items"] == []


def test_a_review_earns_once_and_gives_back_once(reviews: Reviews) -> None:
    made(reviews.brand.put("/v1/points-rules", EARNS), 200)
    mine = reviews.written(reviews.bought())
    reviews.care.drain()
    assert reviews.points() == 20

    made(reviews.act(mine, "hide", {"reason": "Rude"}), 200)
    reviews.care.drain()
    assert reviews.points() == 20
    assert reviews.delete(mine).status == 204
    reviews.care.drain()
    assert reviews.points() == 0


def test_what_is_paid_back_earns_nothing(reviews: Reviews) -> None:
    made(reviews.brand.put("/v1/points-rules", EARNS), 200)
    returns = Returns(reviews.care)
    returns.pay_on_approval()
    order = reviews.bought()
    reviews.written(order, rating=1, text="Rotten")
    reviews.care.drain()

    made(returns.decide(returns.opened(order, 1)), 200)
    reviews.care.drain()
    assert reviews.points() == 20
    made(returns.decide(returns.opened(order, 1)), 200)
    reviews.care.drain()
    assert reviews.points() == 0
    assert reviews.shown()[0]["text"] == "Rotten"


def test_a_refund_of_a_part_earns_nothing_for_a_review_of_before_there_was_a_rule(reviews: Reviews) -> None:
    returns = Returns(reviews.care)
    returns.pay_on_approval()
    order = reviews.bought()
    reviews.written(order)
    reviews.care.drain()
    made(reviews.brand.put("/v1/points-rules", EARNS), 200)

    made(returns.decide(returns.opened(order, 1)), 200)
    reviews.care.drain()
    assert reviews.points() == 0


def test_reviews_are_sorted_and_paged(reviews: Reviews) -> None:
    buyers = [reviews.shop.member(f"buyer{n}@people.example") for n in range(5)]
    stars = dict(zip((each.id for each in buyers), (3, 5, 1, 5, 4), strict=True))
    for order, buyer in zip(reviews.care.collected(*buyers), buyers, strict=True):
        reviews.care.clock.advance(seconds=1)
        reviews.written(order, buyer, rating=stars[buyer.id])

    def ratings(query: str) -> list[int]:
        return [each["rating"] for each in reviews.shown(query)]

    assert ratings("") == [4, 5, 1, 5, 3]
    assert ratings("?sort=highest") == [5, 5, 4, 3, 1]
    assert ratings("?sort=lowest") == [1, 3, 4, 5, 5]
    assert ratings("?rating=5") == [5, 5]
    assert ratings("?sort=photos") == []
    path = f"/products/{reviews.product_id()}/reviews?limit=2&sort=highest"
    page = made(reviews.care.store("GET", path), 200)
    page = made(reviews.care.store("GET", f"{path}&cursor={page['next_cursor']}"), 200)
    assert [each["rating"] for each in page["items"]] == [4, 3]
    assert (reviews.rating()["average"], reviews.rating()["count"]) == ("3.6", 5)


def test_products_are_sorted_by_stars_and_sales(reviews: Reviews) -> None:
    reviews.written(reviews.bought(quantity=2), rating=5)
    best = reviews.product_id()
    new = str(reviews.shop.product()["id"])

    def listed(query: str) -> list[str]:
        return [each["id"] for each in made(reviews.care.store("GET", f"/products?{query}"), 200)["items"]]

    assert listed("sort=newest")[0] == new
    assert listed("sort=rating")[0] == best
    assert listed("min_rating=5") == [best]
    first = made(reviews.care.store("GET", "/products?sort=rating&limit=1"), 200)
    assert first["items"][0]["rating"] == {"count": 1, "average": "5.0"}
    assert new in listed(f"sort=rating&limit=1&cursor={first['next_cursor']}")
    reviews.care.clock.advance(minutes=11)
    reviews.care.sweep()
    reviews.care.drain()
    assert listed("min_sold=2") == [best]
    assert listed("min_sold=3") == []
    assert listed("sort=sales") == [best, *[each for each in listed("sort=newest") if each != best]]


@pytest.mark.parametrize("asks", [True, False])
def test_buyers_are_asked_once_where_the_brand_wants_it(reviews: Reviews, engine: Engine, asks: bool) -> None:
    if asks:
        made(reviews.brand.put("/v1/review-rules", {"asks_after_pickup": True}), 200)
    order = reviews.bought()
    assert told(engine, "How is what you collected") == []

    for _ in range(3):
        reviews.care.clock.advance(days=1, minutes=1)
        reviews.care.sweep()
        reviews.care.drain()

    letters = told(engine, "How is what you collected")
    assert len(letters) == int(asks)
    assert all(f"/orders/{order['id']}/reviews" in each["text"] for each in letters)


def test_who_has_reviewed_is_not_asked(reviews: Reviews, engine: Engine) -> None:
    made(reviews.brand.put("/v1/review-rules", {"asks_after_pickup": True}), 200)
    reviews.written(reviews.bought())

    reviews.care.clock.advance(days=3)
    reviews.care.sweep()
    reviews.care.drain()
    assert told(engine, "How is what you collected") == []


def test_another_members_photo_is_none(reviews: Reviews) -> None:
    photo, other = uploaded(reviews), reviews.shop.member()
    refused = reviews.send(reviews.bought(other), other, photos=[photo])

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/photos/0")
