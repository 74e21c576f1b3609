"""Tables as files, for programs and for people: nothing in them is run, and whatever is in them, they open."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from chalicelib.kernel.clock import zone
from chalicelib.kernel.spreadsheets import is_formula, quoted, unquoted
from chalicelib.web import TRUTHS, Csv, columns, csv_file, for_reader
from chalicelib.web.workbooks import Sheet, book, workbook
from tests.web.nasty import NASTY_NAMES

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
TABLE = Csv(
    "sales.csv",
    columns(
        title=("Title", "商品"),
        at=("Sold at", "售出时间"),
        amount_minor=("Amount", "金额"),
        currency=("Currency", "币种"),
        paid=("Paid", "已付款", TRUTHS),
    ),
    [
        ["茶壶", NOON, 1250, "CNY", "true"],
        ["=1+1", NOON, 1250, "JPY", "false"],
        ["Rest", NOON, None, "KWD", None],
    ],
)


def read(table: Csv) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_file(table).content.decode("utf-8"))))


def cells(content: bytes) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_a_program_gets_field_names_minor_units_and_instants() -> None:
    assert read(TABLE) == [
        ["title", "at", "amount_minor", "currency", "paid"],
        ["茶壶", "2026-06-01T04:00:00Z", "1250", "CNY", "true"],
        ["'=1+1", "2026-06-01T04:00:00Z", "1250", "JPY", "false"],
        ["Rest", "2026-06-01T04:00:00Z", "", "KWD", ""],
    ]


@pytest.mark.parametrize(
    ("locale", "titles", "said"),
    [
        ("en", ["\ufeffTitle", "Sold at (Asia/Shanghai)", "Amount", "Currency", "Paid"], ["yes", "no"]),
        ("zh", ["\ufeff商品", "售出时间（Asia/Shanghai）", "金额", "币种", "已付款"], ["是", "否"]),
    ],
)
def test_a_person_gets_titles_amounts_and_wall_time(locale: str, titles: list[str], said: list[str]) -> None:
    assert read(for_reader(TABLE, locale, zone("Asia/Shanghai"))) == [
        titles,
        ["茶壶", "2026-06-01 12:00", "12.50", "CNY", said[0]],
        ["'=1+1", "2026-06-01 12:00", "1250", "JPY", said[1]],
        ["Rest", "2026-06-01 12:00", "", "KWD", ""],
    ]


def test_a_workbook_has_texts_as_texts_and_amounts_with_their_decimals() -> None:
    made = workbook(for_reader(TABLE, "zh", zone("Asia/Shanghai")))

    assert made.filename == "sales.xlsx"
    assert cells(made.content)[1:] == [
        ["茶壶", "2026-06-01 12:00", 12.5, "CNY", "是"],
        ["=1+1", "2026-06-01 12:00", 1250, "JPY", "否"],
        ["Rest", "2026-06-01 12:00", None, "KWD", None],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(made.content)).active
    assert [sheet[place].number_format for place in ("C2", "C3")] == ["#,##0.00", "#,##0"]
    assert sheet["A3"].data_type == "s"


def test_whatever_sheets_and_cells_are_called_the_workbook_opens() -> None:
    sheets = [Sheet(name, ["Title", name], [[name, Decimal("1.00")]], ["Total", name]) for name in NASTY_NAMES]

    made = openpyxl.load_workbook(io.BytesIO(book("x.xlsx", sheets, "Sheet").content))

    assert len(made.sheetnames) == len(NASTY_NAMES)
    values = [sheet["A2"].value for sheet in made.worksheets]
    assert values[NASTY_NAMES.index("=1+1")] == "=1+1"
    assert values[NASTY_NAMES.index("bad\ufffe\x01name\x00")] == "bad\ufffd\ufffdname\ufffd"


def test_a_text_longer_than_a_cell_takes_is_cut_and_not_dropped() -> None:
    [[_], [value]] = cells(book("x.xlsx", [Sheet("x", ["a"], [["🍊" * 20_000]])], "Sheet").content)

    assert value == "🍊" * 16_383


@pytest.mark.parametrize(
    "text",
    [
        "=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\nplain", " =1", "\u3000=1", "＝1", "＋1", "－1", "＠x",
        " \u3000＝cmd|calc", "\ufeff=1", "\u200b=1", " \u200b =1",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_could_run_is_quoted_and_read_back_as_it_was(text: str) -> None:
    assert quoted(text) == f"'{text}"
    assert unquoted(quoted(text)) == text
    assert read(Csv("x.csv", ["a"], [[text]]))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "plain", "a=1", "1-1", "'tis", "王＝小", "12.50", "'", "'quoted'"])
def test_other_texts_stay_themselves(text: str) -> None:
    assert not is_formula(text)
    assert (quoted(text), unquoted(text)) == (text, text)


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_no_name_is_run_by_a_spreadsheet_nor_lost(name: str) -> None:
    [_, [shown]] = (
        read(
            Csv(
                "x.csv",
                ["a"],
                [
                    [
                        name,
                    ]
                ],
            )
        )
        if name
        else [[], [""]]
    )

    assert not is_formula(shown)
    assert unquoted(shown) == name.encode(errors="replace").decode()
