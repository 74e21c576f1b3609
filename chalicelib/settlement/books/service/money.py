"""Money that came in through a provider, or went back: booked by what its record says, never by a message alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.db import fetch_many
from chalicelib.orders.model import PAY_AT_PICKUP, RefundStatus
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.payments.model import DisputeState, RefundState, State
from chalicelib.payments.records import PaymentRecord
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.service.orders import Happened, bring_all_up_to_date, bring_up_to_date, leader_at, read
from chalicelib.telemetry import logger


def captured(tenant_id: str, payments: Mapping[str, str], now: datetime) -> None:
    """Books payments that succeeded, ``payments`` being their orders by payment id, and the provider's fee of each at
    the rate that was agreed when it was started.

    Money that its order no longer wanted came in for it as well; its refund, requested at once, moves it on. Providers
    keep their fee also when the money goes back.
    """
    addresses = [(PaymentRecord, *PaymentRecord.address(tenant_id, each)) for each in payments]
    happened = []
    found: list[PaymentRecord | None] = fetch_many(addresses, consistent=True)
    for (payment_id, order_id), payment in zip(payments.items(), found, strict=True):
        if payment is None or payment.state is not State.SUCCEEDED:
            logger.warning("payment_not_booked", payment_id=payment_id, order_id=order_id)
        else:
            happened.append((order_id, _paid(payment_id, payment)))
    bring_all_up_to_date(tenant_id, happened, now)


def _paid(payment_id: str, payment: PaymentRecord) -> Happened:
    amount = int(payment.amount_minor)
    clearing = chart.clearing(payment.provider)
    kept = payment.fee_minor
    return Happened(
        f"payment:{payment_id}",
        {clearing: amount},
        received_minor=amount,
        fee={chart.FEES: kept, clearing: -kept},
    )


def given_back(tenant_id: str, payment_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Books that a provider has paid money back."""
    payment = PaymentRecord.fetch(*PaymentRecord.address(tenant_id, payment_id), consistent=True)
    back = payment.backs.get(refund_id) if payment else None
    if payment is None or back is None or back.state is not RefundState.SUCCEEDED:
        logger.warning("refund_not_booked", payment_id=payment_id, refund_id=refund_id)
        return
    moved = {chart.REFUNDS: back.amount_minor, chart.clearing(payment.provider): -back.amount_minor}
    bring_up_to_date(tenant_id, order_id, now, Happened(f"given_back:{payment_id}:{refund_id}", moved))


def dispute_ended(tenant_id: str, payment_id: str, order_id: str, reference: str, now: datetime) -> None:
    """Books a dispute's fee, and what was lost with it beyond what its order still held: both are the brand's cost.
    What the order held went back as a refund of it, and is booked as one.
    """
    payment = PaymentRecord.fetch(*PaymentRecord.address(tenant_id, payment_id), consistent=True)
    dispute = payment.disputes.get(reference) if payment else None
    if payment is None or dispute is None or dispute.state is DisputeState.OPEN:
        logger.warning("dispute_not_booked", payment_id=payment_id, dispute=reference)
        return
    clearing, lost, fee = chart.clearing(payment.provider), dispute.unrecovered_minor, dispute.fee_minor
    if lost or fee:
        moved, kept = {chart.UNRECOVERED: lost, clearing: -lost}, {chart.FEES: fee, clearing: -fee}
        happened = Happened(f"dispute:{payment_id}:{reference}", moved if lost else {}, fee=kept if fee else {})
        bring_up_to_date(tenant_id, order_id, now, happened)


def refunds_requested(tenant_id: str, refunds: Iterable[tuple[str, str]], now: datetime) -> None:
    """Books that money is owed back, ``refunds`` being ids of orders and of their refunds: out of what is held for the
    order or, after the handover, out of its sale.
    """
    wanted = list(dict.fromkeys(refunds))
    addresses = [
        (RefundRecord, *RefundRecord.address(tenant_id, order_id, refund_id)) for order_id, refund_id in wanted
    ]
    happened = []
    found: list[RefundRecord | None] = fetch_many(addresses, consistent=True)
    for (order_id, refund_id), refund in zip(wanted, found, strict=True):
        if refund is None:
            _not_found(order_id, refund_id)
            continue
        amount = int(refund.amount_minor)
        happened.append((order_id, Happened(f"refund:{refund_id}", {chart.REFUNDS: -amount}, refunded_minor=amount)))
    bring_all_up_to_date(tenant_id, happened, now)


def refund_paid(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Books a refund that was paid in cash at the pickup point; a provider's part is booked by ``given_back``."""
    refund = _refund(tenant_id, order_id, refund_id)
    if refund is None or refund.method != PAY_AT_PICKUP or refund.status != RefundStatus.SUCCEEDED:
        return
    order = read(tenant_id, order_id).order
    payer = leader_at(tenant_id, order.pickup_point_id, refund.settled_at or now)
    amount = int(refund.amount_minor)
    moved = {chart.REFUNDS: amount, chart.cash(order.pickup_point_id, payer): -amount}
    bring_up_to_date(tenant_id, order_id, now, Happened(f"refund_paid:{refund_id}", moved, leader_id=payer))


def _refund(tenant_id: str, order_id: str, refund_id: str) -> RefundRecord | None:
    found = RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)
    if found is None:
        _not_found(order_id, refund_id)
    return found


def _not_found(order_id: str, refund_id: str) -> None:
    logger.warning("refund_not_found", order_id=order_id, refund_id=refund_id)
