"""The retention report: cohorts by the period of the first order, and how many of each came back."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from chalicelib.insight.model import periods
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.cohorts import Average, Cell, Cohort, Mode, rate
from chalicelib.insight.model.member_groups import GroupBy, MemberGroup
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.model.retention_definitions import DEFINITIONS, GROUPS, REVENUE
from chalicelib.insight.reports.asking_retention import RetentionQuery, question
from chalicelib.insight.reports.behind import BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Report, ReportView, frame
from chalicelib.insight.reports.service.retention import Retention, Table, cell_of, retention
from chalicelib.insight.reports.words import CLASS_WORDS, NAMELESS_WORDS
from chalicelib.kernel.money import write_amount
from chalicelib.web import TRUTHS, Csv, MoneyField, View, columns

_MOST_LINES = 8


class CellView(View):
    """``count`` of ``eligible`` members; ``complete`` once the period has ended and is rolled up."""

    period: int | str
    count: int
    eligible: int
    rate: str
    complete: bool


class RevenueCellView(CellView):
    """The same, with what the cohort spent in the period."""

    revenue: MoneyField


class CohortView(View):
    """Members whose first order ever falls in one period, and how many came back."""

    cohort: str
    size: int
    cells: list[RevenueCellView | CellView]


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


class GroupTableView(View):
    """The cohorts of one group alone. ``title`` is what the brand calls it; ``counting`` says that who is in a segment
    is being decided again.
    """

    group: str
    title: str | None
    size: int
    counting: bool
    rows: list[CohortView]
    average: list[AverageView]


class RetentionView(ReportView):
    """Cohorts and how many of each came back; the same again of each group where they are grouped. ``overlapping`` says
    that a member may be in several groups, or in none.
    """

    report: Literal["retention"] = "retention"
    definition: DefinitionView
    unit: str
    mode: str
    figure: str
    week_begins: int | None = Field(
        description="The weekday on which weeks begin, 0 being Monday; null where the unit is no week."
    )
    rows: list[CohortView]
    average: list[AverageView]
    group_by: str | None = None
    group_definition: DefinitionView | None = None
    overlapping: bool = False
    groups: list[GroupTableView] = []
    members: list[BehindView] | None = Field(None, description="The members behind the cell that was named.")
    members_total: int | None = Field(None, description="How many members are behind it, on all pages.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, found: Retention, locale: str) -> "RetentionView":
        asked = found.asked
        grouped = DefinitionView.of(GROUPS[asked.group_by], locale) if asked.group_by else None
        return cls(
            **frame(
                found.horizon,
                found.timezone,
                found.from_on,
                max(found.from_on, found.horizon.window.ends_on),
                found.revision,
            ),
            definition=DefinitionView.of(REVENUE if asked.revenue else DEFINITIONS[asked.mode], locale),
            unit=asked.unit,
            mode=asked.mode,
            figure="revenue" if asked.revenue else "members",
            week_begins=found.week_begins if asked.unit is Unit.WEEK else None,
            rows=_rows(found, found.whole),
            average=[AverageView.of(average) for average in found.whole.averages],
            group_by=asked.group_by,
            group_definition=grouped,
            overlapping=asked.group_by is not None and asked.group_by.overlapping,
            groups=[_group(found, each.group, each.table) for each in found.groups],
        )


def _rows(found: Retention, table: Table) -> list[CohortView]:
    return [
        CohortView(
            cohort=periods.label(cohort.period, found.asked.unit, found.week_begins),
            size=cohort.size,
            cells=[_cell_view(found, table, cohort, cell) for cell in cohort.cells],
        )
        for cohort in table.cohorts
    ]


def _cell_view(found: Retention, table: Table, cohort: Cohort, cell: Cell) -> CellView:
    said: dict[str, Any] = {
        "period": cell.period,
        "count": cell.count,
        "eligible": cell.eligible,
        "rate": str(rate(cell.count, cell.eligible)),
        "complete": cell.complete,
    }
    if table.revenue is None:
        return CellView(**said)
    minor = table.revenue.get((cohort.period, int(cell.period)), 0)
    return RevenueCellView(**said, revenue=MoneyField.of(minor, found.currency))


def _group(found: Retention, group: MemberGroup, table: Table) -> GroupTableView:
    return GroupTableView(
        group=group.value,
        title=group.title,
        size=sum(cohort.size for cohort in table.cohorts),
        counting=group.counting,
        rows=_rows(found, table),
        average=[AverageView.of(average) for average in table.averages],
    )


def _run(asked: Asked[RetentionQuery]) -> RetentionView:
    query = asked.query
    found = retention(asked.tenant_id, question(query), asked.now)
    view = RetentionView.of(found, asked.locale)
    if query.members is not None:
        cell = cell_of(found, query.members, query.group)
        return view.model_copy(update=page_behind(asked, "retention", cell.members))
    check_no_cursor(query)
    return view


_CELLS = columns(
    cohort=("Cohort", "群组"), size=("Members", "人数"), period=("Period", "期"), count=("Came back", "回购人数"),
    eligible=("Of", "可计人数"), rate=("Rate", "留存率"), complete=("Complete", "已完整", TRUTHS),
    unit=("Unit", "单位"), mode=("Mode", "算法"),
)  # fmt: skip
_GROUP = columns(group=("Group", "分组"), title=("Name", "名称"))
_REVENUE = columns(revenue_minor=("Revenue", "收入"), currency=("Currency", "币种"))


def _table(view: RetentionView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    header = (*(_GROUP if view.group_by else ()), *_CELLS, *(_REVENUE if view.figure == "revenue" else ()), *FRAME)
    parts = [([each.group, each.title], each.rows) for each in view.groups] if view.group_by else [([], view.rows)]
    rows = [line for named, cohorts in parts for line in _lines(view, named, cohorts)]
    return Csv("retention.csv", header, rows)


def _lines(view: RetentionView, named: list[Any], cohorts: Sequence[CohortView]) -> Iterator[list[Any]]:
    made_of = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    for row in cohorts:
        for cell in row.cells:
            spent = cell.revenue if isinstance(cell, RevenueCellView) else None
            money = [spent.amount_minor, spent.currency] if spent else []
            yield [*named, row.cohort, row.size, *_cell(cell), view.unit, view.mode, *money, *made_of]


def _cell(cell: CellView) -> list[Any]:
    return [cell.period, cell.count, cell.eligible, Decimal(cell.rate), str(cell.complete).lower()]


def _charts(view: RetentionView) -> list[Chart]:
    """The curve of the average, or one for each group; and what came in by the period after the first order."""
    charts = [_curves(view)] if view.average else []
    if view.figure == "revenue" and view.rows:
        charts.append(_revenue_chart(view))
    return charts


def _curves(view: RetentionView) -> Chart:
    labels = [str(average.period) for average in view.average]
    lines = [(_words(view, each), each.average) for each in view.groups[:_MOST_LINES]]
    if not lines:
        lines = [(Words("All members", "全部会员"), view.average)]
    return Chart(
        kind=Kind.LINES,
        title=_since(view, Words("Members who came back", "回购会员占比")),
        unit=Words("% of members, complete periods only", "会员占比（%），仅完整周期"),
        labels=labels,
        series=[Series(name, _percents(labels, averages)) for name, averages in lines],
    )


_PERIODS = {"day": ("day", "日"), "week": ("week", "周"), "month": ("month", "月")}


def _since(view: RetentionView, what: Words) -> Words:
    """What is drawn, and what stands below it."""
    en, zh = _PERIODS[view.unit] if Mode(view.mode).by_period else ("days", "天数")
    return Words(f"{what.en}, by {en} after the first order", f"{what.zh}（横轴：首单后的{zh}）")


def _percents(labels: Sequence[str], averages: Sequence[AverageView]) -> list[Decimal | None]:
    known = {str(average.period): Decimal(average.rate) * 100 for average in averages}
    return [known.get(label) for label in labels]


def _words(view: RetentionView, group: GroupTableView) -> Words:
    if view.group_by == GroupBy.CLASS:
        return CLASS_WORDS[group.group]
    if group.title is None and group.group in NAMELESS_WORDS:
        return NAMELESS_WORDS[group.group]
    return Words(group.title or group.group, group.title or group.group)


def _revenue_chart(view: RetentionView) -> Chart:
    labels = [str(cell.period) for cell in max(view.rows, key=lambda row: len(row.cells)).cells]
    series = [Series(Words(row.cohort, row.cohort), _amounts(row, len(labels))) for row in view.rows[:_MOST_LINES]]
    return Chart(
        kind=Kind.LINES,
        title=_since(view, Words("Revenue of a cohort", "同期群收入")),
        unit=Words(*[next(cell.revenue.currency for cell in _spent(view.rows[0]))] * 2),
        labels=labels,
        series=series,
    )


def _amounts(row: CohortView, length: int) -> list[Decimal | None]:
    """Whole units of the currency, of complete periods."""
    amounts = [
        Decimal(write_amount(cell.revenue.amount_minor, cell.revenue.currency)) if cell.complete else None
        for cell in _spent(row)
    ]
    return amounts + [None] * (length - len(amounts))


def _spent(row: CohortView) -> Iterator[RevenueCellView]:
    return (cell for cell in row.cells if isinstance(cell, RevenueCellView))


RETENTION = Report(
    "retention",
    RetentionQuery,
    RetentionView,
    _run,
    _table,
    charts=_charts,
    title=Words("Who comes back", "会员回购"),
    tells=Words(
        "How many of those who first ordered in a period came back later.", "各期首次下单的会员中，后来回购的人数。"
    ),
)
