"""What was earned and what it cost, as reports show it: line by line, in groups, and what is left."""

from typing import Self

from chalicelib.insight.earnings.model.profit import BreakEven, Missing, Statement
from chalicelib.web import MoneyField, View, columns


class CostLinesView(View):
    """Each cost by itself; together they are the groups. ``recovered`` is borne by suppliers and the platform, and is
    taken off. ``booked_…`` are costs that the brand has booked.
    """

    goods: MoneyField
    booked_goods: MoneyField
    commission: MoneyField
    booked_labour: MoneyField
    promotions: MoneyField
    coupons: MoneyField
    points: MoneyField
    gifts: MoneyField
    channels: MoneyField
    messages: MoneyField
    booked_marketing: MoneyField
    booked_logistics: MoneyField
    fees: MoneyField
    granted: MoneyField
    remedies: MoneyField
    recovered: MoneyField
    lost: MoneyField
    booked_other: MoneyField


class StatementView(View):
    """``gross`` is what the goods that were kept came to before discounts, ``delivery`` the delivery, also before
    discounts; ``revenue`` is what was paid and kept of both, tax included. ``contribution`` is what orders left over
    for the fixed costs. Where what some goods cost is not known, ``uncosted_units`` and ``uncosted_revenue`` say so,
    ``profit`` is null, and ``profit_at_most`` what it would be had they cost nothing.
    """

    orders: int
    units: int
    gross: MoneyField
    delivery: MoneyField
    revenue: MoneyField
    tax: MoneyField
    goods: MoneyField
    labour: MoneyField
    marketing: MoneyField
    logistics: MoneyField
    other: MoneyField
    contribution: MoneyField
    profit: MoneyField | None
    profit_at_most: MoneyField
    uncosted_units: int
    uncosted_revenue: MoneyField
    lines: CostLinesView

    @classmethod
    def of(cls, statement: Statement, currency: str) -> Self:
        """In the brand's currency."""

        def money(minor: int) -> MoneyField:
            return MoneyField.of(minor, currency)

        earned, fixed = statement.earned, statement.fixed
        lines = {
            "goods": earned.goods_minor, "booked_goods": fixed.goods,
            "commission": earned.commission_minor, "booked_labour": fixed.labour,
            "promotions": earned.promotions_minor, "coupons": earned.coupons_minor, "points": earned.points_minor,
            "gifts": earned.gifts_minor, "channels": fixed.channels, "messages": fixed.messages,
            "booked_marketing": fixed.marketing, "booked_logistics": fixed.logistics, "fees": earned.fees_minor,
            "granted": earned.granted_minor, "remedies": earned.remedies_minor, "recovered": earned.recovered_minor,
            "lost": earned.lost_minor, "booked_other": fixed.other,
        }  # fmt: skip
        return cls(
            orders=earned.orders,
            units=earned.units,
            gross=money(earned.gross_minor),
            delivery=money(earned.delivery_minor),
            revenue=money(earned.received_minor),
            tax=money(earned.tax_minor),
            goods=money(statement.goods),
            labour=money(statement.labour),
            marketing=money(statement.marketing),
            logistics=money(statement.logistics),
            other=money(statement.other),
            contribution=money(statement.contribution),
            profit=None if statement.profit is None else money(statement.profit),
            profit_at_most=money(statement.at_most),
            uncosted_units=earned.uncosted_units,
            uncosted_revenue=money(earned.uncosted_minor),
            lines=CostLinesView(**{name: money(minor) for name, minor in lines.items()}),
        )


class BreakEvenView(View):
    """So many ``orders``, and so much ``revenue``, cover the ``fixed`` costs; null for a ``reason``."""

    fixed: MoneyField
    orders: int | None
    revenue: MoneyField | None
    reason: Missing | None

    @classmethod
    def of(cls, found: BreakEven, currency: str) -> Self:
        revenue = None if found.revenue_minor is None else MoneyField.of(found.revenue_minor, currency)
        fixed = MoneyField.of(found.fixed_minor, currency)
        return cls(fixed=fixed, orders=found.orders, revenue=revenue, reason=found.reason)


LINES = columns(
    orders=("Orders", "订单数"), units=("Units kept", "留存件数"),
    gross_minor=("Goods before discounts", "优惠前商品额"),
    delivery_minor=("Delivery before discounts", "优惠前配送费"), revenue_minor=("Revenue", "收入"),
    tax_minor=("Tax", "税额"), cost_of_goods_minor=("Cost of goods", "商品成本"),
    booked_goods_minor=("Booked: goods", "登记费用：商品"), commission_minor=("Commission", "佣金"),
    booked_labour_minor=("Booked: labour", "登记费用：人工"), promotions_minor=("Promotions", "促销优惠"),
    coupons_minor=("Coupons", "优惠券"), points_minor=("Points", "积分抵扣"),
    gifts_minor=("Gifts for points", "积分礼品"), channels_minor=("Channels", "渠道费用"),
    messages_minor=("Messages", "消息费用"), booked_marketing_minor=("Booked: marketing", "登记费用：营销"),
    booked_logistics_minor=("Booked: logistics", "登记费用：物流"), fees_minor=("Payment fees", "支付手续费"),
    granted_minor=("Given back without goods", "未退货退款"), remedies_minor=("Goods for complaints", "投诉换补商品"),
    recovered_minor=("Borne by others", "他方承担"), lost_minor=("Lost to disputes", "争议损失"),
    booked_other_minor=("Booked: other", "登记费用：其他"), contribution_minor=("Contribution", "边际贡献"),
    profit_minor=("Profit", "利润"), profit_at_most_minor=("Profit at most", "利润上限"),
    uncosted_units=("Units of unknown cost", "成本未知件数"),
    uncosted_revenue_minor=("Revenue of unknown cost", "成本未知收入"), currency=("Currency", "币种"),
)  # fmt: skip
"""The columns of a statement."""


def cells(view: StatementView) -> list[object]:
    """A statement as the row of a table, with amounts in minor units."""
    lines = [getattr(view.lines, name).amount_minor for name in CostLinesView.model_fields]
    money = [each.amount_minor for each in (view.gross, view.delivery, view.revenue, view.tax)]
    profit = view.profit and view.profit.amount_minor
    left = [view.contribution.amount_minor, profit, view.profit_at_most.amount_minor]
    unknown = [view.uncosted_units, view.uncosted_revenue.amount_minor, view.gross.currency]
    return [view.orders, view.units, *money, *lines, *left, *unknown]
