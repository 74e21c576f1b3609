"""What a batch of coupons costs and what its orders bring, day by day, against its budget."""

from typing import Any, Literal

from chalicelib.insight.reports import effects
from chalicelib.insight.reports.effects import BudgetView, EffectReportView, EffectView, SubjectQuery
from chalicelib.insight.reports.report import FRAME, Asked, Report
from chalicelib.insight.reports.service.effects import Effect, of_batch
from chalicelib.web import Csv, LocalDate, columns


class CouponBatchQuery(SubjectQuery):
    """Which one, and the local days of placing; by default since its beginning."""


class CouponBatchDayView(EffectView):
    """The orders of one local day."""

    on: LocalDate


class CouponBatchEffectView(EffectReportView):
    """``totals`` and ``rows`` are of the days asked for, ``ever`` of all time; the budget is what it is now."""

    report: Literal["coupon-batch"] = "coupon-batch"
    id: str
    title: str
    status: str
    limits: BudgetView
    ever: EffectView
    totals: EffectView
    rows: list[CouponBatchDayView]

    @classmethod
    def of(cls, subject_id: str, found: Effect, asked: Asked[Any]) -> "CouponBatchEffectView":
        currency = found.range.currency
        return cls(
            **effects.frame(found.range, found.ever.changes, asked),
            id=subject_id,
            title=found.title,
            status=found.status,
            limits=BudgetView.of(found.limits, currency),
            ever=EffectView.of(found.ever.figures, currency),
            totals=EffectView.of(found.total, currency),
            rows=[CouponBatchDayView(on=on, **effects.effect(each, currency)) for on, each in found.days.items()],
        )


def _run(asked: Asked[CouponBatchQuery]) -> CouponBatchEffectView:
    query, subject_id = asked.query, effects.subject_of(asked.query)
    return CouponBatchEffectView.of(
        subject_id, of_batch(asked.tenant_id, subject_id, query.from_on, query.to_on, asked.now), asked
    )


_DAY = columns(title=("Coupons", "优惠券"), on=("Day", "日期"))


def _table(view: CouponBatchEffectView) -> Csv:
    rows = [[view.title, each.on, *effects.effect_cells(each), *effects.made_of(view)] for each in view.rows]
    return Csv("coupon-batch.csv", (*_DAY, *effects.EFFECT, *FRAME), rows)


COUPON_BATCH = Report("coupon-batch", CouponBatchQuery, CouponBatchEffectView, _run, _table, effects.ROLES)
