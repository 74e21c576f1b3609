"""The lifecycle report: who is new, retained, resurrected or lost in each period."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.lifecycle import Change
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.lifecycle import Lifecycle, lifecycle_of, members_of
from chalicelib.web import TRUTHS, Csv, LocalDate, View, columns

DEFINITION = Definition(
    "lifecycle",
    1,
    "Members by the periods in which they have an order that counts, as for retention.on. active: with an order in the "
    "period. new: their first ever falls in it. retained: active also in the period before. resurrected: active, not "
    "new, and not active in the period before. active is the sum of these three. lost: active in the period before, "
    "and not in this one; of a period that is not complete they may still order. The period that from_on falls in is "
    "counted whole.",
    "按会员有计入订单的周期统计（订单口径同 retention.on）。"
    "active：周期内有订单。new：首单落在该周期。retained：上一周期也有订单。"
    "resurrected：有订单、非首单且上一周期无订单。active 为以上三者之和。"
    "lost：上一周期有订单而本周期没有；周期未完整时，"
    "这些会员仍可能下单。from_on 所在周期按整个周期计。",
)


class LifecycleQuery(RangeQuery, BehindQuery):
    """The length of a period; ``members`` names a cell whose members are listed, such as ``1997-03:resurrected``."""

    unit: Literal["day", "week", "month"] = "month"
    members: Annotated[str | None, StringConstraints(max_length=60)] = None


class LifecycleRowView(View):
    """A period, from one local day to another, both included."""

    period: str
    from_on: LocalDate
    to_on: LocalDate
    active: int
    new: int
    retained: int
    resurrected: int
    lost: int
    complete: bool


class LifecycleView(ReportView):
    """How the members who order change from one period to the next."""

    report: Literal["lifecycle"] = "lifecycle"
    definition: DefinitionView
    unit: str
    week_begins: int | None = Field(
        description="The weekday on which weeks begin, 0 being Monday; null where the unit is no week."
    )
    rows: list[LifecycleRowView]
    members: list[BehindView] | None = Field(None, description="The members behind the cell that was named.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, found: Lifecycle, locale: str) -> "LifecycleView":
        return cls(
            **frame(
                found.horizon,
                found.timezone,
                found.from_on,
                max(found.from_on, found.horizon.window.ends_on),
                found.revision,
            ),
            definition=DefinitionView.of(DEFINITION, locale),
            unit=found.unit,
            week_begins=found.week_begins if found.unit is Unit.WEEK else None,
            rows=[
                LifecycleRowView(
                    period=found.label(row),
                    from_on=found.first_day(row),
                    to_on=found.last_day(row),
                    complete=found.complete(row),
                    **{change.value: row.count(change) for change in Change},
                )
                for row in found.rows
            ],
        )


def _run(asked: Asked[LifecycleQuery]) -> LifecycleView:
    query = asked.query
    found = lifecycle_of(asked.tenant_id, Unit(query.unit), query.from_on, query.to_on, asked.now)
    view = LifecycleView.of(found, asked.locale)
    if query.members is not None:
        return view.model_copy(update=page_behind(asked, "lifecycle", members_of(found, query.members)))
    check_no_cursor(query)
    return view


WORDS = {
    Change.NEW: Words("New", "新增"), Change.RETAINED: Words("Retained", "留存"),
    Change.RESURRECTED: Words("Resurrected", "回流"), Change.LOST: Words("Lost", "流失"),
}  # fmt: skip

_ROWS = columns(
    period=("Period", "周期"), from_on=("From", "起始日"), to_on=("To", "截止日"), active=("Ordered", "下单会员"),
    new=WORDS[Change.NEW], retained=WORDS[Change.RETAINED], resurrected=WORDS[Change.RESURRECTED],
    lost=WORDS[Change.LOST], complete=("Complete", "已完整", TRUTHS), unit=("Unit", "单位"),
)  # fmt: skip


def _table(view: LifecycleView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            *(each.period, each.from_on, each.to_on, each.active, each.new, each.retained, each.resurrected, each.lost),
            *(str(each.complete).lower(), view.unit, *made_of),
        ]
        for each in view.rows
    ]
    return Csv("lifecycle.csv", (*_ROWS, *FRAME), rows)


def _charts(view: LifecycleView) -> Sequence[Chart]:
    """Who ordered, stacked, and beside it who no longer did."""
    labels = [each.period for each in view.rows]
    running = frozenset(at for at, each in enumerate(view.rows) if not each.complete)
    unit = Words("Members", "会员数")

    def series(change: Change) -> Series:
        return Series(WORDS[change], [getattr(each, change.value) for each in view.rows])

    ordering = [series(each) for each in (Change.NEW, Change.RETAINED, Change.RESURRECTED)]
    who, lost = (
        Words("Members who ordered", "下单会员"),
        Words("Members lost since the period before", "较上期流失的会员"),
    )
    return [
        Chart(Kind.STACKED, who, unit, labels, ordering, running),
        Chart(Kind.BARS, lost, unit, labels, [series(Change.LOST)], running),
    ]


def _behind(view: LifecycleView) -> Sequence[Mapping[str, str]]:
    return [{change.value: f"{each.period}:{change.value}" for change in WORDS} for each in view.rows]


LIFECYCLE = Report(
    "lifecycle",
    LifecycleQuery,
    LifecycleView,
    _run,
    _table,
    charts=_charts,
    title=Words("New, retained, lost", "新增、留存与流失"),
    tells=Words(
        "How many of those who order in a period are new, came again or came back, and how many were lost.",
        "各周期下单会员中的新增、留存与回流人数，以及流失人数。",
    ),
    behind=_behind,
)
