"""Starting a payment: ours first, then the provider's, under one id, so that neither can be there twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.orders.model import Status, in_words
from chalicelib.orders.payment.service import capture as order_side
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_own_order
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.attempts.records import AttemptsRecord
from chalicelib.payments.attempts.service import check_attempts
from chalicelib.payments.errors import NotPayable, PaymentOver
from chalicelib.payments.model import ATTEMPT, OPEN, PROVIDERS, Fees, State, check_way, next_pause
from chalicelib.payments.providers.port import Charge, Opened, Provider
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service.reading import get_payment
from chalicelib.payments.vault import service as vault

_VAULT = "payment-client"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member asks for: how to pay where a provider knows several ways, and who pays where it must know. From a
    provider's page they come back to ``return_url``, a page of ours.
    """

    way: str
    payer: str
    base_url: str
    return_url: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """Whose order is to be paid, and under which Idempotency-Key."""

    tenant_id: str
    member_id: str
    order_id: str
    key: str
    body_hash: str


def start(asked: Request, wish: Wish, now: datetime) -> PaymentRecord:
    """Starts a payment of what an order wants now, exactly once for each Idempotency-Key: all of a held order or its
    deposit, later the balance, or the difference to a dearer basket.

    The id is derived from order and key, and is the provider's idempotency key too: after a lost answer the same
    request gives the same payment. Raises NotFound, NotPayable, IdempotencyMismatch, PaymentOver, TooManyAttempts,
    ProviderNotSetUp, CurrencyNotTaken, KeysRefused, ProviderRefused, ProviderUnavailable; and Invalid for a way that
    the order's provider does not know.
    """
    order = get_own_order(asked.tenant_id, asked.member_id, asked.order_id, consistent=True)
    check_way(order.method, wish.way)
    begun = _begin(asked, order, now)
    payment, provider = begun.payment, begun.provider
    if payment.body_hash != asked.body_hash:
        message = "This Idempotency-Key already started another payment; use a new key for a new one."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一次支付，请使用新的键。")
    if payment.client is not None:
        return payment
    if payment.state not in OPEN:
        raise _over()
    if (wanted := _wanted(order, now)) != payment.amount_minor:
        due = Money(wanted, order.currency)
        message = f"What is to be paid is {due:en} now; start a new payment."
        about = {"order_status": order.status}
        raise NotPayable(message, detail_zh=f"订单应付金额现为 {due:zh}，请重新发起支付。", extra=about)
    if provider is None or provider.merchant != payment.merchant:
        provider = accounts.provider_of(payment)
    return _open(payment, provider, wish, now)


def return_url(base_url: str, slug: str, order_id: str) -> str:
    """The page of the shop that shows what became of a payment, and asks the provider about it once."""
    return f"{base_url}/s/{slug}/orders/{order_id}/pay?look=1"


def client_of(payment: PaymentRecord) -> dict[str, Any]:
    """What the payer's device needs to pay; empty where it cannot be opened any more."""
    found = vault.unseal_or_none(payment.client, payment.tenant_id, _VAULT) if payment.client else None
    return dict(found or {})


def _wanted(order: OrderRecord, now: datetime) -> int:
    """What the order wants to be paid online now, in minor units. Raises NotPayable where that is nothing."""
    amount = order_side.expected(order, now) if order.method in PROVIDERS else 0
    if amount <= 0:
        raise _not_payable(order)
    return amount


def _not_payable(order: OrderRecord) -> NotPayable:
    until: datetime | None = order.hold_expires_at
    if order.method not in PROVIDERS:
        message, message_zh = "The order is paid when it is collected.", "该订单在自提时付款。"
    elif order.status in (Status.HELD, Status.EXPIRED):
        message = "The order was not paid in time and has expired; place it again while the campaign is open."
        message_zh = "订单超时未支付，已失效；活动进行中可重新下单。"
    else:
        message, message_zh = f"The order is {in_words(order.status)} and wants no payment now.", "订单当前无需支付。"
    about = {"order_status": order.status} | ({"hold_expires_at": instant(until)} if until else {})
    return NotPayable(message, detail_zh=message_zh, extra=about)


def _over() -> PaymentOver:
    return PaymentOver(
        "This attempt is over; start a new payment.",
        detail_zh="本次支付已结束，请重新发起支付。",
    )


