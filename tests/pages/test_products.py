"""The catalogue as neighbours see it: searched, narrowed, sorted, compared, one product by one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.db import metered
from chalicelib.kernel.money import read_amount
from tests.builders import Shop
from tests.pages.site import Seen


def titles(page: Seen) -> list[str]:
    """What the list shows, in its order."""
    return [each.get_text() for each in page.soup.select(".goods strong")]


@pytest.fixture
def goods(shop: Shop) -> list[Any]:
    """Two teas and a bowl."""
    said: list[dict[str, Any]] = [
        {"title": "Longjing", "category": "tea", "tags": ["new"], "origin": "杭州"},
        {"title": "Tieguanyin", "category": "tea"},
        {"title": "Bowl", "category": "ware", "brand": "景德镇"},
    ]
    return [shop.product(price=1_000 * (n + 1), **details) for n, details in enumerate(said)]


QUERIES = {
    "": ["Bowl", "Tieguanyin", "Longjing"],
    "?sort=price_asc": ["Longjing", "Tieguanyin", "Bowl"],
    "?sort=title": ["Bowl", "Longjing", "Tieguanyin"],
    "?category=tea": ["Tieguanyin", "Longjing"],
    "?category=tea&tag=new": ["Longjing"],
    "?min_price=20": ["Bowl", "Tieguanyin"],
    "?min_price=10.5&max_price=29.99": ["Tieguanyin"],
    f"?q={quote('杭州')}": ["Longjing"],
    "?available=on_sale": [],
}


def test_the_list_is_narrowed_and_sorted_by_its_address(visitor, goods):
    for query, expected in QUERIES.items():
        assert titles(visitor.get("/products" + query)) == expected, query


def test_what_a_form_leaves_empty_is_not_in_the_address(visitor, goods):
    answer = visitor.get("/products?q=&category=tea&tag=&min_price=&sort=newest", follow=False)
    assert answer.headers["location"] == f"/s/{visitor.slug}/products?category=tea&sort=newest"
    assert visitor.get("/products?q=", follow=False).headers["location"] == f"/s/{visitor.slug}/products"


def test_filters_say_how_many_there_are_and_keep_what_was_chosen(visitor, goods):
    page = visitor.get("/products?category=tea")
    options = {each["value"]: each.get_text() for each in page.soup.select("#f-category option")}
    assert options == {"": "all", "tea": "tea (2)", "ware": "ware (1)"}
    assert page.soup.select_one("#f-category option[selected]")["value"] == "tea"


def test_each_filter_can_be_taken_away_alone(visitor, goods):
    page = visitor.get("/products?category=tea&min_price=20&sort=title")
    assert titles(visitor.get(page.link("Category: tea"))) == ["Bowl", "Tieguanyin"]
    assert titles(visitor.get(page.link("Price from: 20"))) == ["Longjing", "Tieguanyin"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("?min_price=cheap", "Write a price such as 12.50."),
        ("?max_price=1.234", "Write a price such as 12.50."),
        ("?min_price=5&max_price=4", "The lowest price is above the highest; swap them."),
    ],
)
def test_a_price_that_makes_no_sense_is_refused_with_the_rest_kept(visitor, goods, query, fault):
    page = visitor.get("/products" + query + "&q=tea")
    assert page.status == 422
    assert page.words(".fault") == fault
    assert page.soup.select_one("#f-q")["value"] == "tea"


def test_the_list_goes_on_with_what_it_is_narrowed_by(visitor, shop):
    for n in range(25):
        shop.product(title=f"Tea {n:02d}", category="tea")
    page = visitor.get("/products?category=tea&sort=title")
    assert len(titles(page)) == 20
    assert titles(visitor.get(page.link("Show more"))) == [f"Tea {n:02d}" for n in range(20, 25)]


def test_an_empty_shelf_and_a_search_without_result_say_so(visitor, shop):
    assert visitor.get("/products").words(".empty") == "The shop has put nothing on its shelf yet."
    assert visitor.get("/products?q=coffee").words(".empty").startswith("Nothing fits this.")


def test_the_list_costs_what_its_two_calls_cost(visitor, goods):
    visitor.get("/products")
    with metered() as meter:
        visitor.get("/products?category=tea")
    assert (meter.reads, meter.writes) == (3, 0)  # cards, what they may be narrowed to, and stars


def test_a_product_says_what_is_to_be_known_of_it(visitor, shop):
    sku = {"code": "PB", "title": "350 g", "price": shop.money(1_990), "content": {"quantity": "350", "unit": "g"}}
    made = shop.product(
        title="Peanut butter", skus=[sku], allergens=["peanuts", "sesame"], allergen_note="Made where milk is used.",
        how_to_use="Stir.", cautions="Keep cool.", video_url="https://video.example/1",
        images=["https://img.example/1.jpg"],
    )  # fmt: skip
    page = visitor.get(f"/products/{made['id']}")
    said = page.words()
    assert "CN¥19.90 CN¥56.86 per kg" in said
    assert "Contains: peanuts, sesame" in said
    assert {"Made where milk is used.", "Stir.", "Keep cool."} <= {
        each.get_text() for each in page.soup.select(".lines")
    }
    assert page.link("Watch the video") == "https://video.example/1"
    assert page.soup.select_one(".pictures img")["alt"] == "Peanut butter, picture 1"
    assert "7 days after pickup" in said


def test_no_word_of_allergens_is_not_none_of_them(visitor, shop):
    silent, free = shop.product(title="Silent"), shop.product(title="Free", allergens=[])
    assert "Allergens" not in visitor.get(f"/products/{silent['id']}").words()
    assert "None of the fourteen main allergens" in visitor.get(f"/products/{free['id']}").words()


def test_a_product_leads_to_the_group_buys_that_it_is_in(visitor, shop, goods, clock):
    campaign = shop.campaign(offers=[shop.offer(sku_id=goods[0]["skus"][0]["id"])])
    page = visitor.get(f"/products/{goods[0]['id']}")
    assert page.link(campaign["title"]) == f"/s/{shop.slug}/campaigns/{campaign['id']}"
    assert "It is in no group buy" in visitor.get(f"/products/{goods[1]['id']}").words()


def test_an_archived_product_and_one_of_another_shop_are_not_there(visitor, shop, goods, new_shop):
    shop.brand.patch(f"/v1/products/{goods[0]['id']}", {"status": "archived"})
    assert visitor.get(f"/products/{goods[0]['id']}").status == 404
    assert visitor.get(f"/products/{new_shop().product(title='Theirs')['id']}").status == 404
    assert visitor.get("/products/nothing").status == 404


def test_ticked_products_stand_side_by_side_with_what_differs(visitor, goods):
    ids = [each["id"] for each in goods]
    page = visitor.get(f"/products/compare?ids={ids[0]}&ids={ids[2]}")
    assert [each.get_text(strip=True) for each in page.soup.select("thead th")] == ["Longjing", "Bowl"]
    rows = {" ".join(each.select_one("th").get_text().split()): each for each in page.soup.select("tbody tr")}
    assert "differs" in rows["Category"].get("class", [])
    assert "differs" not in rows["Taken back for"].get("class", [])


@pytest.mark.parametrize("several", [0, 1, 5])
def test_another_number_than_two_to_four_says_how(visitor, shop, several):
    ids = "&".join(f"ids={shop.product(title=f'Tea {n}')['id']}" for n in range(several))
    page = visitor.get(f"/products/compare?{ids}")
    assert page.status == 200
    assert "Tick two to 4 products" in page.words()


def test_every_page_is_in_chinese_too(new_visitor, shop, goods):
    chinese = new_visitor(shop, language="zh")
    assert chinese.get("/products").heading == "商品"
    assert chinese.get("/products/compare").heading == "商品对比"
    assert "取货后 7 天" in chinese.get(f"/products/{goods[0]['id']}").words()


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [("12.5", "CNY", 1250), ("12", "CNY", 1200), ("0.05", "CNY", 5), ("12", "JPY", 12), ("12.5", "JPY", None),
     ("1e3", "CNY", None), ("-1", "CNY", None), ("", "CNY", None), ("12.", "CNY", None), ("١", "CNY", None)],
)  # fmt: skip
def test_prices_are_read_as_people_write_them(typed, currency, minor):
    assert read_amount(typed, currency) == minor
