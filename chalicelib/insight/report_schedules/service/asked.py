"""What a scheduled report asks for: its parameters with the days of a period."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.insight.model.summary import Span
from chalicelib.insight.report_jobs.service import asking
from chalicelib.insight.report_schedules.model.rhythm import Every, period_before
from chalicelib.insight.reports.report import Report
from chalicelib.insight.reports.service.window import week_begins
from chalicelib.kernel.errors import Invalid

_NOT_KEPT = frozenset({"from_on", "to_on", "as_of", "members"})


def check(
    tenant_id: str, report: Report[Any, Any], parameters: Mapping[str, str], unit: Every, today: date, locale: str,
    now: datetime,
) -> None:  # fmt: skip
    """Raises Invalid for days, which follow from when it comes, for names of members, which are sent to nobody, and for
    what the report refuses.
    """
    if kept := sorted(_NOT_KEPT & parameters.keys()):
        raise Invalid.at(
            f"/parameters/{kept[0]}",
            "Leave it out: the days follow from when the report comes, and lists of members are not sent.",
            "请删除此参数：日期由发送时间决定，且不发送会员名单。",
        )
    asking.check(report, filled(report, parameters, period(tenant_id, unit, today)), tenant_id, locale, now)


def period(tenant_id: str, unit: Every, on: date) -> Span:
    """The last whole period before a local day; weeks are the brand's own."""
    return period_before(unit, on, week_begins(tenant_id)) if unit == "week" else period_before(unit, on)


def filled(report: Report[Any, Any], parameters: Mapping[str, str], span: Span) -> dict[str, str]:
    """The parameters with the days of a period, as far as the report takes days."""
    taken = report.query.model_fields
    days = {"from_on": span.from_on, "to_on": span.to_on} if "to_on" in taken else {"as_of": span.to_on}
    return {**parameters, **{name: on.isoformat() for name, on in days.items() if name in taken}}
