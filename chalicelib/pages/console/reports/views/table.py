"""A report's table as a person reads it on a page.

What stands above the table is not repeated in each of its rows, as it is in a file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from chalicelib.insight.reports.charting import in_percent
from chalicelib.insight.reports.data_quality import DataQualityView, ExampleView
from chalicelib.insight.reports.report import FRAME, ReportView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import is_id
from chalicelib.pages.shell.saying import Saying
from chalicelib.web import Csv, for_reader

MOST_ROWS = 200
"""What a page shows of a table; the file has all of it."""

_FRAME = frozenset({"not_additive", "complete", "assigned", *(str(each) for each in FRAME)})
_REPEATED = frozenset(
    {
        "measure",
        "figure",
        "unit",
        "mode",
        "window_hours",
        "values",
        "mean_minor",
        "median_minor",
        "standard_deviation_minor",
    }
    | {"mean", "median", "standard_deviation", "variance", "further_groups"}
)
"""Columns of a whole answer, which its file alone needs in each row."""

_IDS = frozenset({"group", "group_id", "value", "product_id", "campaign_id", "id", "code"})
"""Columns that a title beside them makes needless for people."""

_PERIODS = frozenset({"group", "period", "month"})
_DAYS = frozenset({"from_on", "to_on"})
_CALENDAR = re.compile(r"\d{4}-\d{2}(-\d{2})?")
"""A day or a month says by itself from when to when it is."""

_MINOR = "_minor"
_HUNDREDTH = Decimal("0.01")

_WIDE = 12
"""Columns, of more than which those are left out that have nothing in any row."""

_LONG = 40
"""Characters of a text that may take several lines."""

_RATES = frozenset({"share", "rate", "conversion", "of_first", "of_previous", "discounted_share", "p_alive"})
"""Columns whose numbers are parts of one, and read as percent."""

_PLACES = frozenset({"place", "rank", "hour", "hours", "days", "of"})
"""Columns whose numbers are there where there is nothing, too."""

_PAGES = {"order": "/orders/", "product": "/products/", "member": "/members/"}


@dataclass(frozen=True, slots=True)
class Link:
    """Something that is named, and its page if it has one."""

    text: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it stands in the table; a number stands at the right, ``members`` names who is behind it, and
    ``links`` stand in its place.
    """

    text: str
    number: bool
    members: str | None = None
    links: tuple[Link, ...] = ()

    @property
    def long(self) -> bool:
        return len(self.text.encode()) > _LONG


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``running`` where its figures are not final yet."""

    cells: list[Cell]
    running: bool


@dataclass(frozen=True, slots=True)
class Table:
    """``hidden`` rows, and ``left_out`` columns of nothing, are in the file alone. ``empty``: there are rows, and
    nothing in any.
    """

    header: Sequence[Cell]
    rows: list[Row]
    hidden: int
    left_out: int
    empty: bool

    @classmethod
    def of(cls, view: ReportView, table: Csv, behind: Sequence[Mapping[str, str]], say: Saying) -> "Table":
        names, rows = [str(each) for each in table.header], list(table.rows)
        needless = _needless(view, names, rows)
        nothing = _nothing(names, rows, needless)
        shown = [at for at in range(len(names)) if at not in needless | nothing]
        read = for_reader(Csv(table.filename, table.header, rows[:MOST_ROWS]), say.language, zone(view.timezone))
        numbers = {at for row in rows for at, each in enumerate(row) if isinstance(each, int | Decimal)}
        examples = _examples(view)
        running = _running(names, rows)
        found = []
        for at, (said, raw) in enumerate(zip(_titled(names, read.rows), rows, strict=False)):
            amounts = _amounts(names, raw, say)
            members = behind[at] if at < len(behind) else {}
            cells = [_cell(names[place], amounts.get(place, said[place]), members) for place in shown]
            if at < len(examples) and examples[at]:
                cells[shown.index(names.index("examples"))] = Cell("", number=False, links=examples[at])
            found.append(Row(cells, at in running))
        header = [Cell(str(read.header[at]), at in numbers) for at in shown]
        counted = [at for at in numbers if at not in needless and names[at] not in _PLACES]
        empty = bool(rows) and not any(row[at] for row in rows for at in counted)
        return cls(header, found, max(0, len(rows) - MOST_ROWS), len(nothing), empty)


def _running(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> frozenset[int]:
    """The rows whose figures are not final; none where none is, which the page says once."""
    if "complete" not in names:
        return frozenset()
    found = frozenset(at for at, row in enumerate(rows) if row[names.index("complete")] == "false")
    return frozenset() if len(found) == len(rows) else found


def _titled(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows; where one has no title, what it is of stands there."""
    title = names.index("title") if "title" in names else None
    of = next((at for at, name in enumerate(names) if name in _IDS), None)
    for row in rows:
        if title is None or of is None or row[title]:
            yield row
        else:
            yield [row[of] if at == title else each for at, each in enumerate(row)]


