"""What a promotion costs and what its orders bring, day by day, against its budget."""

from typing import Literal

from chalicelib.insight.model.charts import Words
from chalicelib.insight.reports.effects import ROLES, SubjectEffectView, SubjectQuery, day_charts, day_table, subject_of
from chalicelib.insight.reports.report import Asked, Report
from chalicelib.insight.reports.service.effects import of_promotion
from chalicelib.web import Csv, columns


class PromotionQuery(SubjectQuery):
    """Which one, and the local days of placing; by default since its beginning."""


class PromotionEffectView(SubjectEffectView):
    """``totals`` and ``rows`` are of the days asked for, ``ever`` of all time; the budget is what it is now."""

    report: Literal["promotion"] = "promotion"


def _run(asked: Asked[PromotionQuery]) -> PromotionEffectView:
    query, subject_id = asked.query, subject_of(asked.query)
    found = of_promotion(asked.tenant_id, subject_id, query.from_on, query.to_on, asked.now)
    return PromotionEffectView.of(subject_id, found, asked)


_DAY = columns(title=("Promotion", "促销"), on=("Day", "日期"))


def _table(view: PromotionEffectView) -> Csv:
    return day_table("promotion", _DAY, view)


PROMOTION = Report(
    "promotion",
    PromotionQuery,
    PromotionEffectView,
    _run,
    _table,
    ROLES,
    day_charts,
    title=Words("A promotion", "一项促销"),
    tells=Words(
        "What a promotion costs and what its orders bring, day by day.", "一项促销的成本及其订单带来的收入，按日列出。"
    ),
)
