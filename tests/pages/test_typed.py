"""What people type, as the API takes it, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel.errors import Invalid, Stale
from chalicelib.kernel.money import Money
from chalicelib.pages.shell.typed import Reading, amount, at_fields, clock_time, without_minor, written


def reading(currency="CNY", zone="Asia/Shanghai"):
    return Reading(currency, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("12.50", "CNY", 1250),
        (" ¥1,250 ", "CNY", 125_000),
        ("￥１２．５", "CNY", 1250),
        ("0", "CNY", 0),
        ("1250", "JPY", 1250),
        ("1.234", "KWD", 1234),
    ],
)
def test_an_amount_is_read_as_it_is_typed(typed, currency, minor):
    asked = reading(currency)
    assert asked.amount(typed, "/price") == {"amount_minor": minor, "currency": currency}
    asked.check()


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("12.505", "CNY"),
        ("12.5", "JPY"),
        ("-1", "CNY"),
        ("1,25", "CNY"),
        ("ten", "CNY"),
        ("1e3", "CNY"),
        ("9" * 16, "CNY"),
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(typed, currency):
    asked = reading(currency)
    assert asked.amount(typed, "/offers/0/price") is None
    with pytest.raises(Invalid) as refused:
        asked.check()
    assert [each.pointer for each in refused.value.errors] == ["/offers/0/price"]


@pytest.mark.parametrize(
    ("typed", "currency", "minor"), [("12.5", "CNY", 1250), ("1,250", "JPY", 1250), ("0.125", "KWD", 125)]
)
def test_a_single_amount_is_read_and_written_alike(typed, currency, minor):
    assert amount(typed, currency, "/x") == Money(minor, currency).as_json()
    assert amount(written(Money(minor, currency)), currency, "/x") == Money(minor, currency).as_json()


@pytest.mark.parametrize("typed", ["much", "1.005", "NaN", "1e40", "", "1e3", "1,25"])
def test_what_is_no_single_amount_is_refused(typed):
    with pytest.raises(Invalid, match=r"12\.50"):
        amount(typed, "CNY", "/x")


def test_nothing_typed_is_nothing():
    asked = reading()
    assert (asked.amount(" ", "/price"), asked.moment("", "/opens_at")) == (None, None)
    asked.check()


@pytest.mark.parametrize("minor", [0, 5, 1250, 100_000])
@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD"])
def test_an_amount_is_written_as_it_is_read(minor, currency):
    assert reading(currency).amount(written(Money(minor, currency)), "") == Money(minor, currency).as_json()


@pytest.mark.parametrize(
    ("typed", "zone", "instant"),
    [
        ("2026-11-30T18:00", "Asia/Shanghai", "2026-11-30T10:00:00Z"),
        ("2026-11-30 18:00", "Asia/Shanghai", "2026-11-30T10:00:00Z"),
        ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00Z"),  # clocks skip it: as long after
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z"),  # comes twice: the first
    ],
)
def test_a_moment_is_read_by_the_brands_clock(typed, zone, instant):
    asked = reading(zone=zone)
    assert asked.moment(typed, "/closes_at") == instant
    asked.check()


@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30T10:00", "2026-11-30", "0001-01-01T00:00"])
def test_what_is_no_moment_is_refused_at_its_field(typed):
    asked = reading()
    asked.moment(typed, "/closes_at")
    with pytest.raises(Invalid) as refused:
        asked.check()
    assert refused.value.errors[0].pointer == "/closes_at"


def test_a_moment_is_shown_by_the_brands_clock():
    assert clock_time(datetime(2026, 11, 30, 10, 0, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai")) == "2026-11-30T18:00"
    assert clock_time(None, ZoneInfo("UTC")) == ""


def test_a_refusal_is_said_of_the_forms_fields_and_stays_what_it_is():
    with pytest.raises(Stale) as refused, at_fields(without_minor):
        raise Stale.at("/offers/0/price/amount_minor", "No.")
    assert refused.value.errors[0].pointer == "/offers/0/price"
