"""What a payment costs: requests and capacity units of starting it, paying it and giving it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from unittest.mock import patch

from chalicelib.db import Meter, metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.model import State
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.service import refunding, webhooks
from infra.bench.figure import Figure, exactly, told
from infra.bench.stage import Brand, Stage

_UNITS = {"starting": 8, "paying": 6, "giving back": 6}
"""Write units: a payment twice and the order it is for; payment, order and stock; a payment twice and its refund."""


class _Elsewhere(TestProvider):
    """The test provider, whose own books do not count: a real provider has them on its own machines."""

    def create(self, *given: Any) -> Any:
        with metered():
            return super().create(*given)

    def query(self, *given: Any) -> Any:
        with metered():
            return super().query(*given)

    def refund(self, *given: Any) -> Any:
        with metered():
            return super().refund(*given)


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about one payment of one order of one line, from its start to its return."""
    brand = Brand(stage, "payments-bench")
    meters: dict[str, Meter] = {}
    with patch.object(accounts, "TestProvider", _Elsewhere), tenant_scope(brand.tenant_id):
        _run(stage, brand, meters)
    for name, meter in meters.items():
        yield exactly(f"write units of {name} a payment", _UNITS[name], meter.write_units, how="tables only")
        spelled = " + ".join(f"{count} {operation}" for operation, count in meter.by_operation.items())
        requests = f"{meter.reads} reads, {meter.writes} writes"
        units = f"{meter.read_units:g} read units, {meter.index_write_units:g} index write units"
        yield told(f"database requests of {name} a payment", requests, f"{spelled}; {units}")


def _run(stage: Stage, brand: Brand, meters: dict[str, Meter]) -> None:
    """Starts, pays and returns a payment; the first of two, so that nothing is done for the first time."""
    token = brand.members(1)[0]
    basket = brand.basket(brand.campaign(quantity=9)) | {"payment_method": "test"}
    for turn in ("first", "second"):
        store = f"/v1/stores/{brand.slug}/orders"
        order_id = stage.ask("POST", store, basket, token, Idempotency_Key=f"order-{turn}")["id"]

        def start(path: str = f"{store}/{order_id}/payments") -> Any:
            return stage.ask("POST", path, {}, token, Idempotency_Key="payment")

        payment_id = _counted(meters, "starting", start)["id"]
        now, provider = clock.now(), TestProvider(brand.tenant_id)
        provider.move(payment_id, State.SUCCEEDED)
        headers, body = provider.message(payment_id, "succeeded", now)
        _counted(meters, "paying", partial(webhooks.take, brand.tenant_id, "test", headers, body, now))
        stage.ask("POST", f"{store}/{order_id}/cancel", token=token)
        _counted(meters, "giving back", partial(_give_back, brand.tenant_id, order_id, now))


def _counted(meters: dict[str, Meter], name: str, ask: Callable[[], Any]) -> Any:
    with metered() as meters[name]:
        return ask()


def _give_back(tenant_id: str, order_id: str, now: datetime) -> None:
    with metered():
        pk, _ = OrderRecord.address(tenant_id, order_id)
        (refund,) = RefundRecord.every(pk, begins_with="refund#", consistent=True)
    refunding.refund(tenant_id, order_id, refund.id, now)
