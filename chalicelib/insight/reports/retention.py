"""The retention report: cohorts by the period of the first order, and how many of each came back."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model import definitions, periods
from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.cohorts import Average, Bracket, Cell, Cohort, Mode, rate
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.retention import Question, Retention, cell_of, retention
from chalicelib.kernel.errors import Invalid
from chalicelib.web import TRUTHS, CommaList, Csv, View, columns

_BRACKET = re.compile(r"([0-9]{1,4})-([0-9]{1,4})")
_MOST_BRACKETS = 50
_MOST_BRACKET_DAYS = 3660
_DAYS_SHOWN = 90


class RetentionQuery(RangeQuery, BehindQuery):
    """Which members make a cohort, and what counts as coming back."""

    unit: Literal["day", "week", "month"] = "month"
    mode: Literal["on", "on_or_after", "bracket"] = "on"
    periods: Annotated[int | None, Field(ge=0, le=4000, description="Periods after the first, at most")] = None
    brackets: Annotated[CommaList, Field(description="Days after the first order, such as 1-3,4-7")] = []
    members: Annotated[str | None, StringConstraints(max_length=60)] = None


class CellView(View):
    """``count`` of ``eligible`` members; ``complete`` once the period has ended and is rolled up."""

    period: int | str
    count: int
    eligible: int
    rate: str
    complete: bool

    @classmethod
    def of(cls, cell: Cell) -> "CellView":
        share = str(rate(cell.count, cell.eligible))
        return cls(period=cell.period, count=cell.count, eligible=cell.eligible, rate=share, complete=cell.complete)


class CohortView(View):
    """Members whose first order ever falls in one period, and how many came back."""

    cohort: str
    size: int
    cells: list[CellView]

    @classmethod
    def of(cls, cohort: Cohort, unit: periods.Unit) -> "CohortView":
        cells = [CellView.of(cell) for cell in cohort.cells]
        return cls(cohort=periods.label(cohort.period, unit), size=cohort.size, cells=cells)


class AverageView(View):
    """A period over the ``cohorts`` in which it is complete: ``rate`` weighs members alike, ``simple_rate`` cohorts."""

    period: int | str
    count: int
    eligible: int
    cohorts: int
    rate: str
    simple_rate: str
    complete: bool

    @classmethod
    def of(cls, average: Average) -> "AverageView":
        return cls(
            period=average.period,
            count=average.count,
            eligible=average.eligible,
            cohorts=average.cohorts,
            rate=str(average.rate),
            simple_rate=str(average.simple_rate),
            complete=average.complete,
        )


class RetentionView(ReportView):
    """Cohorts and how many of each came back."""

    report: Literal["retention"] = "retention"
    definition: DefinitionView
    unit: str
    mode: str
    rows: list[CohortView]
    average: list[AverageView]
    members: list[BehindView] | None = Field(None, description="The members behind the cell that was named.")
    members_total: int | None = Field(None, description="How many members are behind it, on all pages.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, table: Retention, locale: str) -> "RetentionView":
        asked = table.asked
        return cls(
            **frame(table.horizon, table.timezone, table.from_on, table.horizon.window.ends_on, table.revision),
            definition=DefinitionView.of(definitions.RETENTION[asked.mode], locale),
            unit=asked.unit,
            mode=asked.mode,
            rows=[CohortView.of(cohort, asked.unit) for cohort in table.cohorts],
            average=[AverageView.of(average) for average in table.averages],
        )


def _run(asked: Asked[RetentionQuery]) -> RetentionView:
    query, unit = asked.query, Unit(asked.query.unit)
    question = Question(
        unit,
        Mode(query.mode),
        query.from_on,
        query.to_on,
        _DAYS_SHOWN if query.periods is None and unit is Unit.DAY else query.periods,
        _brackets(query),
    )
    table = retention(asked.tenant_id, question, asked.now)
    view = RetentionView.of(table, asked.locale)
    if query.members is not None:
        cell = cell_of(table, query.members)
        return view.model_copy(update=page_behind(asked, "retention", cell.members))
    check_no_cursor(query)
    return view


def _brackets(query: RetentionQuery) -> Sequence[Bracket]:
    if (Mode(query.mode) is Mode.BRACKET) != bool(query.brackets):
        raise Invalid.at(
            "?brackets",
            "mode=bracket and brackets belong together, such as brackets=1-3,4-7.",
            "mode=bracket 与 brackets 须同时使用，例如 brackets=1-3,4-7。",
        )
    found = []
    for text in dict.fromkeys(query.brackets):
        part = _BRACKET.fullmatch(text)
        if part is None or int(part[1]) > int(part[2]) or int(part[2]) > _MOST_BRACKET_DAYS:
            raise Invalid.at(
                "?brackets",
                f"'{text[:40]}' is no bracket; write days as low-high, such as 1-3.",
                f"“{text[:40]}”不是区间，请按“起-止”填写天数，例如 1-3。",
            )
        found.append(Bracket(int(part[1]), int(part[2])))
    if len(found) > _MOST_BRACKETS:
        raise Invalid.at(
            "?brackets", f"At most {_MOST_BRACKETS} brackets are taken at once.", f"一次最多 {_MOST_BRACKETS} 个区间。"
        )
    return found


_CELLS = columns(
    cohort=("Cohort", "群组"), size=("Members", "人数"), period=("Period", "期"), count=("Came back", "回购人数"),
    eligible=("Of", "可计人数"), rate=("Rate", "留存率"), complete=("Complete", "已完整", TRUTHS),
    unit=("Unit", "单位"), mode=("Mode", "算法"),
)  # fmt: skip


def _table(view: RetentionView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [row.cohort, row.size, *_cell(cell), view.unit, view.mode, *made_of] for row in view.rows for cell in row.cells
    ]
    return Csv("retention.csv", (*_CELLS, *FRAME), rows)


def _cell(cell: CellView) -> list[Any]:
    return [cell.period, cell.count, cell.eligible, Decimal(cell.rate), str(cell.complete).lower()]


RETENTION = Report(
    "retention",
    RetentionQuery,
    RetentionView,
    _run,
    _table,
    title=Words("Who comes back", "会员回购"),
    tells=Words(
        "How many of those who first ordered in a period came back later.", "各期首次下单的会员中，后来回购的人数。"
    ),
)
