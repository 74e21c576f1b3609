"""The heat map: when members order, by weekday and hour, and on holidays beside workdays and weekends."""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.figures import UNKNOWN_HOUR, Totals
from chalicelib.insight.model.heatmap import HOURS, WEEKDAYS, DayKind, HeatMap, Place
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.excluding import (
    ExcludedView,
    Excluding,
    excluded_facts,
    excluded_views,
    rules_of,
    with_excluded,
)
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.patterns import Range, hours_of, range_of
from chalicelib.insight.reports.words import KIND_WORDS, WEEKDAY_WORDS
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Csv, MoneyField, View, columns

DEFINITION = Definition(
    "heatmap",
    1,
    "Orders, as for retention.on, by weekday (0 is Monday) and hour of the tenant's wall clock at which they were "
    "placed; an hour that the clocks repeat counts twice as long, one that they skip has none. without_hour: orders "
    "of which the day alone is known. members: distinct members with an order there; a member may be in several cells, "
    "so that members do not add up. revenue: sum of the amounts, as gmv has them, in the tenant's currency. kinds: "
    "the same days by kind: holiday, as the business calendar names it, or, of a year of which it names none, as the "
    "country's public holidays are known; workday, Monday to Friday and the days that "
    "the calendar works instead; weekend, the others. days: how many days of the range there are of each.",
    "订单（口径同 retention.on）按下单时商家当地时间的星期（0 为周一）与小时统计；"
    "时钟回拨时重复的小时计两次时长，拨快时跳过的小时无订单。"
    "without_hour：仅知日期的订单。"
    "members：该格内下单的去重会员数；同一会员可出现在多格，不可相加。"
    "revenue：订单金额之和（口径同 gmv），以商家币种计。"
    "kinds：相同日期按类型统计：holiday 为营业日历中的节假日（日历未列该年时，采用已知的该国法定节假日）；"
    ""
    "workday 为周一至周五及日历中的调休工作日；weekend 为其余日期。days：范围内各类日期的天数。",
)

_CELL = re.compile(r"([0-6]|workday|weekend|holiday):(1?[0-9]|2[0-3]|unknown)")


class HeatmapQuery(RangeQuery, BehindQuery):
    """The local days; ``members`` names a cell whose members are listed."""

    members: Annotated[str | None, StringConstraints(max_length=60)] = Field(
        default=None, description="Weekday or kind of day, and hour: 0:18, holiday:9, 6:unknown"
    )
    exclude: Excluding | None = None


class HourView(View):
    """An hour; ``members`` is null while it is not known who ordered when on some of the days."""

    hour: int | None
    orders: int
    members: int | None
    revenue: MoneyField


class HeatmapCellView(HourView):
    """An hour of a weekday; without an hour, the orders whose instant is not known."""

    weekday: int


class KindView(View):
    """So many days of a kind, and what was ordered on them by hour."""

    kind: Literal["workday", "weekend", "holiday"]
    days: int
    cells: list[HourView]
    without_hour: HourView


