"""How many of those who bought praise and complain, in a range of days."""

from collections.abc import Sequence
from typing import Literal

from chalicelib.catalog.model.ratings import share
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.definitions import COMPLAINT_RATE
from chalicelib.insight.model.references import Topic
from chalicelib.insight.reports.charting import ORDERS, PERCENT, percents, words
from chalicelib.insight.reports.rates import RATE_NAMES, RateView, rate_views
from chalicelib.insight.reports.references import ReferenceView
from chalicelib.insight.reports.report import FRAME, Asked, RangeQuery, Report, ReportView
from chalicelib.insight.reports.service.service_rates import ServiceRates, service_rates
from chalicelib.web import Csv, Instant, View, columns


class ServiceRatesQuery(RangeQuery):
    """The local days, both included; by default the thirty up to today."""


class CauseRateView(View):
    """So many orders (``count``) of those handed over (``of``) were complained of for a cause, with its words; an order
    counts once for each cause of it.
    """

    category: str
    cause: str
    en: str
    zh: str
    count: int
    of: int
    rate: str | None


class ServiceRatesView(ReportView):
    """The rates of a range of days, as things stand ``as_of``, and what orders were complained of for. A range that
    reaches today is never complete.
    """

    report: Literal["service-rates"] = "service-rates"
    as_of: Instant
    rows: list[RateView]
    causes: list[CauseRateView]
    reference: list[ReferenceView]

    @classmethod
    def of(cls, found: ServiceRates, asked: Asked[ServiceRatesQuery]) -> "ServiceRatesView":
        handed_over = next((each.of for each in found.rates if each.definition is COMPLAINT_RATE), 0)
        return cls(
            timezone=found.timezone,
            from_on=found.from_on,
            to_on=found.to_on,
            as_of=asked.now,
            complete=found.to_on < found.today,
            pending_days=0,
            revision=sum(each.count + each.of for each in found.rates),
            rows=rate_views(found, asked.locale),
            causes=[
                CauseRateView(
                    category=each.category, cause=each.cause, en=each.en, zh=each.zh, count=each.count, of=handed_over,
                    rate=share(each.count, handed_over) if handed_over else None,
                )
                for each in found.causes
            ],
            reference=ReferenceView.about(asked.locale, Topic.PRAISE),
        )  # fmt: skip


def _run(asked: Asked[ServiceRatesQuery]) -> ServiceRatesView:
    found = service_rates(asked.tenant_id, asked.query.from_on, asked.query.to_on, asked.now)
    return ServiceRatesView.of(found, asked)


_ROWS = columns(
    name=("Rate", "指标", RATE_NAMES), from_on=("From", "起始日"), to_on=("To", "截止日"), count=("Count", "数量"),
    of=("Of", "总数"), rate=("Share", "比例"), cause=("Cause", "原因（英文）"),
    cause_zh=("Cause in Chinese", "投诉原因"),
)  # fmt: skip


def _table(view: ServiceRatesView) -> Csv:
    rows = [
        [
            each.name, view.from_on, view.to_on, each.count, each.of, each.rate, "", "", each.definition.name,
            each.definition.version, view.timezone, view.as_of, view.revision,
        ]
        for each in view.rows
    ]  # fmt: skip
    complaints = COMPLAINT_RATE
    rows += [
        [
            complaints.name, view.from_on, view.to_on, each.count, each.of, each.rate, each.en, each.zh,
            complaints.name, complaints.version, view.timezone, view.as_of, view.revision,
        ]
        for each in view.causes
    ]  # fmt: skip
    return Csv("service-rates.csv", (*_ROWS, *FRAME), rows)


def _charts(view: ServiceRatesView) -> Sequence[Chart]:
    rates = Series(Words("share", "比例"), [percents(each.rate) for each in view.rows])
    causes = Series(Words("orders", "订单"), [each.count for each in view.causes])
    return [
        Chart(
            Kind.BARS, Words("Praise, complaints and suggestions", "好评、投诉与建议"), PERCENT,
            [words(RATE_NAMES, each.name) for each in view.rows], [rates],
        ),
        Chart(
            Kind.BARS, Words("What orders were complained of for", "投诉原因"), ORDERS,
            [Words(each.en, each.zh) for each in view.causes], [causes],
        ),
    ]  # fmt: skip


SERVICE_RATES = Report(
    "service-rates",
    ServiceRatesQuery,
    ServiceRatesView,
    _run,
    _table,
    charts=_charts,
    title=Words("Praise and complaints", "好评与投诉"),
    tells=Words(
        "How many of those who bought praise, complain and suggest, and what they complain of.",
        "购买者的好评、投诉与建议比例，及投诉原因。",
    ),
)
