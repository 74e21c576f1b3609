"""The reviews that are offered with one press: of the last day, week, month, quarter and year. Pure."""

from collections.abc import Mapping

from chalicelib.insight.report_schedules.model.rhythm import Every

REPORT, FORMAT, AT = "summary", "xlsx", "08:00"

BY: Mapping[Every, str] = {"day": "hour", "week": "day", "month": "day", "quarter": "month", "year": "month"}
"""How each is grouped."""


def parameters(every: Every) -> dict[str, str]:
    """What a review asks of the report, besides its days."""
    return {"by": BY[every], "compare": "previous"}
