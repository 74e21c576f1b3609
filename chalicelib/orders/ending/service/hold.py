"""The end of a hold: an order whose payment did not come in time gives its units back."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.stock.service.moving import StockMoves
from chalicelib.orders.teams.service import joining


def expire(tenant_id: str, order_id: str, now: datetime) -> None:
    """Expires a held order whose hold has ended; a message that comes early, late or twice changes nothing.

    The write holds only for the revision that was read: a payment that comes at the same moment wins or loses as a
    whole.
    """

    def decide(order: OrderRecord, tx: Transaction) -> None:
        if not _is_over(order, now):
            return
        units = StockMoves(tenant_id, order.member_id)
        units.give_back(order.lines, None, order.side)
        units.add(tx)
        joining.leave(tx, order, now)
        order.move_to(Status.EXPIRED, now)
        tx.replace("order", order)

    change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def _is_over(order: OrderRecord, now: datetime) -> bool:
    return order.status == Status.HELD and order.hold_expires_at is not None and order.hold_expires_at <= now
