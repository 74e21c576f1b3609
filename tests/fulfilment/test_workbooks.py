"""Workbooks of fulfilment with the names that people give: none of them breaks the file."""

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from chalicelib.campaigns.model.offers import Offer
from chalicelib.fulfilment.purchasing.model import Purchase, PurchaseLine
from chalicelib.fulfilment.purchasing.views import workbook as purchase_list
from chalicelib.fulfilment.sorting.model import MemberShare, Parcel, Sheet
from chalicelib.fulfilment.sorting.service import SortingSheets
from chalicelib.fulfilment.sorting.views import workbook as sorting_sheets
from chalicelib.web.workbooks import book
from tests.web.nasty import NASTY_NAMES


def opened(made: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book("x.xlsx", *made).content))


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_a_purchase_list_opens_whatever_its_suppliers_are_called(locale: str) -> None:
    suppliers = [Purchase(f"S{n}", name, total_minor=100) for n, name in enumerate(NASTY_NAMES)]
    lines = [
        PurchaseLine("K", "C", each.name, 1, {}, supplier_id=each.supplier_id, bought=1, cost_minor=150)
        for each in suppliers
    ]
    record: Any = SimpleNamespace(purchases=suppliers, lines=lines)

    made = opened(purchase_list.workbook(record, None, "CNY", locale))

    assert len(made.sheetnames) == len(NASTY_NAMES)
    first = list(made.worksheets[0].iter_rows(values_only=True))
    assert first[0][-1] == {"en": "Amount (CNY)", "zh": "金额（CNY）"}[locale]
    assert (first[1][2], first[1][7], first[2][2]) == (NASTY_NAMES[0], 1.5, {"en": "Total", "zh": "合计"}[locale])
    for name in NASTY_NAMES:
        alone = next(each.supplier_id for each in suppliers if each.name == name)
        assert len(opened(purchase_list.workbook(record, alone, "CNY", locale)).sheetnames) == 1


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_sorting_sheets_open_whatever_points_people_and_goods_are_called(locale: str) -> None:
    goods = [Offer("O", "K", NASTY_NAMES[0], 900, 50)]
    points = [SimpleNamespace(id=f"P{n}", name=name, address=name) for n, name in enumerate(NASTY_NAMES)]
    members: Any = {f"M{n}": SimpleNamespace(name=name, phone=None) for n, name in enumerate(NASTY_NAMES)}
    sheets = []
    for n, point in enumerate(points):
        parcel = Parcel("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", f"M{n}", point.id, "placed", {"O": 2}, {}, due_minor=350)
        sheets.append(Sheet(point.id, {"O": 2}, (MemberShare(f"M{n}", (parcel,)),)))
    campaign: Any = SimpleNamespace(id="C", currency="CNY", goods=goods, pickup_points=points)

    made = opened(sorting_sheets.workbook(SortingSheets(campaign, sheets, members, {}), locale))

    assert len(made.sheetnames) == len(NASTY_NAMES)
    [titles, row, total] = list(made.worksheets[0].iter_rows(values_only=True))
    assert titles[7] == {"en": "To collect (CNY)", "zh": "应收款（CNY）"}[locale]
    assert (row[0], row[2], row[3], row[4], row[7]) == (NASTY_NAMES[0], "6V8Y0A", NASTY_NAMES[0], 2, 3.5)
    assert (total[4], total[7]) == (2, 3.5)
