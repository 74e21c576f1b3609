"""Payments that wait for their account's keys: listed while they do, and asked about at once when keys were mended."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.payments.records import PaymentRecord, WaitingRecord

_AT_ONCE = 50
"""Payments written in one transaction, which takes a hundred operations."""


def write(tx: Transaction, payment: PaymentRecord, name: str = "payment") -> None:
    """Adds a payment to a transaction, and with it its place in the list of those that wait for keys."""
    waits = payment.waits_for_keys
    if waits != bool(payment.is_listed):
        if waits:
            tx.put(f"{name}:waiting", WaitingRecord(*WaitingRecord.of(payment)))
        else:
            tx.delete(f"{name}:waiting", WaitingRecord, *WaitingRecord.of(payment))
        payment.is_listed = waits or None
    tx.replace(name, payment)


def ask_now(tenant_id: str, provider: str, merchant: str, now: datetime) -> None:
    """Has everything asked about that waits for an account's keys: what waits for them is read, and nothing else."""
    for payment_ids in _waiting(tenant_id, provider, merchant):
        _ask_now(tenant_id, payment_ids, now)


def _waiting(tenant_id: str, provider: str, merchant: str) -> Iterator[list[str]]:
    partition, cursor = WaitingRecord.partition(tenant_id, provider, merchant), None
    while True:
        page = WaitingRecord.page(partition, limit=_AT_ONCE, cursor=cursor, consistent=True)
        if page.items:
            yield [each.payment_id for each in page.items]
        cursor = page.last_key
        if cursor is None:
            return


def _ask_now(tenant_id: str, payment_ids: Sequence[str], now: datetime) -> None:
    addresses = [(PaymentRecord, *PaymentRecord.address(tenant_id, each)) for each in payment_ids]

    def decide(payments: list[PaymentRecord | None], tx: Transaction) -> None:
        for payment in payments:
            if payment is not None and payment.waits_for_keys:
                payment.ask_now(now)
                write(tx, payment, payment.id)

    change(lambda: fetch_many(addresses, consistent=True), decide)
