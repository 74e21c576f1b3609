"""What a case pays back, and on which order: the one that paid for the goods, however often they were exchanged."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from chalicelib.aftersales.model.arrivals import Goods, amount_part, owed_for
from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.model.exchanges import without
from chalicelib.aftersales.model.refunds import Worth, check_refunded_units
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.aftersales.service.handling import get_case
from chalicelib.db import Transaction, fetch_many
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money
from chalicelib.orders.bundles.model import by_goods
from chalicelib.orders.discounts.model import earners, given, kept_gifts
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refund_rules.model import Pays
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import Goodwill, check_limit, split_refund, units_value
from chalicelib.orders.service.reading import no_order


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided. ``amount_minor`` goes back as it is, ``units`` (by offer id) at what they were paid with.

    With neither, an approved return pays back all its units; exchanges and repairs pay back nothing. An exchange that
    becomes a refund pays back all that was not replaced. ``goods`` says whether the goods are to come back; money goes
    back when the brand's rules say, unless ``pays`` says otherwise, and at once where no goods come.
    """

    approved: bool
    reason: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    units: Mapping[str, int] | None = None
    goods: Goods = "expected"
    pays: Pays | None = None

    def of(self, case: AfterSaleRecord) -> "Verdict":
        """With its units by the ids of the case's lines, of a bundle those of its parts."""
        return self if self.units is None else replace(self, units=by_goods(case.lines, self.units))


