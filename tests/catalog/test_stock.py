"""Stock on the engine: the ledger over HTTP, allocation as campaigns use it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.catalog.model.products import InsufficientStock
from chalicelib.catalog.model.stock import Source
from chalicelib.catalog.service import products as service
from chalicelib.catalog.service import set_aside
from chalicelib.db import Refused, Transaction, metered, tenant_scope
from chalicelib.kernel import clock as product_clock

SOURCE = Source("campaign:a", "system", product_clock.now())


@pytest.fixture
def sku_id(brand):
    """A SKU whose stock nobody has counted yet."""
    return brand.product()["skus"][0]["id"]


def stock(brand, sku_id):
    return brand.get(f"/v1/skus/{sku_id}").json["stock"]


def ledger(brand, sku_id):
    return brand.get(f"/v1/skus/{sku_id}/adjustments?limit=100").json["items"]


def allocate(brand, quantities):
    tx = Transaction()
    taken = set_aside.allocate(tx, brand.id, quantities, SOURCE)
    if len(tx):
        tx.commit()
    return taken


def release(brand, quantities):
    tx = Transaction()
    set_aside.release(tx, brand.id, quantities, SOURCE)
    if len(tx):
        tx.commit()


def test_stock_counts_from_the_first_correction_on(brand, sku_id):
    assert stock(brand, sku_id) == {"tracked": False, "free": 0, "allocated": 0}

    made = brand.adjust(sku_id, 40, "k1", "delivery")

    assert (made.status, made.json["delta"], made.json["free"], made.json["reason"]) == (201, 40, 40, "delivery")
    assert stock(brand, sku_id) == {"tracked": True, "free": 40, "allocated": 0}


def test_the_same_key_gets_the_first_answer_for_ever(brand, sku_id):
    first = brand.adjust(sku_id, 5, "k1")
    brand.adjust(sku_id, -5, "k2")

    again = brand.adjust(sku_id, 5, "k1")

    assert (again.status, again.json) == (201, first.json)
    assert stock(brand, sku_id)["free"] == 0


def test_the_same_key_with_another_body_is_refused(brand, sku_id):
    brand.adjust(sku_id, 5, "k1")

    refused = brand.adjust(sku_id, 6, "k1")

    assert (refused.status, refused.json["code"]) == (422, "idempotency_mismatch")
    assert stock(brand, sku_id)["free"] == 5


def test_a_correction_needs_a_key(brand, sku_id):
    refused = brand.post(f"/v1/skus/{sku_id}/adjustments", {"delta": 5, "reason": "count"})
    assert (refused.status, refused.json["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize("delta", [0, 10**9 + 1, "5", 1.5, None])
def test_a_correction_is_a_whole_number_but_not_zero(brand, sku_id, delta):
    assert brand.adjust(sku_id, delta, "k1").status == 422
    assert ledger(brand, sku_id) == []


def test_stock_never_falls_below_zero(brand, sku_id):
    brand.adjust(sku_id, 3, "k1")

    refused = brand.adjust(sku_id, -4, "k2")

    assert (refused.status, refused.json["code"], refused.json["free"]) == (409, "insufficient_stock", 3)
    assert [entry["delta"] for entry in ledger(brand, sku_id)] == [3]


def test_the_ledger_lists_who_changed_what_newest_first(brand, sku_id, clock):
    for number, delta in enumerate([10, -2, 5]):
        brand.adjust(sku_id, delta, f"k{number}")
        clock.advance(seconds=1)

    page = brand.get(f"/v1/skus/{sku_id}/adjustments?limit=2").json
    rest = brand.get(f"/v1/skus/{sku_id}/adjustments?limit=2&cursor={page['next_cursor']}").json

    assert [(entry["delta"], entry["free"]) for entry in page["items"] + rest["items"]] == [(5, 13), (-2, 8), (10, 10)]
    assert rest["next_cursor"] is None
    assert page["items"][0]["by"].startswith("api_key:")


def test_sixteen_corrections_at_once_sum_up(brand, sku_id):
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda n: brand.adjust(sku_id, n, f"k{n}"), range(1, 17)))

    done = [reply.json["delta"] for reply in replies if reply.status == 201]
    entries = ledger(brand, sku_id)
    assert {reply.status for reply in replies} <= {201, 503}
    assert sorted(entry["delta"] for entry in entries) == sorted(done)
    assert stock(brand, sku_id)["free"] == sum(done)


def test_one_key_sent_sixteen_times_at_once_counts_once(brand, sku_id):
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: brand.adjust(sku_id, 7, "same"), range(16)))

    assert {reply.text for reply in replies} == {replies[0].text}
    assert (stock(brand, sku_id)["free"], len(ledger(brand, sku_id))) == (7, 1)


def test_a_correction_reads_once_and_writes_one_transaction(brand, sku_id):
    with metered() as meter:
        brand.adjust(sku_id, 7, "k1")

    # One of the two reads is that of the API key.
    assert (meter.reads, meter.writes) == (2, 1)


def test_units_move_between_free_and_allocated(brand, sku_id):
    brand.adjust(sku_id, 10, "k1")
    with tenant_scope(brand.id):
        taken = allocate(brand, {sku_id: 6})
        assert taken == {sku_id: 6}
        assert stock(brand, sku_id) == {"tracked": True, "free": 4, "allocated": 6}
        release(brand, taken)

    assert stock(brand, sku_id) == {"tracked": True, "free": 10, "allocated": 0}


def test_an_untracked_sku_is_offered_freely_and_gives_nothing_back(brand, sku_id):
    with tenant_scope(brand.id):
        assert allocate(brand, {sku_id: 6}) == {}
        brand.adjust(sku_id, 10, "k1")
        release(brand, {sku_id: 6})

    assert stock(brand, sku_id) == {"tracked": True, "free": 10, "allocated": 0}


def test_more_than_is_free_cannot_be_allocated(brand, sku_id):
    brand.adjust(sku_id, 5, "k1")
    product_id = brand.get(f"/v1/skus/{sku_id}").json["product_id"]
    brand.patch(f"/v1/products/{product_id}", {"skus": [{"id": sku_id, "supply": "stock"}]})

    with tenant_scope(brand.id), pytest.raises(InsufficientStock):
        allocate(brand, {sku_id: 6})


def test_of_two_allocations_of_the_last_units_one_is_refused_by_name(brand, sku_id):
    brand.adjust(sku_id, 5, "k1")
    with tenant_scope(brand.id):
        first, second = Transaction(), Transaction()
        set_aside.allocate(first, brand.id, {sku_id: 4}, SOURCE)
        set_aside.allocate(second, brand.id, {sku_id: 4}, SOURCE)
        first.commit()
        with pytest.raises(Refused) as refused:
            second.commit()

    assert refused.value.names == {f"sku:{sku_id}"}
    assert stock(brand, sku_id) == {"tracked": True, "free": 1, "allocated": 4}


def test_skus_are_read_by_id_and_by_code_in_one_request(brand):
    made = brand.product("Tea", brand.sku("Tea-1"), brand.sku("TEA-2"))
    one, two = (sku["id"] for sku in made["skus"])

    with tenant_scope(brand.id), metered() as meter:
        by_id = set_aside.get_skus(brand.id, [one, two, made["id"]])
        by_code = service.find_by_codes(brand.id, ["tea-1", "TEA-2", "none"])

    assert set(by_id) == {one, two}
    assert {code: claim.sku_id for code, claim in by_code.items()} == {"tea-1": one, "TEA-2": two}
    assert meter.reads == 2
