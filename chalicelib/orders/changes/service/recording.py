"""What every change of an order shares: the record of it, the money that becomes too much, and the one write."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction
from chalicelib.orders.changes.model import lowered
from chalicelib.orders.changes.records import OrderChangeRecord, change_id, snapshot
from chalicelib.orders.discounts.model import by_step, follow, naming, read_discounts
from chalicelib.orders.model import Line
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import Stands, overpaid, taken_off
from chalicelib.pricing.model import Step


def start(
    order: OrderRecord, kind: str, *, cause: str, by: str, now: datetime, reason: str | None = None, body_hash: str = ""
) -> OrderChangeRecord:
    """The record of a change of that kind, before it is made. ``cause`` is what it is for, and makes it unique."""
    order.keep_first()
    return OrderChangeRecord(
        *OrderChangeRecord.address(order.tenant_id, order.id, change_id(order, cause)),
        type=kind,
        at=now,
        by=by,
        reason=reason,
        body_hash=body_hash or None,
        before=snapshot(order),
    )


def note(order: OrderRecord, text: str, by: str, now: datetime) -> OrderChangeRecord:
    """What somebody noted when they placed an order; it changes nothing."""
    address = OrderChangeRecord.address(order.tenant_id, order.id, change_id(order, "note"))
    return OrderChangeRecord(*address, type="noted", at=now, by=by, reason=text, before={}, after={})


def write(tx: Transaction, order: OrderRecord, change: OrderChangeRecord) -> None:
    """Adds the changed order and the record of its change; refused as ``order`` and ``change``."""
    change.after = snapshot(order)
    tx.create("change", change)
    tx.replace("order", order)


def find(order: OrderRecord, cause: str) -> OrderChangeRecord | None:
    """The change of an order that was made for a cause, if it was."""
    address = OrderChangeRecord.address(order.tenant_id, order.id, change_id(order, cause))
    return OrderChangeRecord.fetch(*address, consistent=True)


def set_lines(order: OrderRecord, lines: Iterable[Line]) -> None:
    """Gives an order other lines. Where they are less, or cheaper, what was taken off each falls with it; a basket that
    is priced anew brings discounts of its own.
    """
    before, goods = order.lines, order.goods_minor
    order.stored_lines = [line.as_json() for line in lines]
    if order.stored_discounts:
        followed, points = follow(order.discounts, before, order.lines), order.points
        if points is not None:  # fewer pay for what is left, and the others come back
            used = points.worth(by_step(followed, Step.POINTS))
            followed = naming(followed, used, for_gift=bool(order.is_gift))
        order.discounts = followed
    else:
        order.discount_minor = lowered(int(order.discount_minor), goods, order.goods_minor)


def owes_deposit_only(order: OrderRecord) -> bool:
    """Whether no more than the deposit is charged so far: its balance is still to come."""
    return bool(order.deposit_minor) and order.kept_minor <= int(order.deposit_minor or 0)


def owes_balance(order: OrderRecord) -> bool:
    """Whether a pre-order's balance is still to come, also where more than its deposit came and was accepted."""
    return owes_deposit_only(order) or (bool(order.deposit_minor) and order.totals.due > 0)


def set_deposit(order: OrderRecord, campaign: CampaignRecord | None = None) -> None:
    """Brings an order's deposit in line with its lines, by what each offer asks for a unit; it is no more than they
    cost.
    """
    if order.deposit_minor is None:
        return
    campaign = campaign or get_campaign(order.tenant_id, order.campaign_id)
    stocked = {goods.offer_id: goods for goods in campaign.goods}
    asked = sum(stocked[line.offer_id].deposit_for(line.quantity) for line in order.lines if line.offer_id in stocked)
    order.deposit_minor = min(asked, order.total_minor)


def refund_excess(tx: Transaction, order: OrderRecord, change: OrderChangeRecord, cause: str, *, of: int) -> None:
    """Adds the refund of what stands against an order beyond ``of``, in minor units: its total, or its deposit. What
    was given back before for what the change takes out of the order is a part of that refund.
    """
    was = change.before
    lines = [Line.from_json(each) for each in was["stored_lines"]]
    off = taken_off(lines, read_discounts(was.get("stored_discounts")), int(was.get("discount_minor", 0)))
    before = refunds.line_costs(lines, off, int(was.get("delivery_minor", 0)))
    had = refunds.taxable_as(order, lines, before, _stood(was))
    refunds.take_up(order, before)
    paid, refunded, returned = int(order.paid_minor), int(order.refunded_minor), int(order.returned_minor or 0)
    amount = overpaid(of, paid, refunded, returned)
    refunds.request(tx, order, amount, cause=cause, reason=change.reason, by=change.by, now=change.at, before=had)


def _stood(was: Mapping[str, Any]) -> Stands:
    """The money that stood for an order as it was before a change."""
    paid, refunded, returned = (int(was.get(name, 0)) for name in ("paid_minor", "refunded_minor", "returned_minor"))
    return Stands(paid - refunded + returned, paid - refunded, was.get("refunded_lines") or {})
