"""What a promotion costs and what its orders bring, day by day, against its budget."""

from typing import Any, Literal

from chalicelib.insight.reports import effects
from chalicelib.insight.reports.effects import BudgetView, EffectReportView, EffectView, SubjectQuery
from chalicelib.insight.reports.report import FRAME, Asked, Report
from chalicelib.insight.reports.service.effects import Effect, of_promotion
from chalicelib.web import Csv, LocalDate, columns


class PromotionQuery(SubjectQuery):
    """Which one, and the local days of placing; by default since its beginning."""


class PromotionDayView(EffectView):
    """The orders of one local day."""

    on: LocalDate


class PromotionEffectView(EffectReportView):
    """``totals`` and ``rows`` are of the days asked for, ``ever`` of all time; the budget is what it is now."""

    report: Literal["promotion"] = "promotion"
    id: str
    title: str
    status: str
    limits: BudgetView
    ever: EffectView
    totals: EffectView
    rows: list[PromotionDayView]

    @classmethod
    def of(cls, subject_id: str, found: Effect, asked: Asked[Any]) -> "PromotionEffectView":
        currency = found.range.currency
        return cls(
            **effects.frame(found.range, found.ever.changes, asked),
            id=subject_id,
            title=found.title,
            status=found.status,
            limits=BudgetView.of(found.limits, currency),
            ever=EffectView.of(found.ever.figures, currency),
            totals=EffectView.of(found.total, currency),
            rows=[PromotionDayView(on=on, **effects.effect(each, currency)) for on, each in found.days.items()],
        )


def _run(asked: Asked[PromotionQuery]) -> PromotionEffectView:
    query, subject_id = asked.query, effects.subject_of(asked.query)
    return PromotionEffectView.of(
        subject_id, of_promotion(asked.tenant_id, subject_id, query.from_on, query.to_on, asked.now), asked
    )


_DAY = columns(title=("Promotion", "促销"), on=("Day", "日期"))


def _table(view: PromotionEffectView) -> Csv:
    rows = [[view.title, each.on, *effects.effect_cells(each), *effects.made_of(view)] for each in view.rows]
    return Csv("promotion.csv", (*_DAY, *effects.EFFECT, *FRAME), rows)


PROMOTION = Report("promotion", PromotionQuery, PromotionEffectView, _run, _table, effects.ROLES)
