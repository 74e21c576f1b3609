"""How many praise and complain, by the brand's own days."""

from __future__ import annotations

from typing import Any

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.rewards.service.orders import handed_over
from tests.builders import made
from tests.reviews.shop import Reviews


def rates(reviews: Reviews, query: str = "") -> dict[str, Any]:
    """The rates by name, as count, whole and share."""
    found = made(reviews.brand.get(f"/v1/reports/service-rates{query}"), 200)
    return {each["name"]: (each["count"], each["of"], each["rate"]) for each in found["rows"]}


def test_praise_and_complaints_by_their_definitions(reviews: Reviews) -> None:
    buyers = [reviews.shop.member(f"buyer{n}@people.example") for n in range(4)]
    orders = reviews.care.collected(*buyers)
    written = [
        reviews.written(order, buyer, rating=stars)
        for order, buyer, stars in zip(orders, buyers, (5, 4, 3, 1), strict=True)
    ]
    made(reviews.act(written[3], "hide", {"reason": "Rude"}), 200)
    for text in ("Late", "Late again"):
        body = {"text": text, "order_id": orders[0]["id"]}
        made(reviews.care.store("POST", "/complaints", buyers[0], json=body))
    reviews.care.drain()

    found = rates(reviews)
    assert found["praise_rate"] == (2, 3, "0.6667")
    assert found["complaint_rate"] == (1, 4, "0.2500")
    today = made(reviews.brand.get("/v1/reports/service-rates"), 200)["to_on"]
    reviews.care.clock.advance(days=1)
    assert rates(reviews, f"?from_on={today}&to_on={today}")["praise_rate"] == (2, 3, "0.6667")
    tomorrow = made(reviews.brand.get("/v1/reports/service-rates"), 200)["to_on"]
    later = rates(reviews, f"?from_on={tomorrow}&to_on={tomorrow}")
    assert (later["praise_rate"], later["complaint_rate"]) == ((0, 0, None), (0, 0, None))


def test_an_order_handed_over_counts_once_however_often_it_is_told(reviews: Reviews) -> None:

    order = reviews.bought()
    with tenant_scope(reviews.shop.tenant_id):
        for _ in range(3):
            handed_over(reviews.shop.tenant_id, order["id"], clock.now())
    assert rates(reviews)["complaint_rate"] == (0, 1, "0.0000")


def test_a_range_that_makes_no_sense_is_refused(reviews: Reviews) -> None:
    for query in ("?from_on=2026-02-01&to_on=2026-01-01", "?from_on=2020-01-01&to_on=2026-01-01"):
        assert reviews.brand.get(f"/v1/reports/service-rates{query}").status == 422


def test_a_table_has_the_same_figures(reviews: Reviews) -> None:
    reviews.written(reviews.bought())
    table = reviews.brand.get("/v1/reports/service-rates?format=csv").text
    assert "praise_rate" in table or "reviews that praise" in table
    assert "1.0000" in table


def test_the_rate_of_complaints_says_what_orders_were_complained_of_for(reviews: Reviews) -> None:
    buyers = [reviews.shop.member(f"cause{n}@people.example") for n in range(4)]
    orders = reviews.care.collected(*buyers)
    reviews.care.drain()
    for at, cause in ((0, "late"), (0, "late"), (0, "rude"), (1, "late")):
        body = {"text": f"Please look {at}", "order_id": orders[at]["id"], "cause": cause}
        made(reviews.care.store("POST", "/complaints", buyers[at], json=body))

    found = made(reviews.brand.get("/v1/reports/service-rates"), 200)

    assert rates(reviews)["complaint_rate"] == (2, 4, "0.5000")
    assert [(each["category"], each["cause"], each["count"], each["of"], each["rate"]) for each in found["causes"]] == [
        ("pickup", "late", 2, 4, "0.5000"), ("service", "rude", 1, 4, "0.2500"),
    ]  # fmt: skip
    assert (found["causes"][0]["en"], found["causes"][0]["zh"]) == ("Too late", "送达或到货太晚")
    table = reviews.brand.get("/v1/reports/service-rates?format=csv").text
    assert "Too late" in table
    assert "送达或到货太晚" in table
