"""Giving money back: reserved on our payments first, then asked of the provider under the refund's own id."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.orders.model import PAY_AT_PICKUP, RefundStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.errors import (
    NOT_ASKED,
    KeysRefused,
    NothingDeclined,
    PaymentDisputed,
    ProviderRefused,
    ProviderUnavailable,
)
from chalicelib.payments.model import Back, RefundState, parts_of, refund_after, whole
from chalicelib.payments.providers.port import Known, Return
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import waiting
from chalicelib.payments.service.reading import get_payment, known_first, of_order
from chalicelib.telemetry import NEEDS_A_PERSON, count, logger
from chalicelib.tenants.service.audit import audit

_REQUESTED = RefundStatus.REQUESTED.value


def refund(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Executes a refund that was requested of an order; however often the message comes, money goes back once.

    A refund in cash is not ours: the people at the pickup point confirm it.
    """
    record = _record(tenant_id, order_id, refund_id)
    if record is None or record.status != _REQUESTED or record.method == PAY_AT_PICKUP:
        return
    for payment in _reserved(record, now):
        carry_out(payment, now)


def carry_out(payment: PaymentRecord, now: datetime) -> PaymentRecord:
    """Asks the provider for everything that is on its way back through a payment, and books what it says.

    What the provider could not be asked stays open: it may have been carried out. The reconciler asks again. While its
    payer disputes a payment nothing of it is sent: if they win, it goes back through their bank.
    """
    payment.note_asked()
    if payment.is_disputed:
        return payment
    for refund_id, back in payment.backs.items():
        if back.is_open:
            try:
                said = _ask(payment, refund_id, back, now)
            except NOT_ASKED as fault:
                note_unasked(payment, fault, now)
                continue
            payment = _book(payment, refund_id, back.attempt, said, now)
    return payment


def arrived(tx: Transaction, payment: PaymentRecord, refund_id: str, now: datetime) -> None:
    """Adds that a refund has reached its member, though not by our asking; the caller writes the payment."""
    _move_refund(tx, payment, refund_id, RefundState.SUCCEEDED, now)
    payment.move_back(refund_id, RefundState.SUCCEEDED, now)


def take_made(payment: PaymentRecord, made: Collection[str], now: datetime) -> PaymentRecord:
    """Books what of our refunds the provider has ``made``, by its ids of them, where its answer was lost."""
    for refund_id, back in payment.backs.items():
        if back.is_open and _part_id(payment, refund_id, back.attempt) in made:
            payment = _book(payment, refund_id, back.attempt, RefundState.SUCCEEDED, now)
    return payment


def reserve_requested(payment: PaymentRecord, now: datetime) -> PaymentRecord:
    """Notes on the payments of an order what was asked to go back of it and is not noted there yet, since its message
    has still to come; nothing is sent. The payment as it then stands.
    """
    pk, _ = OrderRecord.address(payment.tenant_id, payment.order_id)
    for record in RefundRecord.every(pk, begins_with="refund#", consistent=True):
        if record.status == _REQUESTED and record.method != PAY_AT_PICKUP:
            _reserved(record, now)
    return get_payment(payment.tenant_id, payment.id)


def part_ids(payment: PaymentRecord) -> set[str]:
    """The ids that the provider has of everything that we asked it to give back of a payment."""
    return {
        _part_id(payment, refund_id, attempt)
        for refund_id, back in payment.backs.items()
        for attempt in range(back.attempt + 1)
    }


def note_unasked(payment: PaymentRecord, fault: DomainError, now: datetime) -> None:
    """Notes why the provider could not be asked, for whoever writes the payment next, and in log and metrics."""
    payment.note_unasked(fault.code, now)
    log = logger.warning if isinstance(fault, ProviderUnavailable) else logger.error
    log("provider_not_asked", payment_id=payment.id, fault=fault.code, **fault.extra)
    count("ProvidersNotAsked", 1)


def try_again(tenant_id: str, payment_id: str, by: Principal, now: datetime) -> PaymentRecord:
    """Sends what the provider declined once more, each as a new refund there, after a person has seen to the reason.

    The provider is first asked about every earlier attempt; one that it has carried out, or is at work on, is booked
    instead. Raises NotFound, NothingDeclined; and KeysRefused, ProviderNotSetUp, ProviderUnavailable where the provider
    could not be asked: then nothing has changed.
    """

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        _check_undisputed(payment)
        for refund_id, back in _declined(payment).items():
            attempt = _next_attempt(payment, refund_id, back, now)
            payment.give_back(refund_id, replace(back, state=RefundState.REQUESTED, attempt=attempt), now)
            record = _record(tenant_id, payment.order_id, refund_id)
            if record is not None:
                record.status, record.settled_at = _REQUESTED, None
                tx.replace(f"refund:{refund_id}", record)
        waiting.write(tx, payment)
        audit(tx, tenant_id, by, "payment.refund_tried_again", f"payment:{payment_id}", now)
        return payment

    return carry_out(change(partial(get_payment, tenant_id, payment_id), decide), now)


