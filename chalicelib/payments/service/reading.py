"""Reading payments: one, those of an order, or those that a person should look at."""

from collections.abc import Callable
from typing import Any

from chalicelib.db import Page, beginning_with, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.payments.attempts.records import AttemptsRecord
from chalicelib.payments.model import OPEN, Attention
from chalicelib.payments.records import PaymentRecord, order_payments, payments_to_look_at


def get_payment(tenant_id: str, payment_id: str) -> PaymentRecord:
    """A payment as it stands. Raises NotFound."""
    found = PaymentRecord.fetch(*PaymentRecord.address(tenant_id, payment_id), consistent=True)
    if found is None:
        raise NotFound("There is no such payment.", detail_zh="没有该支付。")
    return found


def known_first(payment: PaymentRecord) -> Callable[[], PaymentRecord]:
    """Reads a payment for a change: as the caller knows it at first and, where another write came between, again.

    Raises NotFound.
    """
    return beginning_with(payment, lambda: get_payment(payment.tenant_id, payment.id))


def of_order(tenant_id: str, order_id: str) -> list[PaymentRecord]:
    """An order's payments, oldest first, each as it stands."""
    listed = PaymentRecord.every(order_payments(tenant_id, order_id), index="gsi1")
    addresses = [(PaymentRecord, str(each.pk), str(each.sk)) for each in listed]
    found = fetch_many(addresses, consistent=True) if addresses else []
    return [payment for payment in found if isinstance(payment, PaymentRecord)]


def every_of_order(tenant_id: str, order_id: str) -> list[PaymentRecord]:
    """An order's payments, oldest first, each as it stands, with what was started a moment ago.

    The index may not show that yet; the record of attempts, which does, forgets after an hour.
    """
    ids = {each.id for each in PaymentRecord.every(order_payments(tenant_id, order_id), index="gsi1")}
    attempts = AttemptsRecord.fetch(*AttemptsRecord.address(tenant_id, order_id), consistent=True)
    ids |= {each.payment_id for each in attempts.attempts} if attempts else set()
    addresses = [(PaymentRecord, *PaymentRecord.address(tenant_id, each)) for each in ids]
    found: list[PaymentRecord | None] = fetch_many(addresses, consistent=True) if addresses else []
    return sorted((payment for payment in found if payment is not None), key=lambda payment: payment.created_at)


def open_of_order(tenant_id: str, order_id: str) -> list[PaymentRecord]:
    """An order's payments that may still be paid, oldest first, each as it stands; none that staff have given up."""
    every = every_of_order(tenant_id, order_id)
    return [payment for payment in every if payment.state in OPEN and not payment.is_given_up]


def to_look_at(tenant_id: str, reason: Attention, limit: int, cursor: dict[str, Any] | None) -> Page[PaymentRecord]:
    """Payments that a person should look at for one reason, newest first."""
    partition = payments_to_look_at(tenant_id, reason)
    return PaymentRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)
