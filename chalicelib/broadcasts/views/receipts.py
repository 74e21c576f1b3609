"""Receipts of goods in the payload of events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import ARRIVED, CAMPAIGN, KEY, RECEIPT, SKU, SUPPLIER, yuan
from chalicelib.fulfilment.receiving.records import ReceiptRecord
from chalicelib.fulfilment.receiving.views import ReceiptView


def _show(tenant_id: str, receipts: Sequence[ReceiptRecord], now: datetime) -> Sequence[ReceiptView]:
    return [ReceiptView.of(receipt) for receipt in receipts]


_EXAMPLE: Mapping[str, Any] = {
    "id": RECEIPT,
    "campaign_id": CAMPAIGN,
    "supplier_id": SUPPLIER,
    "purchase_list_version": 1,
    "lines": [
        {
            "sku_id": SKU,
            "received": 60,
            "damaged": 1,
            "short": 0,
            "substitute": None,
            "to_stock": 2,
            "written_off": 0,
            "cost": yuan(1800),
            "due": yuan(106200),
        }
    ],
    "due": yuan(106200),
    "note": "One box was wet",
    "at": ARRIVED,
    "by": f"api_key:{KEY}",
}

SHOWN = Shown(ReceiptRecord, ReceiptView, _show, _EXAMPLE)
