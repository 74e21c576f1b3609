"""What the pages of reports that are their own show: the API's figures, and what their charts are called."""

from dataclasses import dataclass

from chalicelib.insight.reports.leaving import LEAVING, LeavingRowView, LeavingView
from chalicelib.insight.reports.retention import RETENTION, CohortView, RetentionView
from chalicelib.insight.reports.service_rates import SERVICE_RATES, ServiceRatesView
from chalicelib.insight.reports.summary import SUMMARY, GroupView, SummaryView
from chalicelib.insight.reports.words import GROUP_WORDS
from chalicelib.pages.console.charts import titles
from chalicelib.pages.console.reports.model.said import MOST_COHORTS, MOST_GROUPS, WEEKDAYS
from chalicelib.pages.shell import N_

NOT_KNOWN = N_("Hour not known")


@dataclass(frozen=True, slots=True)
class Row:
    """A group of days, or of hours, as the table has it."""

    name: str
    figures: GroupView


@dataclass(frozen=True, slots=True)
class SummaryShown:
    """``charts`` are their titles; ``hidden`` groups are in the file alone."""

    view: SummaryView
    rows: list[Row]
    charts: list[str]
    hidden: int

    @classmethod
    def of(cls, view: SummaryView, language: str) -> "SummaryShown":
        rows = [Row(_group(each, view.by, language), each) for each in view.rows[-MOST_GROUPS:]]
        return cls(view, rows, titles(SUMMARY, view, language), len(view.rows) - len(rows))


@dataclass(frozen=True, slots=True)
class RetentionShown:
    """The latest cohorts first; ``hidden`` ones are in the file alone. ``columns`` are the periods of the table,
    ``charts`` the titles of what is drawn.
    """

    view: RetentionView
    rows: list[CohortView]
    columns: list[int | str]
    charts: list[str]
    hidden: int

    @classmethod
    def of(cls, view: RetentionView, language: str) -> "RetentionShown":
        rows = list(reversed(view.rows))[:MOST_COHORTS]
        longest = max((each.cells for each in rows), key=len, default=[])
        columns = [each.period for each in longest]
        return cls(view, rows, columns, titles(RETENTION, view, language), len(view.rows) - len(rows))


@dataclass(frozen=True, slots=True)
class RatesShown:
    """``charts`` are their titles."""

    view: ServiceRatesView
    charts: list[str]

    @classmethod
    def of(cls, view: ServiceRatesView, language: str) -> "RatesShown":
        return cls(view, titles(SERVICE_RATES, view, language))


@dataclass(frozen=True, slots=True)
class LeavingShown:
    """``charts`` are their titles; months with their figures by reason, the latest first."""

    view: LeavingView
    charts: list[str]
    months: list[tuple[str, dict[str, LeavingRowView]]]

    @classmethod
    def of(cls, view: LeavingView, language: str) -> "LeavingShown":
        months: dict[str, dict[str, LeavingRowView]] = {}
        for each in view.rows:
            months.setdefault(each.month, {})[each.reason] = each
        return cls(view, titles(LEAVING, view, language), list(months.items()))


def _group(group: GroupView, by: str | None, language: str) -> str:
    """``2026-11`` as it is; a weekday in words, which the template says in the reader's language."""
    if group.group in GROUP_WORDS and by != "hour":
        return GROUP_WORDS[group.group].said(language)
    if by == "weekday":
        return WEEKDAYS[int(group.group)]
    if group.title is not None:
        return group.title
    if by == "hour":
        return f"{int(group.group):02}:00" if group.group.isdigit() else NOT_KNOWN
    return group.group
