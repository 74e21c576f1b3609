"""Who works with the demo brand: its suppliers with their terms, and the leader of its pickup point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from infra.local.demo.client import Client

COMMISSION_BPS = 750
# By category: name, what of the shelf price it costs (percent), pack size, days from order to delivery.
_SUPPLIERS = {
    "Produce": ("Green Valley Farm", 60, 6, 1),
    "Grocery": ("Main Street Dairy and Bakery", 70, 12, 2),
    "Meat": ("Hill Farm Butchers", 75, 1, 3),
}


def bring_suppliers_in(brand: Client, shelf: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Adds the suppliers that are missing, with terms for all that they deliver; `shelf` is (category, SKU)."""
    known = {each["name"] for each in brand.get("/v1/suppliers?limit=100")["items"]}
    on_shelf = list(shelf)
    for category, (name, _, pack, days) in _SUPPLIERS.items():
        if name in known:
            continue
        supplier = brand.post("/v1/suppliers", {"name": name})
        for sku in (sku for each, sku in on_shelf if each == category):
            terms = {"cost": cost_of(category, sku["price"]), "pack_size": pack, "lead_days": days}
            brand.put(f"/v1/suppliers/{supplier['id']}/skus/{sku['id']}", terms)


def cost_of(category: str, price: Mapping[str, Any]) -> dict[str, Any]:
    """What the supplier of a category asks for what is on the shelf at a price."""
    percent = _SUPPLIERS[category][1]
    return {"amount_minor": price["amount_minor"] * percent // 100, "currency": price["currency"]}


def appoint(brand: Client, point: Mapping[str, Any], leader_id: str) -> None:
    """Makes a member the leader of a pickup point that has none, with their commission."""
    if point["leader_id"] is None:
        terms = {"leader_id": leader_id, "commission_bps": COMMISSION_BPS}
        brand.patch(f"/v1/pickup-points/{point['id']}", terms)
