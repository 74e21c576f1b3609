"""The summary report: what a range of days came to, whole and by group, and beside the days before."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field

from chalicelib.insight.model import comparison, definitions
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.comparison import Compare
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.summary import By, Group
from chalicelib.insight.reports.charting import MEMBERS, ORDERS, of_currency, units
from chalicelib.insight.reports.figures import FIGURES, FiguresView, figures
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.summary import Comparison, Summary, summarise
from chalicelib.web import Csv, LocalDate, MoneyField, View, columns

COMPARISON = Definition(
    "comparison",
    1,
    "As many local days as have elapsed and are complete are compared. Days that begin a calendar week (from Monday), "
    "month, quarter or year and stay within it are compared with the first days of the one before, and with all of it "
    "once they are all of it; other days with those just before them; a year before, with the same dates. There is a "
    "percentage where both sides are complete and are as long as each other, or whole calendar periods, and the figure "
    "before is not 0.",
    "比较范围为已过去且数据完整的本地日期。自自然周（周一起）、月、季、年首日起且不超出该周期的日期，与上一周期的前若干天比较，"
    "整个周期完成后与整个上一周期比较；其他日期与紧接其前的相同天数比较；同比则与上一年相同日期比较。"
    "仅当两侧数据完整、天数相同或均为完整自然周期，且对比值不为 0 时给出百分比。",
)

_COMPARED = ("members", "active_members", "new_members", "orders", "quantity", "gmv", "aov")


class SummaryQuery(RangeQuery):
    """How the days are grouped, if they are."""

    by: Literal["day", "week", "month", "weekday", "hour"] | None = None
    compare: Literal["previous", "year"] | None = Field(
        default=None, description="With the period before, or a year before: as many days as have elapsed."
    )


class GroupView(FiguresView):
    """Figures of one group; calendar groups name their days."""

    group: str
    from_on: LocalDate | None
    to_on: LocalDate | None
    complete: bool


class ChangeView(View):
    """By how much a figure differs from before, exactly (an amount of money in ``amount``), and in percent of it with
    one decimal: null of nothing, and where the days cannot be compared fairly.
    """

    name: str
    difference: int | None
    amount: MoneyField | None
    percent: str | None


class ComparisonView(View):
    """The days from ``from_on``, as many as have elapsed, beside those from ``before_from_on``. ``fair`` where both are
    complete, and as long as each other or whole periods of the calendar. ``rows`` are the groups of the days before.
    """

    compare: str
    from_on: LocalDate
    to_on: LocalDate
    before_from_on: LocalDate
    before_to_on: LocalDate
    fair: bool
    totals: FiguresView
    before: FiguresView
    changes: list[ChangeView]
    rows: list[GroupView]
    definition: DefinitionView

    @classmethod
    def of(cls, found: Comparison, summary: Summary, locale: str) -> "ComparisonView":
        now, before = (FiguresView(**figures(each, summary.currency)) for each in (found.now, found.before))
        basis = found.basis
        return cls(
            compare=found.compare,
            from_on=basis.now.from_on,
            to_on=basis.now.to_on,
            before_from_on=basis.before.from_on,
            before_to_on=basis.before.to_on,
            fair=found.fair,
            totals=now,
            before=before,
            changes=[_change(name, getattr(now, name), getattr(before, name), fair=found.fair) for name in _COMPARED],
            rows=[_group(each, summary, basis.before.to_on) for each in found.groups],
            definition=DefinitionView.of(COMPARISON, locale),
        )


class SummaryView(ReportView):
    """What a range of days came to, whole and by group."""

    report: Literal["summary"] = "summary"
    definitions: list[DefinitionView]
    by: str | None
    totals: FiguresView
    rows: list[GroupView]
    compared: ComparisonView | None = Field(default=None, description="With the days before, where that was asked for.")

    @classmethod
    def of(cls, found: Summary, locale: str) -> "SummaryView":
        known = [*definitions.SUMMARY, *([definitions.GROUPS[found.by]] if found.by in definitions.GROUPS else [])]
        days = frame(found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision)
        return cls(
            **days,
            definitions=[DefinitionView.of(each, locale) for each in known],
            by=found.by,
            totals=FiguresView(**figures(found.total, found.currency)),
            rows=[_group(each, found, found.span.to_on) for each in found.groups],
            compared=ComparisonView.of(found.comparison, found, locale) if found.comparison else None,
        )


def _group(group: Group, found: Summary, to_on: date) -> GroupView:
    return GroupView(
        group=group.name,
        from_on=group.span.from_on if group.span else None,
        to_on=group.span.to_on if group.span else None,
        complete=found.horizon.window.completes(group.span.to_on if group.span else to_on),
        **figures(group, found.currency),
    )


def _change(name: str, now: Any, before: Any, *, fair: bool) -> ChangeView:
    money = now if isinstance(now, MoneyField) else before
    plain = [each.amount_minor if isinstance(each, MoneyField) else each for each in (now, before)]
    more = comparison.difference(*plain)
    amount = MoneyField.of(more, money.currency) if isinstance(money, MoneyField) and more is not None else None
    percent = comparison.percent(*plain) if fair else None
    return ChangeView(name=name, difference=None if amount else more, amount=amount, percent=percent)


def _run(asked: Asked[SummaryQuery]) -> SummaryView:
    query = asked.query
    by = By(query.by) if query.by else None
    compare = Compare(query.compare) if query.compare else None
    found = summarise(asked.tenant_id, query.from_on, query.to_on, by, asked.now, compare)
    return SummaryView.of(found, asked.locale)


_PARTS = {"now": ("these days", "本期"), "before": ("before", "对比期")}
_GROUP = columns(group=("Group", "分组"), from_on=("From", "起始日"), to_on=("To", "截止日"))
_PART = columns(part=("Part", "时段", _PARTS))


def _table(view: SummaryView) -> Csv:
    made_of = ["summary", definitions.SUMMARY[0].version, view.timezone, view.as_of, view.revision]
    if view.compared is None:
        groups = [_cells(each) for each in view.rows] or [_whole(view.totals, view.from_on, view.to_on, view.complete)]
        return Csv("summary.csv", (*_GROUP, *FIGURES, *FRAME), [[*each, *made_of] for each in groups])
    rows = [["now", *each, *made_of] for each in _beside(view, view.compared)]
    rows += [["before", *each, *made_of] for each in _before(view, view.compared)]
    return Csv("summary.csv", (*_PART, *_GROUP, *FIGURES, *FRAME), rows)


def _beside(view: SummaryView, compared: ComparisonView) -> list[list[Any]]:
    """The groups of the days, then those of them that are compared, as a whole."""
    return [*map(_cells, view.rows), _whole(compared.totals, compared.from_on, compared.to_on, compared.fair)]


def _before(view: SummaryView, compared: ComparisonView) -> list[list[Any]]:
    whole = _whole(compared.before, compared.before_from_on, compared.before_to_on, compared.fair)
    return [*map(_cells, compared.rows if view.rows else []), whole]


def _cells(group: GroupView) -> list[Any]:
    return [group.group, group.from_on, group.to_on, *_numbers(group, complete=group.complete)]


def _whole(figures: FiguresView, from_on: date, to_on: date, complete: bool) -> list[Any]:
    return ["total", from_on, to_on, *_numbers(figures, complete=complete)]


def _numbers(of: FiguresView, *, complete: bool) -> list[Any]:
    counts = [of.members, of.active_members, of.new_members, of.orders, of.quantity]
    money = [of.gmv.amount_minor, of.aov and of.aov.amount_minor, of.gmv.currency]
    return [*counts, *money, str(complete).lower()]


_WEEKDAYS = (
    Words("Monday", "周一"), Words("Tuesday", "周二"), Words("Wednesday", "周三"), Words("Thursday", "周四"),
    Words("Friday", "周五"), Words("Saturday", "周六"), Words("Sunday", "周日"),
)  # fmt: skip
_UNKNOWN = Words("not known", "未知")
_NOW, _BEFORE = Words("these days", "本期"), Words("before", "对比期")


def _charts(view: SummaryView) -> Sequence[Chart]:
    """By group: sales, orders and, where they are counted, members; with the groups before, the first by the first."""
    if not view.rows:
        return []
    unit = of_currency(view.totals.gmv.currency)
    charts = [
        _chart(view, Words("Sales", "销售额"), unit, [[units(each.gmv) for each in side] for side in _sides(view)]),
        _chart(view, Words("Orders", "订单数"), ORDERS, [[each.orders for each in side] for side in _sides(view)]),
    ]
    if view.by != "hour":
        counts = [[each.active_members for each in side] for side in _sides(view)]
        charts.append(_chart(view, Words("Members who ordered", "下单会员数"), MEMBERS, counts))
    return charts


def _sides(view: SummaryView) -> list[list[GroupView]]:
    return [view.rows, view.compared.rows] if view.compared else [view.rows]


def _chart(view: SummaryView, title: Words, unit: Words, sides: list[list[Any]]) -> Chart:
    labels = [_label(each, view.by) for each in view.rows]
    names = [_NOW, _BEFORE] if len(sides) > 1 else [title]
    as_long = [[*side, *[None] * len(labels)][: len(labels)] for side in sides]
    series = [Series(name, values) for name, values in zip(names, as_long, strict=True)]
    running = frozenset(at for at, each in enumerate(view.rows) if not each.complete)
    return Chart(Kind.BARS, title, unit, labels, series, running)


def _label(group: GroupView, by: str | None) -> str | Words:
    if by == "weekday":
        return _WEEKDAYS[int(group.group)]
    if by == "hour":
        return f"{int(group.group):02}:00" if group.group.isdigit() else _UNKNOWN
    return group.group


SUMMARY = Report(
    "summary",
    SummaryQuery,
    SummaryView,
    _run,
    _table,
    charts=_charts,
    title=Words("Sales and orders", "销售与订单"),
    tells=Words(
        "What days came to: sales, orders, units and members, beside the days before if you like.",
        "所选日期的销售额、订单、件数与会员数，可与之前对比。",
    ),
)
