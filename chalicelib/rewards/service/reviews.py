"""A member who reviews what they bought earns points, which go back when they delete the review, or are paid back what
they bought. As orders do, they follow from how things stand, whatever messages told of it.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.ledger import About, Account
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.reviews.records import ReviewRecord
from chalicelib.reviews.service.buying import reviews_of, stands


@dataclass(slots=True)
class _Found:
    """A review, what it is of, and its author's account."""

    review: ReviewRecord
    order: OrderRecord
    account: Account


def follow(tenant_id: str, review_id: str, now: datetime, *, earns: bool = True) -> None:
    """Books what a review earns, once, unless what has happened ``earns`` nothing, or takes it back, once; a review
    that was hidden keeps what it earned. Raises NotFound.
    """
    earned = Cause.of(Action.REVIEW, review_id)
    back = Cause(CauseType.REVIEW_BACK, review_id)

    def decide(found: _Found | None, tx: Transaction) -> None:
        if found is None:
            return
        account, about = found.account, About(order_id=found.order.id)
        if not found.review.is_deleted and stands(found.order, found.review):
            if earns:
                ledger.earn(account, Action.REVIEW, review_id, account.stand.today(now), now, about)
        elif (entry := account.booked.get(earned)) is not None and back not in account.booked:
            lot, on = Lot(int(entry.delta), entry.expires_on), account.stand.today(entry.at)
            ledger.take_back(account, Action.REVIEW, back, lot, on, now, about)
        if not account.entries:
            return
        ledger.write(tx, account)
        # Only as both were read: what changes them commits before, and is seen, or after, and follows.
        for name, record in (("review", found.review), ("order", found.order)):
            kind = type(record)
            tx.check(name, kind, str(record.pk), str(record.sk), kind.rev == int(record.rev))

    change(lambda: _read(tenant_id, review_id, (earned, back)), decide)


def _read(tenant_id: str, review_id: str, causes: tuple[Cause, Cause]) -> _Found | None:
    review = ReviewRecord.fetch(*ReviewRecord.address(tenant_id, review_id), consistent=True)
    if review is None:
        return None
    order = OrderRecord.fetch(*OrderRecord.address(tenant_id, review.order_id), consistent=True)
    if order is None:
        return None
    account = ledger.read_account(tenant_id, review.member_id, causes)
    if (entry := account.booked.get(causes[0])) is not None and entry.expires_on is not None:
        # What of it has expired unused is gone already, as that day's entry tells.
        expiry = Cause(CauseType.EXPIRY, entry.expires_on.isoformat())
        account = ledger.read_account(tenant_id, review.member_id, (*causes, expiry))
    return _Found(review, order, account)


def refunded(tenant_id: str, order_id: str, now: datetime) -> None:
    """Money of an order goes back: so does what reviews of that earned. Others earn nothing by it. Raises NotFound."""
    order = get_order(tenant_id, order_id, consistent=True)
    if not any(order.picked_units.values()):
        return
    for review in reviews_of(order, consistent=True).values():
        if review is not None:
            follow(tenant_id, review.id, now, earns=False)
