"""Names in files, sheets and headers: whatever something is called, its file opens."""

import io
import re
from urllib.parse import unquote

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from chalicelib.web.names import disposition, file_name, sheet_names
from tests.web.nasty import NASTY_NAMES


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_every_sheet_of_a_workbook_has_a_name_that_a_spreadsheet_takes() -> None:
    names = sheet_names(NASTY_NAMES, "Supplier")

    assert len({name.casefold() for name in names}) == len(NASTY_NAMES)
    for name in names:
        assert 0 < units(name) <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f\u202e]", name)
        assert name.strip("' ") == name
        assert name.casefold() != "history"
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name in names:
            book.add_worksheet(name)
    assert openpyxl.load_workbook(made).sheetnames == names


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["Orchard", "orchard", "ORCHARD"], ["Orchard", "orchard 2", "ORCHARD 3"]),
        (["History"], ["History 2"]),
        (["a" * 40, "a" * 41], ["a" * 31, "a" * 29 + " 2"]),
        (["", "?"], ["None", "None 2"]),
        (["👨‍👩‍👧‍👦" * 8], ["👨‍👩‍👧‍👦" * 2]),
        (["🇨🇳🇫🇷" * 4], ["🇨🇳🇫🇷" * 3 + "🇨🇳"]),
        (["e\u0301" * 20], ["e\u0301" * 15]),
        (["it's"], ["it's"]),
    ],
)
def test_a_sheets_name_stays_as_much_itself_as_it_can(names: list[str], wanted: list[str]) -> None:
    assert sheet_names(names, "None") == wanted


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_a_file_has_a_name_that_every_system_keeps(name: str) -> None:
    made = file_name(name, "xlsx")

    stem = made.removesuffix(".xlsx")
    assert stem.strip(". ") == stem != ""
    assert len(made.encode()) <= 200
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\u200b\u200e\u202e\ufffe]', made)
    assert stem.upper() != "CON"


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_a_download_says_its_name_in_a_header_of_one_line(name: str) -> None:
    header = disposition(f"{name}.xlsx")

    said = re.fullmatch(r"""attachment; filename="([ -!#-\[\]-~]+)"(?:; filename\*=UTF-8''([!-~]+))?""", header)
    assert said is not None
    assert said[1].endswith(".xlsx")
    assert unquote(said[2] or said[1]) == file_name(name, "xlsx")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("orders.csv", 'attachment; filename="orders.csv"'),
        ("分拣单.csv", "attachment; filename=\"file.csv\"; filename*=UTF-8''%E5%88%86%E6%8B%A3%E5%8D%95.csv"),
        ("Crème.csv", "attachment; filename=\"Creme.csv\"; filename*=UTF-8''Cr%C3%A8me.csv"),
    ],
)
def test_names_that_ascii_cannot_say_are_said_twice(name: str, wanted: str) -> None:
    assert disposition(name) == wanted
