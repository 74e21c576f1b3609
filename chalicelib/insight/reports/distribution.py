"""The report of distributions: mean, variance, quantiles and histogram of a measure of members."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.distribution import MOST_BINS, QUANTILES, Bin, TooManyBins
from chalicelib.insight.model.measures import number
from chalicelib.insight.reports.behind import BehindQuery, BehindView, check_no_cursor, members_table, page_behind
from chalicelib.insight.reports.charting import MEMBERS, amount, of_currency
from chalicelib.insight.reports.excluding import (
    ExcludedView,
    Excluding,
    excluded_facts,
    excluded_views,
    rules_of,
    with_excluded,
)
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.distribution import AMOUNTS, Measure, Measured, measured, members_in
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Csv, MoneyField, View, columns

_HOW_EN = (
    "Every value counts, the greatest too. Mean: sum over count. Variance: squared differences from the mean over one "
    "less than the count; standard deviation: its square root. Quantiles: type 7 of Hyndman and Fan (1996), linear "
    "between neighbours. A bin of the histogram holds values from its lower bound to below its upper; the last holds "
    "all further ones. Amounts are in minor units of the tenant's currency; other currencies are not converted."
)
_HOW_ZH = (
    "所有值均计入，最大值也不剔除。均值：总和除以个数。方差：与均值之差的平方和除以（个数减一）；标准差：方差的平方根。"
    "分位数：Hyndman–Fan（1996）第 7 型，相邻值间线性插值。直方图每组含下限、不含上限，末组含其后全部值。"
    "金额为商家币种的最小货币单位，其他币种不换算。"
)


def _definition(name: Measure, en: str, zh: str) -> Definition:
    return Definition(f"distribution.{name}", 1, f"{en} {_HOW_EN}", f"{zh}{_HOW_ZH}")


DEFINITIONS = {
    Measure.OCCASION_VALUE: _definition(
        Measure.OCCASION_VALUE,
        "What a member's orders of one local day came to together, of each member and day in the range.",
        "所选日期内，每位会员每个下单日的订单金额合计。",
    ),
    Measure.OCCASIONS: _definition(
        Measure.OCCASIONS,
        "Local days with an order in the range, of each member with one.",
        "所选日期内有订单的会员，各自的下单天数（本地日期）。",
    ),
    Measure.SPENDING: _definition(
        Measure.SPENDING,
        "The sum of a member's orders in the range, of each member with one; orders in other currencies add nothing.",
        "所选日期内有订单的会员，各自的订单金额合计；其他币种的订单不计金额。",
    ),
    Measure.DAYS_BETWEEN: _definition(
        Measure.DAYS_BETWEEN,
        "Days from each local day with an order to the member's next one, both in the range.",
        "同一会员相邻两个下单日（均在所选日期内）之间的天数。",
    ),
    Measure.RECENCY: _definition(
        Measure.RECENCY,
        "Days from a member's last local day with an order in the range to its end, of each member with one.",
        "所选日期内有订单的会员，其最后下单日距结束日期的天数。",
    ),
}

_WORDS = {
    Measure.OCCASION_VALUE: Words("Value of a day with orders", "单个下单日的金额"),
    Measure.OCCASIONS: Words("Days with an order of a member", "每位会员的下单天数"),
    Measure.SPENDING: Words("Spending of a member", "每位会员的消费金额"),
    Measure.DAYS_BETWEEN: Words("Days between orders", "两次下单间隔天数"),
    Measure.RECENCY: Words("Days since the last order", "距最后下单天数"),
}


class DistributionQuery(RangeQuery, BehindQuery):
    """Local days, both included; by default all up to the last complete one. ``members`` names a bin by its lower bound
    and has the members behind it listed.
    """

    measure: Measure = Measure.SPENDING
    bin_width: Annotated[
        int | None, Field(ge=1, le=10**12, description="The width of bins; amounts in minor units")
    ] = None
    members: Annotated[str | None, StringConstraints(max_length=60)] = Field(
        default=None, description="The lower bound of a bin, such as 500"
    )
    exclude: Excluding | None = None


class QuantileView(View):
    """The value that the share ``p`` of all is not above."""

    p: str
    value: str


class BinView(View):
    """Values from ``low`` to below ``high``; of the last bin ``high`` is null, and it holds all further ones."""

    low: int
    high: int | None
    count: int
    share: str


class DistributionView(ReportView):
    """How a measure is distributed. ``unit`` is ``minor`` (of ``currency``) or ``days``; all but ``count`` are null
    where there is no value, and the variance of a single one.
    """

    report: Literal["distribution"] = "distribution"
    definition: DefinitionView
    measure: Measure
    unit: Literal["minor", "days"]
    currency: str | None
    count: int
    sum: int
    mean: str | None
    variance: str | None
    standard_deviation: str | None
    least: int | None
    most: int | None
    quantiles: list[QuantileView]
    bins: list[BinView]
    excluded: list[ExcludedView]
    members: list[BehindView] | None = Field(None, description="The members behind the bin that was named.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, measure: Measure, found: Measured, bins: list[Bin], locale: str) -> "DistributionView":
        values = found.values
        quantiles = [(p, values.quantile(p)) for p in QUANTILES]
        return cls(
            **frame(found.horizon, found.timezone, found.from_on, found.to_on, found.revision),
            definition=DefinitionView.of(DEFINITIONS[measure], locale),
            measure=measure,
            unit="minor" if measure in AMOUNTS else "days",
            currency=found.currency if measure in AMOUNTS else None,
            count=values.count,
            sum=values.sum,
            mean=_text(values.mean),
            variance=_text(values.variance),
            standard_deviation=_text(values.deviation),
            least=values.least,
            most=values.most,
            quantiles=[
                QuantileView(p=f"{float(p):.2f}", value=str(value)) for p, value in quantiles if value is not None
            ],
            bins=[
                BinView(low=each.low, high=each.high, count=each.count, share=str(rate(each.count, values.count)))
                for each in bins
            ],
            excluded=excluded_views(found.excluded),
        )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _run(asked: Asked[DistributionQuery]) -> DistributionView:
    query = asked.query
    found = measured(asked.tenant_id, query.measure, query.from_on, query.to_on, asked.now, rules_of(query.exclude))
    bins = _bins(found, query.bin_width)
    view = DistributionView.of(query.measure, found, bins, asked.locale)
    if query.members is None:
        check_no_cursor(query)
        return view
    wanted = next((each for each in bins if str(each.low) == query.members), None)
    if wanted is None:
        raise Invalid.at(
            "?members",
            f"'{query.members}' is the lower bound of no bin; take one from the answer.",
            f"“{query.members}”不是任何分组的下限，请从结果中选取。",
        )
    members = members_in(asked.tenant_id, query.measure, found, wanted)
    return view.model_copy(update=page_behind(asked, "distribution", members))


def _bins(found: Measured, width: int | None) -> list[Bin]:
    try:
        return list(found.values.histogram(width))
    except TooManyBins as too_many:
        raise Invalid.at(
            "?bin_width",
            f"Bins of {width} would be {too_many}, more than {MOST_BINS}; take a greater width.",
            f"组距 {width} 将产生 {too_many} 组，超过 {MOST_BINS} 组，请加大组距。",
        ) from too_many


_MEASURE = columns(measure=("Measure", "指标", {each.value: (said.en, said.zh) for each, said in _WORDS.items()}))
_COUNTED = columns(
    count=("Count", "个数"), share=("Share", "占比"), from_on=("From day", "起始日"), to_on=("To day", "截止日"),
    currency=("Currency", "币种"), values=("Values", "总个数"),
)  # fmt: skip
_DAYS = columns(low=("From", "下限"), high=("To below", "上限（不含）")), columns(
    mean=("Mean", "均值"), variance=("Variance", "方差"), standard_deviation=("Standard deviation", "标准差"),
    median=("Median", "中位数"),
)  # fmt: skip
_AMOUNTS = columns(low_minor=("From", "下限"), high_minor=("To below", "上限（不含）")), columns(
    mean_minor=("Mean", "均值"), variance=("Variance (in minor units)", "方差（按最小货币单位）"),
    standard_deviation_minor=("Standard deviation", "标准差"), median_minor=("Median", "中位数"),
)  # fmt: skip


def _table(view: DistributionView) -> Csv:
    if view.members is not None:
        return members_table(view.members)
    median = next((each.value for each in view.quantiles if each.p == "0.50"), None)
    numbers = [None if each is None else Decimal(each) for each in (view.mean, view.variance, view.standard_deviation)]
    totals = [view.currency, view.count, *numbers, None if median is None else Decimal(median)]
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            *(view.measure.value, each.low, each.high, each.count, Decimal(each.share), view.from_on, view.to_on),
            *totals,
            *made_of,
        ]
        for each in view.bins
    ]
    bounds, sums = _AMOUNTS if view.currency else _DAYS
    table = Csv("distribution.csv", (*_MEASURE, *bounds, *_COUNTED, *sums, *FRAME), rows)
    return with_excluded(table, view.excluded)


_IN_DAYS = Words("days", "天")


def _charts(view: DistributionView) -> list[Chart]:
    if not view.bins:
        return []
    words, unit = _WORDS[view.measure], of_currency(view.currency) if view.currency else _IN_DAYS
    counted = Words("member days", "人天") if view.measure is Measure.OCCASION_VALUE else MEMBERS
    if view.measure is Measure.DAYS_BETWEEN:
        counted = Words("intervals", "次间隔")
    title = Words(f"{words.en} ({unit.en})", f"{words.zh}（{unit.zh}）")
    labels = [f"{_shown(each.low, view)}{'+' if each.high is None else ''}" for each in view.bins]
    return [Chart(Kind.BARS, title, counted, labels, [Series(words, [each.count for each in view.bins])])]


def _shown(value: int | Decimal, view: DistributionView) -> str:
    """Without decimals that are none."""
    return number(Decimal(value).scaleb(-CURRENCIES[view.currency]) if view.currency else Decimal(value))


def _facts(view: DistributionView) -> Sequence[Fact]:
    quantiles = [(f"{Decimal(each.p):.0%}", each.value) for each in view.quantiles]
    found = [
        (Words("Mean", "均值"), view.mean),
        (Words("Standard deviation", "标准差"), view.standard_deviation),
        *((Words(f"{share} are at most", f"{share} 不超过"), value) for share, value in quantiles),
    ]
    counted = Fact(Words("Values", "总个数"), f"{view.count:,}")
    values = [Fact(name, _rounded(value, view)) for name, value in found if value is not None]
    return [counted, *values, *excluded_facts(view.excluded)]


def _rounded(value: str, view: DistributionView) -> Words:
    if view.currency:
        return amount(MoneyField.of(int(Decimal(value).to_integral_value(ROUND_HALF_EVEN)), view.currency))
    days = f"{Decimal(value):,.1f}"
    return Words(f"{days} {_IN_DAYS.en}", f"{days} {_IN_DAYS.zh}")


def _behind(view: DistributionView) -> Sequence[Mapping[str, str]]:
    return [{"count": str(each.low)} for each in view.bins]


DISTRIBUTION = Report(
    "distribution",
    DistributionQuery,
    DistributionView,
    _run,
    _table,
    charts=_charts,
    title=Words("How a figure is distributed", "指标分布"),
    tells=Words(
        "How spending, days with orders or the days between them spread over members: mean, quantiles, histogram.",
        "消费金额、下单天数或下单间隔在会员中的分布：均值、分位数与直方图。",
    ),
    facts=_facts,
    behind=_behind,
)
