"""Giving a member's money back: booked on the order in the same write that gives the reason for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Transaction
from chalicelib.kernel.money import Money
from chalicelib.orders.model import OWED, PAY_AT_PICKUP, Line, RefundStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import (
    DELIVERY,
    Goodwill,
    Stands,
    check_limit,
    left_of,
    overpaid,
    paid_shares,
    payables,
    refund_id,
    split_refund,
    taken_off,
    taken_up,
)
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order, get_own_order
from chalicelib.orders.tax.model import Taxable, rates_of
from chalicelib.pricing.model.tax import Tax, first_part, less, one_rate


def request(
    tx: Transaction,
    order: OrderRecord,
    amount_minor: int,
    *,
    cause: str,
    reason: str | None,
    by: str,
    now: datetime,
    stands: bool = False,
    arrived: bool = False,
    lines: Mapping[str, int] | None = None,
    before: Taxable | None = None,
) -> RefundRecord | None:
    """Adds a refund to a transaction and books it on the order, which the caller replaces in the same transaction.

    ``cause`` is what the refund is for; its id is derived from it, so a cause pays back once however often it is
    tried: the operation ``refund:{cause}`` is then refused. What a provider was paid goes back through it first; cash
    that was paid on top goes back in cash, as a refund of its own. ``stands`` says that the order's total stays as it
    is, as with an after-sale; otherwise the caller has lowered it, or ends the order. ``arrived`` says that the money
    has reached the member already. ``lines`` has the parts by offer
    id or ``delivery``; without it, a refund that stands falls on every line by what is left of it. ``before`` is the
    order before the caller lowered its total: by how much the tax in its money fell since then goes back with it.
    Nothing for an amount of 0. Raises RefundTooLarge, also for more than is left of one line.
    """
    if amount_minor == 0:
        return None
    had = before or taxable(order)
    of_lines = lines if stands and lines else {}
    rests = line_rests(order) if of_lines else {}
    check_limit(amount_minor, Money(order.refundable_minor, order.currency), of_lines, rests)
    if stands:
        lines = lines if lines is not None else split_refund(amount_minor, line_rests(order))
        order.returned_minor = int(order.returned_minor or 0) + amount_minor
        backs = order.refunded_lines or {}
        order.refunded_lines = backs | {name: backs.get(name, 0) + part for name, part in lines.items()}
    online = min(amount_minor, online_left(order))
    order.refunded_minor = int(order.refunded_minor) + amount_minor
    parts = split_refund(online, lines or {})
    rest = {name: part - parts.get(name, 0) for name, part in (lines or {}).items() if part > parts.get(name, 0)}
    why = _Why(cause, reason, by, now, arrived)
    tax = less(had.kept, taxable(order).kept) if had.rates else ()
    of_online = first_part(tax, online, amount_minor)
    made = [_add(tx, order, (cause,), online, order.method, parts, of_online, why)] if online else []
    if cash := amount_minor - online:
        names = (cause, "cash") if online else (cause,)
        made.append(_add(tx, order, names, cash, PAY_AT_PICKUP, rest, less(tax, of_online), why))
    return made[0]


def request_all(tx: Transaction, order: OrderRecord, *, cause: str, by: str, now: datetime) -> RefundRecord | None:
    """Adds the refund of everything that was paid and not given back yet, of an order that ends."""
    return request(tx, order, order.refundable_minor, cause=cause, reason=None, by=by, now=now)


def request_overpaid(
    tx: Transaction, order: OrderRecord, *, cause: str, reason: str | None, by: str, now: datetime
) -> RefundRecord | None:
    """Adds the refund of what an order was paid beyond its total, after the caller has lowered that."""
    amount = overpaid(
        order.total_minor, int(order.paid_minor), int(order.refunded_minor), int(order.returned_minor or 0)
    )
    return request(tx, order, amount, cause=cause, reason=reason, by=by, now=now)


def line_costs(lines: Iterable[Line], off: Mapping[str, int], delivery_minor: int) -> dict[str, int]:
    """What each line of an order, by offer id, and the delivery fee cost, with so much taken ``off`` each line."""
    return payables([(line.offer_id, line.total_minor) for line in lines], off, delivery_minor)


def take_up(order: OrderRecord, before: Mapping[str, int]) -> None:
    """Counts what was given back of lines that cost less than ``before`` by now as the refund of that, as far as what
    is left of them does not bear it: so nothing goes back twice, and what was a gift for them is none any more.
    """
    part = taken_up(order.refunded_lines or {}, before, costs_of(order))
    if not part:
        return
    order.refunded_lines = {name: back - part.get(name, 0) for name, back in (order.refunded_lines or {}).items()}
    order.returned_minor = int(order.returned_minor or 0) - sum(part.values())
    order.disputed_minor = min(int(order.disputed_minor or 0), int(order.returned_minor)) or None
    lost = {name: min(each, order.refunded_lines.get(name, 0)) for name, each in (order.disputed_lines or {}).items()}
    order.disputed_lines = {name: each for name, each in lost.items() if each} or None
    if order.goodwill:
        order.goodwill = Goodwill.from_json(order.goodwill).less(part).as_json()


def line_shares(order: OrderRecord) -> dict[str, int]:
    """What each line, by offer id, and the delivery fee were paid with, in minor units."""
    return paid_shares(order.kept_minor, costs_of(order))


def line_rests(order: OrderRecord) -> dict[str, int]:
    """What of each line's share can still be given back while the total stands."""
    return left_of(line_shares(order), order.refunded_lines or {})