def _check_undisputed(payment: PaymentRecord) -> None:
    """Raises PaymentDisputed."""
    if payment.is_disputed:
        raise PaymentDisputed(
            "Its payer disputes this payment; what is to go back waits until the dispute is decided.",
            detail_zh="付款人已就该支付提出争议，待争议结束后再退款。",
        )


def _declined(payment: PaymentRecord) -> dict[str, Back]:
    """What the provider declined, by refund id. Raises NothingDeclined."""
    found = {each: back for each, back in payment.backs.items() if back.state is RefundState.FAILED}
    if not found:
        raise NothingDeclined(
            "No refund through this payment was declined; nothing is to be tried again.",
            detail_zh="该支付没有被拒绝的退款，无需重试。",
        )
    return found


def _next_attempt(payment: PaymentRecord, refund_id: str, back: Back, now: datetime) -> int:
    """The earliest attempt that the provider has and has not declined, else the first of which it knows nothing."""
    provider, attempt = accounts.provider_of(payment), 0
    while True:
        said = provider.refund_state(_known(payment), _part_id(payment, refund_id, attempt), now)
        if said is None and attempt > back.attempt:
            return attempt
        if said is not None and said is not RefundState.FAILED:
            return attempt
        attempt += 1


def _known(payment: PaymentRecord) -> Known:
    return Known(payment.terms, payment.reference or "")


def _part_id(payment: PaymentRecord, refund_id: str, attempt: int) -> str:
    """One refund may go back through several payments, and be tried again: each has an id of its own there."""
    return derived_id(refund_id, payment.id, *((str(attempt),) if attempt else ()))


def _record(tenant_id: str, order_id: str, refund_id: str) -> RefundRecord | None:
    return RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)


def _reserved(record: RefundRecord, now: datetime) -> list[PaymentRecord]:
    """The payments that a refund goes back through, each with its part noted; a second call finds the first's."""
    refund_id = record.id

    def decide(payments: list[PaymentRecord], tx: Transaction) -> list[PaymentRecord]:
        taken = [payment for payment in payments if refund_id in payment.backs]
        if taken:
            return taken
        parts = dict(parts_of(int(record.amount_minor), [(payment.id, payment.left_minor) for payment in payments]))
        chosen = [payment for payment in payments if payment.id in parts]
        for payment in chosen:
            payment.give_back(refund_id, Back(parts[payment.id]), now)
            waiting.write(tx, payment, f"payment:{payment.id}")
        return chosen

    return change(partial(of_order, record.tenant_id, record.order_id), decide)


def _ask(payment: PaymentRecord, refund_id: str, back: Back, now: datetime) -> RefundState:
    """What the provider says of a part; its refusal to make it is its word too, that of our keys is none."""
    provider = accounts.provider_of(payment)
    wanted = Return(_part_id(payment, refund_id, back.attempt), back.amount_minor, "refund")
    try:
        return provider.refund(_known(payment), wanted, now)
    except KeysRefused:
        raise
    except ProviderRefused as declined:
        logger.error("refund_declined", payment_id=payment.id, refund_id=refund_id, **declined.extra)
        count("RefundsDeclined", 1)
        count(NEEDS_A_PERSON, 1)
        return RefundState.FAILED


def _book(payment: PaymentRecord, refund_id: str, attempt: int, said: RefundState, now: datetime) -> PaymentRecord:
    """Notes a part's state on its payment and, in the same transaction, what that makes of the order's refund."""

    def decide(payment: PaymentRecord, tx: Transaction) -> PaymentRecord:
        back = payment.backs[refund_id]
        state = refund_after(back.state, said)
        if state is back.state or back.attempt != attempt:
            return payment
        _move_refund(tx, payment, refund_id, state, now)
        payment.move_back(refund_id, state, now)
        waiting.write(tx, payment)
        return payment

    return change(known_first(payment), decide)


def _move_refund(tx: Transaction, payment: PaymentRecord, refund_id: str, state: RefundState, now: datetime) -> None:
    """Writes the refund anew even where it stays as it is: of two parts that end at once, the later sees the other."""
    record = _record(payment.tenant_id, payment.order_id, refund_id)
    if record is None:
        return
    moved = whole([state, *_other_parts(payment, record)])
    if moved in (RefundState.SUCCEEDED, RefundState.FAILED) and record.status != moved:
        record.status, record.settled_at = moved.value, now
        record.declined_at = now if moved is RefundState.FAILED else record.declined_at
        record.emit(f"refund.{moved.value}", now, order_id=payment.order_id, refund_id=refund_id)
    tx.replace(f"refund:{refund_id}", record)


def _other_parts(payment: PaymentRecord, record: RefundRecord) -> list[RefundState]:
    """The states of a refund's parts on the order's other payments; nothing is read where this part is all of it."""
    if payment.backs[record.id].amount_minor == int(record.amount_minor):
        return []
    others = [each for each in of_order(payment.tenant_id, payment.order_id) if each.id != payment.id]
    return [each.backs[record.id].state for each in others if record.id in each.backs]
