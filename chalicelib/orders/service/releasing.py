"""Releasing the orders of a campaign that was cancelled: page by page, each order in a transaction of its own."""

from datetime import datetime

from chalicelib.campaigns.model import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import get_campaign, return_unsold
from chalicelib.db import Page, Refused, Transaction
from chalicelib.orders.model import OWED
from chalicelib.orders.records import OrderRecord, ReleaseRecord, campaign_orders, in_state
from chalicelib.orders.service.cancelling import release
from chalicelib.orders.service.listing import get_order

ORDERS_AT_A_TIME = 50
_TRIES = 3
_RELEASING = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING})


def release_next(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Releases the next orders and asks to be called again, until none is left.

    How far it has come is kept in a record; it moves on after the orders of a page are released, so that a worker which
    dies repeats at most a page, where released orders are passed over. Called twice at once, only one goes on. A
    further call after the end begins again, for orders that the index showed late. When the last order is released, the
    campaign's stock is given back.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if campaign.status not in _RELEASING:
        return
    address = ReleaseRecord.address(tenant_id, campaign_id)
    stored = ReleaseRecord.fetch(*address, consistent=True)
    progress = stored or ReleaseRecord(*address)
    page = _page(campaign, progress)
    for order in page.items:
        _release(tenant_id, order, now)
    _move_on(campaign, progress, page, now)
    tx = Transaction()
    if stored is None:
        tx.create("release", progress)
    else:
        tx.replace("release", progress)
    try:
        tx.commit()
    except Refused:
        return
    if page.last_key is None and not progress.shard:
        return_unsold(tenant_id, campaign_id, now)


def _page(campaign: CampaignRecord, progress: ReleaseRecord) -> Page[OrderRecord]:
    partition = campaign_orders(campaign.tenant_id, campaign.id, int(progress.shard))
    return OrderRecord.page(
        partition, index="gsi1", limit=ORDERS_AT_A_TIME, cursor=progress.after, where=in_state(OWED)
    )


def _move_on(campaign: CampaignRecord, progress: ReleaseRecord, page: Page[OrderRecord], now: datetime) -> None:
    progress.after = page.last_key
    if page.last_key is None:
        progress.shard = (int(progress.shard) + 1) % int(campaign.shards)
    if page.last_key is not None or progress.shard:
        progress.emit("campaign.releasing", now, campaign_id=campaign.id)


def _release(tenant_id: str, order: OrderRecord, now: datetime) -> None:
    """Releases an order as it stands; one that its member cancelled in the meantime is left as it is."""
    for _ in range(_TRIES):
        if order.status not in OWED or release(order, now):
            return
        order = get_order(tenant_id, order.id, consistent=True)
