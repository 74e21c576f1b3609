"""The walk over all orders of a campaign: page by page, in the order of their index, each order by itself.

How far a pass has come is kept in a record which moves on when a page is done: a worker that dies repeats at most that
page, and what a pass does to an order depends on the order as it stands, so one that is visited again is left as it is.
Memory is bounded by the page, and the work of each order is the same however many there are.

Two others go over a campaign's orders in ways of their own. A close adds them up (``counting``): in parts whose sums
are kept by shard, and which are thrown away together where they disagree with the stock. A shortage cuts the last
placed first, over all shards at once, by a plan that it wrote down before (``fulfilment.receiving``).
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Page, Refused, Transaction, beginning_with, change
from chalicelib.orders.model import Status
from chalicelib.orders.passes.records import PassRecord
from chalicelib.orders.records import OrderRecord, campaign_orders, in_state
from chalicelib.orders.service.reading import get_order

ORDERS_AT_A_TIME = 50
CONTINUE = "orders.passing"
OVERDUE = timedelta(minutes=5)
"""So long after the last page a pass is looked at again: should its message be lost, it goes on from there."""

Decide = Callable[[Transaction, CampaignRecord, OrderRecord, datetime], None]


def _nothing(*_: Any) -> None:
    """What most passes do besides their visits."""


def _always(_: OrderRecord) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Pass:
    """What is done at each of a campaign's orders that ``concerns`` lets through.

    ``wanted`` says whether the campaign, as it stands, still asks for the pass. Before a page's orders are visited,
    ``before`` is done; after the last one of all, ``finish``, which is repeated where a worker died at it. At an order
    that is not ``ready`` the pass rests until :func:`resume`. ``again`` lets a finished pass begin anew when it is
    asked for, for orders that the index showed late; without it, a message that comes late finds nothing to do. Where
    it costs something to come to an order again, the place is kept after each ``kept_every`` orders of a page. What a
    pass only ``tells`` is an event with each order's id: a page's ride on the write that moves the pass on, so that
    telling people writes nothing to their orders. ``ended`` is the event of the write that ends a pass which has
    visited any order.
    """

    name: str
    concerns: Condition
    wanted: Callable[[CampaignRecord], bool]
    before: Callable[[CampaignRecord, Sequence[OrderRecord], datetime], None] = _nothing
    ready: Callable[[OrderRecord], bool] = _always
    visit: Callable[[CampaignRecord, OrderRecord, datetime], None] = _nothing
    finish: Callable[[CampaignRecord, datetime], None] = _nothing
    again: bool = False
    kept_every: int | None = None
    tells: str | None = None
    ended: str | None = None


def changing_pass(
    name: str,
    states: frozenset[Status],
    wanted: Callable[[CampaignRecord], bool],
    decide: Decide,
    finish: Callable[[CampaignRecord, datetime], None] = _nothing,
    *,
    again: bool = False,
) -> Pass:
    """The pass that changes each order in one of these states, in a transaction to which ``decide`` adds; where the
    order was changed since it was read, it is read and decided again.
    """

    def visit(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
        def as_it_stands(order: OrderRecord, tx: Transaction) -> None:
            if order.status in states:
                decide(tx, campaign, order, now)

        change(beginning_with(order, lambda: get_order(order.tenant_id, order.id, consistent=True)), as_it_stands)

    return Pass(name, in_state(states), wanted, visit=visit, finish=finish, again=again)


def advance(each: Pass, tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Visits the next page of orders and asks to be called again, until none is left.

    Called twice at once, only one moves the pass on. Raises Contended when an order is changed by others all the time:
    the message then comes again.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    progress = PassRecord.of(tenant_id, campaign_id, each.name)
    if not each.wanted(campaign):
        _rest(progress)
        return
    if progress.finished_at is not None:
        if not each.again:
            return
        progress.finished_at, progress.visited = None, 0
    page = _page(each, campaign, progress)
    each.before(campaign, page.items, now)
    try:
        _visit(each, campaign, progress, page.items, now)
        if progress.waits_for is None:
            _turn(each, campaign, progress, page, now)
        _keep(progress)
    except Refused:
        return  # another worker has moved it on
    if progress.waits_for is not None:
        # It may have become ready between the look at it and the note that it is waited for.
        resume(each, get_order(tenant_id, progress.waits_for, consistent=True), now)


def resume(each: Pass, order: OrderRecord, now: datetime) -> None:
    """Goes on with a pass that waits for this order, if it is ready."""
    progress = PassRecord.fetch(*PassRecord.address(order.tenant_id, order.campaign_id, each.name), consistent=True)
    if progress is not None and progress.waits_for == order.id and each.ready(order):
        advance(each, order.tenant_id, order.campaign_id, now)


def begin_anew(each: Pass, tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Goes over all orders from the first one on, also where the pass is on its way: what it is for has changed."""
    progress = PassRecord.of(tenant_id, campaign_id, each.name)
    if progress.rev:
        progress.shard, progress.after, progress.finished_at, progress.visited = 0, None, None, 0
        with suppress(Refused):
            _keep(progress)
    advance(each, tenant_id, campaign_id, now)


