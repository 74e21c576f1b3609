"""The table of taxes, and what holds of every document and of every way in which its money goes back."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.percent import percent_text, read_percent
from chalicelib.pricing.model.tax import (
    Tax,
    TaxRates,
    by_line,
    first_part,
    included,
    less,
    plus,
    read_rates,
    stored_rates,
    tax_of_lines,
)

RATES = st.sampled_from([None, 0, 100, 300, 550, 600, 900, 1_300, 10_000])


@dataclass(frozen=True)
class Row:
    """A document of the table: amounts by line, their rates, and what is to come out."""

    given: str
    amounts: dict[str, int]
    rates: dict[str, TaxRates]
    tax: list[tuple[str, int, int]]
    lines: list[int]


def _minor(text: str, digits: int) -> int:
    return int(Decimal(text).scaleb(digits))


def _row(line: str, digits: int) -> Row:
    given_as, document, tax, lines, _ = (cell.strip() for cell in line.strip("|").split("|"))
    amounts: dict[str, int] = {}
    rates: dict[str, TaxRates] = {}
    for each in document.split(", "):
        name, parts = each.split(" ")
        split = [part.split("@") for part in parts.split("+")]
        own = [(None if rate == "none" else read_percent(rate), _minor(amount, digits)) for amount, rate in split]
        amounts[name] = sum(amount for _, amount in own)
        if own[0][0] is not None:
            rates[name] = tuple(own) if len(own) > 1 else ((own[0][0], 1),)
    wanted = []
    for each in filter(None, tax.split("; ")):
        rate, _, sums = each.partition(": ")
        base, _, amount = sums.partition(" + ")
        wanted.append((rate, _minor(base, digits), _minor(amount, digits)))
    return Row(given_as, amounts, rates, wanted, [_minor(each, digits) for each in lines.split(", ") if each])


def _table() -> list[Row]:
    found, digits = [], 2
    for line in Path(__file__).with_name("taxes.md").read_text().splitlines():
        if line.startswith("## "):
            digits = 0 if "yen" in line else 2
        elif line.startswith("| ") and not line.startswith("| given"):
            found.append(_row(line, digits))
    return found


TABLE = _table()


def test_the_table_has_as_many_documents_as_promised() -> None:
    assert len(TABLE) >= 20


@pytest.mark.parametrize("row", TABLE, ids=[row.given for row in TABLE])
def test_a_document_has_the_tax_that_was_computed_by_hand(row: Row) -> None:
    tax = tax_of_lines(row.amounts, row.rates)
    assert [(each.rate, each.base_minor, each.tax_minor) for each in tax] == row.tax
    assert list(by_line(row.amounts, row.rates).values()) == row.lines


@st.composite
def documents(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, TaxRates]]:
    names = [f"line {n}" for n in range(draw(st.integers(1, 8)))]
    amounts = {name: draw(st.integers(0, 20_000)) for name in names}
    rates = {
        name: tuple(
            draw(st.lists(st.tuples(RATES, st.integers(1, 9)), min_size=1, max_size=3, unique_by=lambda r: r[0]))
        )
        for name in names
    }
    return amounts, {name: each for name, each in rates.items() if each != ((None, each[0][1]),)}


@given(documents())
def test_lines_sum_to_the_document_by_rate_and_in_all(document: tuple[dict[str, int], dict[str, TaxRates]]) -> None:
    amounts, rates = document
    tax, lines = tax_of_lines(amounts, rates), by_line(amounts, rates)
    assert sum(lines.values()) == sum(each.tax_minor for each in tax)
    assert all(0 <= part <= amounts[name] for name, part in lines.items())
    for each in tax:
        assert each.base_minor + each.tax_minor == each.gross_minor
        exact = each.gross_minor * each.rate_bps * 2 - each.tax_minor * 2 * (10_000 + each.rate_bps)
        assert -(10_000 + each.rate_bps) <= exact < 10_000 + each.rate_bps, "more than half a unit off"


@given(documents(), st.data())
def test_whatever_goes_back_in_parts_sums_to_the_tax_of_the_document(
    document: tuple[dict[str, int], dict[str, TaxRates]], data: st.DataObject
) -> None:
    amounts, rates = document
    left, had, back = dict(amounts), tax_of_lines(amounts, rates), list[Tax]()
    for _ in range(data.draw(st.integers(0, 5))):
        taken = {name: data.draw(st.integers(0, rest)) for name, rest in left.items()}
        before = tax_of_lines(left, rates)
        left = {name: rest - taken[name] for name, rest in left.items()}
        back.append(less(before, tax_of_lines(left, rates)))
        assert all(each.tax_minor >= 0 for each in back[-1]), "a refund never adds tax"
        total = sum(taken.values())
        if total:
            online = data.draw(st.integers(0, total))
            first = first_part(back[-1], online, total)
            rest = less(back[-1], first)
            assert plus(first, rest) == plus(back[-1])
            assert sum(each.gross_minor for each in first) <= online
    back.append(less(tax_of_lines(left, rates), ()))
    assert [each for each in plus(*back) if each.gross_minor] == list(had)


def test_by_two_ways_each_part_has_the_tax_of_its_money() -> None:
    tax = tax_of_lines({"tea": 113_00, "rice": 109_00}, {"tea": ((1_300, 1),), "rice": ((900, 1),)})
    first = first_part(tax, 111_00, 222_00)
    assert sum(each.gross_minor for each in first) == 111_00
    assert sum(each.gross_minor for each in less(tax, first)) == 111_00
    assert [each.tax_minor for each in first] == [6_50, 4_50]


def test_a_change_from_one_rate_to_another_is_negative_at_the_one_that_grew() -> None:
    before, after = tax_of_lines({"a": 113}, {"a": ((1_300, 1),)}), tax_of_lines({"b": 109}, {"b": ((900, 1),)})
    fell = less(before, after)
    assert [(each.rate, each.base_minor, each.tax_minor) for each in fell] == [("13", 100, 13), ("9", -100, -9)]
    half = first_part(fell, 2, 4)
    assert plus(half, less(fell, half)) == fell


def test_of_less_than_nothing_as_of_more() -> None:
    assert included(-3, 2_000) == -included(3, 2_000) == -1


@pytest.mark.parametrize(("text", "bps"), [("9", 900), ("0", 0), ("5.5", 550), ("7.25", 725), ("100", 10_000)])
def test_a_rate_is_written_as_it_was_read(text: str, bps: int) -> None:
    assert read_percent(text) == bps
    assert percent_text(bps) == text


@pytest.mark.parametrize("text", ["", "-1", "100.01", "101", "9.", "9.123", "9%", "٩", "1e1", " 9"])
def test_what_is_no_rate_is_none(text: str) -> None:
    assert read_percent(text) is None


def test_a_rate_loses_its_zeros() -> None:
    assert [percent_text(read_percent(text) or 0) for text in ("9.0", "9.50", "10", "0.00")] == ["9", "9.5", "10", "0"]


@pytest.mark.parametrize("rates", [(), ((900, 1),), ((0, 1),), ((1_300, 60), (None, 40))])
def test_rates_are_read_as_they_were_stored(rates: TaxRates) -> None:
    assert read_rates(stored_rates(rates) if rates else None) == rates
