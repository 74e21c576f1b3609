"""Everything that lowers prices, side by side: what it costs, what it brings, and what is left of its budget."""

from collections.abc import Sequence
from typing import Any, Literal

from chalicelib.insight.effects.model.figures import summed
from chalicelib.insight.model.charts import Chart, Words
from chalicelib.insight.reports import effects
from chalicelib.insight.reports.charting import words
from chalicelib.insight.reports.effects import BudgetView, EffectReportView, EffectView
from chalicelib.insight.reports.report import FRAME, Asked, FormQuery, Report
from chalicelib.insight.reports.service.effects import Growth, growth
from chalicelib.web import Csv, MoneyField, columns


class GrowthQuery(FormQuery):
    """It is asked for as it is now."""


class GrowthRowView(EffectView):
    """One of them, ever since it began; ``id`` is that of the promotion or batch, or the tier's code. What points pay
    for has no title.
    """

    kind: str
    id: str
    title: str
    status: str
    limits: BudgetView


class GrowthView(EffectReportView):
    """The fifty newest promotions that run or ended within 30 days, the fifty newest batches of coupons, the tiers, and
    what points pay. An order may have several of them, so their orders and revenues do not add up. ``discount`` is what
    promotions, coupons and points took off together; what promotions for tiers do stands in the rows of tiers as well.
    """

    report: Literal["growth"] = "growth"
    discount: MoneyField
    rows: list[GrowthRowView]

    @classmethod
    def of(cls, found: Growth, asked: Asked[Any]) -> "GrowthView":
        currency = found.range.currency
        alone = summed(each.counted.figures for each in found.rows if each.subject.kind != "tier")
        return cls(
            **effects.frame(found.range, sum(each.counted.changes for each in found.rows), asked),
            discount=MoneyField.of(alone.discount_minor, currency),
            rows=[
                GrowthRowView(
                    kind=each.subject.kind.value,
                    id=each.subject.id,
                    title=each.title,
                    status=each.status,
                    limits=BudgetView.of(each.limits, currency),
                    **effects.effect(each.counted.figures, currency),
                )
                for each in found.rows
            ],
        )


def _run(asked: Asked[GrowthQuery]) -> GrowthView:
    return GrowthView.of(growth(asked.tenant_id, asked.now), asked)


_KINDS = {
    "promotion": ("promotion", "促销"), "coupon_batch": ("coupons", "优惠券"), "points": ("points", "积分"),
    "tier": ("tier", "会员等级"),
}  # fmt: skip

_STATES = {
    "scheduled": ("starts later", "尚未开始"), "running": ("running", "进行中"), "paused": ("paused", "已暂停"),
    "ended": ("over", "已结束"), "active": ("active", "有效"), "draft": ("draft", "草稿"),
}  # fmt: skip

_WHAT = columns(
    kind=("Kind", "类型", _KINDS), title=("Title", "名称"), status=("Status", "状态", _STATES),
    budget_minor=("Budget", "预算"), budget_left_minor=("Budget left", "剩余预算"), uses_left=("Uses left", "剩余次数"),
)  # fmt: skip


def _table(view: GrowthView) -> Csv:
    rows = [
        [
            *(each.kind, each.title, each.status),
            each.limits.budget and each.limits.budget.amount_minor,
            each.limits.budget_left and each.limits.budget_left.amount_minor,
            each.limits.uses_left,
            *effects.effect_cells(each),
            *effects.made_of(view),
        ]
        for each in view.rows
    ]
    return Csv("growth.csv", (*_WHAT, *effects.EFFECT, *FRAME), rows)


def _charts(view: GrowthView) -> Sequence[Chart]:
    title = Words("What they bring, and what was taken off", "各项优惠的收入与优惠金额")
    return effects.side_by_side(title, [(each.title or words(_KINDS, each.kind), each) for each in view.rows])


GROWTH = Report(
    "growth",
    GrowthQuery,
    GrowthView,
    _run,
    _table,
    effects.ROLES,
    _charts,
    title=Words("What promotions bring", "各项优惠的效果"),
    tells=Words(
        "Everything that lowers prices side by side: what it costs and what it brings.",
        "各项优惠并列比较：成本与带来的收入。",
    ),
)
