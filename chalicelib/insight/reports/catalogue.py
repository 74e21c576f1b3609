"""All reports, by name. A new one is a file of its own, and a row in this list.

A report is loaded when it is asked for: each has rules of its own, and who reads one needs none of the others.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from pydantic import ConfigDict, ValidationError

from chalicelib.insight.reports.report import FormQuery, Report
from chalicelib.kernel.errors import FieldError, Invalid, NotFound
from chalicelib.web.problems import faults_of, refuse_fields

_PLACES: Mapping[str, str] = {
    "associations": "associations:ASSOCIATIONS",
    "best-time": "best_time:BEST_TIME",
    "campaign": "campaign:CAMPAIGN",
    "classes": "classes:CLASSES",
    "coupon-batch": "coupon_batch:COUPON_BATCH",
    "distribution": "distribution:DISTRIBUTION",
    "funnel": "funnel:FUNNEL",
    "data-quality": "data_quality:DATA_QUALITY_REPORT",
    "growth": "growth:GROWTH",
    "heatmap": "heatmap:HEATMAP",
    "leaving": "leaving:LEAVING",
    "lifecycle": "lifecycle:LIFECYCLE",
    "periodicity": "periodicity:PERIODICITY",
    "lifetime-value": "lifetime_value:LIFETIME_VALUE",
    "personas": "personas:PERSONAS",
    "points": "points:POINTS",
    "preferences": "preferences:PREFERENCES",
    "profit": "profit:PROFITS",
    "promotion": "promotion:PROMOTION",
    "retention": "retention:RETENTION",
    "rfm": "rfm:RFM",
    "service": "service_times:SERVICE",
    "service-rates": "service_rates:SERVICE_RATES",
    "summary": "summary:SUMMARY",
    "tiers": "tiers:TIERS",
    "today": "today:TODAY",
    "wanted": "wanted:WANTED",
}
"""Where each report stands in this package: its file, and its name there."""


class _Reports(Mapping[str, Report[Any, Any]]):
    """Reports by name, each loaded when it is looked up."""

    def __getitem__(self, name: str) -> Report[Any, Any]:
        file, _, attribute = _PLACES[name].partition(":")
        found: Report[Any, Any] = getattr(import_module(f"chalicelib.insight.reports.{file}"), attribute)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


REPORTS: Mapping[str, Report[Any, Any]] = _Reports()


class GivenQuery(FormQuery):
    """What a report is asked for, before it is known which one: see :func:`query_of`."""

    model_config = ConfigDict(extra="allow")


class UnknownReport(NotFound):
    """There is no report of that name."""

    code, title, title_zh = "unknown_report", "There is no such report", "没有该报表"


def named(name: str) -> Report[Any, Any]:
    """The report of that name. Raises UnknownReport."""
    if name not in _PLACES:
        known = ", ".join(sorted(REPORTS))
        raise UnknownReport(
            f"There is no report '{name[:60]}'; there are: {known}.",
            detail_zh=f"没有报表“{name[:60]}”，现有：{known}。",
            extra={"reports": sorted(REPORTS)},
        )
    return REPORTS[name]


def query_of(report: Report[Any, Any], given: Mapping[str, Any], locale: str) -> FormQuery:
    """The report's own query. Raises Invalid for each parameter that it does not take, or not with that value."""
    if foreign := sorted(given.keys() - report.query.model_fields.keys()):
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
    try:
        query: FormQuery = report.query.model_validate(dict(given))
    except ValidationError as fault:
        raise refuse_fields(faults_of(fault, locale, query=True)) from fault
    return query
