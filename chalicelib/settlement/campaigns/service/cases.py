"""After-sale cases that have not ended: while a campaign's orders have one, it is not settled."""

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import Unavailable
from chalicelib.settlement.books.records import CampaignBook, OrderBook, campaign_shard
from chalicelib.settlement.books.service.orders import opened, read

_TRIES = 8


def follow(tenant_id: str, order_id: str, case_id: str, *, ended: bool) -> None:
    """Counts a case that was opened, and counts it no more once it has ended.

    What has ended stays so: messages may come twice, and the first after the last. Raises NotFound for an unknown
    order, Unavailable where others keep changing its book.
    """
    for _ in range(_TRIES):
        order, stored = read(tenant_id, order_id)
        book = stored or opened(order)
        before = (book.cases or {}).get(case_id)
        if before is ended or before is True:
            return
        book.cases = {**(book.cases or {}), case_id: ended}
        if _written(book, case_id, fresh=stored is None, change=int(not ended) - int(before is False)):
            return
    raise Unavailable("The order's books are being written by others; the message will come again.", retry_after=1)


def _written(book: OrderBook, case_id: str, *, fresh: bool, change: int) -> bool:
    tx = Transaction()
    book.prepare()
    if fresh:
        tx.create("book", book)
    else:
        tx.replace("book", book)
    if change:
        address = CampaignBook.address(book.tenant_id, book.campaign_id, campaign_shard(case_id))
        tx.update("campaign", CampaignBook, *address, actions=[CampaignBook.cases.add(change)])
    try:
        tx.commit()
    except Refused:
        return False
    return True
