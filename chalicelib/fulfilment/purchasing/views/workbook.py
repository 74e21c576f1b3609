"""The purchase list as a workbook: a sheet for each supplier, as it is sent to them."""

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.purchasing.records import PurchaseListRecord
from chalicelib.kernel.currencies import CURRENCIES

_COLUMNS = ("Code", "Supplier code", "Title", "Packs", "Units a pack", "Units", "Cost", "Amount")
_WIDTHS = (16, 16, 40, 8, 12, 8, 12, 14)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_MOST_LETTERS = 31
OTHERS = "No supplier"


def workbook(record: PurchaseListRecord, supplier_id: str | None, currency: str) -> bytes:
    """The file, for all suppliers or one. Amounts are in whole units of the currency, as people write them."""
    # Imported here because it costs a cold start 60 ms, and most requests want no workbook.
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for name, lines in _parts(record, supplier_id):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [*_COLUMNS[:-2], f"Cost ({currency})", f"Amount ({currency})"], bold)
            for column, width in enumerate(_WIDTHS):
                sheet.set_column(column, column, width)
            for n, line in enumerate(lines, 1):
                sheet.write_row(n, 0, _cells(line, currency))
            _total(sheet, len(lines) + 1, lines, currency, bold)
    return out.getvalue()


def _parts(record: PurchaseListRecord, supplier_id: str | None) -> list[tuple[str, list[PurchaseLine]]]:
    names: dict[str | None, str] = {each.supplier_id: each.name for each in record.purchases}
    wanted = [supplier_id] if supplier_id else dict.fromkeys(line.supplier_id for line in record.lines if line.bought)
    parts: list[tuple[str, list[PurchaseLine]]] = []
    taken: set[str] = set()
    for each in wanted:
        name = _sheet_name(names.get(each, OTHERS), taken)
        parts.append((name, [line for line in record.lines if line.supplier_id == each and line.bought]))
    return parts or [(OTHERS, [])]


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a workbook takes: 31 letters, without some signs, and none twice whatever the letter case."""
    base = _FORBIDDEN.sub(" ", name).strip()[:_MOST_LETTERS] or OTHERS
    found, n = base, 1
    while found.casefold() in taken:
        n += 1
        found = f"{base[: _MOST_LETTERS - 4]} {n}"
    taken.add(found.casefold())
    return found


def _cells(line: PurchaseLine, currency: str) -> Sequence[Any]:
    cost = None if line.cost_minor is None else _amount(line.cost_minor, currency)
    amount = None if line.cost_minor is None else _amount(line.amount_minor, currency)
    return (line.code, line.supplier_code, line.title, line.packs, line.pack_size, line.bought, cost, amount)


def _total(sheet: Any, row: int, lines: Sequence[PurchaseLine], currency: str, bold: Any) -> None:
    sheet.write(row, 2, "Total", bold)
    sheet.write(row, 5, sum(line.bought for line in lines), bold)
    sheet.write(row, 7, _amount(sum(line.amount_minor for line in lines), currency), bold)


def _amount(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-CURRENCIES[currency])
