"""Rules of the catalogue, without a database."""

import itertools

import pytest

from chalicelib.catalog.model.products import (
    MAX_SKUS,
    DuplicateSkuCode,
    InsufficientStock,
    Sku,
    SkuChange,
    WrongCurrency,
    adjusted,
    changed_skus,
    code_claims,
    fold,
)
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money

SMALL = Sku("S1", "TEA-S", "50 g", 1200, 700)
LARGE = Sku("S2", "TEA-L", "200 g", 4000, None)


def cny(amount):
    return Money(amount, "CNY")


def ids():
    numbers = itertools.count(1)
    return lambda: f"N{next(numbers)}"


def test_an_entry_without_id_adds_a_sku_and_one_with_id_changes_only_what_it_names():
    after = changed_skus(
        [SMALL, LARGE], [SkuChange("S2", price=cny(3900)), SkuChange(None, "TEA-X", "1 kg", cny(9000))], "CNY", ids()
    )

    assert after == [SMALL, Sku("S2", "TEA-L", "200 g", 3900, None), Sku("N1", "TEA-X", "1 kg", 9000, None)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ([SkuChange("S9", price=cny(1))], "/skus/0/id"),
        ([SkuChange("S1", price=cny(1)), SkuChange("S1", price=cny(2))], "/skus/1/id"),
        ([SkuChange(None, "A", "a", cny(1)), SkuChange(None, "B", None, cny(1))], "/skus/1/title"),
        ([SkuChange(None, f"A{n}", "a", cny(1)) for n in range(MAX_SKUS)], "/skus"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_at_its_place(changes, pointer):
    with pytest.raises(Invalid) as refused:
        changed_skus([SMALL], changes, "CNY", ids())
    assert refused.value.errors[0].pointer == pointer


@pytest.mark.parametrize("change", [SkuChange("S1", price=Money(1, "USD")), SkuChange("S1", cost=Money(1, "USD"))])
def test_prices_and_costs_are_in_the_tenants_currency(change):
    with pytest.raises(WrongCurrency):
        changed_skus([SMALL], [change], "CNY", ids())


def test_codes_are_compared_without_case_and_width():
    with pytest.raises(DuplicateSkuCode) as refused:
        changed_skus(
            [SMALL], [SkuChange(None, "tea-l", "a", cny(1)), SkuChange(None, "ＴＥＡ-Ｓ", "b", cny(1))], "CNY", ids()
        )
    assert refused.value.errors[0].pointer == "/skus/1/code"


def test_two_skus_may_exchange_their_codes():
    swapped = changed_skus([SMALL, LARGE], [SkuChange("S1", code="TEA-L"), SkuChange("S2", code="TEA-S")], "CNY", ids())

    claims = code_claims([SMALL, LARGE], swapped)

    assert claims.moved == {"tea-l": ("S2", "S1"), "tea-s": ("S1", "S2")}
    assert (claims.added, claims.dropped) == ({}, {})


def test_a_changed_code_frees_the_old_one():
    claims = code_claims([SMALL], changed_skus([SMALL], [SkuChange("S1", code="TEA-2")], "CNY", ids()))

    assert (claims.added, claims.dropped, claims.moved) == ({"tea-2": "S1"}, {"tea-s": "S1"}, {})


@pytest.mark.parametrize(("free", "delta", "after"), [(0, 5, 5), (5, -5, 0), (3, 2, 5)])
def test_stock_is_corrected_by_a_delta(free, delta, after):
    assert adjusted(free, delta) == after


def test_stock_never_falls_below_zero():
    with pytest.raises(InsufficientStock) as refused:
        adjusted(3, -4)
    assert refused.value.extra == {"free": 3, "delta": -4}


def test_stock_has_a_ceiling():
    with pytest.raises(Invalid):
        adjusted(10**9, 1)


def test_folding_ignores_case_width_and_blanks():
    assert fold("  Ｔｅａ \n LEAF ") == "tea leaf"
