"""What a campaign's orders come to: a moment late while it runs, exactly at its close."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.campaigns.lifecycle.service.closing import close_early, decide_target
from chalicelib.campaigns.model.campaign import FROM_LOCK, ON_SHOW, CloseTotals
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.progress.records import ProgressRecord
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.counting.model import Change, recount
from chalicelib.orders.counting.records import ParticipationRecord
from chalicelib.orders.counting.service import tallying
from chalicelib.orders.model import shard_of
from chalicelib.orders.passes.service import teams as ending
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import get_order

_TRIES = 8


def count_order(tenant_id: str, order_id: str, now: datetime) -> None:
    """Brings a campaign's progress in line with one order as it now stands, and does what follows from that: a campaign
    whose cap is reached closes early, a closed one that waited for this order's hold is decided, and what an order
    gave back after the lock goes back to the SKUs.

    The order's revision is held in the same transaction, so a count never outlives the state that it was made from.
    """
    for _ in range(_TRIES):
        order = get_order(tenant_id, order_id, consistent=True)
        address = ParticipationRecord.address(tenant_id, order.campaign_id, order.member_id)
        wanted = [
            (ParticipationRecord, *address),
            (CampaignRecord, *CampaignRecord.address(tenant_id, order.campaign_id)),
        ]
        part, campaign = fetch_many(wanted, consistent=True)
        counted = part.orders if part else {}
        counts = order.is_sold and order.origin is None
        after, change = recount(counted, order_id, (order.quantity, order.total_minor) if counts else None)
        if after == counted:
            return _follow(campaign, order, now)
        tx = Transaction()
        tx.check("order", OrderRecord, order.pk, order.sk, OrderRecord.rev == order.rev)
        if part is None:
            tx.create("participation", ParticipationRecord(*address, counted=after))
        else:
            part.counted = after
            tx.replace("participation", part)
        _add(tx, campaign, order.member_id, change)
        try:
            tx.commit()
        except Refused:
            continue
        return _follow(campaign, order, now)
    raise Unavailable("The order is being changed by others; the message will come again.")


def _add(tx: Transaction, campaign: CampaignRecord, member_id: str, change: Change) -> None:
    tx.update(
        "progress",
        ProgressRecord,
        *ProgressRecord.address(campaign.tenant_id, campaign.id, shard_of(member_id, int(campaign.shards))),
        actions=[
            ProgressRecord.orders.add(change.orders),
            ProgressRecord.participants.add(change.participants),
            ProgressRecord.units.add(change.units),
            ProgressRecord.revenue_minor.add(change.revenue_minor),
        ],
    )


def settle(tenant_id: str, campaign_id: str, now: datetime) -> None:
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
    totals = CloseTotals(
        quantity=sum(taken.values()),
        participants=sum(int(tally.participants) for tally in tallies),
        amount_minor=sum(int(tally.amount_minor) for tally in tallies),
    )
    decide_target(tenant_id, campaign_id, totals, now)


def _follow(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
    """What a counted order has for its campaign; ``campaign`` was read after the order had come where it stands."""
    # Whose order reached the cap may have cancelled it since: a close that has begun is ended all the same.
    may_close = order.is_sold if campaign.closed_early_at is None else campaign.status in ON_SHOW
    if campaign.caps is not None and may_close:
        close_early(campaign.tenant_id, campaign.id, now)
    if campaign.status == CampaignStatus.CLOSING and order.hold_expires_at is not None:
        settle(campaign.tenant_id, campaign.id, now)
    if campaign.status in FROM_LOCK and any(offer.tracked for offer in campaign.offers):
        campaign_stock.return_unsold(campaign, now)


def _sold(buckets: Mapping[str, Sequence[StockBucket]]) -> Counter[str]:
    """Units sold by ``offer:bucket``. Fenced, with nothing held, they stay as they are until the decision."""
    sold = {
        f"{offer_id}:{str(bucket.pk).rpartition('#')[2]}": int(bucket.sold)
        for offer_id, of_offer in buckets.items()
        for bucket in of_offer
    }
    return +Counter(sold)