@dataclass(frozen=True, slots=True)
class PaidBack:
    """What goes back in minor units, as which refund (None for nothing), and the units that it counts for; what is kept
    back for gifts that stay, and the points that come back.
    """

    amount_minor: int
    refund_id: str | None
    units: dict[str, int]
    gifts_kept_minor: int
    points: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What units of an order pay back, in minor units: what each line is ``worth``, what goes back in all, what is kept
    back of that for ``gifts`` that stay (units by offer id), and the points that come back.
    """

    worth: Mapping[str, int]
    minor: int
    gifts_kept_minor: int
    points: int
    gifts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Paid:
    """An order that was paid, and which of its units money went back for already."""

    order: OrderRecord
    claims: ClaimsRecord

    def pays(self, units: Mapping[str, int]) -> dict[str, int]:
        """What units pay back, by offer id: what they are worth, less what gifts are worth that stay although these
        earned them. What was kept back for a gift goes back when the gift does.
        """
        parts = self.worth(units)
        kept = self._gifts_kept(units)
        earning = earners(self.order.discounts, self.order.lines) if kept else frozenset()
        if kept > 0:
            bear = {name: part for name, part in parts.items() if name in earning}
            taken = split_refund(min(kept, sum(bear.values())), bear)
            return {name: part - taken.get(name, 0) for name, part in parts.items()}
        waits = {name: minor for name, minor in self._kept_of(parts).items() if name in earning}
        more = split_refund(min(-kept, sum(waits.values()), self.order.refundable_minor - sum(parts.values())), waits)
        return dict(Counter(parts) + Counter(more))

    def _kept_of(self, parts: Mapping[str, int]) -> dict[str, int]:
        """What of lines that came back was kept back before, by offer id, as far as they bear it beside ``parts``."""
        shares, rests = refunds.line_shares(self.order), refunds.line_rests(self.order)
        gone, gifts = self.order.refunded_lines or {}, Goodwill.from_json(self.order.goodwill).lines
        kept = {}
        for name, units in self.returned.items():
            whole = units_value(shares[name], self._quantities[name], 0, units)
            paid = gone.get(name, 0) - gifts.get(name, 0)
            kept[name] = max(0, min(whole - paid, rests[name] - parts.get(name, 0)))
        return kept

    def _gifts_kept(self, units: Mapping[str, int]) -> int:
        """What is kept back for gifts with so many units more, beyond what was; below zero where it is less."""
        of = partial(kept_gifts, self.order.discounts, self.order.lines)
        return of(self.with_returned(units)).minor - of(self.returned).minor

    @property
    def returned(self) -> dict[str, int]:
        """The units that were paid back at what they were worth."""
        return dict(self.order.returned_units or {})

    def with_returned(self, units: Mapping[str, int]) -> dict[str, int]:
        """The same once so many more are."""
        return dict(Counter(self.returned) + Counter(units))

    def outlook(self, units: Mapping[str, int]) -> "Outlook":
        """What goes back with units, of which nothing is written."""
        parts, worth = self.pays(units), self.worth(units)
        after = OrderRecord.from_raw_data(self.order.serialize())
        after.returned_units = self.with_returned(units)
        after.refunded_lines = dict(Counter(after.refunded_lines or {}) + Counter(parts))
        minor = sum(parts.values())
        points = max(0, self.order.points_needed - after.points_needed)
        kept = max(0, sum(worth.values()) - minor)
        stay = dict(Counter(given(self.order.discounts)) - Counter(self.with_returned(units))) if kept else {}
        return Outlook(worth, minor, kept, points, stay)

    def worth(self, units: Mapping[str, int]) -> dict[str, int]:
        """What units were paid with, by offer id; all together never more than is left of the order."""
        order, paid_back = self.order, self.claims.paid_back
        shares, rests = refunds.line_shares(order), refunds.line_rests(order)
        quantities = self._quantities
        parts = {}
        for offer_id, count in units.items():
            if count:
                before = int(paid_back.get(offer_id, 0))
                parts[offer_id] = Worth(quantities[offer_id], shares[offer_id], rests[offer_id], before).of(count)
        return split_refund(min(sum(parts.values()), order.refundable_minor), parts)

    @property
    def _quantities(self) -> dict[str, int]:
        return {line.offer_id: line.quantity for line in self.order.lines}

    def take_back(self, units: Mapping[str, int], *, at_their_worth: bool) -> bool:
        """Notes on the order that units came back; where a plain amount goes back for them, of those that were paid
        with none alone: of others as much comes back as the amount is of what they cost. Whether that changes it.
        """
        costs = refunds.costs_of(self.order)
        counted = {name: count for name, count in units.items() if count and (at_their_worth or not costs[name])}
        if counted:
            self.order.returned_units = self.with_returned(counted)
        return bool(counted)

    def take_up_goodwill(self, units: Mapping[str, int], parts: Mapping[str, int]) -> None:
        """What units pay back less than they were worth, since it was given by goodwill before, is a gift no more."""
        if not self.order.goodwill:
            return
        shares, quantities = refunds.line_shares(self.order), self._quantities
        short = {}
        for offer_id, count in units.items():
            before, share = int(self.claims.paid_back.get(offer_id, 0)), shares[offer_id]
            short[offer_id] = Worth(quantities[offer_id], share, share, before).of(count) - parts.get(offer_id, 0)
        self.order.goodwill = Goodwill.from_json(self.order.goodwill).less(short).as_json()

    def over_lines(self, offer_ids: Mapping[str, int], amount_minor: int) -> dict[str, int] | None:
        """How a plain amount falls on the order: on these lines while they bear it, else (None) on all of them."""
        rests = refunds.line_rests(self.order)
        mine = {offer_id: rests[offer_id] for offer_id in offer_ids}
        return split_refund(amount_minor, mine) if amount_minor <= sum(mine.values()) else None


def paid_for(tenant_id: str, order_id: str) -> Paid:
    """The order that an order's goods were paid with: itself or, of an exchange order, the first of its chain.

    The lines of a chain go by the same offer ids.
    """
    paid = _paid(tenant_id, order_id)
    while paid.order.origin is not None:
        paid = _paid(tenant_id, get_case(tenant_id, paid.order.origin).order_id)
    return paid


def _paid(tenant_id: str, order_id: str) -> Paid:
    """An order with its claims, in one request. Raises NotFound."""
    addresses = [
        (OrderRecord, *OrderRecord.address(tenant_id, order_id)),
        (ClaimsRecord, *ClaimsRecord.address(tenant_id, order_id)),
    ]
    order, claims = fetch_many(addresses, consistent=True)
    if order is None:
        raise no_order(order_id)
    return Paid(order, claims or ClaimsRecord.fresh(tenant_id, order_id))


def promise(case: AfterSaleRecord, verdict: Verdict, unnamed: Mapping[str, int], paid: Paid) -> None:
    """Notes on a case what a decision pays back in all once its goods have arrived; nothing goes back yet.

    Raises RefundBeyondCase, RefundTooLarge, or Invalid for another currency.
    """
    order = paid.order
    if verdict.amount_minor is not None:
        _check_currency(order, verdict)
        amount = verdict.amount_minor
        case.promised_minor, case.promised_units = amount, dict(unnamed)
        if amount:
            check_limit(amount, Money(order.refundable_minor, order.currency), {}, {})
    else:
        units = dict(unnamed if verdict.units is None else verdict.units)
        check_refunded_units(case.units, units)
        look = paid.outlook(units)
        case.promised_units, amount = units, look.minor
        case.note_besides(look.gifts_kept_minor, look.points)
    case.refund_minor = amount or None


def pay_for_part(
    tx: Transaction, case: AfterSaleRecord, arrived: Mapping[str, int], by: str, now: datetime
) -> PaidBack | None:
    """Adds to a transaction what goes back for units of a case that arrive now, after those that came before; None
    where that is nothing. What is left of the order bounds it.
    """
    before = case.arrived
    number = len(case.parts) + 1
    if case.promised_minor is not None:
        units = dict(arrived) if case.kind == Kind.RETURN else {}
        all_units, came, comes = (sum(each.values()) for each in (case.units, before, arrived))
        amount = amount_part(int(case.promised_minor), all_units, came, comes)
        verdict = Verdict(True, case.decision_reason, amount, case.currency)
    else:
        promised = case.promised_units or {}
        owed = owed_for(Kind(case.kind), case.units, promised, Counter(before) + Counter(arrived))
        units = without(owed, owed_for(Kind(case.kind), case.units, promised, before))
        verdict = Verdict(True, case.decision_reason, units=units)
    if not units and not verdict.amount_minor:
        return None
    cause = f"aftersale:{case.id}:{number}"
    return pay_back(tx, case, verdict, arrived, units, cause=cause, by=by, now=now, what_is_left=True)


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
    what_is_left: bool = False,
) -> PaidBack:
    """Adds to a transaction the refund of units of a case, on the order that paid for them: ``paid_order``, ``claims``.

    Of ``claimed`` units no more is paid back; ``unnamed`` are those that go back where none are named, and those that
    a plain amount counts for. With ``what_is_left`` a plain amount is no more than the order has left. Raises
    RefundBeyondCase, RefundTooLarge, or Invalid for another currency.
    """
    paid = paid_for(case.tenant_id, case.order_id)
    needed, kept = paid.order.points_needed, 0
    if verdict.amount_minor is not None:
        _check_currency(paid.order, verdict)
        most = paid.order.refundable_minor if what_is_left else verdict.amount_minor
        amount, units = min(verdict.amount_minor, most), dict(unnamed)
        parts = paid.over_lines(claimed, amount)
    else:
        units = dict(unnamed if verdict.units is None else verdict.units)
        check_refunded_units(claimed, units)
        parts = paid.pays(units)
        amount = sum(parts.values())
        worth = paid.worth(units)
        kept = max(0, sum(worth.values()) - amount)
        paid.take_up_goodwill(units, worth)
    came_back = paid.take_back(units, at_their_worth=verdict.amount_minor is None)
    made = refunds.request(
        tx, paid.order, amount, cause=cause, reason=verdict.reason, by=by, now=now, stands=True, lines=parts
    )  # fmt: skip
    if made is None and came_back:
        paid.order.emit("order.changed", now, order_id=paid.order.id)
    if made is not None or came_back or (units and paid.order.goodwill):
        tx.replace("paid_order", paid.order)
    if units:
        paid.claims.pay_back(units)
    paid.claims.write(tx)
    points = max(0, needed - paid.order.points_needed)
    return PaidBack(amount, made.id if made else None, units, kept, points)


def _check_currency(order: OrderRecord, verdict: Verdict) -> None:
    if verdict.currency != order.currency:
        raise Invalid.at("/refund/amount/currency", f"The order was paid in {order.currency}.", "币种与订单不一致。")
