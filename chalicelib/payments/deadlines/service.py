"""Deadlines that take something away from whoever has not paid: the end of a hold, of a team, of the time to pay a
balance or a dearer basket.

The provider knows who has paid, and its message may be late or lost. So each open payment is asked about first, and one
that was not paid is ended there, so that nobody can pay it any more. While it does not say, the deadline waits.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import DomainError
from chalicelib.orders.changes.service import waiting as edits
from chalicelib.orders.ending.service import hold, postponing, teams
from chalicelib.orders.payment.service import balance
from chalicelib.orders.records import DROP_EDIT, END_UNPAID, EXPIRE
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.payments.errors import NOT_ASKED, PaymentUndecided, ProviderRefused
from chalicelib.payments.model import OPEN
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import reading, reconciling, refunding, waiting
from chalicelib.telemetry import count, logger

_TAKE_AWAY: Mapping[str, Callable[[str, str, datetime], None]] = {
    EXPIRE: hold.expire,
    DROP_EDIT: edits.expire,
    END_UNPAID: balance.end_unpaid,
}


def end_order(tenant_id: str, order_id: str, now: datetime, *, postponed_too: bool = False) -> None:
    """Does what an order's deadline asks for once the provider has said that nothing was paid; where something was, the
    order has taken it by then. A message that comes early, late or twice changes nothing, nor does one about a deadline
    that waits and is not to be looked at again yet, unless ``postponed_too``.

    Raises NotFound.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    due_at: datetime | None = order.deadline if postponed_too else order.due_at
    if due_at is None or due_at > now:
        return
    if _all_known(tenant_id, [order_id], now):
        _TAKE_AWAY[str(order.due_kind)](tenant_id, order_id, now)
    else:
        postponing.postpone(tenant_id, order_id, now)


def end_team(tenant_id: str, team_id: str, now: datetime, *, postponed_too: bool = False) -> None:
    """Ends a team whose hour is over, once the provider has said that its last places were not paid in time.

    Nothing is asked of a team that has places left: no payment fills it. Raises NotFound.
    """
    record = get_team(tenant_id, team_id, consistent=True)
    due_at: datetime | None = record.due_at
    if due_at is None or (record.ends_at if postponed_too else due_at) > now:
        return
    unpaid = [seat.order_id for seat in record.team.seats if not seat.paid] if record.team.may_fill else []
    if _all_known(tenant_id, unpaid, now):
        teams.expire(tenant_id, team_id, now)
    else:
        postponing.postpone_team(tenant_id, team_id, now)


def look_again(tenant_id: str, payment_id: str, now: datetime) -> None:
    """Looks at once at the deadlines that may wait for a payment: that of its order, and that of its team."""
    order = get_order(tenant_id, reading.get_payment(tenant_id, payment_id).order_id, consistent=True)
    if order.wait is not None:
        end_order(tenant_id, order.id, now, postponed_too=True)
    if order.team_id is not None:
        end_team(tenant_id, order.team_id, now, postponed_too=True)


def _all_known(tenant_id: str, order_ids: Iterable[str], now: datetime) -> bool:
    """Whether the provider has said of each open payment of some orders what became of it; none can be paid any more
    then. The first that it does not say is enough: the others are asked about at the next look.
    """
    return all(
        _is_known(payment, now) for order_id in order_ids for payment in reading.open_of_order(tenant_id, order_id)
    )


def _is_known(payment: PaymentRecord, now: datetime) -> bool:
    try:
        payment = reconciling.reconcile(payment, now, close="now")
        if payment.state not in OPEN or payment.differs:
            return True
        raise PaymentUndecided("The provider has not decided about the payment yet, and does not end it.")
    except (*NOT_ASKED, PaymentUndecided, ProviderRefused) as fault:
        _note(payment, fault, now)
    count("DeadlinesWaiting", 1)
    logger.warning("deadline_waits", payment_id=payment.id, order_id=payment.order_id)
    return False


def _note(payment: PaymentRecord, fault: DomainError, now: datetime) -> None:
    """Shows the payment among those of which the provider could not be asked; it can be started no longer."""
    refunding.note_unasked(payment, fault, now)
    payment.held_until = min(payment.held_until, now)
    payment.asked_in_vain(now)
    tx = Transaction()
    waiting.write(tx, payment)
    with suppress(Refused):  # someone else has just moved it
        tx.commit()
