"""An order's side of an online payment: what may be charged, and whether the money that came is wanted.

Money is never lost: what an order does not take, its payment gives back whole.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.coupons.errors import OnlyForNewMembers
from chalicelib.db import Transaction
from chalicelib.orders.audience.service import claim_newcomer
from chalicelib.orders.budgets import service as budgets
from chalicelib.orders.changes.service import recording, waiting
from chalicelib.orders.errors import NotInAudience
from chalicelib.orders.model import Status
from chalicelib.orders.payment.service import balance
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.spending import service as spending
from chalicelib.orders.stock.service.drawing import picks_again
from chalicelib.orders.stock.service.moving import StockMoves, lines_of
from chalicelib.orders.teams.service import joining
from chalicelib.telemetry import logger


def expected(order: OrderRecord, now: datetime) -> int:
    """What may be charged online for an order at ``now``, in minor units; 0 for nothing.

    A held order costs its total, or its deposit. Of a placed one, what a waiting change costs more may be charged, or
    the balance of a pre-order in its time.
    """
    if order.status == Status.HELD:
        return order.first_charge_minor if _before(order.hold_expires_at, now) else 0
    if order.pending is not None:
        return waiting.charge(order, now)
    if _owes_balance(order):
        return order.totals.due if order.balance_due_at is None or _before(order.balance_due_at, now) else 0
    return 0


def capture(tx: Transaction, order: OrderRecord, payment_id: str, amount_minor: int, now: datetime) -> bool:
    """Takes money that has arrived into an order, read consistently, within the transaction that books the payment.

    True adds the order's operations, ``order`` among them. A held order is placed, also by a payment whose message
    comes after its hold: until it expires its units are there. A balance that was paid before a dearer basket was
    asked for is kept, and the basket dropped. One that has expired takes units again if its campaign is open and has
    them, and its promotions, coupon and points are there still; in a team buy, its team must still form, and no other
    order may be its newcomer's first by then. False adds nothing: the order has ended, or the amount is not what it
    waits for. When the commit is Refused, read the order again and call again: each call decides afresh.
    """
    taken = _capture(tx, order, amount_minor, now)
    outcome = "payment_taken" if taken else "payment_not_wanted"
    logger.info(outcome, order_id=order.id, payment_id=payment_id, order_status=order.status)
    return taken


def accept(
    tx: Transaction, order: OrderRecord, payment_id: str, amount_minor: int, *, reason: str, by: str, now: datetime
) -> bool:
    """Takes money that came in another amount than was asked, as it is, within the transaction that books the payment.

    What is missing stays due: at the pickup point or, where the campaign takes nothing there, online in time, which the
    member is told. What came beyond the total is refunded. False adds nothing: the order has ended, wants no money, or
    waits for a change, which is paid for exactly or not at all. As with :func:`capture`, call it again on the order as
    read again after Refused.
    """
    change = recording.start(order, "payment_accepted", cause=f"accepted:{payment_id}", by=by, now=now, reason=reason)
    if order.status in (Status.HELD, Status.EXPIRED):
        if not _become_placed(tx, order, amount_minor, now):
            return False
    elif order.is_sold and order.pending is None and order.totals.due > 0:
        _add_money(order, amount_minor, now)
    else:
        return False
    refunds.request_overpaid(tx, order, cause=f"overpaid:{payment_id}", reason=reason, by=by, now=now)
    balance.tell_rest(order, now)
    recording.write(tx, order, change)
    return True


def _capture(tx: Transaction, order: OrderRecord, amount_minor: int, now: datetime) -> bool:
    if order.status in (Status.HELD, Status.EXPIRED):
        return amount_minor == order.first_charge_minor and _place(tx, order, amount_minor, now)
    if order.pending is not None and waiting.apply(tx, order, amount_minor, now):
        return True
    if _owes_balance(order) and amount_minor == order.totals.due:
        units = StockMoves(order.tenant_id, order.member_id)
        waiting.withdraw(tx, units, order, now)
        units.add(tx)
        _add_money(order, amount_minor, now)
        tx.replace("order", order)
        return True
    return False


def _add_money(order: OrderRecord, amount_minor: int, now: datetime) -> None:
    """Adds money to an order that was placed before, and emits the event that its member's receipt comes from."""
    order.paid_minor = int(order.paid_minor) + amount_minor
    order.emit("order.changed", now, order_id=order.id)
    order.emit("order.paid", now, order_id=order.id, amount_minor=amount_minor)


def _place(tx: Transaction, order: OrderRecord, amount_minor: int, now: datetime) -> bool:
    if not _become_placed(tx, order, amount_minor, now):
        return False
    tx.replace("order", order)
    return True


def _become_placed(tx: Transaction, order: OrderRecord, amount_minor: int, now: datetime) -> bool:
    """Adds the units and the place in a team that a paid order takes; the caller writes the order."""
    place = joining.filling(order, now)
    if place is None:
        return False
    units = StockMoves(order.tenant_id, order.member_id)
    if order.status == Status.HELD:
        units.confirm(order.lines)
    elif not _take_again(tx, units, order, now):
        return False
    units.add(tx)
    place.add(tx)
    order.paid_minor = int(order.paid_minor) + amount_minor
    order.move_to(Status.PLACED, now)
    if order.totals.due:  # of an order that had expired nothing was due until it was placed
        order.balance_due_at = balance.due_at(get_campaign(order.tenant_id, order.campaign_id))
    return True


def _take_again(tx: Transaction, units: StockMoves, order: OrderRecord, now: datetime) -> bool:
    """Reserves an expired order's units once more, sold at once; at the prices at which they were ordered."""
    campaign = get_campaign(order.tenant_id, order.campaign_id)
    stocked = {goods.offer_id: goods for goods in campaign.goods}
    picks = picks_again(order.tenant_id, order.member_id, stocked, order.lines, now)
    if picks is None:
        return False
    try:
        coupon = spending.find_coupon(order)
        claim_newcomer(tx, campaign, order, coupon)
    except (NotInAudience, OnlyForNewMembers):
        return False
    if not budgets.take_again(tx, order, now) or not spending.take_again(tx, order, coupon, now):
        return False
    units.take(picks, now)
    lines = zip(order.lines, lines_of(picks), strict=True)
    order.stored_lines = [replace(line, takes=new.takes, drawn=new.drawn).as_json() for line, new in lines]
    return True


def _owes_balance(order: OrderRecord) -> bool:
    """Also of an order that was accepted with less than was asked, where nothing is paid at the pickup point."""
    in_parts = bool(order.deposit_minor) or order.balance_due_at is not None
    return order.is_sold and in_parts and order.totals.due > 0


def _before(end: datetime | None, now: datetime) -> bool:
    return end is not None and now < end
