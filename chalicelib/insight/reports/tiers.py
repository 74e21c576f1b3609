"""What each tier costs, in prices, fees and points, and what its members' orders bring."""

from collections.abc import Sequence
from typing import Any, Literal

from chalicelib.insight.model.charts import Chart, Words
from chalicelib.insight.reports import effects
from chalicelib.insight.reports.effects import EffectReportView, EffectView
from chalicelib.insight.reports.report import FRAME, Asked, RangeQuery, Report
from chalicelib.insight.reports.service.effects import OfTiers, of_tiers
from chalicelib.web import Csv, MoneyField, columns


class TiersQuery(RangeQuery):
    """The local days of placing; by default the running month."""


class TierEffectView(EffectView):
    """The orders of members who had the tier when they ordered. Its ``discount`` is what promotions for tiers took off,
    and the delivery fees that it saved; ``points`` are what its factor added, and are ``worth`` so much.
    """

    code: str
    title: str
    points: int
    worth: MoneyField | None


class TiersEffectView(EffectReportView):
    """One row for each tier, the lowest first."""

    report: Literal["tiers"] = "tiers"
    rows: list[TierEffectView]

    @classmethod
    def of(cls, found: OfTiers, asked: Asked[Any]) -> "TiersEffectView":
        currency = found.range.currency
        rows = [
            TierEffectView(
                code=tier.code,
                title=tier.title,
                points=found.rows[tier.code].points_kept,
                worth=effects.worth_of(found.rows[tier.code].points_kept, found.spend, currency),
                **effects.effect(found.rows[tier.code], currency),
            )
            for tier in found.tiers
        ]
        return cls(**effects.frame(found.range, found.revision, asked), rows=rows)


def _run(asked: Asked[TiersQuery]) -> TiersEffectView:
    query = asked.query
    return TiersEffectView.of(of_tiers(asked.tenant_id, query.from_on, query.to_on, asked.now), asked)


_TIER = columns(
    code=("Tier", "等级代码"), title=("Name", "名称"), points=("Points added", "加赠积分"),
    worth_minor=("Worth", "价值"),
)  # fmt: skip


def _table(view: TiersEffectView) -> Csv:
    rows = [
        [
            *(each.code, each.title, each.points, each.worth and each.worth.amount_minor),
            *effects.effect_cells(each),
            *effects.made_of(view),
        ]
        for each in view.rows
    ]
    return Csv("tiers.csv", (*_TIER, *effects.EFFECT, *FRAME), rows)


def _charts(view: TiersEffectView) -> Sequence[Chart]:
    title = Words("What the orders of each tier bring, and what was taken off", "各等级订单的收入与优惠")
    return effects.side_by_side(title, [(each.title, each) for each in view.rows])


TIERS = Report(
    "tiers",
    TiersQuery,
    TiersEffectView,
    _run,
    _table,
    effects.ROLES,
    _charts,
    title=Words("Member tiers", "会员等级"),
    tells=Words(
        "What each tier costs and what the orders of its members bring.", "各会员等级的成本及其会员订单带来的收入。"
    ),
)
