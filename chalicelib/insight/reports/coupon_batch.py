"""What a batch of coupons costs and what its orders bring, day by day, against its budget."""

from typing import Literal

from chalicelib.insight.model.charts import Words
from chalicelib.insight.reports.effects import ROLES, SubjectEffectView, SubjectQuery, day_charts, day_table, subject_of
from chalicelib.insight.reports.report import Asked, Report
from chalicelib.insight.reports.service.effects import of_batch
from chalicelib.web import Csv, columns


class CouponBatchQuery(SubjectQuery):
    """Which one, and the local days of placing; by default since its beginning."""


class CouponBatchEffectView(SubjectEffectView):
    """``totals`` and ``rows`` are of the days asked for, ``ever`` of all time; the budget is what it is now."""

    report: Literal["coupon-batch"] = "coupon-batch"


def _run(asked: Asked[CouponBatchQuery]) -> CouponBatchEffectView:
    query, subject_id = asked.query, subject_of(asked.query)
    found = of_batch(asked.tenant_id, subject_id, query.from_on, query.to_on, asked.now)
    return CouponBatchEffectView.of(subject_id, found, asked)


_DAY = columns(title=("Coupons", "优惠券"), on=("Day", "日期"))


def _table(view: CouponBatchEffectView) -> Csv:
    return day_table("coupon-batch", _DAY, view)


COUPON_BATCH = Report(
    "coupon-batch",
    CouponBatchQuery,
    CouponBatchEffectView,
    _run,
    _table,
    ROLES,
    day_charts,
    title=Words("A batch of coupons", "一批优惠券"),
    tells=Words(
        "What the coupons of a batch cost and what their orders bring, day by day.",
        "一批优惠券的成本及其订单带来的收入，按日列出。",
    ),
)
