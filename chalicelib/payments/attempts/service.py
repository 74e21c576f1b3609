"""How often an order may be tried to be paid: each attempt asks a provider, and leaves an open payment there."""

from datetime import datetime, timedelta
from math import ceil

from chalicelib.db import fetch_many
from chalicelib.payments.attempts.model import (
    A_MINUTE,
    AN_HOUR,
    MOST_IN_A_MINUTE,
    MOST_IN_AN_HOUR,
    Attempt,
    must_wait,
)
from chalicelib.payments.attempts.records import AttemptsRecord
from chalicelib.payments.errors import TooManyAttempts
from chalicelib.payments.model import UNPAID
from chalicelib.payments.records import PaymentRecord


def check_attempts(record: AttemptsRecord, now: datetime) -> None:
    """Whether another attempt may be started now. Raises TooManyAttempts.

    Only where there were ten within an hour their payments are read: those that were paid or closed count no more, and
    are taken off the record.
    """
    attempts = record.attempts
    if wait := must_wait(attempts, now, MOST_IN_A_MINUTE, A_MINUTE):
        seconds = ceil(wait / timedelta(seconds=1))
        raise TooManyAttempts(
            f"An order is tried to be paid at most {MOST_IN_A_MINUTE} times a minute; try again in {seconds} s.",
            detail_zh=f"每个订单每分钟最多发起 {MOST_IN_A_MINUTE} 次支付，请在 {seconds} 秒后再试。",
            retry_after=seconds,
        )
    if must_wait(attempts, now, MOST_IN_AN_HOUR, AN_HOUR) is None:
        return
    unpaid = _unpaid(record)
    if wait := must_wait(unpaid, now, MOST_IN_AN_HOUR, AN_HOUR):
        minutes = ceil(wait / timedelta(minutes=1))
        raise TooManyAttempts(
            f"{MOST_IN_AN_HOUR} attempts to pay this order within an hour came to nothing; try again in {minutes} min.",
            detail_zh=f"该订单一小时内已有 {MOST_IN_AN_HOUR} 次支付未成功，请在 {minutes} 分钟后再试。",
            retry_after=ceil(wait / timedelta(seconds=1)),
        )
    record.keep([each for each in attempts if each in unpaid or each.at > now - A_MINUTE])


def _unpaid(record: AttemptsRecord) -> list[Attempt]:
    """The attempts that are open still, or were declined."""
    attempts = record.attempts
    addresses = [(PaymentRecord, *PaymentRecord.address(record.tenant_id, each.payment_id)) for each in attempts]
    payments: list[PaymentRecord | None] = fetch_many(addresses, consistent=True)
    unpaid = {payment.id for payment in payments if payment is not None and payment.state in UNPAID}
    return [each for each in attempts if each.payment_id in unpaid]
