"""The purchase list as a workbook: a sheet for each supplier, as it is sent to them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.purchasing.records import PurchaseListRecord
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.web.workbooks import Sheet

_COLUMNS = {
    "en": ("Code", "Supplier code", "Title", "Packs", "Units a pack", "Units", "Cost ({0})", "Amount ({0})"),
    "zh": ("编码", "供应商编码", "商品", "件数", "每件数量", "数量", "单价（{0}）", "金额（{0}）"),
}
_WIDTHS = (16, 16, 40, 8, 12, 8, 12, 14)
_TOTAL = {"en": "Total", "zh": "合计"}
OTHERS = {"en": "No supplier", "zh": "无供应商"}


def workbook(
    record: PurchaseListRecord, supplier_id: str | None, currency: str, locale: str
) -> tuple[list[Sheet], str]:
    """The sheets, for all suppliers or one, and what one without a name is called. Amounts are in whole units of the
    currency, as people write them.
    """
    header = [title.format(currency) for title in _COLUMNS[locale]]
    sheets = []
    for name, lines in _parts(record, supplier_id, OTHERS[locale]):
        rows = [_cells(line, currency) for line in lines]
        sheets.append(Sheet(name, header, rows, _total(lines, currency, locale), _WIDTHS))
    return sheets, OTHERS[locale]


def _parts(record: PurchaseListRecord, supplier_id: str | None, others: str) -> list[tuple[str, list[PurchaseLine]]]:
    names: dict[str | None, str] = {each.supplier_id: each.name for each in record.purchases}
    wanted = [supplier_id] if supplier_id else dict.fromkeys(line.supplier_id for line in record.lines if line.bought)
    parts = [
        (names.get(each, others), [line for line in record.lines if line.supplier_id == each and line.bought])
        for each in wanted
    ]
    return parts or [(others, [])]


def _cells(line: PurchaseLine, currency: str) -> Sequence[Any]:
    cost = None if line.cost_minor is None else _amount(line.cost_minor, currency)
    amount = None if line.cost_minor is None else _amount(line.amount_minor, currency)
    return (line.code, line.supplier_code, line.title, line.packs, line.pack_size, line.bought, cost, amount)


def _total(lines: Sequence[PurchaseLine], currency: str, locale: str) -> Sequence[Any]:
    bought, amount = sum(line.bought for line in lines), sum(line.amount_minor for line in lines)
    return (None, None, _TOTAL[locale], None, None, bought, None, _amount(amount, currency))


def _amount(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-CURRENCIES[currency])
