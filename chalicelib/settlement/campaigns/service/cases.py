"""After-sale cases that have not ended: while a campaign's orders have one, it is not settled."""

from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.settlement.books.records import CampaignBook, campaign_shard
from chalicelib.settlement.books.service.orders import Found, read, write


def follow(tenant_id: str, order_id: str, case_id: str, *, ended: bool) -> None:
    """Counts a case that was opened, and counts it no more once it has ended.

    What has ended stays so: messages may come twice, and the first after the last. Raises NotFound for an unknown
    order, Contended where others keep changing its book.
    """

    def decide(found: Found, tx: Transaction) -> None:
        book = found.book
        before = (book.cases or {}).get(case_id)
        if before is ended or before is True:
            return
        book.cases = {**(book.cases or {}), case_id: ended}
        write(tx, found)
        if more := int(not ended) - int(before is False):
            address = CampaignBook.address(tenant_id, book.campaign_id, campaign_shard(case_id))
            tx.update("campaign", CampaignBook, *address, actions=[CampaignBook.cases.add(more)])

    change(partial(read, tenant_id, order_id), decide)
