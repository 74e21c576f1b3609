"""What changing an order costs: requests and capacity units of an edit, a handover and an adjustment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Meter, metered, tenant_scope
from chalicelib.orders.counting.service import counting
from infra.bench.figure import Figure, exactly, told
from infra.bench.stage import Brand, Stage

_UNITS = {"an edit": 6, "a handover in parts": 4, "an adjustment of it": 8, "a handover in one go": 2}
"""Write units: order, stock and the record of the change; order and record; the refund as well; the order alone."""


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about orders of one line, changed by their member and then by staff."""
    brand = Brand(stage, "changes-bench")
    meters: dict[str, Meter] = {}
    _run(stage, brand, meters)
    for name, meter in meters.items():
        yield exactly(f"write units of {name}", _UNITS[name], meter.write_units, how="tables only")
        spelled = " + ".join(f"{count} {operation}" for operation, count in meter.by_operation.items())
        units = f"{meter.read_units:g} read units, {meter.index_write_units:g} index write units"
        yield told(f"database requests of {name}", f"{meter.reads} reads, {meter.writes} writes", f"{spelled}; {units}")


def _run(stage: Stage, brand: Brand, meters: dict[str, Meter]) -> None:
    token = brand.members(1)[0]
    campaign = brand.campaign(quantity=50)
    basket = brand.basket(campaign)
    store = f"/v1/stores/{brand.slug}/orders"
    first, second = (stage.ask("POST", store, basket, token, Idempotency_Key=key) for key in ("first", "second"))
    offer_id = basket["lines"][0]["offer_id"]

    def lines(quantity: int) -> dict[str, Any]:
        return {"lines": [{"offer_id": offer_id, "quantity": quantity}]}

    _counted(
        meters,
        "an edit",
        lambda: stage.ask("PATCH", f"{store}/{first['id']}", lines(3), token, Idempotency_Key="edit"),
    )
    _lock(brand.tenant_id, basket["campaign_id"])
    handed = {"code": first["pickup_code"], "pickup_point_id": brand.pickup_point_id}
    path, other = f"/v1/orders/{first['id']}", f"/v1/orders/{second['id']}"
    _counted(meters, "a handover in parts", lambda: stage.ask("POST", f"{path}/pickup", handed | lines(1), brand.key))
    lowered = lines(2) | {"reason": "Bruised"}
    _counted(
        meters,
        "an adjustment of it",
        lambda: stage.ask("POST", f"{path}/adjustments", lowered, brand.key, Idempotency_Key="adjust"),
    )
    handed["code"] = second["pickup_code"]
    _counted(meters, "a handover in one go", lambda: stage.ask("POST", f"{other}/pickup", handed, brand.key))


def _counted(meters: dict[str, Meter], name: str, ask: Callable[[], Any]) -> None:
    with metered() as meters[name]:
        ask()


def _lock(tenant_id: str, campaign_id: str) -> None:
    """Closes the campaign at its hour, without moving the clock."""
    with tenant_scope(tenant_id):
        _, closes_at = get_campaign(tenant_id, campaign_id).window
        closing.close_campaign(tenant_id, campaign_id, closes_at)
        counting.decide_closed(tenant_id, campaign_id, closes_at)
