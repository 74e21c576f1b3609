"""Starting a payment: ours first, then the provider's, under one id, so that neither can be there twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import get_own_order
from chalicelib.payments import vault
from chalicelib.payments.errors import NotPayable, PaymentOver
from chalicelib.payments.model import State
from chalicelib.payments.providers.port import Charge, Opened, Provider
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import accounts
from chalicelib.payments.service.reading import get_payment

_VAULT = "payment-client"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member asks for: how to pay where a provider knows several ways, and who pays where it must know."""

    way: str
    payer: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Request:
    """Whose order is to be paid, and under which Idempotency-Key."""

    tenant_id: str
    member_id: str
    order_id: str
    key: str
    body_hash: str


def start(asked: Request, wish: Wish, now: datetime) -> PaymentRecord:
    """Starts a payment of what a held order still costs, exactly once for each Idempotency-Key.

    The id is derived from order and key, and is the provider's idempotency key too: after a lost answer the same
    request gives the same payment. Raises NotFound, NotPayable, IdempotencyMismatch, PaymentOver, ProviderNotSetUp,
    ProviderRefused, ProviderUnavailable.
    """
    order = get_own_order(asked.tenant_id, asked.member_id, asked.order_id, consistent=True)
    payment_id = derived_id(asked.tenant_id, "payment", asked.order_id, asked.key)
    address = PaymentRecord.address(asked.tenant_id, payment_id)
    payment = PaymentRecord.fetch(*address, consistent=True)
    if payment is None:
        _check_payable(order, now)
        provider = accounts.provider(asked.tenant_id, order.payment_method, for_new=True)
        payment = _create(asked, order, payment_id, provider.merchant, now)
    if payment.body_hash != asked.body_hash:
        message = "This Idempotency-Key already started another payment; use a new key for a new one."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一次支付，请使用新的键。")
    if payment.client is not None:
        return payment
    _check_payable(order, now)
    return _open(payment, accounts.provider(asked.tenant_id, payment.provider), wish, now)


def client_of(payment: PaymentRecord) -> dict[str, Any]:
    """What the payer's device needs to pay."""
    found: dict[str, Any] = vault.unseal(payment.client, payment.tenant_id, _VAULT) if payment.client else {}
    return found


def _check_payable(order: OrderRecord, now: datetime) -> None:
    until: datetime | None = order.hold_expires_at
    if order.status == "held" and until is not None and now < until:
        return
    state = "expired" if order.status == "held" else order.status
    raise NotPayable(
        f"The order is {state} and awaits no payment.",
        detail_zh="订单当前无需支付。",
        extra={"order_status": state} | ({"hold_expires_at": instant(until)} if until else {}),
    )


def _create(asked: Request, order: OrderRecord, payment_id: str, merchant: str, now: datetime) -> PaymentRecord:
    """Writes our record while the order is still held; the answer of a twin request is taken over."""
    payment = PaymentRecord(
        *PaymentRecord.address(asked.tenant_id, payment_id),
        order_id=order.id,
        provider=order.payment_method,
        merchant=merchant,
        amount_minor=order.totals.due,
        currency=order.currency,
        body_hash=asked.body_hash,
        created_at=now,
        held_until=order.hold_expires_at,
    )
    payment.index()
    payment.look_again(now)
    tx = Transaction()
    tx.create("payment", payment)
    tx.check(
        "order",
        OrderRecord,
        *OrderRecord.address(asked.tenant_id, order.id),
        condition=(OrderRecord.status == "held") & (OrderRecord.rev == int(order.rev)),
    )
    try:
        tx.commit()
    except Refused as refused:
        twin = refused.item("payment", PaymentRecord)
        if twin is None:
            raise NotPayable("The order has changed; read it again.", detail_zh="订单已变更，请刷新。") from refused
        return twin
    return payment


def _open(payment: PaymentRecord, provider: Provider, wish: Wish, now: datetime) -> PaymentRecord:
    tenant_id = payment.tenant_id
    charge = Charge(
        terms=payment.terms,
        description=f"Order {payment.order_id}",
        expires_at=payment.held_until,
        notify_url=f"{wish.base_url}/v1/webhooks/{payment.provider}/{tenant_id}",
        way=wish.way,
        payer=wish.payer,
    )
    opened = provider.create(charge, now)
    _take(payment, opened, now)
    tx = Transaction()
    tx.replace("payment", payment)
    try:
        tx.commit()
    except Refused as refused:
        stored = get_payment(tenant_id, payment.id)
        if stored.client is None:
            raise PaymentOver("This attempt was closed; start a new one.", detail_zh="本次支付已关闭。") from refused
        return stored
    return payment


def _take(payment: PaymentRecord, opened: Opened, now: datetime) -> None:
    payment.reference = opened.reference
    payment.client = vault.seal(dict(opened.client), payment.tenant_id, _VAULT)
    payment.move_to(State.PENDING, now)
    payment.look_again(now)
