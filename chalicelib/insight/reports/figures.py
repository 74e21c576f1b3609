"""The figures of a period as reports show them."""

from typing import Any

from chalicelib.insight.model import summary
from chalicelib.insight.model.figures import Totals
from chalicelib.insight.model.summary import Group
from chalicelib.web import TRUTHS, MoneyField, View, columns


class SalesView(View):
    """Orders and their amounts in one currency: the parts of gmv and aov."""

    currency: str
    orders: int
    gmv: MoneyField
    aov: MoneyField | None


class FiguresView(View):
    """Figures of a period. Member figures are null where members are not counted (by hour)."""

    members: int | None
    active_members: int | None
    new_members: int | None
    orders: int
    quantity: int
    gmv: MoneyField
    aov: MoneyField | None
    sales: list[SalesView]


FIGURES = columns(
    members=("Members", "会员数"), active_members=("Members who ordered", "下单会员"),
    new_members=("New members", "新会员"),
    orders=("Orders", "订单数"), quantity=("Units", "件数"), gmv_minor=("Sales", "销售额"),
    aov_minor=("Average order", "客单价"), currency=("Currency", "币种"), complete=("Complete", "已完整", TRUTHS),
)  # fmt: skip
"""The columns of a period's figures in a table."""


def figures(group: Group, currency: str) -> dict[str, Any]:
    """The fields of :class:`FiguresView`; gmv and aov in one currency, the others beside it."""
    return sums(group.totals, currency) | {
        "members": _count(group.ever),
        "active_members": _count(group.active),
        "new_members": _count(group.new),
    }


def sums(totals: Totals, currency: str) -> dict[str, Any]:
    """Those of the fields that are no members."""
    sales = {code: totals.sales[code] for code in sorted(totals.sales)}
    parts = [_sales(code, orders, minor) for code, (orders, minor) in sales.items()]
    own = _sales(currency, *sales.get(currency, (0, 0)))
    return {
        "orders": totals.orders,
        "quantity": totals.quantity,
        "gmv": own.gmv,
        "aov": own.aov,
        "sales": parts,
    }


def _sales(currency: str, orders: int, minor: int) -> SalesView:
    average = summary.average_minor(minor, orders)
    aov = None if average is None else MoneyField.of(average, currency)
    return SalesView(currency=currency, orders=orders, gmv=MoneyField.of(minor, currency), aov=aov)


def _count(members: int | None) -> int | None:
    return None if members is None else members.bit_count()
