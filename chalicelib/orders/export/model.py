"""The table of orders: its columns in both languages, and a row for each line of an order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.campaigns.model.bundles import worth_of
from chalicelib.channels.model import Via
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.money import Money
from chalicelib.kernel.percent import percent_text
from chalicelib.orders.model import DeliveryAddress, Line
from chalicelib.orders.refunds.model import DELIVERY
from chalicelib.orders.tax.model import Taxable
from chalicelib.pricing.model import Totals, Words
from chalicelib.pricing.model.tax import TaxRates

COLUMNS = (
    ("Order", "订单号"),
    ("Placed at ({zone})", "下单时间（{zone}）"),
    ("Campaign", "团购活动"),
    ("Pickup point", "自提点"),
    ("Status", "订单状态"),
    ("Payment", "付款状态"),
    ("Payment method", "付款方式"),
    ("Member", "会员"),
    ("Member ID", "会员编号"),
    ("Phone", "手机号"),
    ("Delivered to", "送货信息"),
    ("Pickup code", "取货码"),
    ("Item", "商品"),
    ("Units", "件数"),
    ("Handed over", "已取件数"),
    ("Unit price", "单价"),
    ("Line total", "小计"),
    ("Order goods", "订单商品金额"),
    ("Order discount", "订单优惠"),
    ("Delivery fee", "配送费"),
    ("Order total", "订单总额"),
    ("Paid", "已付"),
    ("Refunded", "已退"),
    ("Due", "待付"),
    ("Currency", "币种"),
    ("Discounts", "优惠说明"),
    ("Points used", "使用积分"),
    ("Channel ID", "渠道编号"),
    ("Shared by", "分享人编号"),
    ("Tax rate (%)", "税率（%）"),
    ("Tax in line", "商品税额"),
    ("Tax rate of delivery (%)", "配送税率（%）"),
    ("Tax in delivery", "配送税额"),
    ("Tax in order", "订单税额"),
)
"""The titles of the columns; an import of orders knows them, so that the table can be taken in elsewhere."""

SAID: Mapping[str, tuple[str, str]] = {
    "held": ("awaiting payment", "待付款"),
    "placed": ("placed", "已下单"),
    "cancelled": ("cancelled", "已取消"),
    "expired": ("expired", "已失效"),
    "ready": ("ready to collect", "待取货"),
    "picked_up": ("picked up", "已取货"),
    "refunded": ("refunded", "已退款"),
    "unpaid": ("unpaid", "未付款"),
    "part_paid": ("paid in part", "部分付款"),
    "paid": ("paid", "已付款"),
    "part_refunded": ("refunded in part", "部分退款"),
    "nothing_due": ("nothing to pay", "无需付款"),
    "pickup": ("at pickup", "取货时支付"),
    "test": ("test", "测试支付"),
    "stripe": ("Stripe", "Stripe"),
    "wechat": ("WeChat Pay", "微信支付"),
}
"""States and payment methods as people read them, in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class Described:
    """An order with the words around it: what a person needs to know it by. ``titles`` are those of its lines;
    ``picked`` has the units handed over by offer id; ``via`` is whose link led to it; ``taxable`` what its tax is
    computed from. ``discounts`` are the reasons of what was taken off it, coupon and points among them, with each
    amount; ``points`` how many it was paid with.
    """

    order_id: str
    placed_at: datetime
    campaign: str
    pickup_point: str
    status: str
    payment: str
    method: str
    member: str | None
    member_id: str
    phone: str | None
    delivery: DeliveryAddress | None
    pickup_code: str | None
    lines: Sequence[Line]
    titles: Sequence[str]
    picked: Mapping[str, int]
    totals: Totals
    currency: str
    via: Via | None
    taxable: Taxable
    discounts: Sequence[tuple[Words, int]] = ()
    points: int = 0


def header(tz: ZoneInfo, locale: str) -> list[str]:
    """The names of the columns."""
    return [(zh if locale == "zh" else en).format(zone=tz.key) for en, zh in COLUMNS]


def rows(order: Described, tz: ZoneInfo, locale: str) -> list[list[Any]]:
    """A row for each line, of a bundle for each part at its share of the price. What belongs to the order as a whole is
    said in each; its amounts only in the first, so that the sum of a column is right. Amounts are in whole units of the
    currency; times are the brand's.
    """
    exponent = CURRENCIES[order.currency]
    whole = _about(order, tz, locale)
    totals, taxes, empty = order.totals, order.taxable.by_line, [None] * 7
    amounts = [
        _amount(each, exponent)
        for each in (
            totals.goods, totals.discount, totals.delivery, totals.total, totals.paid, totals.refunded, totals.due
        )
    ]  # fmt: skip
    own = _discounts(order, locale), order.points or None
    led_by = (order.via.channel_id, order.via.sharer_id) if order.via else (None, None)
    table = []
    for n, (line, title) in enumerate(zip(order.lines, order.titles, strict=True)):
        of_line = [
            title,
            line.quantity,
            order.picked.get(line.offer_id, 0),
            _amount(worth_of(line.unit_price_minor, 1, line.per), exponent),
            _amount(line.total_minor, exponent),
        ]
        tax = taxes.get(line.offer_id)
        of_tax = [_rates(line.rates), None if tax is None else _amount(tax, exponent)]
        of_tax += [None] * 3 if n else _order_tax(order.taxable, exponent)
        of_order = [*(empty if n else amounts), order.currency, *((own[0], None) if n else own), *led_by]
        table.append([*whole, *of_line, *of_order, *of_tax])
    return table


def _order_tax(taxable: Taxable, exponent: int) -> list[Any]:
    """The rate and the tax of the delivery, and the tax of the order; nothing where nothing has a rate."""
    taxes = taxable.by_line
    fee = taxes.get(DELIVERY)
    of_fee = [None, None] if fee is None else [_rates(taxable.rates[DELIVERY]), _amount(fee, exponent)]
    return [*of_fee, _amount(sum(taxes.values()), exponent) if taxes else None]


def _about(order: Described, tz: ZoneInfo, locale: str) -> list[Any]:
    to = order.delivery
    return [
        order.order_id,
        f"{order.placed_at.astimezone(tz):%Y-%m-%d %H:%M}",
        order.campaign,
        order.pickup_point,
        *(_said(each, locale) for each in (order.status, order.payment, order.method)),
        order.member,
        order.member_id,
        order.phone,
        f"{to.name}, {to.phone}, {to.address}" if to else None,
        order.pickup_code,
    ]


def _discounts(order: Described, locale: str) -> str | None:
    """Why what was taken off, such as ``Welcome: CN¥5.00 off (CN¥5.00); 100 points used (CN¥1.00)``."""
    zh = locale == "zh"
    said = [
        (words.zh, format(Money(minor, order.currency), "zh"))
        if zh
        else (words.en, f"{Money(minor, order.currency):en}")
        for words, minor in order.discounts
    ]
    return (("；" if zh else "; ").join(f"{why} ({amount})" for why, amount in said)) or None


def _said(name: str, locale: str) -> str:
    return SAID[name][1 if locale == "zh" else 0]


def _rates(rates: TaxRates) -> str | None:
    """The rates of a line in per cent; of one that has several, all of them."""
    return " + ".join(percent_text(bps) for bps, _ in rates if bps is not None) or None


def _amount(minor: int, exponent: int) -> Decimal:
    return Decimal(minor).scaleb(-exponent)
