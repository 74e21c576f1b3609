"""Campaigns in the payload of events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import (
    CAMPAIGN,
    CLOSED,
    GATE,
    KEY,
    LOCKED,
    OFFER,
    OPENED,
    PRODUCT,
    SKU,
    yuan,
)
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.campaigns import CampaignView


def _show(tenant_id: str, campaigns: Sequence[CampaignRecord], now: datetime) -> Sequence[CampaignView]:
    return [CampaignView.of(campaign, now) for campaign in campaigns]


_EXAMPLE: Mapping[str, Any] = {
    "team": None,
    "caps": None,
    "delivery": None,
    "payment_methods": ["pickup", "wechat"],
    "balance": None,
    "no_show": {"hours": 72, "action": "refund"},
    "id": CAMPAIGN,
    "title": "Tangerines from the hill",
    "theme": "New Year",
    "description": None,
    "kind": "group_order",
    "status": "open",
    "opens_at": OPENED,
    "early_access": [],
    "closes_at": CLOSED,
    "arrives_on": "2026-01-12",
    "target": {"measure": "quantity", "value": 40, "on_miss": "extend", "extend_hours": 24},
    "offers": [
        {
            "id": OFFER,
            "offer_id": OFFER,
            "sku_id": SKU,
            "product_id": PRODUCT,
            "title": "Tangerines · 5 kg",
            "price": yuan(2900),
            "list_price": yuan(3600),
            "prior_price": {"price": yuan(3600), "since_on": None},
            "ladder": [],
            "final_price": None,
            "deposit": None,
            "quantity": 200,
            "per_member_limit": 4,
            "return_days": 7,
            "exchange_days": 15,
            "repair_days": 0,
            "tax_rate": "9",
            "parts": [],
            "bundle_kind": None,
            "price_alone": None,
            "floor": yuan(2500),
            "below_floor": False,
        }
    ],
    "pickup_point_ids": [GATE],
    "pickup_points": [{"id": GATE, "name": "East Gate", "address": "18 Garden Road", "opening_hours": "17:00-21:00"}],
    "refund_policy": None,
    "goal": None,
    "budget": None,
    "audience": None,
    "series_id": None,
    "gift_points": None,
    "peak_orders_per_second": 250,
    "history": [
        {"type": "created", "at": "2026-01-05T09:15:40.233Z", "by": f"api_key:{KEY}"},
        {"type": "published", "at": "2026-01-05T09:20:02.118Z", "by": f"api_key:{KEY}"},
    ],
    "created_at": "2026-01-05T09:15:40.233Z",
    "updated_at": "2026-01-05T09:20:02.118Z",
    "published_at": "2026-01-05T09:20:02.118Z",
    "extended_at": None,
    "closed_early_at": None,
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "campaign.published": {"status": "scheduled"},
    "campaign.extended": {"status": "extended", "extended_at": LOCKED, "closes_at": "2026-01-10T14:00:00Z"},
    "campaign.closed": {"status": "closing"},
    "campaign.arrival_moved": {"status": "locked", "arrives_on": "2026-01-13"},
    **{
        f"campaign.{status}": {"status": status}
        for status in (
            "locked",
            "cancelled",
            "refunding",
            "refunded",
            "purchasing",
            "received",
            "sorted",
            "at_pickup",
            "completed",
            "settled",
        )
    },
}

SHOWN = Shown(CampaignRecord, CampaignView, _show, _EXAMPLE, _AS)