def list_refunds(tenant_id: str, order_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[RefundRecord]:
    """The refunds of an order, by id. Raises NotFound for an unknown order."""
    return of_order(get_order(tenant_id, order_id), limit, cursor)


def list_own_refunds(
    tenant_id: str, member_id: str, order_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[RefundRecord]:
    """The refunds of a member's own order, by id. Raises NotFound."""
    return of_order(get_own_order(tenant_id, member_id, order_id), limit, cursor)


def of_order(order: OrderRecord, limit: int = 100, cursor: dict[str, Any] | None = None) -> Page[RefundRecord]:
    """The refunds of an order that was read, by id."""
    return RefundRecord.page(order.pk, begins_with="refund#", limit=limit, cursor=cursor, consistent=True)


def costs_of(order: OrderRecord) -> dict[str, int]:
    """What each line of an order, by offer id, and the delivery fee cost."""
    off = taken_off(order.lines, order.discounts, int(order.discount_minor))
    return line_costs(order.lines, off, int(order.delivery_minor))


def taxable(order: OrderRecord) -> Taxable:
    """The order as its tax follows from it. For one that has ended no money stands."""
    stands = stands_for(order) if order.status in OWED else Stands()
    return taxable_as(order, order.lines, costs_of(order), stands)


def stands_for(order: OrderRecord) -> Stands:
    """The money that stands for an order."""
    return Stands(order.kept_minor, order.refundable_minor, order.refunded_lines or {})


def taxable_as(order: OrderRecord, lines: Iterable[Line], costs: Mapping[str, int], stands: Stands) -> Taxable:
    """An order with other lines, costs, or money that stands for them."""
    delivery_bps = order.delivery_tax_bps
    rates = rates_of(lines, DELIVERY, one_rate(None if delivery_bps is None else int(delivery_bps)))
    return Taxable(costs, rates, stands.rests(costs) if rates else {})


def online_left(order: OrderRecord) -> int:
    """What of an order a payment provider can still give back, in minor units: it goes first, cash only after it."""
    if order.payment_method is None:
        return 0
    online = int(order.paid_minor) - int(order.cash_minor or 0)
    return max(0, online - int(order.refunded_minor))


@dataclass(frozen=True, slots=True)
class _Why:
    cause: str
    reason: str | None
    by: str
    now: datetime
    arrived: bool


def _add(
    tx: Transaction,
    order: OrderRecord,
    names: tuple[str, ...],
    amount_minor: int,
    method: str,
    lines: dict[str, int],
    tax: Tax,
    why: _Why,
) -> RefundRecord:
    refund = RefundRecord(
        *RefundRecord.address(order.tenant_id, order.id, refund_id(order.tenant_id, order.id, *names)),
        amount_minor=amount_minor,
        currency=order.currency,
        cause=why.cause,
        reason=why.reason,
        lines=lines or None,
        stored_tax=[each.as_json() for each in tax] or None,
        method=method,
        pickup_point_id=order.pickup_point_id if method == PAY_AT_PICKUP else None,
        member_id=order.member_id if method == PAY_AT_PICKUP else None,
        requested_at=why.now,
        by=why.by,
    )
    refund.emit("refund.requested", why.now, order_id=order.id, refund_id=refund.id)
    if why.arrived:
        refund.status, refund.settled_at = RefundStatus.SUCCEEDED.value, why.now
        refund.emit("refund.succeeded", why.now, order_id=order.id, refund_id=refund.id)
    tx.create(f"refund:{':'.join(names)}", refund)
    return refund
