"""Amounts of money as people read them."""

import pytest

from chalicelib.web import MoneyField


@pytest.mark.parametrize(
    ("amount_minor", "currency", "words"),
    [
        (1_250, "CNY", "CNY 12.50"), (5, "USD", "USD 0.05"), (0, "CNY", "CNY 0.00"), (-1_205, "CNY", "CNY -12.05"),
        (1_250, "JPY", "JPY 1250"), (1_250, "KWD", "KWD 1.250"),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_its_currencys_digits(amount_minor: int, currency: str, words: str) -> None:
    assert str(MoneyField.of(amount_minor, currency)) == words
