"""Commission becomes payable when the order can no longer be returned or exchanged."""

from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.settlement.books.model.commission import Earned
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.records import OrderBook
from chalicelib.settlement.books.service.orders import earned_moves
from chalicelib.settlement.books.service.posting import Draft, add


def release(tenant_id: str, order_id: str, now: datetime) -> None:
    """Moves what an order earned from frozen to payable, once, and not before its window has ended.

    Raises Contended where others keep changing the order's book.
    """

    def decide(book: OrderBook | None, tx: Transaction) -> None:
        if book is None or book.released or book.leader_id is None or book.releases_at is None:
            return
        if now >= book.releases_at:
            _release(tx, book, book.leader_id, now)

    change(partial(OrderBook.fetch, *OrderBook.address(tenant_id, order_id), consistent=True), decide)


def _release(tx: Transaction, book: OrderBook, leader_id: str, now: datetime) -> None:
    before = book.earned
    book.released, book.earned = True, Earned(0, before.total_minor)
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
