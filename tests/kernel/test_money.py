"""Splitting an amount: the shares sum exactly and nobody is a unit off his due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.money import CurrencyMismatch, Money, allocate, read_amount, write_amount

AMOUNTS = st.integers(min_value=-(10**15), max_value=10**15)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=40)


@given(AMOUNTS, WEIGHTS)
def test_shares_sum_to_the_amount(total, weights):
    assert sum(allocate(total, weights)) == total


@given(AMOUNTS, WEIGHTS)
def test_no_share_is_a_unit_away_from_its_exact_due(total, weights):
    whole = sum(weights) or len(weights)
    parts = weights if sum(weights) else [1] * len(weights)
    for share, part in zip(allocate(total, weights), parts, strict=True):
        assert abs(share * whole - total * part) < whole


@given(st.integers(min_value=0, max_value=10**15), WEIGHTS)
def test_a_larger_weight_never_gets_less(total, weights):
    shares = allocate(total, weights)
    ordered = sorted(zip(weights, shares, strict=True))
    assert [share for _, share in ordered] == sorted(shares)


@given(AMOUNTS, WEIGHTS)
def test_a_refund_is_the_charge_mirrored(total, weights):
    assert allocate(-total, weights) == [-share for share in allocate(total, weights)]


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # the earlier share gets the odd unit
        (1, [1, 1], [1, 0]),
        (10, [0, 0], [5, 5]),  # nothing to weigh by: equal parts
        (10, [0, 3], [0, 10]),
        (1001, [333, 333, 334], [333, 333, 335]),  # remainders 333, 333 and 334 of 1000
        (-100, [1, 1, 1], [-34, -33, -33]),
        (0, [5, 7], [0, 0]),
    ],
)
def test_worked_figures(total, weights, shares):
    assert allocate(total, weights) == shares


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_weights_must_be_present_and_not_negative(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)


def test_amounts_of_one_currency_add_subtract_multiply_and_compare():
    five, seven = Money(500, "CNY"), Money(700, "CNY")

    assert five + seven == Money(1200, "CNY")
    assert five - seven == Money(-200, "CNY")
    assert five * 3 == Money(1500, "CNY")
    assert Money.zero("CNY") < five <= five < seven
    assert seven > five >= five


@pytest.mark.parametrize("mixed", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b])
def test_currencies_never_mix(mixed):
    with pytest.raises(CurrencyMismatch):
        mixed(Money(1, "CNY"), Money(1, "JPY"))


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12.5", 1_250), ("1,250", 125_000), ("￥12.50", 1_250), ("１２", 1_200), ("12.500", 1_250), (" 3 元", 300),
        ("0", 0), ("12.505", None), ("12,50", None), ("-3", None), ("", None), ("1e3", None), ("9" * 14, None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed, minor):
    assert read_amount(typed, "CNY") == minor


def test_an_amount_has_the_decimals_of_its_currency():
    assert [read_amount("12", code) for code in ("JPY", "CNY", "KWD")] == [12, 1_200, 12_000]
    assert read_amount("12.5", "JPY") is None


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(1_250, "CNY", "12.50"), (5, "CNY", "0.05"), (-5, "CNY", "-0.05"), (1_250, "JPY", "1250"), (0, "KWD", "0.000")],
)
def test_an_amount_is_written_as_people_type_it(minor, currency, written):
    assert write_amount(minor, currency) == written