def begin_at(each: Pass, tenant_id: str, campaign_id: str, due_at: datetime) -> None:
    """Has a pass begin at ``due_at``; one that has begun, or was told when to, is left alone."""
    with suppress(Refused):
        _keep(PassRecord(*PassRecord.address(tenant_id, campaign_id, each.name), rev=0, due_at=due_at))


def _page(each: Pass, campaign: CampaignRecord, progress: PassRecord) -> Page[OrderRecord]:
    partition = campaign_orders(campaign.tenant_id, campaign.id, int(progress.shard))
    return OrderRecord.page(partition, index="gsi1", limit=ORDERS_AT_A_TIME, cursor=progress.after, where=each.concerns)


def _visit(
    each: Pass, campaign: CampaignRecord, progress: PassRecord, orders: Sequence[OrderRecord], now: datetime
) -> None:
    """Visits orders up to one that has to be waited for. Raises Refused where another worker has gone on meanwhile."""
    for n, order in enumerate(orders, start=1):
        if not each.ready(order):
            progress.waits_for, progress.due_at = order.id, None
            return
        each.visit(campaign, order, now)
        if each.tells is not None:
            progress.emit(each.tells, now, order_id=order.id)
        progress.visited = int(progress.visited) + 1
        progress.after = order.key_in("gsi1")
        if each.kept_every and n % each.kept_every == 0:
            # What it waited for stays until the page is through: the message that told of it may have to come again.
            _keep(progress)
    progress.waits_for = None


def _turn(each: Pass, campaign: CampaignRecord, progress: PassRecord, page: Page[OrderRecord], now: datetime) -> None:
    """Goes on to the next page, or with the last of a shard to the next shard; with the last of all it finishes."""
    progress.after = page.last_key
    if page.last_key is None:
        progress.shard = (int(progress.shard) + 1) % int(campaign.shards)
    if page.last_key is None and not progress.shard:
        each.finish(campaign, now)
        progress.finished_at, progress.due_at = now, None
        if each.ended is not None and progress.visited:
            progress.emit(each.ended, now, campaign_id=campaign.id)
    else:
        progress.emit(CONTINUE, now, campaign_id=campaign.id, name=each.name)
        progress.due_at = now + OVERDUE


def _rest(progress: PassRecord) -> None:
    """Of a pass that the campaign asks for no more, nothing stays due."""
    if progress.due_at is not None:
        progress.due_at = None
        with suppress(Refused):
            _keep(progress)


def _keep(progress: PassRecord) -> None:
    """Raises Refused where another worker has moved the pass on."""
    tx = Transaction()
    progress.write(tx)
    tx.commit()
