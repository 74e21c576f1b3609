"""How many praise and complain, on the page of reports."""

from __future__ import annotations

from collections.abc import Callable

from tests.customer_care import CustomerCare
from tests.pages.site import Visitor
from tests.reviews.shop import Reviews


def test_the_rates_and_what_they_are_made_of(care: CustomerCare, new_desk: Callable[..., Visitor]) -> None:
    reviews = Reviews(care)
    reviews.written(reviews.bought(), rating=5)
    desk = new_desk(care.shop, "analyst")

    page = desk.get("/console/reports/service-rates")
    assert "100.0% Praise 1 of 1 reviews have four stars or five" in page.words(".tiles")
    assert "0 orders complained about, 1 handed over" in page.words(".tiles")
    assert "Source: reviews." in page.words("details")
    refused = desk.get("/console/reports/service-rates?from_on=2026-02-01&to_on=2026-01-01")
    assert (refused.status, "before the first" in refused.words(".refusal")) == (422, True)
