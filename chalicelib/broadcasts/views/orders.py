"""Orders in the payload of events: as the API shows one, without the code that hands it over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import (
    CAMPAIGN,
    CLOSED,
    COLLECTED,
    GATE,
    LATER,
    MEMBER,
    OFFER,
    OPENED,
    ORDER,
    PLACED,
    SKU,
    yuan,
)
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.orders.views.orders import FullStaffOrderView


def _show(tenant_id: str, orders: Sequence[OrderRecord], now: datetime) -> Sequence[FullStaffOrderView]:
    return FullStaffOrderView.every(orders, surroundings(tenant_id, orders), now, with_code=False)


_EXAMPLE: Mapping[str, Any] = {
    "id": ORDER,
    "status": "placed",
    "campaign_id": CAMPAIGN,
    "pickup_point_id": GATE,
    "lines": [
        {
            "offer_id": OFFER,
            "sku_id": SKU,
            "quantity": 2,
            "unit_price": yuan(2900),
            "total": yuan(5800),
            "substitutes": [],
            "tax_rate": "9",
            "tax": yuan(479),
            "parts": [],
            "given": 0,
            "title": "Tangerines · 5 kg",
            "substitute_for": None,
        }
    ],
    "discounts": [],
    "totals": {
        "goods": yuan(5800),
        "discount": yuan(0),
        "delivery": yuan(0),
        "total": yuan(5800),
        "paid": yuan(5800),
        "refunded": yuan(0),
        "due": yuan(0),
    },
    "tax": [{"rate": "9", "base": yuan(5321), "amount": yuan(479)}],
    "pending": None,
    "payment_method": "wechat",
    "deposit": None,
    "balance_due_at": None,
    "delivery": None,
    "team_id": None,
    "after_sale_id": None,
    "is_gift": False,
    "pickup_code": None,
    "hold_expires_at": None,
    "awaiting_provider_since": None,
    "placed_at": PLACED,
    "cancelled_at": None,
    "cancelled_by": None,
    "forfeited_at": None,
    "picked": [],
    "picked_up_at": None,
    "member_id": MEMBER,
    "placed_by": None,
    "payment": "paid",
    "via": None,
    "picked_up_by": None,
    "campaign": {
        "id": CAMPAIGN,
        "title": "Tangerines from the hill",
        "kind": "group_order",
        "status": "open",
        "opens_at": OPENED,
        "closes_at": CLOSED,
        "arrives_on": "2026-01-12",
    },
    "pickup_point": {"id": GATE, "name": "East Gate", "address": "18 Garden Road", "opening_hours": "17:00-21:00"},
    "member_name": None,
    "member_phone": None,
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "order.cancelled": {"status": "cancelled", "cancelled_at": LATER, "cancelled_by": f"member:{MEMBER}"},
    "order.expired": {"status": "expired", "payment": "unpaid"},
    "order.ready": {"status": "ready"},
    "order.picked_up": {
        "status": "picked_up",
        "picked": [{"offer_id": OFFER, "sku_id": None, "quantity": 2}],
        "picked_up_at": COLLECTED,
        "picked_up_by": f"member:{MEMBER}",
    },
    "order.forfeited": {"status": "cancelled", "forfeited_at": LATER, "cancelled_at": LATER},
    "order.refunded": {"status": "refunded", "payment": "refunded", "cancelled_at": LATER, "cancelled_by": "system"},
}

SHOWN = Shown(OrderRecord, FullStaffOrderView, _show, _EXAMPLE, _AS)
