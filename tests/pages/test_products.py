"""The catalogue as neighbours see it: searched, narrowed, sorted, compared, one product by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.db import metered
from chalicelib.kernel.money import read_amount
from tests.builders import Shop, made
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


def compared(page: Seen) -> dict[str, tuple[bool, list[str]]]:
    """The rows of a comparison: whether they differ, and what they say of each product."""
    rows = {}
    for row in page.soup.select("tbody tr"):
        head, *cells = [" ".join(each.get_text(" ").split()) for each in row.select("th, td")]
        differs = "differs" in row.get("class", [])
        assert differs == head.endswith(" (differs)")
        rows[head.removesuffix(" (differs)")] = (differs, cells)
    return rows


def address(*products: Any) -> str:
    return "/products/compare?" + "&".join(f"ids={each['id']}" for each in products)


def test_ticked_products_stand_side_by_side_with_what_differs(visitor, goods):
    longjing, _, bowl = goods
    page = visitor.get(address(longjing, bowl))
    assert [each.get_text(strip=True) for each in page.soup.select("thead th bdi")] == ["Longjing", "Bowl"]
    rows = compared(page)
    assert rows["Category"] == (True, ["tea", "ware"])
    assert rows["Price"] == (True, ["CN¥10.00", "CN¥30.00"])
    assert rows["Tags"] == (True, ["new", "–"])
    assert rows["Taken back for"] == (False, ["7 days", "7 days"])
    assert rows["Rating"] == (False, ["no review yet", "no review yet"])
    assert rows["Can be ordered"] == (False, ["in no group buy at the moment"] * 2)
    assert not {"Unit price", "Pack", "Allergens"} & rows.keys()


def test_a_comparison_says_what_group_buys_ask_and_whether_it_can_be_had(visitor, shop, goods):
    tea, other, bowl = (each["skus"][0]["id"] for each in goods)
    bundle = {"title": "Tea and bowl", "parts": [{"sku_id": tea, "quantity": 1}, {"sku_id": bowl, "quantity": 1}]}
    both = shop.offer(price=3_500)
    del both["sku_id"]
    cheap = shop.campaign(title="Tea week", offers=[shop.offer(sku_id=tea, price=850), {**both, **bundle}])
    little = shop.campaign(title="One pot", offers=[shop.offer(sku_id=other, quantity=1)], closes_in=timedelta(days=9))
    shop.campaign(title="Later", offers=[shop.offer(sku_id=other, price=1)], opens_in=timedelta(days=1))
    made(shop.order(campaign=little))
    page = visitor.get(address(*goods))
    rows = compared(page)
    assert rows["Can be ordered"] == (True, ["now", "sold out", "now"])
    ladder, sold_out, in_bundle = rows["Group price"][1]
    assert ladder.startswith("Tea week CN¥8.50 Open until")
    assert sold_out.startswith("One pot CN¥9.00 sold out")
    assert in_bundle.startswith("Tea week in a bundle")
    assert page.link("Tea week") == f"/s/{shop.slug}/campaigns/{cheap['id']}"


def test_packs_unit_prices_and_stars_are_compared(visitor, shop):
    def jar(grams: str) -> Any:
        content = {"quantity": grams, "unit": "g"}
        return shop.product(
            skus=[{"code": f"J{grams}", "title": "Jar", "price": shop.money(1_000), "content": content}]
        )

    rows = compared(visitor.get(address(jar("500"), jar("250"))))
    assert rows["Pack"] == (True, ["500 g", "250 g"])
    assert rows["Unit price"] == (True, ["CN¥20.00 per kg", "CN¥40.00 per kg"])
    assert rows["Price"][0] is False


def test_a_comparison_is_built_and_taken_apart_without_a_script(visitor, goods):
    page = visitor.get(visitor.get(f"/products/{goods[0]['id']}").link("Compare it with others"))
    assert "To be compared: Longjing" in page.words()
    ticked = [each["value"] for each in page.soup.select("input[name=ids][checked]")]
    assert ticked == [goods[0]["id"]]
    narrowed = visitor.get(f"/products?category=ware&ids={goods[0]['id']}")
    kept = [each["value"] for each in narrowed.soup.select("form input[name=ids][type=hidden]")]
    assert kept == [goods[0]["id"]] * 2  # by the search, and by the comparison
    page = visitor.get(address(*goods))
    page = visitor.get(page.link("take away : Bowl"))
    assert [each.get_text() for each in page.soup.select("thead th bdi")] == ["Longjing", "Tieguanyin"]
    more = page.link("Add another product")
    assert more.endswith(f"/products?ids={goods[0]['id']}%2C{goods[1]['id']}")
    page = visitor.get(page.link("take away : Longjing"))
    assert "Tieguanyin is chosen. Tick one more product" in page.words()
    assert page.link("Choose another product")


def test_too_many_are_refused_with_what_was_chosen(visitor, shop, goods):
    many = [*goods, shop.product(title="Cup"), shop.product(title="Tray")]
    page = visitor.get(address(*many))
    assert page.status == 422
    assert page.words(".fault").startswith("You chose 5 products, and 4 stand side by side at most.")
    boxes = page.soup.select("input[name=ids]")
    assert [each["value"] for each in boxes] == [each["id"] for each in many]
    assert sum(each.has_attr("checked") for each in boxes) == 4


def test_what_is_not_on_the_shelf_is_left_out_and_said(visitor, shop, goods, new_shop):
    shop.brand.patch(f"/v1/products/{goods[2]['id']}", {"status": "archived"})
    theirs = new_shop().product(title="Theirs")
    page = visitor.get(address(*goods, theirs, {"id": "nothing"}, goods[0]))
    assert "3 products that were chosen are not in the shop any more" in page.words(".note")
    assert [each.get_text() for each in page.soup.select("thead th bdi")] == ["Longjing", "Tieguanyin"]
    assert "Theirs" not in page.text
    page = visitor.get(address(theirs))
    assert "A product that was chosen is not in the shop any more" in page.words(".note")
    assert "Tick two to 4 products" in page.words(".empty")


def test_a_comparison_costs_four_requests_however_many(visitor, shop, goods):
    shop.campaign(offers=[shop.offer(sku_id=each["skus"][0]["id"]) for each in goods])
    visitor.get(address(*goods))
    with metered() as meter:
        visitor.get(address(*goods))
    assert (meter.reads, meter.writes) == (4, 0)  # products, stars, group buys, and how far these have come


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
