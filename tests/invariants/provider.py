"""The provider of the random runs: paid at, silent, repeating itself, or out of reach; and what it makes a promise of.

Whoever has paid while their order waited for just that money keeps what they paid for, however late the shop hears of
it. That is noted the moment somebody pays, and held against what became of the order at the end.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.orders.records import OrderRecord
from chalicelib.payments.errors import ProviderUnavailable
from chalicelib.payments.model import OPEN, State
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.records import PaymentRecord

if TYPE_CHECKING:
    from tests.invariants.brand import Brand

_ASKED = ("query", "close", "refund", "refund_state")

What = Literal["order", "balance", "edit"]


@dataclass(frozen=True)
class Promise:
    """An order was paid for in time: itself or its deposit, its balance, or the difference to a dearer basket."""

    order_id: str
    what: What
    payment_id: str
    at: datetime


@dataclass
class Provider:
    """The test provider of a brand."""

    brand: Brand
    is_away: bool = False
    promises: list[Promise] = field(default_factory=list)
    _patches: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        for name in _ASKED:
            asked = getattr(TestProvider, name)
            self._patches.enter_context(patch.object(TestProvider, name, self._when_there(asked)))

    def come_back(self) -> None:
        """It is there again, and the test provider is its own again."""
        self.is_away = False
        self._patches.close()

    def _when_there(self, asked: Any) -> Any:
        def ask(*arguments: Any) -> Any:
            if self.is_away:
                raise ProviderUnavailable("The provider does not answer.", detail_zh="支付渠道无响应。")
            return asked(*arguments)

        return ask

    def press(self, payment_id: str, *, succeeds: bool) -> None:
        """The payer pays, or their bank declines; the shop is told nothing yet."""
        with tenant_scope(self.brand.tenant_id):
            provider = TestProvider(self.brand.tenant_id)
            charge = provider.charge(payment_id)
            if charge is None or charge.state != State.PENDING:
                return
            if succeeds:
                self._promise(payment_id)
            provider.move(payment_id, State.SUCCEEDED if succeeds else State.FAILED)

    def last_minute(self, payment_id: str) -> datetime | None:
        """Half a minute before a payment ends that its order waits for; None where that is over."""
        with tenant_scope(self.brand.tenant_id):
            payment = self._payment(payment_id)
            moment: datetime = payment.held_until - timedelta(seconds=30)
            return moment if payment.state in OPEN and moment > clock.now() else None

    def person_changed(self, order_id: str) -> None:
        """Somebody has changed or cancelled an order: what becomes of its payments is theirs to say."""
        self.promises = [each for each in self.promises if each.order_id != order_id]

    def _promise(self, payment_id: str) -> None:
        payment, now = self._payment(payment_id), clock.now()
        order = self._order(payment.order_id)
        if payment.state in OPEN and now < payment.held_until and (what := _waits_for(order, payment, now)):
            self.promises.append(Promise(order.id, what, payment_id, now))

    def _payment(self, payment_id: str) -> PaymentRecord:
        found = PaymentRecord.fetch(*PaymentRecord.address(self.brand.tenant_id, payment_id), consistent=True)
        assert found is not None
        return found

    def _order(self, order_id: str) -> OrderRecord:
        found = OrderRecord.fetch(*OrderRecord.address(self.brand.tenant_id, order_id), consistent=True)
        assert found is not None
        return found


def _waits_for(order: OrderRecord, payment: PaymentRecord, now: datetime) -> What | None:
    """What of an order waits for just this payment at ``now``."""
    amount = int(payment.amount_minor)
    until: dict[What, tuple[datetime | None, int]] = {}
    if order.status == "held":
        until["order"] = order.hold_expires_at, order.first_charge_minor
    elif order.waiting_edit is not None:
        until["edit"] = order.waiting_edit.until, order.waiting_edit.amount_minor
    elif order.is_sold and order.balance_due_at is not None:
        until["balance"] = order.balance_due_at, order.totals.due
    for what, (end, wanted) in until.items():
        if end is not None and now < end and wanted == amount:
            return what
    return None
