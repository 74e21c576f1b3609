"""What the page of any report shows: its table as a person reads it, its charts, and what its figures mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.insight.reports.report import DefinitionView, Report, ReportView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.principal import Principal
from chalicelib.pages.console.reports.model.said import OWN_PAGES
from chalicelib.web import for_reader

MOST_ROWS = 200
"""What a page shows of a table; the file has all of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it stands in the table; a number stands at the right."""

    text: str
    number: bool


@dataclass(frozen=True, slots=True)
class ReportShown:
    """``charts`` are their titles; ``hidden`` rows are in the file alone."""

    view: ReportView
    charts: list[str]
    header: Sequence[str]
    rows: list[list[Cell]]
    hidden: int
    definitions: list[DefinitionView]

    @classmethod
    def of(cls, report: Report[Any, Any], view: ReportView, language: str) -> "ReportShown":
        table = for_reader(report.table(view), language, zone(view.timezone))
        rows = list(table.rows)
        return cls(
            view,
            titles(report, view, language),
            [str(each) for each in table.header],
            [[_cell(each) for each in row] for row in rows[:MOST_ROWS]],
            max(0, len(rows) - MOST_ROWS),
            definitions(view),
        )


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


def _cell(value: Any) -> Cell:
    if value is None or value == "":
        return Cell("–", number=False)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Cell(f"{value:,}", number=True)
    return Cell(value.isoformat() if isinstance(value, date) else str(value), number=False)
