"""Which offers have the goods of an order, and in which campaign."""

from chalicelib.campaigns.model.offers import Offer
from chalicelib.orders.reordering.model import Candidate, Goods, Short, Why, again, best

PEARS, EGGS, OIL = Goods("pears", "Pears", 3), Goods("eggs", "Eggs", 2), Goods("oil", "Oil", 1)


def offer(sku_id: str, limit: int | None = None) -> Offer:
    return Offer(f"offer-{sku_id}", sku_id, sku_id, 900, 50, limit)


def candidate(name: str, *sku_ids: str, in_series: bool = False) -> Candidate:
    return Candidate(name, frozenset(sku_ids), in_series)


def test_the_campaign_that_offers_most_is_taken() -> None:
    candidates = [candidate("soon", "pears"), candidate("later", "pears", "eggs"), candidate("other", "salt")]
    assert best([PEARS, EGGS], candidates) == "later"


def test_of_two_that_offer_as_much_the_one_of_the_series_is_taken_else_the_first() -> None:
    candidates = [candidate("soon", "pears"), candidate("series", "pears", in_series=True)]
    assert best([PEARS], candidates) == "series"
    assert best([PEARS], [candidate("soon", "pears"), candidate("later", "pears")]) == "soon"


def test_where_nothing_is_offered_there_is_no_campaign() -> None:
    assert best([PEARS], [candidate("other", "salt", in_series=True)]) is None
    assert best([PEARS], []) is None


def test_what_comes_short_says_why() -> None:
    left = {"offer-pears": 50, "offer-eggs": 1}
    found = again([PEARS, EGGS, OIL], [offer("pears", limit=2), offer("eggs")], left)
    assert found.lines == {"offer-pears": 2, "offer-eggs": 1}
    assert found.short == (
        Short("Pears", 2, Why.LIMITED),
        Short("Eggs", 1, Why.SOLD_OUT),
        Short("Oil", 0, Why.NOT_OFFERED),
    )


def test_what_is_sold_out_is_no_line() -> None:
    assert again([PEARS], [offer("pears")], {}).lines == {}


def test_all_of_it_comes_short_of_nothing() -> None:
    found = again([PEARS], [offer("pears", limit=3)], {"offer-pears": 3})
    assert (found.lines, found.short) == ({"offer-pears": 3}, ())
