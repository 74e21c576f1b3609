"""Products over HTTP, on the engine."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.db import metered


def sku(code="A", amount=1, currency="CNY"):
    return {"code": code, "title": "t", "price": {"amount_minor": amount, "currency": currency}}


def test_a_product_is_read_back_as_it_was_written(brand):
    made = brand.product(
        "明前龙井 🍵", brand.sku("TEA-S", 1200, cost=brand.money(700)), brand.sku("TEA-L", 4000),
        category="茶", tags=["new", "春茶", "new"], description="x" * 5000, brand="西湖", origin="杭州",
        images=["https://img.example/1.jpg"],
    )  # fmt: skip

    read = brand.get(f"/v1/products/{made['id']}")

    assert read.json == made
    assert (read.json["tags"], read.json["status"]) == (["new", "春茶"], "active")
    assert [sku["cost"] for sku in read.json["skus"]] == [brand.money(700), None]
    assert read.headers["ETag"] == '"1"'


def test_a_sku_says_where_its_units_come_from(brand):
    made = brand.product("Tea", brand.sku("TEA-S", supply="to_order"), brand.sku("TEA-L"))
    small, large = made["skus"]
    assert (small["supply"], large["supply"]) == ("to_order", "both")

    changed = brand.patch(f"/v1/products/{made['id']}", {"skus": [{"id": large["id"], "supply": "stock"}]})

    assert [sku["supply"] for sku in changed.json["skus"]] == ["to_order", "stock"]
    assert brand.get(f"/v1/skus/{large['id']}").json["supply"] == "stock"
    refused = brand.patch(f"/v1/products/{made['id']}", {"skus": [{"id": large["id"], "supply": "shelf"}]})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/skus/0/supply")


def test_the_cost_never_shows_in_the_store(brand):
    made = brand.product("Tea", brand.sku("TEA", 1200, cost=brand.money(777)))

    shown = [brand.browse(), brand.show(made["id"])]

    assert all(reply.status == 200 and "cost" not in reply.text and "777" not in reply.text for reply in shown)
    assert shown[1].json["skus"][0]["price"] == brand.money(1200)


def test_a_code_is_taken_once_in_a_tenant_whatever_its_case(brand, other):
    brand.product("First", brand.sku("TEA-1"))

    second = brand.post("/v1/products", {"title": "Second", "skus": [brand.sku("NEW"), brand.sku("tea-1")]})

    assert (second.status, second.json["code"]) == (409, "duplicate_sku_code")
    assert second.json["errors"][0]["pointer"] == "/skus/1/code"
    assert len(brand.get("/v1/products").json["items"]) == 1
    assert other.product("First", brand.sku("TEA-1"))["id"]


def test_of_many_who_claim_a_code_at_once_one_gets_it(brand):
    body = {"title": "Tea", "skus": [brand.sku("TEA-1")]}

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: brand.post("/v1/products", body), range(8)))

    assert sorted(reply.status for reply in replies) == [201] + [409] * 7
    assert len(brand.browse().json["items"]) == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"skus": []}, "/skus"),
        ({"skus": [sku(f"C{n}") for n in range(21)]}, "/skus"),
        ({"skus": [sku("A#B")]}, "/skus/0/code"),
        ({"skus": [sku("ﷺ" * 64)]}, "/skus/0/code"),
        ({"skus": [sku("A B")]}, "/skus/0/code"),
        ({"skus": [sku(amount=0)]}, "/skus/0/price"),
        ({"skus": [sku(amount=-1)]}, "/skus/0/price"),
        ({"skus": [sku(amount=1.5)]}, "/skus/0/price/amount_minor"),
        ({"skus": [sku(amount=10**40)]}, "/skus/0/price/amount_minor"),
        ({"skus": [sku(amount=1, currency="USD")]}, "/skus/0/price/currency"),
        ({"images": ["http://plain.example/1.jpg"]}, "/images/0"),
        ({"images": ["javascript:alert(1)"]}, "/images/0"),
        ({"title": "   "}, "/title"),
        ({"title": "nul\x00l"}, "/title"),
        ({"title": "x" * 121}, "/title"),
        ({"tags": [1]}, "/tags/0"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_product_that_makes_no_sense_is_refused_at_its_field(brand, change, pointer):
    refused = brand.post("/v1/products", {"title": "Tea", "skus": [brand.sku("TEA")], **change})

    assert refused.status == 422, refused.text
    assert pointer in [error["pointer"] for error in refused.json["errors"]]
    assert brand.get("/v1/products").json["items"] == []


def test_an_edit_changes_what_it_names_and_nothing_else(brand):
    made = brand.product("Tea", brand.sku("A", 100), brand.sku("B", 200), category="drinks", tags=["old"])
    first, second = made["skus"]

    edited = brand.patch(
        f"/v1/products/{made['id']}",
        {"tags": [], "skus": [{"id": second["id"], "price": brand.money(150)}, brand.sku("C", 50)]},
        headers={"If-Match": '"1"'},
    )

    assert edited.status == 200, edited.text
    assert (edited.json["title"], edited.json["category"], edited.json["tags"]) == ("Tea", "drinks", [])
    assert [(sku["code"], sku["price"]["amount_minor"]) for sku in edited.json["skus"]] == [
        ("A", 100),
        ("B", 150),
        ("C", 50),
    ]
    assert edited.json["skus"][0] == first
    assert (edited.headers["ETag"], brand.get(f"/v1/products/{made['id']}").json) == ('"2"', edited.json)
    assert brand.browse().json["items"][0]["price_from"] == brand.money(50)
    assert brand.get(f"/v1/skus/{second['id']}").json["price"] == brand.money(150)


def test_a_title_that_folds_into_thousands_of_characters_is_still_listed(brand):
    made = brand.product("ﷺ" * 120, brand.sku("A"))

    assert [item["id"] for item in brand.browse("?sort=title").json["items"]] == [made["id"]]


def test_an_edit_of_a_product_that_has_changed_since_is_refused(brand):
    made = brand.product()
    brand.patch(f"/v1/products/{made['id']}", {"title": "One"})

    stale = brand.patch(f"/v1/products/{made['id']}", {"title": "Two"}, headers={"If-Match": '"1"'})

    assert (stale.status, brand.get(f"/v1/products/{made['id']}").json["title"]) == (412, "One")


def test_edits_of_different_fields_at_once_are_all_kept(brand):
    made = brand.product()
    edits = [{"title": "New"}, {"category": "drinks"}, {"origin": "Hangzhou"}]

    with ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda edit: brand.patch(f"/v1/products/{made['id']}", edit), edits))

    kept = brand.get(f"/v1/products/{made['id']}").json
    assert [reply.status for reply in replies] == [200, 200, 200]
    assert (kept["title"], kept["category"], kept["origin"]) == ("New", "drinks", "Hangzhou")


def test_a_changed_code_frees_the_old_one_and_two_skus_may_swap(brand):
    made = brand.product("Tea", brand.sku("A"), brand.sku("B"))
    a, b = made["skus"]
    path = f"/v1/products/{made['id']}"

    swapped = brand.patch(path, {"skus": [{"id": a["id"], "code": "B"}, {"id": b["id"], "code": "A"}]})
    moved = brand.patch(path, {"skus": [{"id": a["id"], "code": "Z"}]})
    taken = brand.post("/v1/products", {"title": "Other", "skus": [brand.sku("a")]})
    freed = brand.post("/v1/products", {"title": "Other", "skus": [brand.sku("B")]})

    assert (swapped.status, moved.status, taken.status, freed.status) == (200, 200, 409, 201)


def test_a_new_title_and_status_reach_the_skus(brand):
    made = brand.product("Tea")
    brand.patch(f"/v1/products/{made['id']}", {"title": "Better tea", "status": "archived"})

    sku = brand.get(f"/v1/skus/{made['skus'][0]['id']}").json

    assert (sku["product_title"], sku["status"]) == ("Better tea", "archived")


def test_an_archived_product_leaves_the_store_but_not_the_team(brand):
    made = brand.product()
    brand.patch(f"/v1/products/{made['id']}", {"status": "archived"})

    orders = ["", "?sort=price_asc", "?sort=price_desc", "?sort=title"]
    assert [brand.browse(order).json["items"] for order in orders] == [[]] * 4
    assert brand.show(made["id"]).status == 404
    assert brand.get("/v1/products?status=archived").json["items"][0]["id"] == made["id"]
    brand.patch(f"/v1/products/{made['id']}", {"status": "active"})
    assert len(brand.browse("?sort=title").json["items"]) == 1


def test_another_tenants_product_does_not_exist(brand, other):
    made = brand.product()
    product, sku = made["id"], made["skus"][0]["id"]

    replies = [
        other.get(f"/v1/products/{product}"),
        other.patch(f"/v1/products/{product}", {"title": "Mine"}),
        other.get(f"/v1/skus/{sku}"),
        other.adjust(sku, 5, "k"),
        other.get(f"/v1/skus/{sku}/adjustments"),
        other.show(product),
    ]

    assert [reply.status for reply in replies] == [404] * 6
    assert brand.get(f"/v1/products/{product}").json == made


def test_what_the_use_cases_cost(brand):
    brand.get("/v1/tenant")  # whose the key is, is known from here on, and that it is used, is written down
    with metered() as creating:
        made = brand.product("Tea", brand.sku("A"), brand.sku("B"))
    with metered() as reading:
        brand.get(f"/v1/products/{made['id']}")
    with metered() as browsing:
        brand.browse("?sort=price_asc")
    with metered() as showing:
        brand.show(made["id"])

    # Creating reads the API key and the tenant's currency, and writes one transaction: product, card, audit, and for
    # each SKU its record and its code. The store's slug is one read, the first time.
    assert (creating.reads, creating.writes) == (2, 1)
    assert (reading.reads, reading.writes) == (3, 0)
    assert (browsing.reads, showing.reads) == (3, 2)


def test_a_product_says_how_long_it_is_taken_back_exchanged_and_repaired(brand):
    # Given a product that says nothing, and one that says something
    plain = brand.product("Tea")
    kettle = brand.product("Kettle", after_sale={"return_days": 30, "repair_days": 365})

    # Then what was not said has its usual length
    assert plain["after_sale"] == {"return_days": 7, "exchange_days": 15, "repair_days": 0}
    assert kettle["after_sale"] == {"return_days": 30, "exchange_days": 15, "repair_days": 365}

    # When one length is changed, the others stay, also on the SKU and in the store
    edited = brand.patch(f"/v1/products/{kettle['id']}", {"after_sale": {"return_days": 0}})
    changed = {"return_days": 0, "exchange_days": 15, "repair_days": 365}
    assert edited.json["after_sale"] == changed
    assert brand.get(f"/v1/skus/{kettle['skus'][0]['id']}").json["after_sale"] == changed
    assert brand.show(kettle["id"]).json["after_sale"] == changed


@pytest.mark.parametrize("days", [-1, 731, 1.5, "7", True])
def test_after_sale_days_that_make_no_sense_are_refused(brand, days):
    refused = brand.post("/v1/products", {"title": "T", "skus": [sku()], "after_sale": {"return_days": days}})

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/after_sale/return_days")
