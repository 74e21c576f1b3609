"""The rate of tax of a row of a price list, as people and spreadsheets write it."""

import io

import pytest
from openpyxl import Workbook

from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.imports.model.product_rows import read
from chalicelib.insight.imports.service.workbooks import as_csv

COLUMNS = ("title", "price", "tax_rate")


def rate(text: str) -> int | str | None:
    found = read([Row(2, ["Lychees", "39.90", text], 0)], COLUMNS, "CNY")
    return found.goods[0].rows[0].tax_bps if found.goods else found.bad[0][1].en


@pytest.mark.parametrize(
    ("text", "bps"),
    [("9", 900), ("9%", 900), ("13 %", 1_300), ("９％", 900), ("0.5%", 50), ("1", 100), ("5.5", 550), ("0", 0),
     ("0.0", 0), ("0%", 0), ("", None), ("—", None)],
)  # fmt: skip
def test_a_rate_is_read_as_it_is_written(text: str, bps: int | None) -> None:
    assert rate(text) == bps


@pytest.mark.parametrize("text", ["nine", "130", "-9", "9.555"])
def test_what_is_none_is_named_with_what_to_write(text: str) -> None:
    assert rate(text) == f"tax_rate '{text}' is no rate of tax: write per cent, such as 9 or 9%"


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [("0.09", "9", "0.09"), ("0.5", "50", "0.5"), ("０.1", "10", "0.1"), (".085", "8.5", "0.085")],
)
def test_below_one_it_must_be_written_as_per_cent(text: str, whole: str, part: str) -> None:
    assert rate(text) == f"tax_rate '{text}' may be {whole}% or {part}%: write which of them, with the sign"


def test_two_rows_of_one_code_that_differ_in_it_are_refused() -> None:
    rows = [Row(n, ["Lychees", "39.90", text, "LY-1"], 0) for n, text in ((2, "9"), (3, "13"))]
    assert "stands in row 2 already" in read(rows, (*COLUMNS, "code"), "CNY").bad[1][1].en


def test_a_percentage_of_a_workbook_has_its_sign() -> None:
    book, kept = Workbook(), io.BytesIO()
    shown = (("0%", 0.09), ("0.00%", 0.07), ("0%", 1), ("General", 0.09), ('0.0"%"', 5.5), ("0%", "none"))
    for at, (number_format, value) in enumerate(shown, 1):
        cell = book.active.cell(1, at, value)
        cell.number_format = number_format
    book.save(kept)
    assert as_csv(kept.getvalue()).decode("utf-8-sig").strip() == "9%,7%,100%,0.09,5.5,none"
