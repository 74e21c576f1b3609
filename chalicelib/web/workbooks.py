"""Workbooks that open wherever they go, whatever the names and texts in them.

Texts are texts and numbers are numbers, amounts with the decimals of their currency; the header stays in sight.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any

from chalicelib.web.names import sheet_names, xml_text
from chalicelib.web.tables import XLSX, Csv, File

MOST_SHEET_ROWS = 1_048_575
"""Below its header (Microsoft, *Excel specifications and limits*)."""

_WIDEST = 40
_MOST_CELL_UNITS = 32_767
"""UTF-16 units in a cell (Microsoft, *Excel specifications and limits*)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is to be: ``name`` as people call it, ``rows`` in the order of ``header``, a last row in bold."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    total: Sequence[Any] | None = None
    widths: Sequence[int] = ()


def workbook(table: Csv) -> File:
    """The table as a workbook, of one sheet as long as its rows have room there."""
    rows = list(table.rows)
    return book(
        f"{table.filename.removesuffix('.csv')}.xlsx", sheets_of(replace(table, rows=rows), len(rows)), "Sheet1"
    )


def sheets_of(table: Csv, count: int) -> list[Sheet]:
    """The rows of a table on as many sheets as they need; each row is read once, in its order."""
    header, rows = [str(each) for each in table.header], iter(table.rows)
    return [Sheet("", header, islice(rows, MOST_SHEET_ROWS)) for _ in range(max(1, -(-count // MOST_SHEET_ROWS)))]


def book(filename: str, sheets: Sequence[Sheet], otherwise: str) -> File:
    """A workbook of these sheets; ``otherwise`` names those whose name comes to nothing."""
    # Imported here because it costs a cold start 60 ms, and most requests want no workbook.
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {
        "in_memory": True, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as made:
        bold = made.add_format({"bold": True})
        money = _Money(made)
        for sheet, name in zip(sheets, sheet_names([each.name for each in sheets], otherwise), strict=True):
            _fill(made.add_worksheet(name), sheet, bold, money)
    return File(filename, XLSX, out.getvalue())


def _fill(page: Any, sheet: Sheet, bold: Any, money: "_Money") -> None:
    widths = sheet.widths or [min(_WIDEST, max(10, 2 * len(title))) for title in sheet.header]
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    page.write_row(0, 0, map(_cell, sheet.header), bold)
    n = 0
    for n, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            page.write(n, column, _cell(cell), *money.of(cell))
    if sheet.total is not None:
        page.write_row(n + 1, 0, map(_cell, sheet.total), bold)


class _Money:
    """How amounts are shown: with as many decimals as they have."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[int, Any] = {}

    def of(self, cell: Any) -> tuple[Any, ...]:
        """The format of a cell, if it has one."""
        if not isinstance(cell, Decimal):
            return ()
        places = max(0, -int(cell.as_tuple().exponent))
        if places not in self._known:
            self._known[places] = self._book.add_format({"num_format": f"#,##0.{'0' * places}".rstrip(".")})
        return (self._known[places],)


def _cell(value: Any) -> Any:
    """A value as a cell takes it."""
    if not isinstance(value, str):
        return value
    text = xml_text(value)
    if 2 * len(text) <= _MOST_CELL_UNITS:
        return text
    return text.encode("utf-16-le")[: 2 * _MOST_CELL_UNITS].decode("utf-16-le", "ignore")
