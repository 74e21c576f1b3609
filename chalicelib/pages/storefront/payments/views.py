"""What the page of paying an order shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Self

from chalicelib.campaigns.model.campaign import FROM_LOCK
from chalicelib.orders.model import Status
from chalicelib.orders.payment.service.capture import expected
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.surroundings import Surroundings
from chalicelib.orders.views.orders import FullOrderView
from chalicelib.pages.storefront.payments.model import (
    Attempt,
    Purpose,
    Standing,
    Wants,
    leads_on,
    standing,
    was_declined,
)
from chalicelib.payments.model import State
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.views import PaymentView
from chalicelib.web import MoneyField


@dataclass(frozen=True, slots=True)
class PayView:
    """An order as its payer sees it: where they stand, what is wanted and ``until`` when. ``rest`` is what remains to
    be paid afterwards, ``payment`` the attempt by which they go on, ``returned`` what came and goes back.
    """

    order: FullOrderView
    standing: Standing
    purpose: Purpose
    amount: MoneyField
    rest: MoneyField
    until: datetime | None
    seconds_left: int
    payment: PaymentView | None
    declined: bool
    returned: list[PaymentView]

    @classmethod
    def of(
        cls,
        order: OrderRecord,
        around: Surroundings,
        payments: Sequence[PaymentRecord],
        now: datetime,
        *,
        in_wechat: bool,
    ) -> Self:
        [shown] = FullOrderView.every([order], around, now)
        views = [PaymentView.of(each) for each in payments]
        attempts = [_attempt(each, in_wechat=in_wechat) for each in views]
        wanted = expected(order, now)
        waits = order.pending is not None or (order.balance_due_at is not None and order.totals.due > 0)
        lapses = order.pending is not None or shown.campaign.status in FROM_LOCK
        wants = Wants(order.method, order.status, wanted, int(order.paid_minor), waits, lapses)
        found, attempt = standing(wants, attempts, now)
        payment = next((each for each in views if attempt is not None and each.id == attempt.id), None)
        purpose = _purpose(order)
        until = _until(order, purpose)
        # A dearer basket is no part of the order's totals before it is paid.
        rest = 0 if purpose is Purpose.CHANGE else max(order.totals.due - wanted, 0)
        return cls(
            order=shown,
            standing=found,
            purpose=purpose,
            amount=MoneyField.of(wanted, order.currency),
            rest=MoneyField.of(rest, order.currency),
            until=until,
            seconds_left=max(ceil((until - now).total_seconds()), 0) if until else 0,
            payment=payment,
            declined=found is Standing.WANTED and was_declined(attempts),
            returned=[each for each in views if each.returned],
        )

    @property
    def mark(self) -> str:
        """Tells one thing to see from another, for a page that looks again."""
        return f"{self.standing}-{self.payment.id if self.payment else len(self.returned)}"


def _attempt(payment: PaymentView, *, in_wechat: bool) -> Attempt:
    is_begun = payment.status is State.PENDING and leads_on(payment.client, in_wechat=in_wechat)
    return Attempt(payment.id, payment.status, payment.amount.amount_minor, payment.held_until, is_begun)


def _purpose(order: OrderRecord) -> Purpose:
    if order.status == Status.HELD:
        return Purpose.DEPOSIT if order.deposit_minor else Purpose.ORDER
    return Purpose.CHANGE if order.pending is not None else Purpose.BALANCE


def _until(order: OrderRecord, purpose: Purpose) -> datetime | None:
    if purpose is Purpose.CHANGE:
        return order.waiting_edit.until if order.waiting_edit else None
    until: datetime | None = order.balance_due_at if purpose is Purpose.BALANCE else order.hold_expires_at
    return until
