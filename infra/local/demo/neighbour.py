"""What the demo's shopper has: a tier that was given to them, and an order that they paid online, with its invoice."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from infra.local.demo import plans
from infra.local.demo.client import Client, Refused

_YEAR = timedelta(days=365)
_SECONDS_FOR_A_PAYMENT = 30
_BUYER = {"kind": "person", "title": "Ann Neighbour", "email": "neighbour@corner-market.example"}


def give_tier(brand: Client, member_id: str, now: datetime) -> None:
    """The lowest tier for a year, unless they are in one."""
    if brand.get(f"/v1/members/{member_id}/tier")["tier"] is None:
        code = plans.TIERS["tiers"][0]["code"]
        given = {"tier": code, "until_on": f"{now + _YEAR:%Y-%m-%d}", "reason": "Thank you for helping at the garage"}
        brand.put(f"/v1/members/{member_id}/tier", given)


def ask_for_invoice(brand: Client, shopper: Client, slug: str) -> None:
    """The shopper orders breakfast, pays it online and asks for its invoice. Once there is an invoice, nothing is done;
    nor where the order has ended since, for an interrupted start.
    """
    if brand.get("/v1/invoices?limit=1")["items"]:
        return
    shop = f"/v1/stores/{slug}"
    open_now = (each for each in shopper.get(f"{shop}/campaigns?limit=100")["items"] if each["status"] == "open")
    campaign_id = next(each["id"] for each in open_now if each["title"] == plans.BREAKFAST.title)
    campaign = shopper.get(f"{shop}/campaigns/{campaign_id}")
    wanted = {
        "campaign_id": campaign_id,
        "pickup_point_id": campaign["pickup_points"][0]["id"],
        "lines": [{"offer_id": campaign["offers"][1]["id"], "quantity": 3}],
        "payment_method": "test",
    }
    at = f"{shop}/orders/{shopper.post(f'{shop}/orders', wanted, key=f'demo-paid-{campaign_id}')['id']}"
    try:
        payment = shopper.post(f"{at}/payments", key=f"demo-payment-{campaign_id}")
        shopper.press(payment["client"]["page_url"], "pay")
        _await_payment(shopper, at)
        shopper.post(f"{at}/invoice", _BUYER)
    except Refused as refused:
        if refused.status != 409:
            raise


def _await_payment(shopper: Client, order: str) -> None:
    """Until the order knows of its payment; what comes later finds the invoice waiting for it."""
    until = time.monotonic() + _SECONDS_FOR_A_PAYMENT
    found: dict[str, Any] = shopper.get(order)
    while found["status"] == "held" and time.monotonic() < until:
        time.sleep(0.05)
        found = shopper.get(order)
