"""What a campaign's orders come to: a moment late while it runs, exactly at its close."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.lifecycle.service.closing import close_early, decide_target
from chalicelib.campaigns.model.campaign import FROM_LOCK, ON_SHOW
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.model.target import CloseTotals
from chalicelib.campaigns.progress.records import ProgressRecord
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.orders.counting.model import Change, Seen, recount
from chalicelib.orders.counting.records import ParticipationRecord
from chalicelib.orders.counting.service import tallying
from chalicelib.orders.ending.service import teams as ending
from chalicelib.orders.model import Status, shard_of
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_orders

AT_ONCE = 50
"""Orders of one transaction, which takes a hundred operations: a member's part for each, and a campaign's progress."""


def count_orders(tenant_id: str, order_ids: Iterable[str], now: datetime) -> None:
    """Brings the progress of campaigns in line with these orders as they now stand, and does what follows from that: a
    campaign whose cap is reached closes early, a closed one that waited for an order's hold is decided, and what an
    order gave back after the lock goes back to the SKUs.

    Orders of many members are one write: each member's part keeps the revision at which each order is counted, and is
    changed by one worker at a time, so an order is counted once, and never as it was before. Raises NotFound for an
    unknown order; then none is counted. Raises Contended where others keep counting orders of the same members.
    """
    unique = list(dict.fromkeys(order_ids))
    for start in range(0, len(unique), AT_ONCE):
        _count(tenant_id, unique[start : start + AT_ONCE], now)


@dataclass(frozen=True, slots=True)
class _Read:
    """Orders as they stand, their members' parts by campaign and member, and the campaigns by id, read after them."""

    orders: list[OrderRecord]
    parts: dict[tuple[str, str], ParticipationRecord]
    campaigns: dict[str, CampaignRecord]


def _count(tenant_id: str, order_ids: Sequence[str], now: datetime) -> None:
    read = change(lambda: _read(tenant_id, order_ids), _recount)
    for campaign_id, campaign in read.campaigns.items():
        _follow(campaign, [order for order in read.orders if order.campaign_id == campaign_id], now)


def _read(tenant_id: str, order_ids: Sequence[str]) -> _Read:
    """In two requests; a member's first part in a campaign is new, at revision 0."""
    orders = get_orders(tenant_id, order_ids)
    who = list(dict.fromkeys((order.campaign_id, order.member_id) for order in orders))
    of_members = [ParticipationRecord.address(tenant_id, *each) for each in who]
    which = list(dict.fromkeys(campaign_id for campaign_id, _ in who))
    of_campaigns = [(CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in which]
    found = fetch_many([*((ParticipationRecord, *each) for each in of_members), *of_campaigns], consistent=True)
    parts = {
        each: part or ParticipationRecord(*address, counted={}, rev=0)
        for each, address, part in zip(who, of_members, found, strict=False)
    }
    return _Read(orders, parts, dict(zip(which, found[len(who) :], strict=True)))


def _recount(read: _Read, tx: Transaction) -> _Read:
    """Adds to the transaction what of the orders is not counted yet."""
    changes: dict[str, Change] = {}
    counted = {each: part.orders for each, part in read.parts.items()}
    for order in read.orders:
        if _counts(order):
            who = order.campaign_id, order.member_id
            counted[who], changed = recount(counted[who], order.id, _seen(order))
            changes[order.campaign_id] = changes.get(order.campaign_id, Change()) + changed
    for who, part in read.parts.items():
        if counted[who] != part.orders:
            part.orders = counted[who]
            part.write(tx)
    for campaign_id, changed in changes.items():
        if changed:
            _add(tx, read.campaigns[campaign_id], changed, read.orders[0].id)
    return read


def _counts(order: OrderRecord) -> bool:
    """Whether an order is, or was, a sale: nobody can have counted one that still waits for its payment or has waited
    in vain, and an exchange replaces what was sold before.
    """
    return order.origin is None and order.status not in (Status.HELD, Status.EXPIRED)


def _seen(order: OrderRecord) -> Seen:
    return Seen(int(order.rev), (order.quantity, order.total_minor) if order.is_sold else None)


def _add(tx: Transaction, campaign: CampaignRecord, change: Change, spread_by: str) -> None:
    """Adds to one shard of the campaign's progress, whoever's the orders are: only the sum of all shards is shown."""
    tx.update(
        f"progress:{campaign.id}",
        ProgressRecord,
        *ProgressRecord.address(campaign.tenant_id, campaign.id, shard_of(spread_by, int(campaign.shards))),
        actions=[
            ProgressRecord.orders.add(change.orders),
            ProgressRecord.participants.add(change.participants),
            ProgressRecord.units.add(change.units),
            ProgressRecord.revenue_minor.add(change.revenue_minor),
        ],
    )


def decide_closed(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Counts a closed campaign's orders and has its target decided; done already, it does nothing.

    Teams that still form are ended first: their orders are not in the totals. It waits until no unpaid order holds
    units any more: each is paid or ends within ``HOLD``, and then asks for this again. The orders come from an index,
    which may lag; the fenced buckets do not. Only when both agree bucket by bucket the totals are taken. Raises
    IndexBehind otherwise.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if campaign.status != CampaignStatus.CLOSING:
        return
    if campaign.kind == Kind.TEAM_BUY and not ending.end_forming(campaign, now):
        return
    buckets = campaign_stock.read([campaign], consistent=True)
    if any(bucket.held for of_offer in buckets.values() for bucket in of_offer):
        return
    tallies = tallying.tally(campaign, now)
    if tallies is None:
        return
    taken: Counter[str] = Counter()
    for tally in tallies:
        taken.update(tally.taken)
    if +taken != _sold(buckets):
        tallying.forget(tallies)
        raise tallying.IndexBehind("Orders and stock do not agree yet; the message will come again.")
    counted_once = {goods.offer_id for goods in campaign.goods if not goods.draws_on}
    totals = CloseTotals(
        quantity=sum(units for name, units in taken.items() if name.partition(":")[0] in counted_once),
        participants=sum(int(tally.participants) for tally in tallies),
        amount_minor=sum(int(tally.amount_minor) for tally in tallies),
    )
    decide_target(tenant_id, campaign_id, totals, now)


def _follow(campaign: CampaignRecord, orders: Sequence[OrderRecord], now: datetime) -> None:
    """What counted orders have for their campaign, which was read after the orders had come where they stand."""
    # Whose order reached the cap may have cancelled it since: a close that has begun is ended all the same.
    sold = any(order.is_sold for order in orders)
    may_close = sold if campaign.closed_early_at is None else campaign.status in ON_SHOW
    if campaign.caps is not None and may_close:
        close_early(campaign.tenant_id, campaign.id, now)
    if campaign.status == CampaignStatus.CLOSING and any(order.hold_expires_at is not None for order in orders):
        decide_closed(campaign.tenant_id, campaign.id, now)
    if campaign.status in FROM_LOCK and any(goods.set_aside for goods in campaign.goods):
        campaign_stock.return_unsold(campaign, now)


def _sold(buckets: Mapping[str, Sequence[StockBucket]]) -> Counter[str]:
    """Units sold by ``offer:bucket``. Fenced, with nothing held, they stay as they are until the decision."""
    sold = {
        f"{offer_id}:{str(bucket.pk).rpartition('#')[2]}": int(bucket.sold)
        for offer_id, of_offer in buckets.items()
        for bucket in of_offer
    }
    return +Counter(sold)
