"""A shop whose shopper pays online with the test provider, for tests over HTTP."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.payments.model import State
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.records import PaymentRecord
from tests.builders import Reply, Shop, made
from tests.payments.fake_stripe import FakeStripe

_keys = itertools.count(1)


@dataclass
class Checkout:
    """A held order, and the payments of it."""

    shop: Shop
    campaign: Any = None
    method: str = "test"
    team_id: str | None = None
    order: Any = field(init=False)

    def __post_init__(self) -> None:
        given = self.campaign and self.campaign["id"]
        self.campaign, self.order = self.shop.once(f"checkout {given} {self.method} {self.team_id}", self._ordered)

    def _ordered(self) -> tuple[Any, Any]:
        campaign = self.campaign or self.shop.campaign(payment_methods=sorted({"pickup", "test", self.method}))
        team = {"team_id": self.team_id} if self.team_id else {}
        return campaign, made(self.shop.order(quantity=2, payment_method=self.method, campaign=campaign, **team))

    @property
    def tenant_id(self) -> str:
        return self.shop.tenant_id

    @property
    def provider(self) -> TestProvider:
        return TestProvider(self.tenant_id)

    @property
    def path(self) -> str:
        return f"{self.shop.path}/orders/{self.order['id']}/payments"

    def start(self, key: str = "", body: Any = None, token: str = "") -> Reply:
        """Starts a payment of the order, under a new key."""
        return self.shop.caller.call(
            "POST",
            self.path,
            json=body or {},
            token=token or self.shop.shopper.token,
            headers={"Idempotency-Key": key or f"payment-{next(_keys)}"},
        )

    def pay(self, payment_id: str, to: Any = State.SUCCEEDED) -> None:
        """The payer pays at the provider, or their bank declines; no message has come yet."""
        with tenant_scope(self.tenant_id):
            self.provider.move(payment_id, to)

    def notify(self, payment_id: str, event: str = "succeeded", **forged: Any) -> Reply:
        """Delivers a signed message of the test provider."""
        headers, body = self.provider.message(payment_id, event, clock.now())
        return self.deliver("test", headers | forged.get("headers", {}), forged.get("body", body))

    def deliver(self, provider: str, headers: dict[str, str], body: bytes, tenant_id: str = "") -> Reply:
        """Delivers any message."""
        path = f"/v1/webhooks/{provider}/{tenant_id or self.tenant_id}"
        return self.shop.caller.call("POST", path, body=body, headers=headers)

    def payment(self, payment_id: str) -> PaymentRecord:
        with tenant_scope(self.tenant_id):
            found = PaymentRecord.fetch(*PaymentRecord.address(self.tenant_id, payment_id), consistent=True)
        assert found is not None
        return found

    def order_record(self) -> OrderRecord:
        with tenant_scope(self.tenant_id):
            found = OrderRecord.fetch(*OrderRecord.address(self.tenant_id, self.order["id"]), consistent=True)
        assert found is not None
        return found

    def change_charge(self, payment_id: str, **fields: Any) -> None:
        """Makes the provider's record say something else than ours."""
        with tenant_scope(self.tenant_id):
            charge = self.provider.charge(payment_id)
            assert charge is not None
            for name, value in fields.items():
                setattr(charge, name, value)
            tx = Transaction()
            tx.replace("charge", charge)
            tx.commit()

    def given_back(self, payment_id: str) -> int:
        """What the provider has given back of a payment, in minor units."""
        with tenant_scope(self.tenant_id):
            charge = self.provider.charge(payment_id)
        assert charge is not None
        return sum(charge.refunds.values())

    def state(self, payment_id: str) -> dict[str, Any]:
        """Everything that a message could change."""
        with tenant_scope(self.tenant_id):
            charge = self.provider.charge(payment_id)
        assert charge is not None
        records = (self.payment(payment_id), self.order_record(), charge)
        return {type(record).__name__: record.serialize() for record in records}

    def pay_with_stripe(self, side: FakeStripe) -> str:
        """The payer pays what is wanted now, and Stripe's message arrives; the payment's id."""
        payment_id: str = made(self.start())["id"]
        side.pay(payment_id)
        assert self.deliver("stripe", *side.message(payment_id)).status == 204
        return payment_id

    def look_at(self, reason: str) -> list[str]:
        """The ids of the payments that people are shown for a reason."""
        return [each["id"] for each in made(self.shop.brand.get(f"/v1/payments?state={reason}"), 200)["items"]]

    def retry(self, payment_id: str) -> Reply:
        """Staff have what was declined tried again."""
        return self.shop.brand.post(f"/v1/payments/{payment_id}/refunds/retry")

    def edit(self, quantity: int) -> None:
        """The shopper wants another quantity."""
        lines = [{"offer_id": self.order["lines"][0]["offer_id"], "quantity": quantity}]
        made(
            self.shop.caller.call(
                "PATCH",
                f"{self.shop.path}/orders/{self.order['id']}",
                json={"lines": lines},
                token=self.shop.shopper.token,
                headers={"Idempotency-Key": f"edit-{next(_keys)}"},
            ),
            200,
        )

    def cancel(self) -> None:
        """The shopper cancels the order."""
        path = f"{self.shop.path}/orders/{self.order['id']}/cancel"
        made(self.shop.caller.call("POST", path, token=self.shop.shopper.token), 200)

    def refunds(self) -> list[RefundRecord]:
        with tenant_scope(self.tenant_id):
            pk, _ = OrderRecord.address(self.tenant_id, self.order["id"])
            return list(RefundRecord.every(pk, begins_with="refund#", consistent=True))

    def refund_states(self) -> list[str]:
        """What the order knows of its refunds."""
        return [refund.status for refund in self.refunds()]

    def refund_ids(self) -> list[str]:
        return [str(refund.sk).removeprefix("refund#") for refund in self.refunds()]