def _ends_at(order: OrderRecord, now: datetime) -> datetime:
    """When an attempt that begins now ends: with the time that the order waits, and never after more than ATTEMPT."""
    ends_at: datetime | None = order.balance_due_at
    if order.status == Status.HELD:
        ends_at = order.hold_expires_at
    elif order.waiting_edit is not None:
        ends_at = order.waiting_edit.until
    latest = now + ATTEMPT
    return min(ends_at, latest) if ends_at is not None and ends_at > now else latest


@dataclass(frozen=True, slots=True)
class _Found:
    """The payment that was started under this key before, and the order's attempts, where there are any."""

    payment: PaymentRecord | None
    attempts: AttemptsRecord | None


@dataclass(frozen=True, slots=True)
class _Begun:
    """Our record of an attempt, and the account that it goes to where that was opened for it."""

    payment: PaymentRecord
    provider: Provider | None = None


def _begin(asked: Request, order: OrderRecord, now: datetime) -> _Begun:
    """Our record of the attempt, written while the order is as it was read; a request that came before has one."""
    tenant_id, order_id = asked.tenant_id, asked.order_id
    addresses = [
        (PaymentRecord, *PaymentRecord.address(tenant_id, derived_id(tenant_id, "payment", order_id, asked.key))),
        (AttemptsRecord, *AttemptsRecord.address(tenant_id, order_id)),
    ]

    def decide(found: _Found, tx: Transaction) -> _Begun:
        if found.payment is not None:
            return _Begun(found.payment)
        amount_minor = _wanted(order, now)
        attempts = found.attempts or AttemptsRecord(*AttemptsRecord.address(tenant_id, order_id))
        check_attempts(attempts, now)
        provider, fees = accounts.for_new(tenant_id, order.method)
        payment = _new(asked, order, amount_minor, provider, fees, now)
        attempts.add(payment.id, now)
        tx.create("payment", payment)
        if found.attempts is None:
            tx.create("attempts", attempts)
        else:
            tx.replace("attempts", attempts)
        address = OrderRecord.address(tenant_id, order_id)
        tx.check("order", OrderRecord, *address, condition=OrderRecord.rev == int(order.rev))
        return _Begun(payment, provider)

    return change(lambda: _Found(*fetch_many(addresses, consistent=True)), decide, refused=_check_order)


def _check_order(refusal: Refused) -> None:
    """Raises NotPayable where the order has changed, unless the same request was quicker: that one answers."""
    if "order" in refusal.names and "payment" not in refusal.names:
        message = "The order has changed meanwhile; read it again and pay what it wants now."
        raise NotPayable(message, detail_zh="订单已变更，请刷新后再支付。") from refusal


def _new(
    asked: Request, order: OrderRecord, amount_minor: int, provider: Provider, fees: Fees, now: datetime
) -> PaymentRecord:
    """With the rates that hold now."""
    return PaymentRecord(
        *PaymentRecord.address(asked.tenant_id, derived_id(asked.tenant_id, "payment", asked.order_id, asked.key)),
        order_id=order.id,
        provider=order.method,
        merchant=provider.merchant,
        amount_minor=amount_minor,
        currency=order.currency,
        fee_bps=fees.bps or None,
        fee_fixed_minor=fees.fixed_minor or None,
        body_hash=asked.body_hash,
        created_at=now,
        held_until=_ends_at(order, now),
        ask_at=now + next_pause(0),
    )


def _open(payment: PaymentRecord, provider: Provider, wish: Wish, now: datetime) -> PaymentRecord:
    tenant_id = payment.tenant_id
    charge = Charge(
        terms=payment.terms,
        description=f"Order {payment.order_id}",
        expires_at=payment.held_until,
        notify_url=f"{wish.base_url}/v1/webhooks/{payment.provider}/{tenant_id}",
        way=wish.way,
        payer=wish.payer,
        return_url=wish.return_url,
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
            raise _over() from refused
        return stored
    return payment


def _take(payment: PaymentRecord, opened: Opened, now: datetime) -> None:
    payment.reference = opened.reference
    payment.client = vault.seal(dict(opened.client), payment.tenant_id, _VAULT)
    payment.move_to(State.PENDING, now)
