"""What was earned and what it cost, as reports show it: line by line, in groups, and what is left."""

from collections.abc import Iterator
from typing import Self

from chalicelib.insight.earnings.model.profit import BreakEven, Missing, Statement
from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.reports.charting import amount
from chalicelib.insight.reports.report import Fact
from chalicelib.web import MoneyField, View, columns

PROFIT = Definition(
    "profit", 1,
    "Goods that were sold and kept and their delivery, at prices before discounts, of orders placed on the "
    "tenant's local days, whatever the payment method; less tax included, less costs. Discounts by promotions, "
    "coupons and points are costs of marketing and do not lower the revenue a second time; points cost what they "
    "pay, when they pay. Goods cost what the SKU cost when it was ordered; goods that came back cost nothing. "
    "Where no cost was stated then, the goods are counted under uncosted, and the profit is null. Labour: the "
    "leaders' commission, as booked at the handover and until then at the rate promised, and booked wages. "
    "Marketing: discounts, goods given for points, what a channel costs in all (on the day on which it was "
    "added), messages at their prices of the day, and what is booked. Logistics: what is booked. Other: fees of "
    "payment providers, money given back without goods, goods from the shelf for complaints, less what suppliers "
    "and the platform bear, losses to disputes, and what is booked. What complaints gave in points or coupons "
    "counts as the discount that it becomes. A booked cost falls evenly on its days. What is for no row in "
    "particular stands in a row that is not assigned, unless allocate=revenue divides it by the revenue of the "
    "rows, each line by largest remainder. Orders in other currencies are not counted.",
    "按商家本地日期，统计当日所下订单中已售出并留存的商品及配送（优惠前价格，与支付方式无关），减去所含税额与各项"
    "成本。促销、优惠券、积分抵扣计入营销成本，不再冲减收入；积分在使用时按抵扣额计。商品成本取下单时该规格的成本"
    "，退回的商品不计成本；当时未填成本的，列入 uncosted，利润为空。人工：团长佣金（交付时入账的金额，交付前按约定"
    "比例），及登记的工资。营销：优惠、积分礼品、渠道总费用（计入渠道添加当日）、按当日单价计的消息费用，及登记的"
    "费用。物流：登记的费用。其他：支付手续费、未退货退款、投诉换补商品，减去供应商与平台承担的部分，争议损失，及"
    "登记的费用。投诉补偿的积分或优惠券在使用时计为优惠。登记的费用按日均摊。不属于任何一行的列为未分摊；"
    "allocate=revenue 时按各行收入以最大余数法逐项分摊。其他币种的订单不计。",
)  # fmt: skip
CONTRIBUTION = Definition(
    "contribution", 1,
    "What the orders left over for the fixed costs: the profit before booked costs, costs of channels and of messages.",
    "边际贡献：扣除登记费用、渠道费用和消息费用之前的利润。",
)  # fmt: skip
BREAK_EVEN = Definition(
    "break_even", 1,
    "Fixed costs divided by the contribution of one order, rounded up to whole orders; the revenue in the same "
    "way (Horngren, Datar, Rajan: Cost Accounting, cost-volume-profit analysis). Null where there are no orders, "
    "where what goods cost is not known, and where orders leave nothing over.",
    "固定成本除以每单边际贡献，向上取整为订单数；收入同理（Horngren、Datar、Rajan《成本会计》本量利分析）。无订单"
    "、商品成本未知或边际贡献不为正时为空。",
)  # fmt: skip


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


GROUPS = (
    ("goods", Words("Goods", "商品")), ("labour", Words("Labour", "人工")), ("marketing", Words("Marketing", "营销")),
    ("logistics", Words("Logistics", "物流")), ("other", Words("Other", "其他")), ("tax", Words("Tax", "税额")),
)  # fmt: skip
"""What is taken off the revenue, by the fields of a statement."""

_MISSING = {
    Missing.NO_ORDERS: Words("not known: there are no orders", "无法计算：没有订单"),
    Missing.COST_UNKNOWN: Words("not known: what some goods cost is not stated", "无法计算：部分商品未填成本"),
    Missing.NOTHING_LEFT: Words(
        "never: orders leave nothing over for the fixed costs", "无法达到：订单没有可用于抵偿固定成本的贡献"
    ),
}


def facts(said: StatementView, even: BreakEvenView) -> Iterator[Fact]:
    """What a statement comes to, in words: revenue, costs by group, what is left, and where that is nothing."""
    yield Fact(Words("Revenue", "收入"), amount(said.revenue))
    for name, words in GROUPS:
        yield Fact(Words(f"– {words.en}", f"– {words.zh}"), amount(getattr(said, name)))
    yield Fact(Words("Profit", "利润"), _profit(said))
    yield Fact(Words("Break-even", "盈亏平衡点"), _MISSING[even.reason] if even.reason else _reached_at(even))


def _profit(said: StatementView) -> Words:
    if said.profit is not None:
        return amount(said.profit)
    most, units = amount(said.profit_at_most), f"{said.uncosted_units:,}"
    return Words(
        f"not known: {units} units were sold without a stated cost. At most {most.en}; state the costs of products",
        f"无法计算：{units} 件已售商品未填成本。至多 {most.zh}，请在商品中填写成本",
    )


def _reached_at(even: BreakEvenView) -> Words:
    revenue = amount(even.revenue)
    orders = "1 order" if even.orders == 1 else f"{even.orders:,} orders"
    return Words(f"{orders}, {revenue.en} of revenue", f"{even.orders:,} 单，收入 {revenue.zh}")
