"""A report with its parameters, as they are kept for later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.insight.reports.catalogue import named, query_of
from chalicelib.insight.reports.report import Asked, FormQuery, Report, ReportView
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.web.problems import refuse_fields

_OF_A_PAGE = frozenset({"format", "limit", "cursor"})


def query(report: Report[Any, Any], parameters: Mapping[str, str], locale: str) -> FormQuery:
    """The report's own query. Raises Invalid that names each parameter by its place in the body."""
    if of_a_page := sorted(_OF_A_PAGE & parameters.keys()):
        raise Invalid.at(
            f"/parameters/{of_a_page[0]}",
            "Leave it out: a file has a form of its own, and holds all rows.",
            "请删除此参数：文件格式另行指定，且包含全部行。",
        )
    try:
        return query_of(report, parameters, locale)
    except Invalid as refused:
        raise refuse_fields(_in_body(refused.errors)) from refused


def check(report: Report[Any, Any], parameters: Mapping[str, str], tenant_id: str, locale: str, now: datetime) -> None:
    """Raises what the report refuses, each field by its place in the body; nobody waits for a file that cannot be."""
    query(report, parameters, locale)
    try:
        answer(report.name, parameters, tenant_id, locale, now, limit=1)
    except Invalid as refused:
        raise type(refused)(
            refused.detail, detail_zh=refused.detail_zh, errors=tuple(_in_body(refused.errors))
        ) from refused


def answer(
    name: str, parameters: Mapping[str, str], tenant_id: str, locale: str, now: datetime, **page: Any
) -> ReportView:
    """What the report answers, as of an instant. Raises what it refuses."""
    report = named(name)
    given = query(report, parameters, locale)
    fields = {key: value for key, value in page.items() if key in report.query.model_fields}
    view: ReportView = report.run(Asked(tenant_id, given.model_copy(update=fields), locale, now, sealed=False))
    return view


def _in_body(errors: Any) -> list[FieldError]:
    return [
        FieldError(f"/parameters/{each.pointer.removeprefix('?')}", each.message, each.message_zh) for each in errors
    ]
