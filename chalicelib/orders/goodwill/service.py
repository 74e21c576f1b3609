"""A brand's people give money back by goodwill: once for each Idempotency-Key, never beyond what was paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money, allocate
from chalicelib.kernel.principal import Principal
from chalicelib.orders.bundles.model import meant
from chalicelib.orders.changes.service import recording
from chalicelib.orders.errors import NotInOrder
from chalicelib.orders.goodwill.model import check_cap
from chalicelib.orders.model import RefundStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refund_rules.service import get_rules
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import Goodwill, refund_id, split_refund
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.tenants.service.audit import audit

CAUSE = "goodwill"


@dataclass(frozen=True, slots=True)
class Gift:
    """What is to be given back, and why, which the member is told: ``lines`` has amounts by offer id, where they are
    named; otherwise the amount falls on all of the order.
    """

    amount: Money
    reason: str
    lines: Mapping[str, int] | None = None


def give(
    tenant_id: str, order_id: str, gift: Gift, key: str, body_hash: str, by: Principal, now: datetime
) -> list[RefundRecord]:
    """Asks for the refund, in the write that notes it in the order's history; the order's total, its campaign and its
    leader's commission stay as they are. What was paid online goes back there, cash in cash, as a refund of its own.

    The same person with the same Idempotency-Key gets the first answer again. Raises NotFound, NotInOrder,
    AboveGoodwillCap, RefundTooLarge, IdempotencyMismatch, or Invalid for another currency.
    """
    cause = f"{CAUSE}:{derived_id(tenant_id, by.label, key)}"

    def decide(order: OrderRecord, tx: Transaction) -> OrderRecord:
        if done := recording.find(order, cause):
            if done.body_hash != body_hash:
                message = "This Idempotency-Key already gave back something else; use a new key."
                raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一笔退款，请使用新的键。")
            return order
        add(tx, order, gift, cause=cause, by=by, now=now, body_hash=body_hash)
        minor = gift.amount.amount_minor
        told = {"amount_minor": minor, "reason": gift.reason}
        audit(tx, tenant_id, by, "order.goodwill", f"order:{order_id}", now, told)
        return order

    return _as_asked_for(change(lambda: get_order(tenant_id, order_id, consistent=True), decide), cause)


def add(
    tx: Transaction,
    order: OrderRecord,
    gift: Gift,
    *,
    cause: str,
    by: Principal,
    now: datetime,
    body_hash: str = "",
    borne_by: str | None = None,
) -> None:
    """Adds the refund to a transaction with the changed order and the entry in its history: ``order``, ``change``.

    ``borne_by`` is who bears it instead of the brand: ``leader``, ``supplier:…`` or ``platform``. Raises NotInOrder,
    AboveGoodwillCap, RefundTooLarge, or Invalid for another currency.
    """
    rules, _ = get_rules(order.tenant_id)
    _check_currency(order, gift)
    lines = None if gift.lines is None else _by_goods(order, gift.lines)
    given = Goodwill.from_json(order.goodwill)
    check_cap(gift.amount, given.given_minor, rules, by.roles)
    made = recording.start(order, CAUSE, cause=cause, by=by.label, reason=gift.reason, now=now, body_hash=body_hash)
    minor = gift.amount.amount_minor
    parts = lines if lines is not None else split_refund(minor, refunds.line_rests(order))
    refunds.request(tx, order, minor, cause=cause, reason=gift.reason, by=by.label, now=now, stands=True, lines=lines)
    order.goodwill = given.plus(parts).as_json()
    charges = given.borne_by(order.charges or {})  # what returns took up until now is charged to nobody again
    if borne_by is not None:
        charges[borne_by] = charges.get(borne_by, 0) + minor
    order.charges = charges or None
    recording.write(tx, order, made)


def _check_currency(order: OrderRecord, gift: Gift) -> None:
    if gift.amount.currency != order.currency:
        place = "/amount/currency" if gift.lines is None else "/lines/0/amount/currency"
        raise Invalid.at(place, f"The order was paid in {order.currency}.", "币种与订单不一致。")


def _by_goods(order: OrderRecord, amounts: Mapping[str, int]) -> dict[str, int]:
    """Amounts by the ids of lines; what is given for all of a bundle falls on its parts by what is left of them. Raises
    NotInOrder.
    """
    rests = refunds.line_rests(order)
    found: dict[str, int] = {}
    for index, (name, amount) in enumerate(amounts.items()):
        goods = meant(order.lines, name, amount)
        if not goods.keys() <= rests.keys():
            message = "The order has no line of this offer; read the order again."
            raise NotInOrder.at(f"/lines/{index}/offer_id", message, "订单中没有该商品，请重新读取订单。")
        parts = allocate(amount, [rests[each] for each in goods])
        found |= {each: part for each, part in zip(goods, parts, strict=True) if part}
    return found


def _as_asked_for(order: OrderRecord, cause: str) -> list[RefundRecord]:
    """The refunds of a cause as they were when they were asked for: the answer of then is given again."""
    found = refunds_of(order.tenant_id, order.id, cause)
    for refund in found:
        refund.status, refund.settled_at, refund.settled_by = RefundStatus.REQUESTED.value, None, None
    return found


def refunds_of(tenant_id: str, order_id: str, cause: str) -> list[RefundRecord]:
    """The refunds of an order for a cause as they stand now: online, in cash, or one of each."""
    ids = [refund_id(tenant_id, order_id, *names) for names in ((cause,), (cause, "cash"))]
    addresses = [(RefundRecord, *RefundRecord.address(tenant_id, order_id, each)) for each in ids]
    return [each for each in fetch_many(addresses, consistent=True) if each is not None]
