"""The report of customer care: how soon cases were answered and ended, and how many praise, complain and suggest."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from chalicelib.catalog.model.ratings import share
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.distribution import Distribution
from chalicelib.insight.model.service_times import KINDS, CaseKind, Measure, Row, Time, Times, classes, rows
from chalicelib.insight.reports.charting import PERCENT, in_percent, percents, words
from chalicelib.insight.reports.rates import RATE_NAMES, RateView, rate_views
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView
from chalicelib.insight.reports.service.service_times import ServiceTimes, service_times
from chalicelib.web import Csv, Instant, View, columns

MeasureName = Literal["first_response", "resolution"]

DEFINITION = Definition(
    "service_times",
    1,
    "Enquiries, complaints and suggestions that were opened on the local days of the range, as they stand as_of. "
    "first_response: from when somebody of the team was needed, which is the opening, or the member's word that an "
    "automatic answer did not help, to the team's first answer; of a suggestion, to its assessment. An enquiry that "
    "was answered automatically and for which nobody was needed has no times. resolution: from then to the last "
    "resolution of a complaint, the closing of an enquiry, the first decision on a suggestion; a suggestion that is "
    "one with another has none of its own. worked: whole minutes of working time by the brand's business calendar, as "
    "due times are counted; of the resolution without the time in which the case waited for its member or was closed. "
    "elapsed: whole minutes on the clock. in_time: by the due time that was promised; of a case that was opened again, "
    "the first response by the present targets. pending cases are in no mean or quantile; their ages stand apart. "
    "Quantiles are type 7 of Hyndman and Fan (1996).",
    "统计所选本地日期内提出的咨询、投诉与建议，以 as_of 时的状态为准。"
    "first_response：自需要人工处理起（即提出时，或会员表示自动回复未解决问题时）至团队首次回复；建议为首次评估。"
    "已自动回复且无需人工的咨询不计时长。resolution：自同一时刻至投诉最后一次解决、咨询关闭、建议首次决定；"
    "并入其他建议的不单独计算。worked：按品牌工作日历计算的工作时间（整分钟），口径同处理时限；处理时长不含等待会员回复及已关闭的时间。"
    "elapsed：自然时间（整分钟）。in_time：在承诺时限内；重新打开的个案，首次响应按现行时限判断。"
    "pending（未完成）的个案不计入均值与分位数，其已用时长单独列出。分位数为 Hyndman–Fan（1996）第 7 型。",
)


class ServiceQuery(RangeQuery):
    """The local days of opening, both included; by default the thirty up to today."""

    cases_by: Literal["priority", "source"] = Field(
        default="priority", description="By what cases of a kind are divided: their priority, or how they came."
    )


class MinutesView(View):
    """Of those that are done, in minutes with one decimal; null where none is."""

    mean: str | None
    median: str | None
    p90: str | None
    p95: str | None

    @classmethod
    def of(cls, found: Distribution) -> "MinutesView":
        at = {name: found.quantile(Fraction(n, 100)) for name, n in (("median", 50), ("p90", 90), ("p95", 95))}
        return cls(mean=_tenths(found.mean), **{name: _tenths(value) for name, value in at.items()})


class AgesView(View):
    """So many are not done, so many of them late, and so many wait for their member, who are never late; how long the
    oldest has taken until ``as_of``, in minutes.
    """

    count: int
    late: int
    waiting: int
    oldest_worked: int | None
    oldest_elapsed: int | None

    @classmethod
    def of(cls, times: Sequence[Time], found: Times) -> "AgesView":
        return cls(
            count=len(times),
            late=found.late,
            waiting=found.waiting,
            oldest_worked=max((each.worked for each in times), default=None),
            oldest_elapsed=max((each.elapsed for each in times), default=None),
        )


class ServiceRowView(View):
    """Cases of a kind, of one ``group`` of it, such as a priority, or of all where that is null. ``opened`` cases have
    come, ``done`` of them have a first response, or an end; ``in_time`` of these, whose share is ``share``.
    """

    kind: CaseKind
    group: str | None
    measure: MeasureName
    opened: int
    done: int
    in_time: int
    share: str | None
    worked: MinutesView
    elapsed: MinutesView
    pending: AgesView

    @classmethod
    def of(cls, row: Row) -> "ServiceRowView":
        times = row.times
        done = len(times.done)
        return cls(
            kind=row.kind, group=row.group, measure=row.measure.value, opened=row.opened, done=done,
            in_time=times.in_time, share=share(times.in_time, done) if done else None,
            worked=MinutesView.of(times.worked), elapsed=MinutesView.of(times.elapsed),
            pending=AgesView.of(times.pending, times),
        )  # fmt: skip


class TimeClassView(View):
    """So many cases of a kind took from ``from_minutes`` to less than ``to_minutes`` of working time; the last class
    has no end.
    """

    kind: CaseKind
    measure: MeasureName
    from_minutes: int
    to_minutes: int | None
    cases: int


class ServiceView(ReportView):
    """How soon cases were answered and ended, and the rates of the same days as ``service-rates`` has them.
    ``complete`` once the days are over, and none of their cases is pending.
    """

    report: Literal["service"] = "service"
    as_of: Instant
    definition: DefinitionView
    rows: list[ServiceRowView]
    histogram: list[TimeClassView]
    rates: list[RateView]

    @classmethod
    def of(cls, found: ServiceTimes, asked: Asked[ServiceQuery]) -> "ServiceView":
        known = rows(found.cases)
        return cls(
            timezone=found.rates.timezone,
            from_on=found.rates.from_on,
            to_on=found.rates.to_on,
            as_of=asked.now,
            complete=found.is_over,
            pending_days=0,
            revision=found.revision,
            definition=DefinitionView.of(DEFINITION, asked.locale),
            rows=[ServiceRowView.of(each) for each in known],
            histogram=[
                TimeClassView(kind=row.kind, measure=row.measure.value, from_minutes=low, to_minutes=high, cases=cases)
                for row in known if row.group is None
                for (low, high), cases in zip(classes(), row.times.histogram(), strict=True)
            ],
            rates=rate_views(found.rates, asked.locale),
        )  # fmt: skip


def _tenths(value: Decimal | None) -> str | None:
    return None if value is None else str(value.quantize(Decimal("0.1")))


def _run(asked: Asked[ServiceQuery]) -> ServiceView:
    query = asked.query
    by_source = query.cases_by == "source"
    found = service_times(asked.tenant_id, query.from_on, query.to_on, by_source, asked.now)
    return ServiceView.of(found, asked)


_KINDS = {"enquiry": ("Enquiries", "咨询"), "complaint": ("Complaints", "投诉"), "suggestion": ("Suggestions", "建议")}
_MEASURES = {"first_response": ("First response", "首次响应"), "resolution": ("Resolution", "处理完成")}
_GROUPS = {
    "": ("all", "全部"), "p1": ("priority 1", "优先级 1"), "p2": ("priority 2", "优先级 2"),
    "p3": ("priority 3", "优先级 3"), "p4": ("priority 4", "优先级 4"), "member": ("the member", "会员"),
    "survey_open": ("an open survey", "公开问卷"), "survey_paper": ("a paper survey", "纸质问卷"),
    "phone": ("telephone", "电话"), "chat": ("chat", "聊天"), "counter": ("counter", "柜台"),
    "other": ("otherwise", "其他"),
}  # fmt: skip
_ROWS = columns(
    kind=("Kind", "类型", _KINDS), cases=("Cases", "个案", _GROUPS), timed=("Time to", "时长", _MEASURES),
    opened=("Opened", "提出数"), done=("Done", "已完成"), in_time=("In time", "按时完成"), share=("Share", "按时率"),
    worked_mean=("Mean, working min", "均值（工作分钟）"), worked_median=("Median, working min", "中位数（工作分钟）"),
    worked_p90=("90 %, working min", "90 分位（工作分钟）"), worked_p95=("95 %, working min", "95 分位（工作分钟）"),
    elapsed_mean=("Mean, elapsed min", "均值（自然分钟）"),
    elapsed_median=("Median, elapsed min", "中位数（自然分钟）"),
    elapsed_p90=("90 %, elapsed min", "90 分位（自然分钟）"), elapsed_p95=("95 %, elapsed min", "95 分位（自然分钟）"),
    pending=("Not done", "未完成"), late=("Late", "已超时"), waiting=("Wait for the member", "等待会员"),
    oldest_worked=("Oldest, working min", "最久（工作分钟）"),
    oldest_elapsed=("Oldest, elapsed min", "最久（自然分钟）"),
)  # fmt: skip


def _table(view: ServiceView) -> Csv:
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    return Csv("service.csv", (*_ROWS, *FRAME), [[*_cells(each), *made_of] for each in view.rows])


def _cells(row: ServiceRowView) -> list[Any]:
    minutes = [
        None if value is None else Decimal(value)
        for side in (row.worked, row.elapsed)
        for value in (side.mean, side.median, side.p90, side.p95)
    ]
    rate, left = None if row.share is None else Decimal(row.share), row.pending
    ages = [left.count, left.late, left.waiting, left.oldest_worked, left.oldest_elapsed]
    return [row.kind, row.group or "", row.measure, row.opened, row.done, row.in_time, rate, *minutes, *ages]


def _charts(view: ServiceView) -> Sequence[Chart]:
    bounds = [_class(low, high) for low, high in classes()]
    taken = [_taken(view, measure, bounds) for measure in Measure]
    whole = [each for each in view.rows if each.group is None]
    shares = [
        Series(words(_MEASURES, measure), [percents(each.share) for each in whole if each.measure == measure])
        for measure in Measure
    ]
    names = [words(_KINDS, each) for each in KINDS]
    return [*taken, Chart(Kind.BARS, Words("Done in time", "按时完成率"), PERCENT, names, shares)]


def _taken(view: ServiceView, measure: Measure, bounds: Sequence[Words]) -> Chart:
    name = words(_MEASURES, measure)
    title = Words(f"{name.en}: how long it took, in working time", f"{name.zh}时长分布（工作时间）")
    series = [
        Series(words(_KINDS, of), [each.cases for each in view.histogram if (each.kind, each.measure) == (of, measure)])
        for of in KINDS
    ]
    return Chart(Kind.STACKED, title, Words("cases", "个"), bounds, series)


def _class(low: int, high: int | None) -> Words:
    if high is None:
        return Words(f"from {_long(low).en}", f"{_long(low).zh}以上")
    if low == 0:
        return Words(f"under {_long(high).en}", f"不足 {_long(high).zh}")
    return Words(f"{_long(low).en} – {_long(high).en}", f"{_long(low).zh} – {_long(high).zh}")


def _long(minutes: int) -> Words:
    """A bound of the histogram in its largest unit; a day has 24 hours of work."""
    if minutes < 60:
        return Words(f"{minutes} min", f"{minutes} 分钟")
    hours = minutes // 60
    return Words(f"{hours} h", f"{hours} 小时")


def _facts(view: ServiceView) -> Sequence[Fact]:
    late = sum(each.pending.late for each in view.rows if each.group is None)
    rates = [
        Fact(words(RATE_NAMES, each.name), f"{each.count:,} / {each.of:,} ({in_percent(each.rate)})")
        for each in view.rates
    ]
    return [*rates, Fact(Words("Answers and ends that are late now", "当前已超时的响应与处理"), f"{late:,}")]


SERVICE = Report(
    "service",
    ServiceQuery,
    ServiceView,
    _run,
    _table,
    charts=_charts,
    title=Words("Customer care", "客户服务"),
    tells=Words(
        "How soon enquiries, complaints and suggestions were answered and ended, how many in time, and what is late.",
        "咨询、投诉与建议的首次响应和处理时长、按时完成率，以及当前超时情况。",
    ),
    facts=_facts,
)
