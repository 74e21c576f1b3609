"""Passing over all orders of a campaign: page by page, each order in a transaction of its own.

What a pass does to an order depends on the order as it stands, so an order that is visited again is left as it is. How
far the pass has come is kept in a record which moves on only when a page is done: a worker that dies repeats at most
that page. Memory is bounded by the page, and the work of each order is the same however many there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.db import Page, Refused, Transaction
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.model import Status
from chalicelib.orders.passes.records.passes import PassRecord
from chalicelib.orders.records import OrderRecord, campaign_orders, in_state
from chalicelib.orders.service import get_order

ORDERS_AT_A_TIME = 50
CONTINUE = "orders.passing"
DUE = "orders.pass_due"
OVERDUE = timedelta(minutes=5)
"""So long after the last page a pass is looked at again: should its message be lost, it goes on from there."""
_TRIES = 5


def _nothing(campaign: CampaignRecord, now: datetime) -> None:
    """What most passes do at their end."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What is done to each of a campaign's orders.

    ``visit`` brings one order to where it should be and answers False when the order was changed since it was read;
    it is then read again. ``wanted`` says whether the campaign, as it stands, still asks for the pass, ``states``
    which orders it concerns. ``again`` lets a finished pass begin anew when it is asked for, for orders that the index
    showed late; without it, a message that comes late finds nothing to do.
    """

    name: str
    states: frozenset[Status]
    wanted: Callable[[CampaignRecord], bool]
    visit: Callable[[CampaignRecord, OrderRecord, datetime], bool]
    finish: Callable[[CampaignRecord, datetime], None] = _nothing
    again: bool = False


def go_on(each: Pass, tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Visits the next page of orders and asks to be called again, until none is left.

    Called twice at once, only one moves the pass on. Raises Unavailable when an order is changed by others all the
    time: the message then comes again.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    address = PassRecord.address(tenant_id, campaign_id, each.name)
    stored = PassRecord.fetch(*address, consistent=True)
    if not each.wanted(campaign):
        _rest(stored)
        return
    progress = stored or PassRecord(*address)
    if progress.finished_at is not None:
        if not each.again:
            return
        progress.finished_at, progress.visited = None, 0
    page = _page(each, campaign, progress)
    for order in page.items:
        _visit(each, campaign, order, now)
    _move_on(each, campaign, progress, page, now)
    if _keep(progress, is_new=stored is None) and progress.finished_at is not None:
        each.finish(campaign, now)


def begin_at(each: Pass, tenant_id: str, campaign_id: str, due_at: datetime) -> None:
    """Has a pass begin at ``due_at``; one that has begun, or was told when to, is left alone."""
    waits = PassRecord(*PassRecord.address(tenant_id, campaign_id, each.name))
    waits.schedule(due_at, DUE, "orders")
    _keep(waits, is_new=True)


def _page(each: Pass, campaign: CampaignRecord, progress: PassRecord) -> Page[OrderRecord]:
    partition = campaign_orders(campaign.tenant_id, campaign.id, int(progress.shard))
    return OrderRecord.page(
        partition, index="gsi1", limit=ORDERS_AT_A_TIME, cursor=progress.after, where=in_state(each.states)
    )


def _visit(each: Pass, campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
    for _ in range(_TRIES):
        if order.status not in each.states or each.visit(campaign, order, now):
            return
        order = get_order(order.tenant_id, order.id, consistent=True)
    raise Unavailable("An order is being changed by others; the message will come again.")


def _move_on(
    each: Pass, campaign: CampaignRecord, progress: PassRecord, page: Page[OrderRecord], now: datetime
) -> None:
    progress.visited = int(progress.visited) + len(page.items)
    progress.after = page.last_key
    if page.last_key is None:
        progress.shard = (int(progress.shard) + 1) % int(campaign.shards)
    if page.last_key is None and not progress.shard:
        progress.finished_at = now
        progress.schedule(None)
    else:
        progress.emit(CONTINUE, now, campaign_id=campaign.id, name=each.name)
        progress.schedule(now + OVERDUE, DUE, "orders")


def _rest(progress: PassRecord | None) -> None:
    """Of a pass that the campaign asks for no more, nothing stays due."""
    if progress is not None and progress.due_at is not None:
        progress.schedule(None)
        _keep(progress, is_new=False)


def _keep(progress: PassRecord, *, is_new: bool) -> bool:
    """Whether it was this worker that moved the pass on."""
    tx = Transaction()
    if is_new:
        tx.create("pass", progress)
    else:
        tx.replace("pass", progress)
    try:
        tx.commit()
    except Refused:
        return False
    return True
