"""Until when goods may come back, by the offers that they were sold under."""

from datetime import UTC, datetime, timedelta

from chalicelib.campaigns.model.after_sale import last_chance
from chalicelib.campaigns.model.offers import Offer

HANDED_OVER = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)


def offer(name: str, *days: int) -> Offer:
    return Offer(name, name, name, 900, 1, return_days=days[0], exchange_days=days[1], repair_days=days[2])


def test_the_longest_window_counts_a_repair_included() -> None:
    offers = [offer("pears", 7, 15, 0), offer("lamp", 7, 15, 365), offer("fish", 0, 0, 0)]
    assert last_chance(HANDED_OVER, offers, ["pears"]) == HANDED_OVER + timedelta(days=15)
    assert last_chance(HANDED_OVER, offers, ["pears", "lamp"]) == HANDED_OVER + timedelta(days=365)
    assert last_chance(HANDED_OVER, offers, ["fish"]) is None
    assert last_chance(HANDED_OVER, offers, ["gone"]) == HANDED_OVER + timedelta(days=15)
