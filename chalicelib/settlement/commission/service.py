"""Commission becomes payable when the order can no longer be returned or exchanged, and no case keeps it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.after_sale import is_open
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.settlement.books.model.commission import Earned
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.records import OrderBook
from chalicelib.settlement.books.service.orders import earned_moves
from chalicelib.settlement.books.service.posting import Draft, add
from chalicelib.settlement.commission.model import Held, looks_again_at
from chalicelib.settlement.commission.records import CommissionHolds


@dataclass(frozen=True, slots=True)
class _Found:
    """An order's book, if it has one, and what holds its commission back."""

    book: OrderBook | None
    holds: CommissionHolds


def release(tenant_id: str, order_id: str, now: datetime) -> None:
    """Moves what an order earned from frozen to payable, once: not before its window has ended, and not while an
    after-sale of the order is open, or a complaint of at most 60 days that names its leader.

    What keeps it back is noted; it is looked at again when a case ends. Raises Contended where others keep changing the
    order's book.
    """

    def decide(found: _Found, tx: Transaction) -> None:
        book = found.book
        if book is None or book.released or book.leader_id is None or book.releases_at is None:
            return
        if is_open(book.releases_at, now):
            return
        held = {case_id: each for case_id, each in found.holds.held.items() if each.stands(now)}
        if held:
            _keep_back(tx, book, held)
        else:
            _release(tx, book, book.leader_id, now)
            found.holds.stay(tx)

    change(lambda: _read(tenant_id, order_id), decide)


def _read(tenant_id: str, order_id: str) -> _Found:
    addresses = [
        (OrderBook, *OrderBook.address(tenant_id, order_id)),
        (CommissionHolds, *CommissionHolds.address(tenant_id, order_id)),
    ]
    book, holds = fetch_many(addresses, consistent=True)
    return _Found(book, CommissionHolds.or_new(tenant_id, order_id, holds))


def _keep_back(tx: Transaction, book: OrderBook, held: Mapping[str, Held]) -> None:
    waits_for, again = sorted({each.what.value for each in held.values()}), looks_again_at(held.values())
    if (book.waits_for, book.looks_again_at) != (waits_for, again):
        book.waits_for, book.looks_again_at = waits_for, again
        tx.replace("book", book)


def _release(tx: Transaction, book: OrderBook, leader_id: str, now: datetime) -> None:
    before = book.earned
    book.released, book.released_at, book.earned = True, now, Earned(0, before.total_minor)
    book.waits_for = book.looks_again_at = None
    moved = earned_moves(before, book.earned, leader_id)
    if before.frozen_minor:
        draft = Draft(
            f"release:{book.order_id}",
            moved,
            book.currency,
            book.order_id,
            order_id=book.order_id,
            campaign_id=book.campaign_id,
            parties=((Party.LEADER, leader_id),),
        )
        add(tx, book.tenant_id, draft, now)
    book.journals = int(book.journals) + 1
    tx.replace("book", book)
