"""The periodicity report: on how many days members order, how many days lie between, and who is due to order again."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.periodicity import DAYS, INTERVALS, Due, Spread
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.charting import in_percent
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.patterns import AllGoods, Goods, Range, Rhythm, goods_of, range_of, rhythm_of
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Csv, View, columns

DEFINITION = Definition(
    "periodicity",
    1,
    "Occasions: distinct (member, local day) with an order, as for retention.on, in the range. intervals: days between "
    "one occasion of a member and their next. active_days: occasions of a member. Quartiles: the smallest value that a "
    "quarter, half or three quarters of all do not exceed, or the mean of two neighbours. orders_per_member_week: "
    "orders of the range over the weeks of membership in it: of each member the days from their first order ever, or "
    "the range's first day, to its last, over seven, those who did not order among them. A member's rhythm is the "
    "median of their own intervals, of two intervals at least. not_due: fewer days have passed since the last "
    "occasion; due: as many and more; overdue: twice as many and more. By goods: the same of days on which a "
    "member ordered goods of a category, or a product; due is who may want it again.",
    "下单日：范围内会员有订单（口径同 retention.on）的去重（会员、本地日期）。"
    "intervals：同一会员相邻两个下单日的间隔天数。"
    "active_days：每位会员的下单日数。四分位数：不大于它的值占四分之一、一半、四分之三的最小值，或相邻两值的平均。"
    "orders_per_member_week：范围内订单数除以会员周数；"
    "每位会员（含未下单者）自首单日（或范围首日）至范围末日的天数除以七。"
    "会员节奏：本人间隔的中位数，至少需两个间隔。not_due：距上次下单未满该天数；due：已满；overdue：已达两倍及以上。"
    "按品类或商品：仅计该会员购买该品类或商品的日期；due 即可能需再次购买者。",
)


class PeriodicityQuery(RangeQuery, BehindQuery):
    """The local days; ``members`` names those who are listed: by rhythm and where they stand, such as ``4-7:due``, by
    where they stand alone, ``*:overdue``, or by their number of days, ``days:2``.
    """

    goods: Literal["category", "product"] | None = Field(
        default=None, description="Also by what was ordered: members then names one such as fruit:due"
    )
    members: Annotated[str | None, StringConstraints(max_length=60)] = None


class SpreadView(View):
    """Some numbers: how many, their mean, and quartiles."""

    count: int
    mean: str
    lower_quartile: str
    median: str
    upper_quartile: str

    @classmethod
    def of(cls, spread: Spread | None) -> "SpreadView | None":
        if spread is None:
            return None
        return cls(
            count=spread.count,
            mean=str(spread.mean),
            lower_quartile=str(spread.lower),
            median=str(spread.median),
            upper_quartile=str(spread.upper),
        )


class ActiveDaysView(View):
    """Members who ordered on so many days."""

    days: str
    members: int


class RhythmView(View):
    """So many days: how many ``intervals`` were that long, and how many ``members`` have it as their rhythm, by where
    they stand.
    """

    interval: str
    intervals: int
    members: int
    not_due: int
    due: int
    overdue: int


class GoodsView(View):
    """Goods that ``members`` ordered, of whom ``repeating`` on two days at least; the days between, and where those
    with a rhythm of their own stand.
    """

    value: str
    title: str | None
    members: int
    repeating: int
    intervals: SpreadView | None
    not_due: int
    due: int
    overdue: int

    @classmethod
    def of(cls, goods: Goods) -> "GoodsView":
        found = goods.found
        return cls(
            value=goods.value,
            title=goods.title,
            members=found.members.bit_count(),
            repeating=found.repeating.bit_count(),
            intervals=SpreadView.of(found.intervals),
            **{state.value: found.standing(state).bit_count() for state in Due},
        )


class PeriodicityView(ReportView):
    """How regularly members order. ``repeating`` ordered on two days at least; null where there is nothing to tell."""

    report: Literal["periodicity"] = "periodicity"
    definition: DefinitionView
    members_ordering: int
    repeating: int
    orders: int
    orders_per_member_week: str | None
    active_days: SpreadView | None
    intervals: SpreadView | None
    by_days: list[ActiveDaysView]
    rows: list[RhythmView]
    goods: list[GoodsView] = Field([], description="The hundred that most members ordered, where it is asked for.")
    days_unseen: int = Field(
        0, description="Days with orders of which it is not known what was ordered: they count in no row of goods."
    )
    members: list[BehindView] | None = Field(None, description="The members who were named.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, asked: Range, rhythm: Rhythm, goods: AllGoods, locale: str) -> "PeriodicityView":
        found = rhythm.found
        return cls(
            **frame(asked.horizon, asked.timezone, asked.from_on, asked.to_on, asked.revision),
            definition=DefinitionView.of(DEFINITION, locale),
            members_ordering=found.members.bit_count(),
            repeating=found.repeating.bit_count(),
            orders=rhythm.orders,
            orders_per_member_week=_a_week(rhythm),
            active_days=SpreadView.of(found.active_days),
            intervals=SpreadView.of(found.intervals),
            by_days=[
                ActiveDaysView(days=bucket.name, members=bits.bit_count()) for bucket, bits in found.by_days.items()
            ],
            rows=[
                RhythmView(
                    interval=bucket.name,
                    intervals=found.by_interval[bucket],
                    members=sum(found.rhythms[bucket, state].bit_count() for state in Due),
                    **{state.value: found.rhythms[bucket, state].bit_count() for state in Due},
                )
                for bucket in INTERVALS
            ],
            goods=[GoodsView.of(each) for each in goods.rows],
            days_unseen=goods.unseen,
        )


def _a_week(rhythm: Rhythm) -> str | None:
    if not rhythm.member_days:
        return None
    each = Decimal(rhythm.orders * 7) / rhythm.member_days
    return str(each.quantize(Decimal("0.000001"), ROUND_HALF_EVEN))


def _run(asked: Asked[PeriodicityQuery]) -> PeriodicityView:
    query = asked.query
    days = range_of(asked.tenant_id, query.from_on, query.to_on, asked.now)
    rhythm = rhythm_of(days)
    goods = goods_of(days, Dimension(query.goods)) if query.goods else AllGoods()
    view = PeriodicityView.of(days, rhythm, goods, asked.locale)
    if query.members is None:
        check_no_cursor(query)
        return view
    return view.model_copy(update=page_behind(asked, "periodicity", _named(rhythm, goods.rows, query.members)))


def _named(rhythm: Rhythm, goods: Sequence[Goods], address: str) -> int:
    found = rhythm.found
    known = {f"days:{bucket.name}": found.by_days[bucket] for bucket in DAYS}
    for state in Due:
        known |= {f"{each.value}:{state.value}": each.found.standing(state) for each in goods}
        known |= {f"{bucket.name}:{state.value}": found.rhythms[bucket, state] for bucket in INTERVALS}
        known[f"*:{state.value}"] = found.standing(state)
    if address not in known:
        raise Invalid.at(
            "?members",
            f"The report has no cell '{address}'; name one such as 4-7:due, *:overdue or days:2.",
            f"报表中没有单元格“{address}”；请填写如 4-7:due、*:overdue 或 days:2。",
        )
    return known[address]


_ROWS = columns(
    interval=("Days between", "间隔天数"), intervals=("Intervals", "间隔数"), members=("Members", "会员数"),
    not_due=("Not due", "未到期"), due=("Due", "应复购"), overdue=("Overdue", "逾期未购"),
)  # fmt: skip


_GOODS = columns(
    value=("Category or product", "品类或商品"), title=("Name", "名称"), members=("Members", "会员数"),
    repeating=("On two days or more", "两日及以上"), intervals=("Intervals", "间隔数"),
    mean=("Mean days between", "平均间隔天数"), median=("Median days between", "间隔天数中位数"),
    not_due=("Not due", "未到期"), due=("Due", "应复购"), overdue=("Overdue", "逾期未购"),
)  # fmt: skip


def _table(view: PeriodicityView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    if view.goods:
        return Csv("goods.csv", (*_GOODS, *FRAME), [[*_goods(each), *made_of] for each in view.goods])
    rows = [
        [each.interval, each.intervals, each.members, each.not_due, each.due, each.overdue, *made_of]
        for each in view.rows
    ]
    return Csv("periodicity.csv", (*_ROWS, *FRAME), rows)


def _goods(each: GoodsView) -> list[Any]:
    between = each.intervals
    spread = [between.count, Decimal(between.mean), Decimal(between.median)] if between else [0, None, None]
    return [each.value, each.title, each.members, each.repeating, *spread, each.not_due, each.due, each.overdue]


def _charts(view: PeriodicityView) -> Sequence[Chart]:
    """The intervals; and members by their rhythm, as they stand."""
    labels = [each.interval for each in view.rows]
    intervals, members = Words("Intervals", "间隔数"), Words("Members", "会员数")
    states = [
        Series(Words("Not due", "未到期"), [each.not_due for each in view.rows]),
        Series(Words("Due", "应复购"), [each.due for each in view.rows]),
        Series(Words("Overdue", "逾期未购"), [each.overdue for each in view.rows]),
    ]
    lengths = [Series(intervals, [each.intervals for each in view.rows])]
    between = Words("Days between two orders of a member", "会员两次下单的间隔天数")
    rhythm = Words("Members by the days that usually lie between their orders", "会员分布：按其惯常的下单间隔天数")
    return [
        Chart(Kind.BARS, between, intervals, labels, lengths),
        Chart(Kind.STACKED, rhythm, members, labels, states),
    ]


def _facts(view: PeriodicityView) -> list[Fact]:
    again = str(rate(view.repeating, view.members_ordering))
    weekly = Decimal(view.orders_per_member_week or 0)
    between = view.intervals
    standing = {state: sum(getattr(each, state.value) for each in view.rows) for state in (Due.DUE, Due.OVERDUE)}
    names = {Due.DUE: Words("Due to order again", "应复购会员"), Due.OVERDUE: Words("Overdue", "逾期未购会员")}
    return [
        Fact(Words("Members who ordered", "下单会员"), f"{view.members_ordering:,}"),
        Fact(Words("on two days or more", "其中两日及以上"), f"{view.repeating:,} ({in_percent(again)})"),
        Fact(Words("Orders for each member-week", "每会员每周订单数"), f"{weekly:.2f}"),
        Fact(Words("Days between orders, median", "间隔天数中位数"), between.median if between else "–"),
        *(Fact(names[state], f"{many:,}", f"*:{state.value}") for state, many in standing.items()),
    ]


def _behind(view: PeriodicityView) -> list[Mapping[str, str]]:
    rows = [each.value for each in view.goods] or [each.interval for each in view.rows]
    return [{state.value: f"{row}:{state.value}" for state in Due} for row in rows]


PERIODICITY = Report(
    "periodicity",
    PeriodicityQuery,
    PeriodicityView,
    _run,
    _table,
    charts=_charts,
    title=Words("How often members order", "购买周期"),
    tells=Words(
        "The days between orders, and which members are due again or overdue.",
        "下单的间隔天数，以及应复购与逾期未购的会员。",
    ),
    facts=_facts,
    behind=_behind,
)
