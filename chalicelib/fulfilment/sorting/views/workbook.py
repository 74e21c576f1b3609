"""Sorting sheets as a workbook: a sheet for each pickup point with orders. Like the printed ones they hold no pickup
code, of a member's phone number the last digits, and of an order's id its end.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.fulfilment.sorting.service import SortingSheets
from chalicelib.fulfilment.sorting.views.printing import Person
from chalicelib.fulfilment.sorting.views.sheets import MemberShareView, SheetView, SortingSheetsView
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.web.workbooks import Sheet

_COLUMNS = {
    "en": ("Member", "Phone", "Order", "Item", "Units", "Handed over", "Instead of", "To collect ({0})", "Deliver to",
           "Delivery phone", "Delivery address"),
    "zh": ("会员", "手机尾号", "订单尾号", "商品", "件数", "已取件数", "替代商品", "应收款（{0}）", "收货人",
           "收货电话", "收货地址"),
}  # fmt: skip
_WIDTHS = (16, 10, 10, 40, 8, 12, 24, 16, 14, 18, 40)
_TOTAL = {"en": "Total", "zh": "合计"}
_OTHERWISE = {"en": "Pickup point", "zh": "自提点"}
_TAIL = 6


def workbook(sorting: SortingSheets, locale: str) -> tuple[list[Sheet], str]:
    """The sheets, and what one whose pickup point has no name to speak of is called. What is said of an order stands in
    the first of its rows, so that columns add up.
    """
    currency = sorting.campaign.currency
    header = [title.format(currency) for title in _COLUMNS[locale]]
    points = SortingSheetsView.of(sorting).sheets
    found = [_sheet(each, header, currency, locale) for each in points if each.members]
    return found or [Sheet("", header, [])], _OTHERWISE[locale]


def _sheet(point: SheetView, header: Sequence[str], currency: str, locale: str) -> Sheet:
    rows = [row for share in point.members for row in _rows(share, currency)]
    units, due = sum(row[4] for row in rows), sum((row[7] for row in rows if row[7]), Decimal(0))
    total = (None, None, None, _TOTAL[locale], units, None, None, due)
    return Sheet(point.name, header, rows, total, _WIDTHS)


def _rows(share: MemberShareView, currency: str) -> Iterator[tuple[Any, ...]]:
    person = Person.of(share)
    for order in share.orders:
        door, due = order.delivery, Decimal(order.due.amount_minor).scaleb(-CURRENCIES[currency])
        to_door = (door.name, door.phone, door.address) if door else (None, None, None)
        for n, item in enumerate(order.items):
            once = (None,) * 4 if n else (due, *to_door)
            yield (
                person.name, person.tail, order.order_id[-_TAIL:], item.called, item.quantity, item.picked,
                item.substitute_for, *once,
            )  # fmt: skip
