"""I14 and I15, for whatever is stored: when commission is payable, and that the money shown is the money in the books.

Read from the tables when no message is under way. Each check raises AssertionError at the first order for which it does
not hold, and says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.campaigns.model.after_sale import is_open, last_window
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.kernel.clock import parse_instant
from chalicelib.orders.model import OWED, RefundStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.refunds.service import costs_of
from chalicelib.orders.views.totals import TotalsView
from chalicelib.promotions.records import BudgetPart, MemberUse, PromotionRecord, promotion_list
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.taxing import tax_moves
from chalicelib.settlement.books.records import JournalRecord, OrderBook
from chalicelib.settlement.books.service.orders import tax_of_sale
from tests.invariants.snapshot import Snapshot

SIXTY_DAYS = timedelta(days=60)
_OWN = (chart.FUNDS, chart.DEPOSITS, chart.SALES, chart.DELIVERY, chart.FORFEITED, chart.RETURNS)
"""The accounts in which an order's own money lies."""


def check_money(
    stored: Snapshot, tenant_id: str, orders: Iterable[OrderRecord], campaigns: Mapping[str, CampaignRecord]
) -> None:
    """I14 and I15 for orders of a brand; ``campaigns`` has theirs by id."""
    found = list(orders)
    commission_waits_for_what_may_come_back(stored, tenant_id, found, campaigns)
    what_is_shown_is_what_is_booked(stored, tenant_id, found)
    the_tax_in_what_was_sold_is_booked(stored, tenant_id, found)
    nothing_is_paid_for_before_it_comes(stored, tenant_id)
    budgets_have_what_no_order_holds(stored, tenant_id, found)


def budgets_have_what_no_order_holds(stored: Snapshot, tenant_id: str, orders: Iterable[OrderRecord]) -> None:
    """I4 and I16 for promotions: what a budget has left and what orders hold of it is the budget, and so it is with
    uses; an order holds what promotions take off it, and never more than its lines cost.
    """
    holding = Counter[str]()
    uses = Counter[tuple[str, str]]()
    for order in orders:
        taken_off = order.taken_off
        for name, held in order.held.items():
            assert held.minor <= taken_off[name], f"{order.id}: holds {held.minor} and has {taken_off[name]} off"
            holding[name] += held.minor
            uses[name, order.member_id] += held.by_member
        for offer_id, cost in costs_of(order).items():
            assert cost >= 0, f"{order.id}: {offer_id} costs {cost}"
    for promotion in stored.listed(PromotionRecord, promotion_list(tenant_id)):
        addresses = [BudgetPart.address(tenant_id, promotion.id, part) for part in range(int(promotion.parts))]
        parts = [part for address in addresses if (part := stored.fetch(BudgetPart, *address))]
        left = sum(int(part.left_minor or 0) for part in parts)
        assert all(int(part.left_minor or 0) >= 0 and int(part.left_uses or 0) >= 0 for part in parts)
        assert left + holding[promotion.id] == promotion.budget_minor, f"{promotion.id}: {left} left of its budget"
        for member_id in {order.member_id for order in orders}:
            use = stored.fetch(MemberUse, *MemberUse.address(tenant_id, promotion.id, member_id))
            used = int(use.used) if use else 0
            assert used == uses[promotion.id, member_id] <= (promotion.per_member or used), f"{member_id}: {used} uses"


def commission_waits_for_what_may_come_back(
    stored: Snapshot, tenant_id: str, orders: Iterable[OrderRecord], campaigns: Mapping[str, CampaignRecord]
) -> None:
    """I14: commission became payable after the last goods of its order could come back, and at a time at which no
    after-sale of it was open, nor a complaint of at most 60 days that names its leader.
    """
    cases = stored.listed(AfterSaleRecord, AfterSaleRecord.of_tenant(tenant_id))
    complaints = stored.listed(ComplaintRecord, ComplaintRecord.of_tenant(tenant_id))
    for order in orders:
        book = stored.fetch(OrderBook, *OrderBook.address(tenant_id, order.id))
        if book is None or not (book.released or book.payable_minor):
            continue
        at = book.released_at
        assert at is not None, f"{order.id}: commission is payable, and nothing says since when"
        assert order.picked_up_at is not None, f"{order.id}: commission is payable, and nothing was handed over"
        offers = campaigns[order.campaign_id].goods
        until = last_window(order.picked_up_at, offers, [line.offer_id for line in order.lines])
        assert not is_open(until, at), f"{order.id}: payable since {at}, while it could come back until {until}"
        for case in cases:
            if case.earned_on == order.id:
                ended = case.since if case.ended else None
                assert not _stood(case.opened_at, ended, at), f"{order.id}: payable while case {case.id} was open"
        for complaint in complaints:
            if complaint.earned_on == order.id:
                for since, ends in _complained(complaint):
                    assert not _stood(since, ends, at), f"{order.id}: payable while complained of its leader"


