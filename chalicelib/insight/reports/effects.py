"""What reports on effects share: their figures, their limits, and how these read in a table."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Self

from chalicelib.insight.effects.model.figures import Figures
from chalicelib.insight.effects.model.points import worth_minor
from chalicelib.insight.model import definitions
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.reports.charting import daily, of_currency, units
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, ReportView
from chalicelib.insight.reports.service.effects import Effect, Limits, Range
from chalicelib.kernel.errors import Invalid
from chalicelib.loyalty.points.model.rules import SpendRule
from chalicelib.web import Column, Csv, Instant, LocalDate, MoneyField, UlidStr, View, columns

ROLES = frozenset({"manager", "planner", "analyst"})
"""Who reads what growth costs: those who plan it, too."""


class SubjectQuery(RangeQuery):
    """A report on one thing takes its id."""

    id: UlidStr | None = None


def subject_of(query: SubjectQuery) -> str:
    """The id that was asked for. Raises Invalid without one."""
    if query.id is None:
        raise Invalid.at("?id", "Say whose effect is wanted: give its id.", "请提供 id，说明要查看哪一项的效果。")
    return query.id


class EffectReportView(ReportView):
    """What every report on effects says of itself: it is up to date, and the running day is never complete."""

    as_of: Instant
    definitions: list[DefinitionView]


def frame(span: Range, revision: int, asked: Asked[Any]) -> dict[str, Any]:
    """The fields of :class:`EffectReportView`."""
    known = (definitions.EFFECT, definitions.POINTS_EFFECT)
    return {
        "timezone": span.timezone,
        "from_on": span.from_on,
        "to_on": span.to_on,
        "as_of": asked.now,
        "complete": span.to_on < span.today,
        "pending_days": 0,
        "revision": revision,
        "definitions": [DefinitionView.of(each, asked.locale) for each in known],
    }


class EffectView(View):
    """An effect: see the definitions. ``margin`` is null where the cost of none of the goods is known."""

    orders: int
    reversed: int
    discount: MoneyField
    discount_back: MoneyField
    revenue: MoneyField
    margin: MoneyField | None
    uncosted: MoneyField

    @classmethod
    def of(cls, figures: Figures, currency: str) -> Self:
        return cls(**effect(figures, currency))


def effect(figures: Figures, currency: str) -> dict[str, Any]:
    """The fields of :class:`EffectView`."""
    money = {
        "discount": figures.discount_minor,
        "discount_back": figures.discount_back_minor,
        "revenue": figures.revenue_minor,
        "uncosted": figures.uncosted_minor,
    }
    known = figures.costed_minor or figures.cost_minor or not figures.revenue_minor
    margin = MoneyField.of(figures.margin_minor, currency) if known else None
    amounts = {name: MoneyField.of(minor, currency) for name, minor in money.items()}
    return {"orders": figures.orders, "reversed": figures.reversed, "margin": margin, **amounts}


class BudgetView(View):
    """What something may cost, and what orders have left of that: null where it is not limited."""

    budget: MoneyField | None
    budget_left: MoneyField | None
    total: int | None
    uses_left: int | None

    @classmethod
    def of(cls, limits: Limits, currency: str) -> Self:
        return cls(
            budget=amount(limits.budget_minor, currency),
            budget_left=amount(limits.left_minor, currency),
            total=limits.total,
            uses_left=limits.uses_left,
        )


def worth_of(points: int, spend: SpendRule | None, currency: str) -> MoneyField | None:
    """What points pay; None where they pay nothing."""
    return amount(worth_minor(points, spend), currency)


def amount(minor: int | None, currency: str) -> MoneyField | None:
    """An amount, or None for none."""
    return None if minor is None else MoneyField.of(minor, currency)


class EffectDayView(EffectView):
    """The orders of one local day."""

    on: LocalDate


class SubjectEffectView(EffectReportView):
    """``totals`` and ``rows`` are of the days asked for, ``ever`` of all time; the budget is what it is now."""

    id: str
    title: str
    status: str
    limits: BudgetView
    ever: EffectView
    totals: EffectView
    rows: list[EffectDayView]

    @classmethod
    def of(cls, subject_id: str, found: Effect, asked: Asked[Any]) -> Self:
        currency = found.range.currency
        return cls(
            **frame(found.range, found.ever.changes, asked),
            id=subject_id,
            title=found.title,
            status=found.status,
            limits=BudgetView.of(found.limits, currency),
            ever=EffectView.of(found.ever.figures, currency),
            totals=EffectView.of(found.total, currency),
            rows=[EffectDayView(on=on, **effect(each, currency)) for on, each in found.days.items()],
        )


EFFECT = columns(
    orders=("Orders", "订单数"), reversed=("Came to nothing", "未成交"), discount_minor=("Taken off", "优惠金额"),
    discount_back_minor=("Come back", "已收回优惠"), revenue_minor=("Revenue", "商品收入"),
    margin_minor=("Margin", "毛利"), uncosted_minor=("Revenue without known cost", "成本未知的收入"),
    currency=("Currency", "币种"),
)  # fmt: skip
"""The columns of an effect in a table."""


def effect_cells(view: EffectView) -> list[Any]:
    """An effect in a table, in the order of its columns."""
    money = [view.discount, view.discount_back, view.revenue, view.margin, view.uncosted]
    return [view.orders, view.reversed, *(each and each.amount_minor for each in money), view.revenue.currency]


def made_of(view: EffectReportView) -> list[Any]:
    """The cells of the frame that ends every row."""
    return [definitions.EFFECT.name, definitions.EFFECT.version, view.timezone, view.as_of, view.revision]


def day_table(name: str, of_day: tuple[Column, ...], view: SubjectEffectView) -> Csv:
    """The days of a report on one subject, its title and the day as ``of_day`` calls them."""
    rows = [[view.title, each.on, *effect_cells(each), *made_of(view)] for each in view.rows]
    return Csv(f"{name}.csv", (*of_day, *EFFECT, *FRAME), rows)


_REVENUE, _DISCOUNT = Words("revenue", "商品收入"), Words("taken off", "优惠金额")


def day_charts(view: SubjectEffectView) -> Sequence[Chart]:
    """The charts of a report on one subject: what its orders bring and cost by day."""
    values = {each.on: [units(each.revenue) or Decimal(0), units(each.discount) or Decimal(0)] for each in view.rows}
    title = Words(f"{view.title}: what its orders bring", f"{view.title}：订单收入与优惠")
    return [daily(title, of_currency(view.ever.revenue.currency), view, values, (_REVENUE, _DISCOUNT))]


def side_by_side(title: Words, rows: Sequence[tuple[str | Words, EffectView]]) -> Sequence[Chart]:
    """Several effects beside each other, those that bring most first; none where there are none."""
    if not rows:
        return []
    most = sorted(rows, key=lambda each: -each[1].revenue.amount_minor)
    series = [
        Series(_REVENUE, [units(each.revenue) for _, each in most]),
        Series(_DISCOUNT, [units(each.discount) for _, each in most]),
    ]
    return [Chart(Kind.BARS, title, of_currency(rows[0][1].revenue.currency), [name for name, _ in most], series)]
