"""The summary report: what a range of days came to, whole and by group."""

from typing import Any, Literal

from chalicelib.insight.model import definitions
from chalicelib.insight.model.summary import By
from chalicelib.insight.reports.figures import FIGURES, FiguresView, figures
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.summary import Summary, summarise
from chalicelib.web import Csv, LocalDate, columns


class SummaryQuery(RangeQuery):
    """How the days are grouped, if they are."""

    by: Literal["day", "week", "month", "weekday", "hour"] | None = None


class GroupView(FiguresView):
    """Figures of one group; calendar groups name their days."""

    group: str
    from_on: LocalDate | None
    to_on: LocalDate | None
    complete: bool


class SummaryView(ReportView):
    """What a range of days came to, whole and by group."""

    report: Literal["summary"] = "summary"
    definitions: list[DefinitionView]
    by: str | None
    totals: FiguresView
    rows: list[GroupView]

    @classmethod
    def of(cls, found: Summary, locale: str) -> "SummaryView":
        known = [*definitions.SUMMARY, *([definitions.GROUPS[found.by]] if found.by in definitions.GROUPS else [])]
        days = frame(found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision)
        return cls(
            **days,
            definitions=[DefinitionView.of(each, locale) for each in known],
            by=found.by,
            totals=FiguresView(**figures(found.total, found.currency)),
            rows=[
                GroupView(
                    group=group.name,
                    from_on=group.span.from_on if group.span else None,
                    to_on=group.span.to_on if group.span else None,
                    complete=found.horizon.window.completes((group.span or found.span).to_on),
                    **figures(group, found.currency),
                )
                for group in found.groups
            ],
        )


def _run(asked: Asked[SummaryQuery]) -> SummaryView:
    query = asked.query
    by = By(query.by) if query.by else None
    return SummaryView.of(summarise(asked.tenant_id, query.from_on, query.to_on, by, asked.now), asked.locale)


_GROUP = columns(group=("Group", "分组"), from_on=("From", "起始日"), to_on=("To", "截止日"))


def _table(view: SummaryView) -> Csv:
    made_of = ["summary", definitions.SUMMARY[0].version, view.timezone, view.as_of, view.revision]
    groups: list[Any] = list(view.rows) or [view.totals]
    rows = []
    for group in groups:
        name, spans = getattr(group, "group", "total"), getattr(group, "from_on", view.from_on)
        until = getattr(group, "to_on", view.to_on)
        complete = str(getattr(group, "complete", view.complete)).lower()
        figures = [group.members, group.active_members, group.new_members, group.orders, group.quantity]
        money = [group.gmv.amount_minor, group.aov and group.aov.amount_minor, group.gmv.currency]
        rows.append([name, spans, until, *figures, *money, complete, *made_of])
    return Csv("summary.csv", (*_GROUP, *FIGURES, *FRAME), rows)


SUMMARY = Report("summary", SummaryQuery, SummaryView, _run, _table)
