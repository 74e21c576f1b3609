"""What the page of any report shows: its table as a person reads it, its charts, and what its figures mean.

What stands above the table is not repeated in each of its rows, as it is in a file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.insight.reports.charting import in_percent
from chalicelib.insight.reports.references import ReferenceView
from chalicelib.insight.reports.report import FRAME, DefinitionView, Fact, Report, ReportView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.principal import Principal
from chalicelib.pages.console.reports.model.said import OWN_PAGES
from chalicelib.web import Csv, for_reader

MOST_ROWS = 200
"""What a page shows of a table; the file has all of it."""


_FRAME = frozenset({"not_additive", "a_ids", "b_id", *(str(each) for each in FRAME)})
_REPEATED = frozenset(
    {
        "measure",
        "figure",
        "unit",
        "baskets",
        "mode",
        "window_hours",
        "values",
        "mean_minor",
        "median_minor",
        "standard_deviation_minor",
    }
    | {"mean", "median", "standard_deviation", "variance"}
)
"""Columns of a whole answer, which its file alone needs in each row."""

_IDS = frozenset({"group", "group_id", "value", "product_id"})
"""Columns that a title beside them makes needless for people."""

_LONG = 40
"""Characters of a text that may take several lines."""

_RATES = frozenset(
    {"share", "rate", "conversion", "of_first", "of_previous", "discounted_share", "p_alive", "support", "confidence"}
)
"""Columns whose numbers are parts of one, and read as percent."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it stands in the table; a number stands at the right, and ``members`` names who is behind it."""

    text: str
    number: bool
    members: str | None = None

    @property
    def long(self) -> bool:
        return len(self.text.encode()) > _LONG


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``running`` where its figures are not final yet."""

    cells: list[Cell]
    running: bool


@dataclass(frozen=True, slots=True)
class ReportShown:
    """``charts`` are their titles; ``hidden`` rows are in the file alone. ``job`` computes the figures anew."""

    view: ReportView
    charts: list[str]
    header: Sequence[Cell]
    rows: list[Row]
    hidden: int
    definitions: list[DefinitionView]
    facts: list[tuple[str, Fact]]
    references: list[ReferenceView]
    job: str | None

    @classmethod
    def of(cls, report: Report[Any, Any], view: ReportView, language: str) -> "ReportShown":
        table = report.table(view)
        names, rows = [str(each) for each in table.header], list(table.rows)
        told = _told(view, names, rows)
        read = for_reader(Csv(table.filename, table.header, rows[:MOST_ROWS]), language, zone(view.timezone))
        numbers = {at for row in rows for at, each in enumerate(row) if isinstance(each, int | Decimal)}
        behind = [*(report.behind(view) if report.behind else ()), *[{}] * len(rows)]
        return cls(
            view,
            titles(report, view, language),
            [Cell(str(each), at in numbers) for at, each in enumerate(read.header) if at not in told],
            [
                Row(
                    [_cell(names[at], each, members) for at, each in enumerate(row) if at not in told],
                    "complete" in names and raw[names.index("complete")] == "false",
                )
                for row, raw, members in zip(_titled(names, read.rows), rows, behind, strict=False)
            ],
            max(0, len(rows) - MOST_ROWS),
            definitions(view),
            [(each.name.said(language), each) for each in (report.facts(view) if report.facts else ())],
            list(getattr(view, "reference", ())),
            getattr(view, "job_id", None),
        )

    def named(self, members: str) -> list[tuple[str, str]]:
        """What is behind a figure that ``members`` names: the row up to it, by the titles of the columns."""
        for name, fact in self.facts:
            if fact.members == members:
                return [(name, fact.value)]
        for row in self.rows:
            for at, cell in enumerate(row.cells):
                if cell.members == members:
                    return [
                        (title.text, each.text) for title, each in zip(self.header, row.cells[: at + 1], strict=False)
                    ]
        return []


def _titled(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows; where one has no title, what it is of stands there."""
    title = names.index("title") if "title" in names else None
    of = next((at for at, name in enumerate(names) if name in _IDS), None)
    for row in rows:
        if title is None or of is None or row[title]:
            yield row
        else:
            yield [row[of] if at == title else each for at, each in enumerate(row)]


def _told(view: ReportView, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> frozenset[int]:
    """The places of columns that say nothing beside what stands above the table: how it was made, what holds for the
    whole report, and nothing at all.
    """
    days = {"from_on": view.from_on, "to_on": view.to_on}
    titled = "title" in names and any(row[names.index("title")] for row in rows)
    found = {at for at, name in enumerate(names) if titled and name in _IDS}
    for at, name in enumerate(names):
        values = {row[at] for row in rows}
        alike = len(rows) > 1 and len(values) == 1
        if name in _FRAME or values <= {None, ""} or values == {days.get(name)} or (alike and name in _REPEATED):
            found.add(at)
    return frozenset(found)


def titles(report: Report[Any, Any], view: ReportView, language: str) -> list[str]:
    """What the charts of an answer are called."""
    return [each.title.said(language) for each in (report.charts(view) if report.charts else ())]


@dataclass(frozen=True, slots=True)
class Entry:
    """A report in the list of all: its page, what it is called, and what it tells."""

    at: str
    title: str
    tells: str


def readable(who: Principal, language: str) -> list[Entry]:
    """The reports that somebody may read, by what they are called."""
    found = [
        Entry(
            OWN_PAGES.get(name, f"/reports/{name}"),
            each.called.said(language),
            each.tells.said(language) if each.tells else "",
        )
        for name, each in REPORTS.items()
        if who.has(*each.roles)
    ]
    return sorted(found, key=lambda each: each.title)


def definitions(view: ReportView) -> list[DefinitionView]:
    """What the figures of an answer mean, each once, wherever it says so."""
    said = [getattr(view, "definition", None), *getattr(view, "definitions", ())]
    said += [getattr(each, "definition", None) for each in getattr(view, "rows", ())]
    said.append(getattr(getattr(view, "compared", None), "definition", None))
    return list({(each.name, each.version): each for each in said if each is not None}.values())


def _cell(name: str, value: Any, behind: Mapping[str, str]) -> Cell:
    if value is None or value == "":
        return Cell("–", number=False)
    if name in _RATES and isinstance(value, Decimal):
        return Cell(in_percent(str(value)), number=True)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Cell(f"{value:,}", number=True, members=behind.get(name) if value else None)
    return Cell(value.isoformat() if isinstance(value, date) else str(value), number=False)
