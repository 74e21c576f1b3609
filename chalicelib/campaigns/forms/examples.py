"""Campaigns as they may be sent, one of each kind: what the API document shows."""

from typing import Any

SKU, POINT = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B"


def _yuan(amount_minor: int) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": "CNY"}


def _campaign(title: str, kind: str, offer: dict[str, Any], **terms: Any) -> dict[str, Any]:
    return {
        "title": title, "kind": kind, "closes_at": "2030-06-01T12:00:00Z",
        "offers": [{"sku_id": SKU, "quantity": 100, **offer}], "pickup_point_ids": [POINT], **terms,
    }  # fmt: skip


_STEPS = [{"from_quantity": units, "price": _yuan(price)} for units, price in ((1, 1_000), (20, 900), (50, 750))]

CAMPAIGNS = {
    "group order": _campaign(
        "周末荔枝", "group_order", {"price": _yuan(2_990), "per_member_limit": 5},
        target={"measure": "quantity", "value": 20, "on_miss": "cancel"},
    ),
    "price ladder": _campaign("越多越便宜", "ladder", {"ladder": _STEPS}, payment_methods=["pickup", "wechat"]),
    "team buy": _campaign("两人成团", "team_buy", {"price": _yuan(990)}, team={"size": 2, "hours": 24}),
    "flash sale": _campaign("限时秒杀", "flash_sale", {"price": _yuan(500)}, peak_orders_per_second=2_500),
    "pre-order": _campaign(
        "预售大闸蟹", "pre_order", {"price": _yuan(9_900), "deposit": _yuan(2_000)}, payment_methods=["wechat"],
        balance={"hours_after_close": 72, "on_default": "refund"},
    ),
}  # fmt: skip

SERIES = {
    "every Friday evening": {
        "title": "周五鲜果", "offers": [{"sku_id": SKU, "price": _yuan(2_990), "quantity": 100}],
        "pickup_point_ids": [POINT], "hours_ahead": 24,
        "rule": {
            "every": "week", "weekdays": ["friday"], "opens": "20:00", "open_minutes": 720, "starts_on": "2030-06-07",
        },
    },
}  # fmt: skip
