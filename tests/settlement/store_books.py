"""A brand's books for tests: orders, payments and refunds as the other domains leave them, and what was booked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.orders.model import Line, Take
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.payments.model import Back, RefundState, State
from chalicelib.payments.records import PaymentRecord
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from chalicelib.settlement.books.model.proof import MoneyProof
from chalicelib.settlement.books.records import OrderBook
from chalicelib.settlement.books.service import balances, money
from chalicelib.settlement.books.service import orders as order_books
from tests.orders.store import BODY_HASH, Store

_numbers = itertools.count(1)


@dataclass
class StoreBooks:
    """A store. Its pickup point gives ``rate_bps`` to its leader."""

    store: Store
    rate_bps: int = 750
    sold: list[str] = field(default_factory=list)

    @property
    def tenant_id(self) -> str:
        return self.store.tenant_id

    @cached_property
    def campaign(self) -> CampaignRecord:
        """A campaign whose pickup point promised the rate."""
        campaign = self.store.publish(500)
        campaign.pickup_points = [replace(each, commission_bps=self.rate_bps) for each in campaign.pickup_points]
        self._replace(campaign)
        return campaign

    def order(self, goods: int, *, method: str | None = "test", paid: int | None = None, **fields: Any) -> OrderRecord:
        """An order of one line that was paid, by default in full, and waits to be collected."""
        now = clock.now()
        line = Line(self.campaign.offers[0].offer_id, self.campaign.offers[0].sku_id, 1, goods, (Take(0, 1),))
        total = goods + fields.get("delivery_minor", 0) - fields.get("discount_minor", 0)
        order = OrderRecord.begun(
            OrderRecord.address(self.tenant_id, new_id(now)), 1,
            campaign_id=self.campaign.id, member_id=self.store.member(), pickup_point_id=self.store.point_id,
            status="placed", currency="CNY", stored_lines=[line.as_json()], pickup_code="A", body_hash=BODY_HASH,
            placed_at=now, payment_method=method,
            paid_minor=(0 if method is None else total) if paid is None else paid, **fields,
        )  # fmt: skip
        self._create(order)
        return order

    def change(self, order: OrderRecord, **fields: Any) -> OrderRecord:
        """Writes fields of an order."""
        order = self.again(order)
        for name, value in fields.items():
            setattr(order, name, value)
        self._replace(order)
        return order

    def again(self, order: OrderRecord) -> OrderRecord:
        return self.get(order.id)

    def get(self, order_id: str) -> OrderRecord:
        found = OrderRecord.fetch(*OrderRecord.address(self.tenant_id, order_id), consistent=True)
        assert found is not None
        return found

    def hand_over(self, order: OrderRecord, at: datetime | None = None) -> OrderRecord:
        """The member collects it and pays what is due."""
        order = self.again(order)
        order.take_cash()
        order.picked_up_at, order.status = at or clock.now(), "picked_up"
        self._replace(order)
        return order

    def hand_on(self, leader_id: str, at: datetime) -> None:
        """Gives the pickup point to another leader."""
        point, staff = self.store.point_id, self.store.staff
        pickup_points.edit_pickup_point(self.tenant_id, point, PickupPointDetails(leader_id=leader_id), None, staff, at)

    def pay(self, order: OrderRecord, amount: int, *, applied: str = "captured", fee: tuple[int, int] = (0, 0)) -> str:
        """A payment that succeeded; its message is still to come."""
        now, payment_id = clock.now(), new_id(clock.now())
        payment = PaymentRecord(
            *PaymentRecord.address(self.tenant_id, payment_id),
            order_id=order.id, provider="test", merchant="test", amount_minor=amount, currency="CNY",
            body_hash=BODY_HASH, created_at=now, held_until=now, applied=applied,
            fee_bps=fee[0], fee_fixed_minor=fee[1], stored_state=State.SUCCEEDED.value,
        )  # fmt: skip
        self._create(payment)
        return payment_id

    def refund(self, order: OrderRecord, amount: int, *, stands: bool = False, method: str = "test") -> str:
        """A refund that is on its way, booked on the order."""
        refund_id = new_id(clock.now())
        order = self.again(order)
        order.refunded_minor = int(order.refunded_minor) + amount
        order.returned_minor = int(order.returned_minor or 0) + (amount if stands else 0)
        refund = RefundRecord(
            *RefundRecord.address(self.tenant_id, order.id, refund_id), amount_minor=amount, currency="CNY",
            cause=f"cause {next(_numbers)}", method=method, requested_at=clock.now(), by="system",
        )  # fmt: skip
        tx = Transaction()
        tx.replace("order", order)
        tx.create("refund", refund)
        tx.commit()
        return refund_id

    def arrive(self, payment_id: str, refund_id: str, amount: int) -> None:
        """The provider has paid it back."""
        payment = PaymentRecord.fetch(*PaymentRecord.address(self.tenant_id, payment_id), consistent=True)
        assert payment is not None
        stored = [amount, RefundState.SUCCEEDED.value, 1]
        payment.stored_backs = dict(payment.stored_backs or {}) | {refund_id: stored}
        assert payment.backs[refund_id] == Back(amount, RefundState.SUCCEEDED)
        self._replace(payment)

    def pay_refund_out(self, order: OrderRecord, refund_id: str) -> None:
        """It was paid back in cash."""
        refund = RefundRecord.fetch(*RefundRecord.address(self.tenant_id, order.id, refund_id), consistent=True)
        assert refund is not None
        refund.status, refund.settled_at = "succeeded", clock.now()
        self._replace(refund)

    # The messages.

    def book_paid(self, order: OrderRecord, payment_id: str) -> None:
        money.captured(self.tenant_id, {payment_id: order.id}, clock.now())

    def book_changed(self, order: OrderRecord) -> None:
        order_books.bring_up_to_date(self.tenant_id, order.id, clock.now())

    def book_refund(self, order: OrderRecord, refund_id: str) -> None:
        money.refunds_requested(self.tenant_id, [(order.id, refund_id)], clock.now())

    def book_given_back(self, order: OrderRecord, payment_id: str, refund_id: str) -> None:
        money.given_back(self.tenant_id, payment_id, order.id, refund_id, clock.now())

    def book_refund_paid(self, order: OrderRecord, refund_id: str) -> None:
        money.refund_paid(self.tenant_id, order.id, refund_id, clock.now())

    # What was booked.

    def balance(self, account: str) -> int:
        return balances.balance(self.tenant_id, account)

    def balances(self) -> dict[str, int]:
        """Every account that is not zero, as people read it, by what it is."""
        names = {self.store.point_id: "point", self.store.leader_id: "leader"}
        found = {}
        for each in balances.every(self.tenant_id):
            if each.balance_minor:
                found[":".join(names.get(part, part) for part in each.account.split(":"))] = each.balance_minor
        return found

    def of_order(self, order: OrderRecord) -> OrderBook:
        found = OrderBook.fetch(*OrderBook.address(self.tenant_id, order.id), consistent=True)
        assert found is not None
        return found

    def proof(self) -> MoneyProof:
        """The proof of the accounts, which are recounted first."""
        assert balances.recount(self.tenant_id).differences == {}
        return balances.proof(self.tenant_id)

    def _create(self, *records: Any) -> None:
        tx = Transaction()
        for n, record in enumerate(records):
            tx.create(str(n), record)
        tx.commit()

    def _replace(self, record: Any) -> None:
        tx = Transaction()
        tx.replace("record", record)
        tx.commit()
