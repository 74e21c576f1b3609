"""The best times: in which hours of the week most orders are placed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.heatmap import HOURS, WEEKDAYS
from chalicelib.insight.reports.charting import ORDERS
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.member_hours import LEAST_HOURS, member_times
from chalicelib.insight.reports.service.patterns import BestTimes, Range, best_times, range_of
from chalicelib.insight.reports.words import WEEKDAY_WORDS
from chalicelib.kernel.counting import counted
from chalicelib.web import Csv, UlidStr, View, columns

_MOST_SLOTS = 10

DEFINITION = Definition(
    "best_time",
    2,
    "Orders by weekday and hour as in heatmap. A slot is so many consecutive hours as slot_hours says, from the hour "
    "of the weekday on, past midnight where it reaches so far. The ten slots with the most orders, none of which "
    "shares an hour with a better one; the earlier in the week first among equals. share: of the orders whose hour is "
    "known. It says when members ordered in the times when they could, such as while campaigns were open. Of one "
    "member, named by member_id, an hour of a day counts once, however many orders they placed in it, and there are "
    "slots from five such hours on.",
    "订单按星期与小时统计，口径同 heatmap。时段为自该星期该小时起、由 slot_hours 指定的连续小时数，可跨越午夜。"
    "列出订单最多且互不重叠的十个时段；订单数相同者以一周中较早者为先。share：占已知小时订单的比例。"
    "仅反映会员在可下单时间（如团购开放期间）内的下单情况。"
    "以 member_id 指定单个会员时，同一天同一小时无论几单只计一次，满五个此类小时才列出时段。",
)


class BestTimeQuery(RangeQuery):
    """The local days, how many hours a slot has, and of which member, if it is about one."""

    slot_hours: Annotated[int, Field(ge=1, le=12)] = 1
    member_id: UlidStr | None = None


class SlotView(View):
    """Hours from one of a weekday on; 0 is Monday. ``share`` is of all orders whose hour is known."""

    rank: int
    weekday: int
    hour: int
    hours: int
    orders: int
    share: str


class HourOfDayView(View):
    """An hour of all weekdays together."""

    hour: int
    orders: int
    share: str


class BestTimeView(ReportView):
    """The best slots first; and every hour of the day. Of a member with too few orders there are none, and ``said``
    says so.
    """

    report: Literal["best-time"] = "best-time"
    definition: DefinitionView
    orders: int = Field(description="Orders whose hour is known.")
    without_hour: int = Field(description="Orders of which the day alone is known.")
    member_id: UlidStr | None = None
    said: str | None = Field(default=None, description="Why a member has no best times yet.")
    rows: list[SlotView]
    by_hour: list[HourOfDayView]

    @classmethod
    def of(cls, asked: Range, found: BestTimes, query: BestTimeQuery, locale: str) -> "BestTimeView":
        hours = {hour: sum(found.orders.get((weekday, hour), 0) for weekday in WEEKDAYS) for hour in HOURS}
        return cls(
            **frame(asked.horizon, asked.timezone, asked.from_on, asked.to_on, asked.revision),
            definition=DefinitionView.of(DEFINITION, locale),
            orders=found.total,
            without_hour=found.without_hour,
            member_id=query.member_id,
            said=_too_few(found.total).said(locale) if query.member_id and found.total < LEAST_HOURS else None,
            rows=[
                SlotView(
                    rank=rank,
                    weekday=slot.weekday,
                    hour=slot.hour,
                    hours=query.slot_hours,
                    orders=slot.orders,
                    share=str(rate(slot.orders, found.total)),
                )
                for rank, slot in enumerate(found.slots, 1)
            ],
            by_hour=[
                HourOfDayView(hour=hour, orders=orders, share=str(rate(orders, found.total)))
                for hour, orders in hours.items()
            ],
        )


def _run(asked: Asked[BestTimeQuery]) -> BestTimeView:
    query = asked.query
    days = range_of(asked.tenant_id, query.from_on, query.to_on, asked.now)
    if query.member_id:
        found = member_times(days, query.member_id, query.slot_hours, _MOST_SLOTS)
    else:
        found = best_times(days, query.slot_hours, _MOST_SLOTS)
    return BestTimeView.of(days, found, query, asked.locale)


def _too_few(known: int) -> Words:
    return Words(
        f"Too few to tell: in these days this member ordered in {counted(known, 'hour')} that we know of; their best "
        f"times are shown from {LEAST_HOURS} on.",
        f"订单较少，暂无法判断：所选日期内该会员在 {known} 个已知小时下过单，满 {LEAST_HOURS} 个后才显示其高峰时段。",
    )


_ROWS = columns(
    rank=("Rank", "名次"), weekday=("Weekday", "星期", {str(at): words for at, words in enumerate(WEEKDAY_WORDS)}),
    hour=("From hour", "起始小时"), hours=("Hours", "小时数"), orders=("Orders", "订单数"), share=("Share", "占比"),
)  # fmt: skip


def _table(view: BestTimeView) -> Csv:
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [each.rank, str(each.weekday), each.hour, each.hours, each.orders, Decimal(each.share), *made_of]
        for each in view.rows
    ]
    return Csv("best-time.csv", (*_ROWS, *FRAME), rows)


def _charts(view: BestTimeView) -> Sequence[Chart]:
    if view.said:
        return []
    labels = [f"{each.hour:02d}:00" for each in view.by_hour]
    name = Words("Orders", "订单数")
    by_hour = [Series(name, [each.orders for each in view.by_hour])]
    best = [Series(name, [each.orders for each in view.rows])]
    return [
        Chart(Kind.BARS, Words("Orders by hour of the day", "各小时订单数"), ORDERS, labels, by_hour),
        Chart(Kind.BARS, Words("The best times", "高峰时段"), ORDERS, [_slot(each) for each in view.rows], best),
    ]


def _slot(slot: SlotView) -> Words:
    day = WEEKDAY_WORDS[slot.weekday]
    hours = f"{slot.hour:02d}:00–{(slot.hour + slot.hours) % 24:02d}:00"
    return Words(f"{day.en} {hours}", f"{day.zh} {hours}")


def _facts(view: BestTimeView) -> Sequence[Fact]:
    said = [Fact(Words("Of this member", "该会员"), view.said)] if view.said else []
    return [
        *said,
        Fact(Words("Orders whose hour is known", "已知小时的订单"), f"{view.orders:,}"),
        Fact(Words("Orders of which the day alone is known", "仅知日期的订单"), f"{view.without_hour:,}"),
    ]


BEST_TIME = Report(
    "best-time",
    BestTimeQuery,
    BestTimeView,
    _run,
    _table,
    charts=_charts,
    title=Words("When most order", "下单高峰时段"),
    tells=Words(
        "The weekdays and hours in which most orders come: a good time to open a group buy or to write to members.",
        "订单最集中的星期与时段，可据此安排开团与发送消息的时间。",
    ),
    facts=_facts,
)
