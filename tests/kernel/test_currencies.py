"""The currencies of ISO 4217 that an order can be in: their digits, their cash, and how people read them."""

import pytest

from chalicelib.kernel.currencies import CASH_UNITS, CURRENCIES, cash_unit, worth
from chalicelib.kernel.money import Money

NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()  # noqa: SIM905
THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND".split()  # noqa: SIM905
NEVER_PAID = "BOV CHE CHW CLF COU MXV USN UYI UYW XAG XAU XDR XPD XPT XSU XTS XUA XXX".split()  # noqa: SIM905
"""Funds, units of account, metals and codes for tests: ISO 4217 lists them, nobody pays an order in them."""


def test_every_currency_that_somebody_pays_in_is_taken() -> None:
    assert {code for code, digits in CURRENCIES.items() if digits == 0} == set(NO_DIGITS)
    assert {code for code, digits in CURRENCIES.items() if digits == 3} == set(THREE_DIGITS)
    assert set(CURRENCIES.values()) == {0, 2, 3}
    assert len(CURRENCIES) == 155
    assert not CURRENCIES.keys() & set(NEVER_PAID)


@pytest.mark.parametrize("code", ["BRL", "CLP", "COP", "CZK", "HUF", "ILS", "ISK", "KES", "MGA", "MRU", "NGN", "TND",
                                  "UAH", "XCG", "ZWG"])  # fmt: skip
def test_currencies_of_whole_continents_are_among_them(code: str) -> None:
    assert code in CURRENCIES


def test_cash_comes_in_its_smallest_coins() -> None:
    coins = {"CHF": 5, "SEK": 100, "DKK": 50, "HUF": 500, "CZK": 100, "CLP": 10, "KWD": 5, "CNY": 1, "JPY": 1}
    assert {currency: cash_unit(currency) for currency in coins} == coins


def test_a_cash_unit_is_of_a_known_currency() -> None:
    assert CURRENCIES.keys() >= CASH_UNITS.keys()
    assert all(unit > 1 for unit in CASH_UNITS.values())


@pytest.mark.parametrize(
    ("amount_minor", "code", "en", "zh"),
    [
        (1_250, "CNY", "CN¥12.50", "¥12.50"), (1_250_000, "CNY", "CN¥12,500.00", "¥12,500.00"),
        (1_250, "JPY", "¥1,250", "JP¥1,250"), (5, "USD", "$0.05", "US$0.05"),
        (99_900, "TWD", "NT$999.00", "NT$999.00"),
        (1_250, "KWD", "KWD 1.250", "KWD 1.250"), (-1_205, "EUR", "-€12.05", "-€12.05"),
        (0, "CHF", "CHF 0.00", "CHF 0.00"),
    ],
)  # fmt: skip
def test_an_amount_is_said_as_people_write_it(amount_minor: int, code: str, en: str, zh: str) -> None:
    assert Money(amount_minor, code).said("en") == en
    assert Money(amount_minor, code).said("zh") == zh


def test_every_currency_knows_little_money_from_much() -> None:
    for currency in CURRENCIES:
        normal, high = worth(currency)
        assert 0 < normal < high


@pytest.mark.parametrize(
    ("currency", "of_a_dollar"),
    [
        ("VND", 26_000), ("IDR", 1_650_000), ("INR", 8_800), ("PHP", 5_800), ("JPY", 150), ("KWD", 310), ("USD", 100),
        ("HUF", 34_000),
    ],
)  # fmt: skip
def test_what_is_worth_much_is_tens_of_dollars(currency: str, of_a_dollar: int) -> None:
    """As of 2025. 1.20 dollars were worth much in VND, IDR, INR or PHP while their amounts were read as dollars."""
    normal, high = worth(currency)
    assert 3 * of_a_dollar < normal < 33 * of_a_dollar
    assert 15 * of_a_dollar < high < 165 * of_a_dollar
