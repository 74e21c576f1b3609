"""Taking units out of orders after the lock: by staff, who give a reason, or because less came than was ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change
from chalicelib.kernel.counting import counted, were
from chalicelib.kernel.errors import FieldError, IdempotencyMismatch, NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.orders.bundles.model import by_goods
from chalicelib.orders.changes.model import lessen
from chalicelib.orders.changes.records import OrderChangeRecord, as_of
from chalicelib.orders.changes.service import recording
from chalicelib.orders.errors import NotAdjustable, NotInOrder, NotLower, UnitsPickedUp
from chalicelib.orders.exchanges.service import replace_from_shelf, return_to_shelf
from chalicelib.orders.handover.service.pickup import check_locked
from chalicelib.orders.model import Line, Status, in_words
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.stock.service.moving import StockMoves
from chalicelib.tenants.service.audit import audit

_ADJUSTABLE = frozenset({Status.PLACED, Status.READY})
_STANDING = _ADJUSTABLE | {Status.PICKED_UP}


def adjust(
    tenant_id: str,
    order_id: str,
    quantities: Mapping[str, int],
    *,
    cause: str,
    reason: str,
    by: str,
    now: datetime,
    body_hash: str = "",
    staff: Principal | None = None,
    tell_later: bool = False,
) -> OrderRecord:
    """Lowers lines to absolute quantities by offer id, of a bundle also by part (``bundles.by_goods``), gives their
    units back, and refunds what is paid too much.

    ``cause`` is what it is done for: for one cause an order is adjusted once, however often this is called. A line at 0
    drops out; an order without lines ends, ``cancelled`` where nothing was paid and ``refunded`` otherwise. Everything
    is one transaction. What ``staff`` do is in the audit log, and refused while a campaign may still take orders. Where
    more may follow, ``tell_later`` has the member of what is left of the order hear of all together, by
    :func:`settle_shortage`.
    Raises NotFound, NotInOrder, NotLower, UnitsPickedUp, NotAdjustable, CampaignNotLocked.
    """

    def decide(order: OrderRecord, tx: Transaction) -> OrderRecord:
        if done := recording.find(order, cause):
            return _again(order, done, body_hash)
        if staff is not None:
            check_locked(get_campaign(tenant_id, order.campaign_id, consistent=True))
        made = lower(
            tx,
            order,
            quantities,
            cause=cause,
            reason=reason,
            by=by,
            now=now,
            body_hash=body_hash,
            tell_later=tell_later,
        )
        if made and staff is not None:
            told = {"quantities": dict(quantities), "reason": reason}
            audit(tx, tenant_id, staff, "order.adjusted", f"order:{order_id}", now, told)
        return order

    return change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def lower(
    tx: Transaction,
    order: OrderRecord,
    quantities: Mapping[str, int],
    *,
    cause: str,
    reason: str | None,
    by: str,
    now: datetime,
    body_hash: str = "",
    tell_later: bool = False,
) -> bool:
    """Adds to a transaction what :func:`adjust` does to an order, refused as ``order`` and ``change``; False where no
    line becomes less. Raises NotInOrder, NotLower, UnitsPickedUp, NotAdjustable.
    """
    quantities = by_goods(order.lines, quantities)
    _check(order, quantities)
    lessened = lessen(order.lines, quantities)
    if not lessened.returned:
        return False
    made = recording.start(order, "adjusted", cause=cause, by=by, reason=reason, now=now, body_hash=body_hash)
    units = StockMoves(order.tenant_id, order.member_id)
    units.give_back(lessened.returned, None)
    units.add(tx)
    return_to_shelf(tx, order, lessened.kept, by, now)
    if lessened.kept:
        _keep(tx, order, lessened.kept, made, cause)
    else:
        _end(tx, order, made, cause)
    if tell_later and lessened.kept:
        order.tell_later(cause)
        made.told_later = True
    # Of a refund its member hears anyway, and of an exchange from the case that it belongs to.
    elif order.origin is None and int(order.refunded_minor) == int(made.before.get("refunded_minor", 0)):
        order.emit("order.lessened", now, order_id=order.id, change_id=made.id)
    recording.write(tx, order, made)
    return True


def adjust_after_lock(
    tenant_id: str,
    order_id: str,
    quantities: Mapping[str, int],
    *,
    key: str,
    reason: str,
    by: Principal,
    now: datetime,
    body_hash: str,
) -> OrderRecord:
    """What staff do: :func:`adjust`, but only once the campaign is locked; before, members change their own orders.

    ``key`` is an Idempotency-Key. Raises CampaignNotLocked, IdempotencyMismatch for another body under the same key,
    and what :func:`adjust` does.
    """
    cause = f"adjustment:{derived_id(tenant_id, by.label, key)}"
    return adjust(
        tenant_id, order_id, quantities, cause=cause, reason=reason, by=by.label, now=now, body_hash=body_hash,
        staff=by,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an order comes to by an adjustment, in minor units: its total, what comes back, and what then is due. It
    ``ends`` where nothing is left of it.
    """

    total: int
    comes_back: int
    due: int
    ends: bool


