"""Lists of products on the engine: every order, every filter, page by page."""

import itertools

import pytest

from chalicelib.catalog.service import listing
from chalicelib.db import metered

PRICES = [900, 100, 500, 500, 1200, 300, 700, 100, 50, 10_000]


@pytest.fixture
def catalogue(brand, clock):
    """Ten products; titles run against creation, every second is a tea, every third is tagged."""
    for number, price in enumerate(PRICES):
        brand.product(
            f"{'Tea' if number % 2 else 'Cup'} {9 - number}", brand.sku(f"C{number}", price),
            category="tea" if number % 2 else "ware", tags=["sale"] if number % 3 == 0 else [],
        )  # fmt: skip
        clock.advance(seconds=1)
    return brand


def walk(brand, query, limit):
    """All pages of a list."""
    items, cursor = [], ""
    while cursor is not None:
        page = brand.browse(f"?limit={limit}{query}" + (f"&cursor={cursor}" if cursor else "")).json
        assert len(page["items"]) <= limit
        items += page["items"]
        cursor = page["next_cursor"]
    return items


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", lambda number: -number),
        ("price_asc", lambda number: (PRICES[number], number)),
        ("price_desc", lambda number: (-PRICES[number], -number)),
        ("title", lambda number: (number % 2, 9 - number)),
    ],
)
def test_every_order_lists_every_product_once(catalogue, sort, order):
    for limit in (1, 3, 10, 100):
        codes = [item["skus"][0]["code"] for item in walk(catalogue, f"&sort={sort}", limit)]
        assert codes == [f"C{number}" for number in sorted(range(10), key=order)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("&q=tea", {1, 3, 5, 7, 9}),
        ("&q=CUP%203", {6}),
        ("&q=c4", {4}),
        ("&category=ware", {0, 2, 4, 6, 8}),
        ("&tag=SALE", {0, 3, 6, 9}),
        ("&min_price=500&max_price=900", {0, 2, 3, 6}),
        ("&tag=sale&category=tea&min_price=600", {9}),
        ("&q=coffee", set()),
    ],
)
def test_filters_hold_in_every_order_and_on_every_page(catalogue, query, numbers):
    for sort, limit in itertools.product(("newest", "price_asc", "title"), (1, 2, 100)):
        codes = [item["skus"][0]["code"] for item in walk(catalogue, f"{query}&sort={sort}", limit)]
        assert sorted(codes) == sorted(f"C{number}" for number in numbers)


def test_a_rare_match_in_a_large_catalogue_is_found_by_going_on(catalogue, monkeypatch):
    monkeypatch.setattr(listing, "MOST_CARDS", 2)

    first = catalogue.browse("?q=c0&limit=1").json

    assert (first["items"], bool(first["next_cursor"])) == ([], True)
    assert [item["skus"][0]["code"] for item in walk(catalogue, "&q=c0", 1)] == ["C0"]


def test_the_team_lists_everything_newest_first(catalogue):
    newest = catalogue.get("/v1/products?limit=1").json["items"][0]
    catalogue.patch(f"/v1/products/{newest['id']}", {"status": "archived"})

    assert [item["status"] for item in catalogue.get("/v1/products?limit=2").json["items"]] == ["archived", "active"]
    assert len(catalogue.get("/v1/products?status=active").json["items"]) == 9


@pytest.mark.parametrize(
    "query",
    [
        "?sort=best",
        "?min_price=-1",
        "?min_price=5&max_price=4",
        "?min_price=ten",
        "?colour=red",
        "?q=a&q=b",
        "?status=archived",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(brand, query):
    assert brand.browse(query).status == 422


def test_a_cursor_belongs_to_its_query(catalogue):
    cursor = catalogue.browse("?limit=1").json["next_cursor"]

    assert catalogue.browse(f"?limit=1&sort=title&cursor={cursor}").json["code"] == "bad_cursor"


def test_a_page_without_filter_is_one_query(catalogue):
    catalogue.browse("?limit=1")  # now the store's slug is known
    for sort in ("newest", "price_asc", "price_desc", "title"):
        with metered() as meter:
            catalogue.browse(f"?limit=3&sort={sort}")
        assert dict(meter.by_operation) == {"Query": 1, "BatchGetItem": 1}  # the cards, and their stars
