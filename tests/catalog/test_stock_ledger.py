"""The stock ledger on the engine: whatever changes the stock is one entry, and the entries sum to it."""

from datetime import timedelta

import pytest

from chalicelib.catalog.model.stock import Kind, Source
from chalicelib.catalog.service import ledger as stock_ledger
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.local_day import local_date
from tests.builders import made


@pytest.fixture
def sku_id(brand):
    """A SKU of which 100 were counted; one costs 4.00."""
    sku = brand.product("Tea", brand.sku("TEA", cost=brand.money(400)))["skus"][0]["id"]
    brand.adjust(sku, 100, "count")
    return sku


def waste(brand, sku_id, quantity, key="w1", **more):
    body = {"quantity": quantity, "loss": "expired", "reason": "mould", **more}
    return brand.post(f"/v1/skus/{sku_id}/wastage", body, headers={"Idempotency-Key": key})


def today(shop):
    return local_date(product_clock.now(), product_clock.zone(shop.timezone))


def ledger(brand, sku_id, query=""):
    return made(brand.get(f"/v1/skus/{sku_id}/movements?limit=100{query}"), 200)["items"]


def test_a_campaign_sets_aside_and_gives_back_and_the_ledger_sums_up(brand, sku_id, sweep, drain, clock):
    shop, from_on = brand.shop, today(brand.shop)
    campaign = shop.campaign(offers=[shop.offer(sku_id=sku_id, quantity=60)], closes_in=timedelta(hours=1))
    made(shop.order(campaign=campaign, quantity=45))
    clock.advance(hours=2)
    sweep(2)
    waste(brand, sku_id, 5)

    entries = ledger(brand, sku_id)

    assert [(each["kind"], each["delta"]) for each in entries] == [
        ("wastage", -5), ("returned", 15), ("set_aside", -60), ("adjustment", 100),
    ]  # fmt: skip
    assert entries[1]["cause"] == entries[2]["cause"] == f"campaign:{campaign['id']}"
    assert brand.get(f"/v1/skus/{sku_id}").json["stock"] == {"tracked": True, "free": 50, "allocated": 45}
    assert len(brand.get(f"/v1/skus/{sku_id}/adjustments").json["items"]) == 1
    assert len(ledger(brand, sku_id, "&kind=returned")) == 1

    to_on = today(shop)
    report = made(brand.get(f"/v1/inventory?from_on={from_on}&to_on={to_on}"), 200)
    (row,) = report["rows"]
    assert (row["sold"], row["wasted"], row["closing"], row["cost_of_goods"]["amount_minor"]) == (45, 5, 50, 18_000)
    assert row["wastage_rate"] == "0.1000"
    table = brand.get(f"/v1/inventory?from_on={from_on}&to_on={to_on}&format=csv").text.splitlines()
    figures = ("opening", "sold", "wasted", "adjusted", "surplus", "closing")
    assert table[1].split(",")[3:9] == [str(row[name]) for name in figures]


def test_what_staff_take_out_of_an_order_after_the_lock_is_in_stock_again(brand, sku_id, sweep, drain, clock):
    shop = brand.shop
    campaign = shop.campaign(offers=[shop.offer(sku_id=sku_id, quantity=60)], closes_in=timedelta(hours=1))
    order = made(shop.order(campaign=campaign, quantity=45))
    clock.advance(hours=2)
    sweep(2)
    lowered = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 40}], "reason": "He called."}
    made(brand.post(f"/v1/orders/{order['id']}/adjustments", lowered, headers={"Idempotency-Key": "a"}), 200)
    drain()

    assert brand.get(f"/v1/skus/{sku_id}").json["stock"] == {"tracked": True, "free": 60, "allocated": 40}
    assert [each["delta"] for each in ledger(brand, sku_id)] == [5, 15, -60, 100]


def test_an_event_delivered_twice_is_one_entry(brand, sku_id):
    data = {
        "sku_id": sku_id, "kind": "set_aside", "delta": -3, "cause": "campaign:a", "by": "system",
        "at": product_clock.instant(product_clock.now()),
    }  # fmt: skip
    with tenant_scope(brand.id):
        for _ in range(2):
            stock_ledger.post(brand.id, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", data)

    assert [each["delta"] for each in ledger(brand, sku_id)] == [-3, 100]


def test_wastage_is_written_off_once_and_never_below_zero(brand, sku_id):
    first, again = waste(brand, sku_id, 7), waste(brand, sku_id, 7)

    assert (first.status, first.json["delta"], first.json["loss"], first.json["free"]) == (201, -7, "expired", 93)
    assert again.json == first.json
    assert (waste(brand, sku_id, 8).status, waste(brand, sku_id, 8).json["code"]) == (422, "idempotency_mismatch")
    refused = waste(brand, sku_id, 94, key="w2")
    assert (refused.status, refused.json["code"]) == (409, "insufficient_stock")
    assert [each["delta"] for each in ledger(brand, sku_id)] == [-7, 100]


@pytest.mark.parametrize("wrong", [{"quantity": 0}, {"loss": "eaten"}, {"reason": ""}, {"quantity": "3"}])
def test_wastage_says_how_much_and_why(brand, sku_id, wrong):
    assert waste(brand, sku_id, **{"quantity": 1, **wrong}).status == 422


def test_what_comes_back_counts_once_and_only_where_stock_counts(brand, sku_id):
    bought = brand.product("Pears")["skus"][0]["id"]
    source = Source("aftersale:a", "system", product_clock.now())
    with tenant_scope(brand.id):
        for _ in range(2):
            stock_ledger.take_back(brand.id, sku_id, 2, "returned", source)
        assert stock_ledger.take_back(brand.id, bought, 2, "returned", source) is None
        stock_ledger.put_in(brand.id, bought, 3, Kind.RECEIVED_SURPLUS, "a pack too many", source)

    assert brand.get(f"/v1/skus/{sku_id}").json["stock"]["free"] == 102
    assert brand.get(f"/v1/skus/{bought}").json["stock"] == {"tracked": True, "free": 3, "allocated": 0}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from_on=2026-02-02&to_on=2026-02-01", "period_reversed"),
        ("from_on=2024-01-01&to_on=2026-02-01", "period_too_long"),
        ("from_on=2999-01-01&to_on=2999-01-02", "period_ahead"),
    ],
)
def test_a_period_that_cannot_be_is_refused_by_name(brand, query, code):
    refused = brand.get(f"/v1/inventory?{query}")
    assert (refused.status, refused.json["code"]) == (422, code)
