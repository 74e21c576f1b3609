"""What points are given and taken for, what that is worth, and what of them is outstanding."""

from collections.abc import Sequence
from typing import Any, Literal

from chalicelib.insight.effects.model.figures import AWARDED, BY_HAND, EXPIRED, GIFTS, JOURNEYS, SPENDING
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.reports import effects
from chalicelib.insight.reports.charting import words
from chalicelib.insight.reports.effects import EffectReportView, EffectView
from chalicelib.insight.reports.report import FRAME, Asked, RangeQuery, Report
from chalicelib.insight.reports.service.effects import Points, of_points
from chalicelib.web import Csv, MoneyField, View, columns


class PointsQuery(RangeQuery):
    """The local days on which points were booked; by default the running month."""


class PointsRowView(EffectView):
    """What points are given or taken for: the ``action`` that earned them, or what they went for, ``times`` times;
    ``points_back`` of them went the other way again. ``worth`` is what those that stand pay; null where points pay
    nothing. The money is that of the orders that were paid with them, or earned some.
    """

    action: str
    times: int
    points: int
    points_back: int
    worth: MoneyField | None


class ExpiringMonthView(View):
    """Points that expire in one month of the brand's calendar, such as ``2026-11``, unless they are used."""

    month: str
    points: int
    worth: MoneyField | None


class OutstandingPointsView(View):
    """The points that members can use now, and what they pay; ``owed`` are those of which members have less than none,
    since more went back than they had left. ``expiring`` has those with an end.
    """

    points: int
    worth: MoneyField | None
    owed: int
    expiring_this_month: int
    expiring_this_month_worth: MoneyField | None
    expiring: list[ExpiringMonthView]

    @classmethod
    def of(cls, found: Points) -> "OutstandingPointsView":
        currency, spend = found.range.currency, found.spend
        this_month = found.expiring.get(f"{found.range.today:%Y-%m}", 0)
        return cls(
            points=found.usable,
            worth=effects.worth_of(found.usable, spend, currency),
            owed=found.owed,
            expiring_this_month=this_month,
            expiring_this_month_worth=effects.worth_of(this_month, spend, currency),
            expiring=[
                ExpiringMonthView(month=month, points=points, worth=effects.worth_of(points, spend, currency))
                for month, points in found.expiring.items()
            ],
        )


class PointsEffectView(EffectReportView):
    """``rows`` are of the days asked for; what is outstanding is so now."""

    report: Literal["points"] = "points"
    outstanding: OutstandingPointsView
    rows: list[PointsRowView]

    @classmethod
    def of(cls, found: Points, asked: Asked[Any]) -> "PointsEffectView":
        currency = found.range.currency
        return cls(
            **effects.frame(found.range, found.revision, asked),
            outstanding=OutstandingPointsView.of(found),
            rows=[
                PointsRowView(
                    action=name,
                    times=each.times,
                    points=each.points,
                    points_back=each.points_back,
                    worth=effects.worth_of(each.points_kept, found.spend, currency),
                    **effects.effect(each, currency),
                )
                for name, each in found.rows.items()
            ],
        )


def _run(asked: Asked[PointsQuery]) -> PointsEffectView:
    query = asked.query
    return PointsEffectView.of(of_points(asked.tenant_id, query.from_on, query.to_on, asked.now), asked)


_ACTIONS = {
    "order": ("orders", "下单"), "participation": ("taking part in group buys", "参与团购"),
    "check_in": ("check-ins", "签到"), "survey": ("surveys", "问卷"),
    "review": ("reviews", "评价"), "suggestion": ("suggestions", "建议"),
    "birthday": ("birthdays", "生日"), "referral": ("recommending to friends", "推荐好友"),
    BY_HAND: ("by the team", "人工调整"),
    AWARDED: ("awards", "奖项"), JOURNEYS: ("in journeys", "旅程赠送"),
    SPENDING: ("paid with points", "积分抵扣"), GIFTS: ("gifts for points", "积分换礼"),
    EXPIRED: ("expired unused", "过期作废"),
}  # fmt: skip

_ACTION = columns(
    action=("What for", "用途", _ACTIONS), times=("Times", "次数"), points=("Points", "积分"),
    points_back=("Points back", "收回积分"), worth_minor=("Worth", "价值"),
)  # fmt: skip


def _table(view: PointsEffectView) -> Csv:
    rows = [
        [
            *(each.action, each.times, each.points, each.points_back, each.worth and each.worth.amount_minor),
            *effects.effect_cells(each),
            *effects.made_of(view),
        ]
        for each in view.rows
    ]
    return Csv("points.csv", (*_ACTION, *effects.EFFECT, *FRAME), rows)


def _charts(view: PointsEffectView) -> Sequence[Chart]:
    unit, title = Words("points", "积分"), Words("Points by what they were given or taken for", "各用途积分")
    rows = [each for each in view.rows if each.points or each.points_back]
    series = [
        Series(Words("points", "积分"), [each.points for each in rows]),
        Series(Words("of them back", "其中收回"), [each.points_back for each in rows]),
    ]
    months = [each.month for each in view.outstanding.expiring]
    ending = [Series(Words("points", "积分"), [each.points for each in view.outstanding.expiring])]
    return [
        Chart(Kind.BARS, title, unit, [words(_ACTIONS, each.action) for each in rows], series),
        Chart(Kind.BARS, Words("Points that will expire, by month", "各月将过期积分"), unit, months, ending),
    ]


POINTS = Report(
    "points",
    PointsQuery,
    PointsEffectView,
    _run,
    _table,
    effects.ROLES,
    _charts,
    title=Words("Points", "积分"),
    tells=Words(
        "What points are given and taken for, what that is worth, and what is outstanding.",
        "积分的发放与使用、价值及未使用余额。",
    ),
)