def _complained(complaint: ComplaintRecord) -> list[tuple[datetime, datetime]]:
    """The times in which a complaint was open and named the leader, up to sixty days after it was opened."""
    most, since, found = complaint.opened_at + SIXTY_DAYS, complaint.named_at or complaint.opened_at, []
    stands: datetime | None = since
    for entry in complaint.history:
        at = max(parse_instant(entry["at"]), since)
        if entry["type"] == "resolved" and stands is not None:
            found.append((stands, min(at, most)))
            stands = None
        elif entry["type"] == "reopened":
            stands = at
    return found if stands is None else [*found, (stands, most)]


def what_is_shown_is_what_is_booked(stored: Snapshot, tenant_id: str, orders: Iterable[OrderRecord]) -> None:
    """I15: what a member is shown of an order (paid, refunded, due, each refund and whether it arrived) is what the
    journals of the order say.
    """
    by_order: dict[str, list[JournalRecord]] = {}
    for journal in stored.listed(JournalRecord, JournalRecord.of_tenant(tenant_id)):
        if journal.order_id is not None:
            by_order.setdefault(journal.order_id, []).append(journal)
    for order in orders:
        _check_shown(order, stored.every(RefundRecord, order.pk, "refund#"), by_order.get(order.id, []))


def the_tax_in_what_was_sold_is_booked(stored: Snapshot, tenant_id: str, orders: Iterable[OrderRecord]) -> None:
    """I15 for tax: by rate, what the books owe of an order is the tax in the money that stands for what it sold; and
    no refund reverses more than it pays back.
    """
    journals: dict[str, Counter[str]] = {}
    for journal in stored.listed(JournalRecord, JournalRecord.of_tenant(tenant_id)):
        if journal.order_id is not None:
            owed = journals.setdefault(journal.order_id, Counter())
            for entry in journal.entries:
                if chart.is_of_tax(entry.account):
                    owed[entry.account] -= entry.debit_minor
    for order in orders:
        sold = tax_of_sale(order)
        expected = {account: -amount for account, amount in tax_moves(sold).items() if amount}
        booked = {account: amount for account, amount in journals.get(order.id, Counter()).items() if amount}
        assert booked == expected, f"{order.id}: tax {booked} is booked, {expected} is in what was sold"
        for refund in stored.every(RefundRecord, order.pk, "refund#"):
            gross = sum(each.gross_minor for each in refund.tax)
            assert 0 <= gross <= refund.amount_minor, f"{refund.id}: reverses tax of {gross}"


def nothing_is_paid_for_before_it_comes(stored: Snapshot, tenant_id: str) -> None:
    """Of a return whose money goes back on receipt, no more went back than its parts that came were worth."""
    for case in stored.listed(AfterSaleRecord, AfterSaleRecord.of_tenant(tenant_id)):
        if case.kind == "return" and case.pays_on_receipt:
            pk, _ = RefundRecord.address(tenant_id, case.order_id, "any")
            refunds = [refund for refund in stored.every(RefundRecord, pk, "refund#") if case.id in str(refund.cause)]
            paid, came = (
                sum(int(refund.amount_minor) for refund in refunds),
                sum(each.refund_minor for each in case.parts),
            )
            assert paid == came, f"{case.id}: {paid} went back, {came} for what came"


def _check_shown(order: OrderRecord, refunds: list[RefundRecord], journals: list[JournalRecord]) -> None:
    shown = {name: each.amount_minor for name, each in TotalsView.of(order.totals, order.currency)}
    own: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    arrived: Counter[str] = Counter()
    for journal in journals:
        what, _, rest = journal.cause.partition(":")
        for entry in journal.entries:
            if entry.account in _OWN:
                own[entry.account] -= entry.debit_minor
            elif entry.account == chart.REFUNDS and what == "refund":
                asked[rest] -= entry.debit_minor
            elif entry.account == chart.REFUNDS and what in ("refund_paid", "given_back"):
                arrived[rest.rpartition(":")[2]] += entry.debit_minor
    booked = sum(own.values())
    assert shown["paid"] - shown["refunded"] == booked, f"{order.id}: {shown} is shown, {dict(own)} is booked"
    assert shown["refunded"] == sum(asked.values()), f"{order.id}: {shown['refunded']} shown, {dict(asked)} booked"
    listed = {refund.id: int(refund.amount_minor) for refund in refunds}
    assert listed == dict(asked), f"{order.id}: refunds {listed} are listed, {dict(asked)} booked"
    for refund in refunds:
        came = listed[refund.id] if refund.status == RefundStatus.SUCCEEDED else 0
        assert arrived[refund.id] == came, f"{order.id}: of a refund {arrived[refund.id]} arrived by the books"
    ended = order.picked_up_at is not None or order.forfeited_at is not None
    returned = -own[chart.RETURNS] if ended else int(order.returned_minor or 0)
    owed = order.status in OWED and order.forfeited_at is None
    due = max(0, shown["total"] - booked - returned) if owed else 0
    assert shown["due"] == due, f"{order.id}: {shown['due']} is shown as due, {due} by the books"


def _stood(opened_at: datetime, ended_at: datetime | None, at: datetime) -> bool:
    """Whether something was open at an instant."""
    return opened_at <= at and (ended_at is None or at < ended_at)