def _needless(view: ReportView, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> frozenset[int]:
    """The places of columns that say nothing beside what stands above the table: how it was made, what holds for the
    whole report, and nothing at all; nor beside other columns.
    """
    days = {"from_on": view.from_on, "to_on": view.to_on}
    titled = "title" in names and any(row[names.index("title")] for row in rows)
    dated = any(_is_calendar(rows, at) for at, name in enumerate(names) if name in _PERIODS)
    money = any(name.endswith(_MINOR) for name in names)
    found = {at for at, name in enumerate(names) if titled and name in _IDS}
    for at, name in enumerate(names):
        values = {row[at] for row in rows}
        alike = len(rows) > 1 and len(values) == 1
        if name in _FRAME or values <= {None, ""} or values == {days.get(name)} or (alike and name in _REPEATED):
            found.add(at)
        if (dated and name in _DAYS) or (money and name == "currency"):
            found.add(at)
    return frozenset(found)


def _is_calendar(rows: Sequence[Sequence[Any]], at: int) -> bool:
    return bool(rows) and all(_CALENDAR.fullmatch(str(row[at])) for row in rows)


def _nothing(names: Sequence[str], rows: Sequence[Sequence[Any]], needless: frozenset[int]) -> frozenset[int]:
    """Of a wide table, the places of columns that have nothing in any row."""
    if len(names) - len(needless) <= _WIDE:
        return frozenset()
    empty = {at for at in range(len(names)) if all(row[at] in (0, None, "") for row in rows)}
    return frozenset(empty) - needless


def _amounts(names: Sequence[str], row: Sequence[Any], say: Saying) -> dict[int, str]:
    """Amounts of a row as a person writes them, by their places."""
    currency = row[names.index("currency")] if "currency" in names else None
    if not currency:
        return {}
    return {
        at: say.amount(value, currency)
        for at, (name, value) in enumerate(zip(names, row, strict=True))
        if name.endswith(_MINOR) and isinstance(value, int)
    }


def _cell(name: str, value: Any, behind: Mapping[str, str]) -> Cell:
    if value is None or value == "":
        return Cell("–", number=False)
    if name in _RATES and isinstance(value, Decimal):
        return Cell(in_percent(str(value)), number=True)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Cell(f"{_rounded(value):,}", number=True, members=behind.get(name) if value else None)
    if name.endswith(_MINOR):
        return Cell(str(value), number=True)
    return Cell(value.isoformat() if isinstance(value, date) else str(value), number=False)


def _rounded(value: int | Decimal) -> int | Decimal:
    """With two decimals at most, half to even."""
    return value if value == round(value, 2) else Decimal(value).quantize(_HUNDREDTH, ROUND_HALF_EVEN)


def _examples(view: ReportView) -> list[tuple[Link, ...]]:
    """What each rule of doubtful data found, each with its page."""
    if not isinstance(view, DataQualityView):
        return []
    return [tuple(map(_example, each.examples)) for each in view.rows]


def _example(found: ExampleView) -> Link:
    to = _PAGES[found.kind] + found.id if found.kind in _PAGES and is_id(found.id) else ""
    if found.kind == "member":
        return Link(found.name or found.external_ref or _short(found.id), to)
    return Link(_short(found.id), to)


def _short(id_: str) -> str:
    """The end of an id of ours, by which few can be told apart; all of another's."""
    return f"…{id_[-6:]}" if is_id(id_) else id_
