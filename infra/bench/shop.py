"""A brand whose operations are measured: its orders, their payments, its close, and what each of them has cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Meter, Transaction, metered, tenant_scope
from chalicelib.fulfilment.receiving.service import advancing
from chalicelib.fulfilment.suppliers import service as suppliers
from chalicelib.fulfilment.suppliers.model import Agreement, SupplierDetails, Terms
from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import find_or_create_by_ref
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.counting.service import counting
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.model import State
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.service import webhooks
from chalicelib.web.tokens import issue
from infra.bench.stage import Brand, Stage

Cost = tuple[float, float, float]
"""Read requests, write requests, and write units of tables."""


@dataclass
class Shop:
    """A brand whose pickup point has a leader at 7.5 %, and what its operations have cost."""

    stage: Stage
    brand: Brand
    costs: dict[str, Cost] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    orders: int = 0

    def __post_init__(self) -> None:
        self.tenant_id = self.brand.tenant_id
        with tenant_scope(self.tenant_id):
            found = find_or_create_by_ref(self.tenant_id, [f"m{n}" for n in range(20)], clock.now(), None)
        self.members = [each.id for each in found.values()]
        self.staff = Principal("staff", self.tenant_id, self.members[1], frozenset({"owner"}), "Owner", self.brand.slug)
        leading = {"name": "Led", "address": "2 Garden Road", "leader_id": self.members[0], "commission_bps": 750}
        self.point_id = str(self.stage.ask("POST", "/v1/pickup-points", leading, self.brand.key)["id"])
        with tenant_scope(self.tenant_id):
            self.supplier_id = self._supplier()

    def _supplier(self) -> str:
        """Who delivers the SKU, at 4.00."""
        farm = SupplierDetails("Farm")
        supplier_id = str(suppliers.create_supplier(self.tenant_id, farm, self.staff, clock.now()).id)
        agreed = Agreement(self.brand.sku_id, Terms(cost_minor=400), "CNY", main=True)
        suppliers.agree(self.tenant_id, supplier_id, agreed, self.staff, clock.now())
        return supplier_id

    def campaign(self, **fields: Any) -> Any:
        return self.brand.campaign(500, **{"pickup_point_ids": [self.point_id], **fields})

    def count(self, name: str, deed: Callable[[], Any]) -> Any:
        """Does it, and keeps what it cost."""
        with metered() as meter:
            done = deed()
        self.keep(name, meter)
        return done

    def keep(self, name: str, meter: Meter, less: Meter | None = None, among: int = 1) -> None:
        """Keeps a cost; or, of ``among`` orders, what each costs beyond those of ``less``."""
        before = less or Meter()
        reads, writes = meter.reads - before.reads, meter.writes - before.writes
        self.costs[name] = reads / among, writes / among, (meter.write_units - before.write_units) / among
        in_indexes = (meter.index_write_units - before.index_write_units) / among
        requests = " + ".join(f"{n} {operation}" for operation, n in meter.by_operation.items())
        self.spelled[name] = f"{in_indexes:g} index write units" + (f"; {requests}" if less is None else "")

    def order(self, campaign: Any, units: int = 1, *, member: int = 2, **more: Any) -> OrderRecord:
        self.orders += 1
        wish = Wish(campaign["id"], ((campaign["offers"][0]["offer_id"], units),), self.point_id, **more)
        return placing.place(self.tenant_id, self.members[member], wish, f"key-{self.orders}", "h" * 32, clock.now())

    def pay(self, order: OrderRecord) -> None:
        """A payment of what an order waits for arrives."""
        fresh, tx = get_order(self.tenant_id, order.id, consistent=True), Transaction()
        if payment.capture(tx, fresh, "01J9ZQ0W7N8RXC5B2M4T6V8Y0P", fresh.first_charge_minor, clock.now()):
            tx.commit()

    def paid(self, campaign: Any, units: int = 1, member: int = 2) -> OrderRecord:
        order = self.order(campaign, units, member=member, payment_method="test")
        self.pay(order)
        return order

    def paid_with_the_provider(self, campaign: Any, units: int) -> tuple[OrderRecord, str]:
        """An order and its payment, through the interface."""
        order = self.order(campaign, units, payment_method="test")
        path = f"/v1/stores/{self.brand.slug}/orders/{order.id}/payments"
        started = self.stage.ask("POST", path, {}, self.token, Idempotency_Key="payment")
        provider = TestProvider(self.tenant_id)
        provider.move(started["id"], State.SUCCEEDED)
        webhooks.take(self.tenant_id, "test", *provider.message(started["id"], "succeeded", clock.now()), clock.now())
        return order, str(started["id"])

    @property
    def token(self) -> str:
        return issue("member", self.tenant_id, self.brand.slug, self.members[2], frozenset(), clock.now(), 3600)

    def lock(self, campaign: Any) -> datetime:
        """Closes the campaign at its hour, without moving the clock; the hour."""
        closes_at = get_campaign(self.tenant_id, campaign["id"]).window[1]
        closing.close_campaign(self.tenant_id, campaign["id"], closes_at)
        counting.decide_closed(self.tenant_id, campaign["id"], closes_at)
        return closes_at

    def bring(self, campaign: Any) -> None:
        """The goods of a locked campaign, of which all came, are at the pickup points."""
        wanted = advancing.Wanted(Status.AT_PICKUP, everything_arrived=True)
        advancing.advance(self.tenant_id, campaign["id"], wanted, self.staff, clock.now())

    def hand_over(self, order: OrderRecord, **more: Any) -> OrderRecord:
        code, now = order.pickup_code, clock.now()
        return pickup.hand_over(self.tenant_id, order.id, code, self.point_id, self.staff, f"h{more}", now, **more)
