"""Tables as files: CSV and workbooks, neither of which a spreadsheet runs as a program."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_BOM = "\ufeff"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class Csv:
    """A table as a download, UTF-8 (RFC 4180). ``for_people`` begins it with a byte-order mark, without which a
    spreadsheet takes Chinese for something else; programs read the table without one.
    """

    filename: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    for_people: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file as a download. Its content type is one of those that ``app.py`` registers as binary."""

    filename: str
    content_type: str
    content: bytes


def csv_text(table: Csv) -> str:
    """The table as CSV."""
    text = io.StringIO()
    if table.for_people:
        text.write(_BOM)
    writer = csv.writer(text)
    writer.writerow(table.header)
    writer.writerows([_inert(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def csv_file(table: Csv) -> File:
    """The table as a file of CSV."""
    return File(table.filename, CSV, csv_text(table).encode())


def workbook(table: Csv) -> File:
    """The table as a workbook of one sheet: texts are texts, numbers are numbers, the header stays in sight."""
    # Imported here because it costs a cold start 60 ms, and most requests want no workbook.
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {"in_memory": True, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(table.header):
            sheet.set_column(column, column, min(_WIDEST, max(10, 2 * len(name))))
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.header, book.add_format({"bold": True}))
        for n, row in enumerate(table.rows, 1):
            sheet.write_row(n, 0, row)
    return File(f"{table.filename.removesuffix('.csv')}.xlsx", XLSX, out.getvalue())


def _inert(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted (OWASP, CSV injection); numbers stay as they are."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_RISKY) else cell
