"""What the charts of reports are called, and how rates are said."""

from decimal import Decimal
from typing import Any

from chalicelib.insight.reports.report import Report, ReportView


def titles(report: Report[Any, Any], view: ReportView, language: str) -> list[str]:
    """What the charts of an answer are called."""
    return [each.title.said(language) for each in (report.charts(view) if report.charts else ())]


def percents(rate: str) -> str:
    """A rate such as ``0.3333`` as ``33.3%``."""
    return f"{Decimal(rate) * 100:.1f}%"
