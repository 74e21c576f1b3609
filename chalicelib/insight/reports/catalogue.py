"""All reports, by name. A new one is a file of its own, and a word in this list."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from pydantic import BaseModel, RootModel, create_model

from chalicelib.insight.reports.best_time import BEST_TIME
from chalicelib.insight.reports.campaign import CAMPAIGN
from chalicelib.insight.reports.classes import CLASSES
from chalicelib.insight.reports.coupon_batch import COUPON_BATCH
from chalicelib.insight.reports.data_quality import DATA_QUALITY_REPORT
from chalicelib.insight.reports.distribution import DISTRIBUTION
from chalicelib.insight.reports.funnel import FUNNEL
from chalicelib.insight.reports.growth import GROWTH
from chalicelib.insight.reports.heatmap import HEATMAP
from chalicelib.insight.reports.leaving import LEAVING
from chalicelib.insight.reports.lifecycle import LIFECYCLE
from chalicelib.insight.reports.lifetime_value import LIFETIME_VALUE
from chalicelib.insight.reports.periodicity import PERIODICITY
from chalicelib.insight.reports.personas import PERSONAS
from chalicelib.insight.reports.points import POINTS
from chalicelib.insight.reports.preferences import PREFERENCES
from chalicelib.insight.reports.profit import PROFITS
from chalicelib.insight.reports.promotion import PROMOTION
from chalicelib.insight.reports.report import FormQuery, Report
from chalicelib.insight.reports.retention import RETENTION
from chalicelib.insight.reports.rfm import RFM
from chalicelib.insight.reports.service_rates import SERVICE_RATES
from chalicelib.insight.reports.summary import SUMMARY
from chalicelib.insight.reports.tiers import TIERS
from chalicelib.insight.reports.today import TODAY
from chalicelib.insight.reports.wanted import WANTED
from chalicelib.kernel.errors import FieldError, Invalid, NotFound

REPORTS: Mapping[str, Report[Any, Any]] = {
    each.name: each
    for each in (
        BEST_TIME,
        CAMPAIGN,
        CLASSES,
        COUPON_BATCH,
        DISTRIBUTION,
        FUNNEL,
        DATA_QUALITY_REPORT,
        GROWTH,
        HEATMAP,
        LEAVING,
        LIFECYCLE,
        PERIODICITY,
        LIFETIME_VALUE,
        PERSONAS,
        POINTS,
        PREFERENCES,
        PROFITS,
        PROMOTION,
        RETENTION,
        RFM,
        SERVICE_RATES,
        SUMMARY,
        TIERS,
        TODAY,
        WANTED,
    )
}

ReportQuery: type[BaseModel] = create_model(
    "ReportQuery",
    __base__=tuple(each.query for each in REPORTS.values()),
    __doc__="The parameters of all reports; one that a report does not take is refused.",
)

_answers: Any = reduce(or_, (each.answer for each in REPORTS.values()))
_Root: Any = RootModel

AnyReport: type[BaseModel] = create_model("AnyReport", __base__=_Root[_answers], __doc__="The report that was named.")


class UnknownReport(NotFound):
    """There is no report of that name."""

    code, title, title_zh = "unknown_report", "There is no such report", "没有该报表"


def named(name: str) -> Report[Any, Any]:
    """The report of that name. Raises UnknownReport."""
    if name not in REPORTS:
        known = ", ".join(sorted(REPORTS))
        raise UnknownReport(
            f"There is no report '{name[:60]}'; there are: {known}.",
            detail_zh=f"没有报表“{name[:60]}”，现有：{known}。",
            extra={"reports": sorted(REPORTS)},
        )
    return REPORTS[name]


def query_of(report: Report[Any, Any], given: BaseModel) -> FormQuery:
    """The report's own query. Raises Invalid for each parameter that it does not take."""
    if foreign := sorted(given.model_fields_set - report.query.model_fields.keys()):
        raise Invalid(
            f"The report '{report.name}' does not take: {', '.join(foreign)}.",
            detail_zh=f"报表“{report.name}”不支持参数：{', '.join(foreign)}。",
            errors=tuple(
                FieldError(
                    f"?{each}",
                    f"the report '{report.name}' does not take this",
                    f"报表“{report.name}”不支持此参数",
                )
                for each in foreign
            ),
        )
    query: FormQuery = report.query.model_validate(given.model_dump(exclude_unset=True))
    return query
