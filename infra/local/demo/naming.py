"""What the examples of the API document name on this machine: things that the demo brand really has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from infra.local.demo import plans
from infra.local.demo.client import Client
from infra.local.demo.seed import CURRENCY, RUNNING, Demo

_OPEN_FOR = timedelta(days=30)


def named(url: str, demo: Demo, now: datetime) -> dict[str, str]:
    """Values by the field that takes each, so that what ``/docs`` shows can be sent as it stands: the campaign and the
    offer are those of the printed lines, the order is the shopper's own in another campaign.
    """
    brand, shopper = Client(url, demo.api_key), Client(url, demo.shopper_token)
    shop = f"/v1/stores/{demo.slug}"
    campaign = brand.get(f"/v1/campaigns/{demo.campaign_id}")
    offer = next(each for each in campaign["offers"] if each["offer_id"] == demo.offer_id)
    gifts = brand.get("/v1/gifts?limit=1")["items"]
    return {
        "slug": demo.slug,
        "currency": CURRENCY,
        "closes_at": f"{now + _OPEN_FOR:%Y-%m-%dT%H:%M:%SZ}",
        "campaign_id": demo.campaign_id,
        "offer_id": demo.offer_id,
        "product_id": offer["product_id"],
        "sku_id": offer["sku_id"],
        "pickup_point_id": demo.pickup_point_id,
        "leader_id": brand.get(f"/v1/pickup-points/{demo.pickup_point_id}")["leader_id"],
        "member_id": shopper.get(f"{shop}/me")["id"],
        "order_id": _order(shopper, shop, demo.pickup_point_id),
        "supplier_id": brand.get("/v1/suppliers?limit=1")["items"][0]["id"],
        "staff_id": brand.get("/v1/staff")["items"][0]["id"],
        **({"gift_id": gifts[0]["id"]} if gifts else {}),
    }


def _order(shopper: Client, shop: str, pickup_point_id: str) -> str:
    """The id of an order of the demo's shopper in a campaign that is open, placed where there is none yet."""
    found = shopper.get(f"{shop}/campaigns?limit=100")["items"]
    open_one = next(
        each["id"] for each in found if each["title"] == plans.BREAKFAST.title and each["status"] in RUNNING
    )
    offer = shopper.get(f"{shop}/campaigns/{open_one}")["offers"][0]
    wanted: dict[str, Any] = {
        "campaign_id": open_one,
        "pickup_point_id": pickup_point_id,
        "lines": [{"offer_id": offer["id"], "quantity": 1}],
        "payment_method": "pickup",
    }
    return str(shopper.post(f"{shop}/orders", wanted, key=f"demo-{open_one}")["id"])
