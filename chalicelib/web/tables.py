"""Tables as files: CSV and workbooks, neither of which a spreadsheet runs as a program.

A table has one reader of two. A **program** gets field names, minor units and UTC instants, and no byte-order mark. A
**person** gets titles in their language, amounts in whole units of the currency, the brand's wall time, and the mark
without which a spreadsheet takes Chinese for something else.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import instant
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.spreadsheets import quoted

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_BOM = "\ufeff"
_MINOR = "_minor"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its ``name`` for programs, its titles for people."""

    name: str
    en: str
    zh: str

    def title(self, locale: str) -> str:
        """As a person reads it."""
        return self.zh if locale == "zh" else self.en

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Csv:
    """A table as a download, UTF-8 (RFC 4180). ``for_people`` begins it with a byte-order mark."""

    filename: str
    header: Sequence[str | Column]
    rows: Iterable[Sequence[Any]]
    for_people: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file as a download. Its content type is one of those that ``app.py`` registers as binary."""

    filename: str
    content_type: str
    content: bytes


def columns(**titles: tuple[str, str]) -> tuple[Column, ...]:
    """The columns of a table, each by its name with its title in English and in Chinese."""
    return tuple(Column(name, *both) for name, both in titles.items())


def for_reader(table: Csv, locale: str, tz: ZoneInfo | None = None) -> Csv:
    """A table as a person reads it; instants in the zone given, which their titles name."""
    if table.for_people:
        return table
    names = [str(each) for each in table.header]
    at = names.index("currency") if "currency" in names else None
    rows = [[_shown(name, cell, row, at, tz) for name, cell in zip(names, row, strict=True)] for row in table.rows]
    return replace(table, header=[_title(each, locale, tz) for each in table.header], rows=rows, for_people=True)


def csv_text(table: Csv) -> str:
    """The table as CSV."""
    text = io.StringIO()
    if table.for_people:
        text.write(_BOM)
    writer = csv.writer(text)
    writer.writerow([_inert(str(each)) for each in table.header])
    writer.writerows([_inert(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def csv_file(table: Csv) -> File:
    """The table as a file of CSV."""
    return File(table.filename, CSV, csv_text(table).encode(errors="replace"))


def _inert(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted; numbers stay as they are."""
    if isinstance(cell, datetime):
        return instant(cell)
    return quoted(cell) if isinstance(cell, str) else cell


def _title(column: str | Column, locale: str, tz: ZoneInfo | None) -> str:
    title = column.title(locale) if isinstance(column, Column) else column
    zoned = tz is not None and str(column).rpartition("_")[2] == "at"
    return f"{title} ({tz})" if zoned else title


def _shown(name: str, cell: Any, row: Sequence[Any], at: int | None, tz: ZoneInfo | None) -> Any:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(tz or UTC):%Y-%m-%d %H:%M}"
    if name.endswith(_MINOR) and isinstance(cell, int) and at is not None:
        return Decimal(cell).scaleb(-CURRENCIES[row[at]])
    return cell