class HeatmapView(ReportView):
    """When members order. ``days`` says how many days of the range fell on each weekday; ``days_unseen`` on how many it
    is not known who ordered in which hour, since they were rolled up before that was kept: roll them up again.
    """

    report: Literal["heatmap"] = "heatmap"
    definition: DefinitionView
    days: list[int]
    days_unseen: int
    cells: list[HeatmapCellView]
    without_hour: list[HeatmapCellView]
    kinds: list[KindView]
    excluded: list[ExcludedView]
    members: list[BehindView] | None = Field(None, description="The members behind the cell that was named.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, asked: Range, found: HeatMap, locale: str) -> "HeatmapView":
        def cell(weekday: int, hour: int) -> HeatmapCellView:
            return HeatmapCellView(weekday=weekday, **_hour(asked, found, (weekday, hour)))

        return cls(
            **frame(asked.horizon, asked.timezone, asked.from_on, asked.to_on, asked.revision),
            definition=DefinitionView.of(DEFINITION, locale),
            days=[found.days[weekday] for weekday in WEEKDAYS],
            days_unseen=found.unseen,
            cells=[cell(weekday, hour) for weekday in WEEKDAYS for hour in HOURS],
            without_hour=[cell(weekday, UNKNOWN_HOUR) for weekday in WEEKDAYS],
            kinds=[
                KindView(
                    kind=kind.value,
                    days=found.days[kind],
                    cells=[HourView(**_hour(asked, found, (kind, hour))) for hour in HOURS],
                    without_hour=HourView(**_hour(asked, found, (kind, UNKNOWN_HOUR))),
                )
                for kind in DayKind
            ],
            excluded=excluded_views(asked.excluded),
        )


def _hour(asked: Range, found: HeatMap, place: Place) -> dict[str, Any]:
    totals, hour = found.totals.get(place, Totals()), place[1]
    _, minor = totals.sales.get(asked.currency, (0, 0))
    return {
        "hour": None if hour == UNKNOWN_HOUR else hour,
        "orders": totals.orders,
        "members": None if found.unseen else found.members.get(place, 0).bit_count(),
        "revenue": MoneyField.of(minor, asked.currency),
    }


def _run(asked: Asked[HeatmapQuery]) -> HeatmapView:
    query = asked.query
    place = None if query.members is None else _place(query.members)
    days = range_of(asked.tenant_id, query.from_on, query.to_on, asked.now, rules_of(query.exclude))
    found = hours_of(days)
    view = HeatmapView.of(days, found, asked.locale)
    if place is None:
        check_no_cursor(query)
        return view
    if found.unseen:
        raise Invalid.at(
            "?members",
            f"On {found.unseen} of these days it is not known who ordered in which hour; roll them up again "
            "(POST /v1/rollups), then ask once more.",
            f"其中 {found.unseen} 天尚无分时会员数据；请重新汇总这些日期（POST /v1/rollups）后再查询。",
        )
    return view.model_copy(update=page_behind(asked, "heatmap", found.members.get(place, 0)))


def _place(named: str) -> Place:
    part = _CELL.fullmatch(named)
    if part is None:
        raise Invalid.at(
            "?members",
            f"'{named}' names no cell; write weekday:hour, such as 0:18, or kind:hour, such as holiday:9.",
            f"“{named}”不是单元格，请按“星期:小时”（如 0:18）或“类型:小时”（如 holiday:9）填写。",
        )
    group = int(part[1]) if part[1].isdigit() else DayKind(part[1])
    return group, UNKNOWN_HOUR if part[2] == "unknown" else int(part[2])


_DAYS = {str(at): words for at, words in enumerate(WEEKDAY_WORDS)} | {
    kind.value: words for kind, words in KIND_WORDS.items()
}
_ROWS = columns(
    day=("Day", "日期类型", _DAYS), days=("Days", "天数"),
    hour=("Hour", "小时", {str(hour): (f"{hour:02d}:00", f"{hour:02d}:00") for hour in HOURS}),
    orders=("Orders", "订单数"),
    members=("Members (do not add up)", "会员数（不可相加）"),
    revenue_minor=("Revenue", "收入"), currency=("Currency", "币种"),
)  # fmt: skip


def _table(view: HeatmapView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [str(cell.weekday), view.days[cell.weekday], *_line(cell), *made_of]
        for weekday in WEEKDAYS
        for cell in (*view.cells[weekday * 24 : weekday * 24 + 24], view.without_hour[weekday])
    ]
    rows += [
        [each.kind, each.days, *_line(cell), *made_of]
        for each in view.kinds
        for cell in (*each.cells, each.without_hour)
    ]
    return with_excluded(Csv("heatmap.csv", (*_ROWS, *FRAME), rows), view.excluded)


def _line(cell: HourView) -> list[Any]:
    hour = "" if cell.hour is None else str(cell.hour)
    return [hour, cell.orders, cell.members, cell.revenue.amount_minor, cell.revenue.currency]


def _charts(view: HeatmapView) -> Sequence[Chart]:
    """Weekdays by hour, and an average day of each kind by hour."""
    labels = [f"{hour:02d}:00" for hour in HOURS]
    week = [
        Series(WEEKDAY_WORDS[weekday], [each.orders for each in view.cells if each.weekday == weekday])
        for weekday in WEEKDAYS
    ]
    title = Words("Orders by weekday and hour", "各星期与小时的订单数")
    a_day = Words("Orders on a day of each kind, on average", "各类日期的日均订单数")
    kinds = [
        Series(KIND_WORDS[DayKind(each.kind)], [_a_day(cell.orders, each.days) for cell in each.cells])
        for each in view.kinds
        if each.days
    ]
    orders = Words("Orders", "订单数")
    return [
        Chart(Kind.DOTS, title, orders, labels, week),
        Chart(Kind.LINES, a_day, Words("Orders a day", "日均订单数"), labels, kinds),
    ]


def _a_day(orders: int, days: int) -> Decimal:
    return (Decimal(orders) / days).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def _facts(view: HeatmapView) -> Sequence[Fact]:
    unseen = Words("Days of which it is not known who ordered when", "尚无分时会员数据的天数")
    of_days = [Fact(unseen, f"{view.days_unseen:,}")] if view.days_unseen else []
    return [*of_days, *excluded_facts(view.excluded)]


def _behind(view: HeatmapView) -> Sequence[Mapping[str, str]]:
    if view.days_unseen:
        return []
    hours = [*map(str, HOURS), "unknown"]
    groups = [*map(str, WEEKDAYS), *(each.kind for each in view.kinds)]
    return [{"members": f"{group}:{hour}"} for group in groups for hour in hours]


HEATMAP = Report(
    "heatmap",
    HeatmapQuery,
    HeatmapView,
    _run,
    _table,
    charts=_charts,
    title=Words("Orders by weekday and hour", "订单时段分布"),
    tells=Words(
        "When members order, by weekday and local hour, and on holidays beside workdays and weekends.",
        "会员下单的星期与当地小时分布，以及节假日、工作日与周末的对比。",
    ),
    facts=_facts,
    behind=_behind,
)