def preview(tenant_id: str, order_id: str, quantities: Mapping[str, int], by: Principal, now: datetime) -> Outlook:
    """What :func:`adjust_after_lock` would do at ``now``: the very adjustment, of which nothing is written. Raises what
    that does.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    check_locked(get_campaign(tenant_id, order.campaign_id, consistent=True))
    adjusted = OrderRecord.from_raw_data(order.serialize())
    lower(Transaction(), adjusted, quantities, cause="preview", reason=None, by=by.label, now=now)
    ends = adjusted.status not in _STANDING
    comes_back = int(adjusted.refunded_minor) - int(order.refunded_minor)
    return Outlook(0 if ends else adjusted.total_minor, comes_back, adjusted.totals.due, ends)


def substitute(
    tenant_id: str,
    order_id: str,
    offer_id: str,
    ordered: str,
    instead: Mapping[str, int],
    *,
    cause: str,
    reason: str,
    by: str,
    now: datetime,
) -> OrderRecord:
    """Gives so many units of a line as other SKUs, and the rest as the SKU that was ``ordered``, all at the line's own
    price; recorded, and done once for a cause. Units handed over stay what they are. An exchange order takes the others
    from the shelf, and gives back what it took. Its member hears of it by :func:`settle_shortage`.

    Raises NotFound for an unknown order or SKU, NotInOrder, UnitsPickedUp, NotAdjustable.
    """
    known = get_skus(tenant_id, list(instead))
    for sku_id in instead:
        if sku_id not in known:
            raise NotFound("There is no such SKU.", detail_zh="该规格不存在。")

    def decide(order: OrderRecord, tx: Transaction) -> OrderRecord:
        if recording.find(order, cause):
            return order
        _check_state(order)
        before = _line(order, offer_id, "/offer_id")
        after = before.given_instead(ordered, instead)
        if after.given == before.given:
            return order
        picked = (order.picked or {}).get(offer_id, 0)
        if sum(instead.values()) > before.quantity - picked or picked > before.given.get(ordered, 0):
            raise _picked_up(offer_id, picked)
        substituted = recording.start(order, "substituted", cause=cause, by=by, reason=reason, now=now)
        recording.set_lines(order, [after if line.offer_id == offer_id else line for line in order.lines])
        order.emit("order.changed", now, order_id=order.id)
        order.tell_later(cause)
        replace_from_shelf(tx, order, by, now)
        recording.write(tx, order, substituted)
        return order

    return change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def settle_shortage(tenant_id: str, order_id: str, now: datetime) -> None:
    """Nothing more follows of what has waited to be told of an order: its member hears of it, of all together."""

    def decide(order: OrderRecord, tx: Transaction) -> None:
        if order.untold is not None:
            order.emit("order.shortage_settled", now, order_id=order.id, causes=order.untold)
            order.untold = None
            tx.replace("order", order)

    change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def _again(order: OrderRecord, done: OrderChangeRecord, body_hash: str) -> OrderRecord:
    if body_hash and done.body_hash != body_hash:
        message = "This Idempotency-Key already adjusted the order in another way; use a new key."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一次调整，请使用新的键。")
    return as_of(order, done)


def _keep(tx: Transaction, order: OrderRecord, lines: Sequence[Line], change: OrderChangeRecord, cause: str) -> None:
    deposit_only = recording.owes_deposit_only(order)
    recording.set_lines(order, lines)
    recording.set_deposit(order)
    owed = int(order.deposit_minor or 0) if deposit_only else order.total_minor
    recording.refund_excess(tx, order, change, cause, of=owed)
    picked = order.picked or {}
    if all(picked.get(line.offer_id, 0) == line.quantity for line in order.lines):
        order.picked_up_at, order.picked_up_by = change.at, change.by
        order.move_to(Status.PICKED_UP, change.at)
    order.emit("order.changed", change.at, order_id=order.id)


def _end(tx: Transaction, order: OrderRecord, change: OrderChangeRecord, cause: str) -> None:
    """The order keeps its last lines, as a cancelled one does; its state says that nothing is owed any more."""
    order.cancelled_at, order.cancelled_by = change.at, change.by
    money = order.refundable_minor
    refunds.request(tx, order, money, cause=cause, reason=change.reason, by=change.by, now=change.at)
    order.move_to(Status.REFUNDED if money else Status.CANCELLED, change.at)


def _check(order: OrderRecord, quantities: Mapping[str, int]) -> None:
    _check_state(order)
    picked = order.picked or {}
    for n, (offer_id, quantity) in enumerate(quantities.items()):
        line = _line(order, offer_id, f"/lines/{n}/offer_id")
        if not 0 <= quantity <= line.quantity:
            message = f"The line has {line.quantity}; give a lower quantity, 0 to take it out."
            raise NotLower.at(f"/lines/{n}/quantity", message, f"该商品现有 {line.quantity} 件，只能减少。")
        if quantity < picked.get(offer_id, 0):
            raise _picked_up(offer_id, picked[offer_id])


def _check_state(order: OrderRecord) -> None:
    if order.status not in _ADJUSTABLE:
        raise NotAdjustable(
            f"The order is {in_words(order.status)}; only an order that is placed or ready is adjusted.",
            detail_zh="只有已下单或待取货的订单可以调整。",
            extra={"order_status": order.status},
        )


def _line(order: OrderRecord, offer_id: str, pointer: str) -> Line:
    for line in order.lines:
        if line.offer_id == offer_id:
            return line
    message = "The order has no line of this offer; read the order again."
    raise NotInOrder(message, detail_zh="订单中没有该商品，请重新读取订单。", errors=(FieldError(pointer, message),))


def _picked_up(offer_id: str, units: int) -> UnitsPickedUp:
    return UnitsPickedUp(
        f"Of this line {counted(units, 'unit')} {were(units)} handed over already; leave as many in the order.",
        detail_zh=f"该商品已取走 {units} 件，不能再调整。",
        extra={"offer_id": offer_id, "picked": units},
    )
