"""What the page of any report shows: its table as a person reads it, its charts, and what its figures mean."""

from dataclasses import dataclass
from typing import Any

from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.insight.reports.references import ReferenceView
from chalicelib.insight.reports.report import DefinitionView, Fact, Report, ReportView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import Language
from chalicelib.kernel.principal import Principal
from chalicelib.pages.console.charts import titles
from chalicelib.pages.console.reports.model.said import OWN_PAGES
from chalicelib.pages.console.reports.views.table import Table
from chalicelib.pages.shell.saying import Saying


@dataclass(frozen=True, slots=True)
class Said:
    """A figure above the table in the reader's language, and who is behind it."""

    name: str
    value: str
    members: str | None

    @classmethod
    def of(cls, fact: Fact, language: Language) -> "Said":
        return cls(fact.name.said(language), fact.said(language), fact.members)


@dataclass(frozen=True, slots=True)
class ReportShown:
    """``charts`` are their titles. ``job`` computes the figures anew."""

    view: ReportView
    charts: list[str]
    table: Table
    definitions: list[DefinitionView]
    facts: list[Said]
    references: list[ReferenceView]
    job: str | None

    @classmethod
    def of(cls, report: Report[Any, Any], view: ReportView, language: Language) -> "ReportShown":
        say = Saying(language, zone(view.timezone))
        return cls(
            view,
            titles(report, view, language),
            Table.of(view, report.table(view), report.behind(view) if report.behind else (), say),
            definitions(view),
            [Said.of(each, language) for each in (report.facts(view) if report.facts else ())],
            list(getattr(view, "reference", ())),
            getattr(view, "job_id", None),
        )

    def named(self, members: str) -> list[tuple[str, str]]:
        """What is behind a figure that ``members`` names: the row up to it, by the titles of the columns."""
        for fact in self.facts:
            if fact.members == members:
                return [(fact.name, fact.value)]
        for row in self.table.rows:
            for at, cell in enumerate(row.cells):
                if cell.members == members:
                    return [
                        (title.text, each.text)
                        for title, each in zip(self.table.header, row.cells[: at + 1], strict=False)
                    ]
        return []


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
    said += [getattr(each, "definition", None) for name in ("rows", "rates") for each in getattr(view, name, ())]
    said += [getattr(getattr(view, name, None), "definition", None) for name in ("conversion", "compared")]
    return list({(each.name, each.version): each for each in said if each is not None}.values())
