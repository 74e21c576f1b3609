"""Tables as files: CSV and workbooks, neither of which a spreadsheet runs as a program.

A table has one reader of two. A **program** gets field names, minor units and UTC instants, and no byte-order mark. A
**person** gets titles in their language, amounts in whole units of the currency, the brand's wall time, and the mark
without which a spreadsheet takes Chinese for something else.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    """A column: its ``name`` for programs, its titles for people, and in ``words`` its values in both languages where
    they are words.
    """

    name: str
    en: str
    zh: str
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def title(self, locale: str) -> str:
        """As a person reads it."""
        return self.zh if locale == "zh" else self.en

    def said(self, cell: Any, locale: str) -> Any:
        """A value as a person reads it."""
        return self.words[cell][locale == "zh"] if isinstance(cell, str) and cell in self.words else cell

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


TRUTHS = {"true": ("yes", "是"), "false": ("no", "否")}


def columns(**titles: tuple[str, str] | tuple[str, str, Mapping[str, tuple[str, str]]]) -> tuple[Column, ...]:
    """The columns of a table, each by its name with its title in English and in Chinese, and the words of its values
    where they have some.
    """
    return tuple(Column(name, *said) for name, said in titles.items())


def for_reader(table: Csv, locale: str, tz: ZoneInfo | None = None) -> Csv:
    """A table as a person reads it; instants in the zone given, which their titles name."""
    if table.for_people:
        return table
    header = [each if isinstance(each, Column) else Column(each, each, each) for each in table.header]
    at = next((i for i, each in enumerate(header) if each.name == "currency"), None)
    rows = [
        [each.said(_shown(each.name, cell, row, at, tz), locale) for each, cell in zip(header, row, strict=True)]
        for row in table.rows
    ]
    return replace(table, header=[_title(each, locale, tz) for each in header], rows=rows, for_people=True)


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


def _title(column: Column, locale: str, tz: ZoneInfo | None) -> str:
    zoned = tz is not None and column.name.rpartition("_")[2] == "at"
    if not zoned:
        return column.title(locale)
    return f"{column.title(locale)}（{tz}）" if locale == "zh" else f"{column.title(locale)} ({tz})"


def _shown(name: str, cell: Any, row: Sequence[Any], at: int | None, tz: ZoneInfo | None) -> Any:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(tz or UTC):%Y-%m-%d %H:%M}"
    if name.endswith(_MINOR) and isinstance(cell, int | Decimal) and at is not None:
        return Decimal(cell).scaleb(-CURRENCIES[row[at]])
    return cell
