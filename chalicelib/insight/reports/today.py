"""The running day's figures: what a brand sees before midnight."""

from typing import Any, Literal

from chalicelib.insight.model import definitions
from chalicelib.insight.reports.figures import FIGURES, FiguresView, figures
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, FormQuery, Report, ReportView
from chalicelib.insight.reports.service.today import WEEK, Today, today
from chalicelib.web import Csv, Instant, LocalDate, columns


class TodayQuery(FormQuery):
    """It is asked for as it is: of the brand's local day, now."""


class DayView(FiguresView):
    """Figures of a part of a local day."""

    on: LocalDate


class HourView(FiguresView):
    """Figures of an hour of the running day, ``0`` to ``23``, or of ``unknown``."""

    hour: str


class TodayView(ReportView):
    """The running day at ``as_of``, never complete, beside the same part of the same weekday a week before. ``hours``
    are those of the wall clock, and orders of which only the day is known.

    ``revision`` is that of the days behind it: the running day has none before it is rolled up.
    """

    report: Literal["today"] = "today"
    as_of: Instant
    definitions: list[DefinitionView]
    running: Literal[True] = True
    totals: FiguresView
    hours: list[HourView]
    last_week: DayView
    untimed_orders: int

    @classmethod
    def of(cls, found: Today, asked: Asked[TodayQuery]) -> "TodayView":
        return cls(
            timezone=found.timezone,
            from_on=found.on,
            to_on=found.on,
            as_of=asked.now,
            complete=False,
            pending_days=found.pending,
            revision=found.revision,
            definitions=[DefinitionView.of(each, asked.locale) for each in (definitions.TODAY, *definitions.SUMMARY)],
            totals=FiguresView(**figures(found.running, found.currency)),
            hours=[HourView(hour=each.name, **figures(each, found.currency)) for each in found.hours],
            last_week=DayView(on=found.on - WEEK, **figures(found.last_week, found.currency)),
            untimed_orders=found.untimed_orders,
        )


def _run(asked: Asked[TodayQuery]) -> TodayView:
    return TodayView.of(today(asked.tenant_id, asked.now), asked)


_PARTS = {"today": ("today", "今日"), "last_week": ("the same day last week", "上周同日")}

_PART = columns(part=("Part", "时段", _PARTS), on=("Day", "日期"))


def _table(view: TodayView) -> Csv:
    made_of = [definitions.TODAY.name, definitions.TODAY.version, view.timezone, view.as_of, view.revision]
    parts: list[tuple[str, Any, FiguresView]] = [
        ("today", view.from_on, view.totals),
        ("last_week", view.last_week.on, view.last_week),
    ]
    rows = [
        [
            *(name, on, each.members, each.active_members, each.new_members, each.orders, each.quantity),
            *(each.gmv.amount_minor, each.aov and each.aov.amount_minor, each.gmv.currency, "false", *made_of),
        ]
        for name, on, each in parts
    ]
    return Csv("today.csv", (*_PART, *FIGURES, *FRAME), rows)


TODAY = Report("today", TodayQuery, TodayView, _run, _table)
