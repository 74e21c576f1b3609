"""What a case pays back, and on which order: the one that paid for the goods, however often they were exchanged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.aftersales.model.refunds import Worth, check_refunded_units
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.aftersales.service.handling import get_case
from chalicelib.db import Transaction
from chalicelib.kernel.errors import Invalid
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import split_refund
from chalicelib.orders.service import get_order


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided. ``amount_minor`` goes back as it is, ``units`` (by offer id) at what they were paid with.

    With neither, an approved return pays back all its units; exchanges and repairs pay back nothing. An exchange that
    becomes a refund pays back all that was not replaced.
    """

    approved: bool
    reason: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    units: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class PaidBack:
    """What goes back in minor units, as which refund (None for nothing), and the units that it counts for."""

    amount_minor: int
    refund_id: str | None
    units: dict[str, int]


@dataclass(frozen=True, slots=True)
class Paid:
    """An order that was paid, and which of its units money went back for already."""

    order: OrderRecord
    claims: ClaimsRecord

    def worth(self, units: Mapping[str, int]) -> dict[str, int]:
        """What units pay back, by offer id; all together never more than is left of the order."""
        order, paid_back = self.order, self.claims.paid_back
        shares, rests = refunds.line_shares(order), refunds.line_rests(order)
        quantities = {line.offer_id: line.quantity for line in order.lines}
        parts = {}
        for offer_id, count in units.items():
            if count:
                before = int(paid_back.get(offer_id, 0))
                parts[offer_id] = Worth(quantities[offer_id], shares[offer_id], rests[offer_id], before).of(count)
        return split_refund(min(sum(parts.values()), order.refundable_minor), parts)

    def over_lines(self, offer_ids: Mapping[str, int], amount_minor: int) -> dict[str, int] | None:
        """How a plain amount falls on the order: on these lines while they bear it, else (None) on all of them."""
        rests = refunds.line_rests(self.order)
        mine = {offer_id: rests[offer_id] for offer_id in offer_ids}
        return split_refund(amount_minor, mine) if amount_minor <= sum(mine.values()) else None


def paid_for(tenant_id: str, order_id: str) -> Paid:
    """The order that an order's goods were paid with: itself or, of an exchange order, the first of its chain.

    The lines of a chain go by the same offer ids.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    while order.origin is not None:
        exchanged = get_case(tenant_id, order.origin)
        order = get_order(tenant_id, exchanged.order_id, consistent=True)
    return Paid(order, ClaimsRecord.of(tenant_id, order.id))


def pay_back(
    tx: Transaction,
    case: AfterSaleRecord,
    verdict: Verdict,
    claimed: Mapping[str, int],
    unnamed: Mapping[str, int],
    *,
    cause: str,
    by: str,
    now: datetime,
) -> PaidBack:
    """Adds to a transaction the refund of units of a case, on the order that paid for them: ``paid_order``, ``claims``.

    Of ``claimed`` units no more is paid back; ``unnamed`` are those that go back where none are named, and those that
    a plain amount counts for. Raises RefundBeyondCase, RefundTooLarge, or Invalid for another currency.
    """
    paid = paid_for(case.tenant_id, case.order_id)
    if verdict.amount_minor is not None:
        _check_currency(paid.order, verdict)
        amount, units = verdict.amount_minor, dict(unnamed)
        parts = paid.over_lines(claimed, amount)
    else:
        units = dict(unnamed if verdict.units is None else verdict.units)
        check_refunded_units(claimed, units)
        parts = paid.worth(units)
        amount = sum(parts.values())
    made = refunds.request(
        tx, paid.order, amount, cause=cause, reason=verdict.reason, by=by, now=now, stands=True, lines=parts
    )  # fmt: skip
    if made is not None:
        tx.replace("paid_order", paid.order)
    if units:
        paid.claims.pay_back(units)
    paid.claims.write(tx)
    return PaidBack(amount, made.id if made else None, units)


def _check_currency(order: OrderRecord, verdict: Verdict) -> None:
    if verdict.currency != order.currency:
        raise Invalid.at("/refund/amount/currency", f"The order was paid in {order.currency}.", "币种与订单不一致。")
