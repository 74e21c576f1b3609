"""A campaign's stock buckets: laid out at publishing, moved with its window, fenced at its end, emptied after it. A
bundle has those of its parts; of a part whose SKU is on offer alone as well, they say how many units of that offer's
stock bundles may take, and took.

Every function takes the campaign as it was read. A bucket knows its own window, and each condition names the one that
the caller saw: a message that comes late, after the window has moved, changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock.model import sold_alone, spread
from chalicelib.campaigns.stock.records import FENCED, UNFENCED, StockBucket
from chalicelib.catalog.model.stock import Source
from chalicelib.catalog.service import set_aside
from chalicelib.db import ReadAgain, Refused, Transaction, change, fetch_many


def lay_out(tx: Transaction, campaign: CampaignRecord) -> None:
    """Adds every bucket of every offer, filled and open within the campaign's window."""
    opens_at, closes_at = campaign.window
    for offer in campaign.goods:
        for n, free in enumerate(spread(offer, offer.quantity)):
            pk, sk = StockBucket.address(campaign.tenant_id, offer.offer_id, n)
            bucket = StockBucket(
                pk,
                sk,
                campaign_id=campaign.id,
                status=UNFENCED,
                opens_at=opens_at,
                closes_at=closes_at,
                free=free,
                held=0,
                sold=0,
            )
            tx.create(f"bucket:{offer.offer_id}:{n}", bucket)


def move_window(tx: Transaction, campaign: CampaignRecord) -> None:
    """Gives every bucket the campaign's new window. Refused as soon as one is fenced: then the close has begun."""
    opens_at, closes_at = campaign.window
    times = [StockBucket.opens_at.set(opens_at), StockBucket.closes_at.set(closes_at)]
    _change_each(tx, campaign, times, StockBucket.status == UNFENCED)


def reopen(tx: Transaction, campaign: CampaignRecord) -> None:
    """Opens every fenced bucket again until the campaign's new close."""
    _, closes_at = campaign.window
    again = [StockBucket.status.set(UNFENCED), StockBucket.closes_at.set(closes_at)]
    _change_each(tx, campaign, again, StockBucket.status == FENCED)


def add_units(tx: Transaction, campaign: CampaignRecord, offer: Offer, units: int) -> None:
    """Adds free units to an offer's buckets, as evenly as they go. Refused once one is fenced: the close has begun."""
    for n, more in enumerate(spread(offer, units)):
        if more:
            place = StockBucket.address(campaign.tenant_id, offer.offer_id, n)
            still_open = StockBucket.status == UNFENCED
            tx.update(
                f"bucket:{offer.offer_id}:{n}",
                StockBucket,
                *place,
                actions=[StockBucket.free.add(more)],
                condition=still_open,
            )


def _change_each(tx: Transaction, campaign: CampaignRecord, actions: Sequence[Action], condition: Condition) -> None:
    for name, pk, sk in _places(campaign):
        tx.update(name, StockBucket, pk, sk, actions=actions, condition=condition)


def fence(campaign: CampaignRecord) -> None:
    """Closes every bucket that is still open, one write each: not together, because orders may be writing to them.

    What an earlier attempt has closed is passed over, so that attempts which die reach the last bucket all the same.
    Raises ReadAgain when a bucket's window is no longer the campaign's as read: the close was moved, and nothing more
    is to be fenced.
    """
    for buckets in read([campaign], consistent=True).values():
        for bucket in buckets:
            if bucket.status == FENCED and bucket.closes_at == campaign.closes_at:
                continue
            tx = Transaction()
            unmoved = StockBucket.closes_at == campaign.closes_at
            closed = [StockBucket.status.set(FENCED)]
            tx.update("bucket", StockBucket, bucket.pk, bucket.sk, actions=closed, condition=unmoved)
            try:
                tx.commit()
            except Refused:
                raise ReadAgain from None


def read(campaigns: Sequence[CampaignRecord], *, consistent: bool = False) -> dict[str, list[StockBucket]]:
    """The buckets of everything stocked, by its offer id; what was never published has none. One batch read."""
    wanted = [(offer, n, campaign) for campaign in campaigns for offer in campaign.goods for n in range(offer.buckets)]
    addresses = [
        (StockBucket, *StockBucket.address(campaign.tenant_id, offer.offer_id, n)) for offer, n, campaign in wanted
    ]
    found: dict[str, list[StockBucket]] = {}
    for (offer, _, _), bucket in zip(wanted, fetch_many(addresses, consistent=consistent), strict=True):
        found.setdefault(offer.offer_id, []).extend([bucket] if bucket else [])
    return found


def sold(campaign: CampaignRecord) -> dict[str, int]:
    """The units of everything stocked that are sold, by its offer id, without those that bundles sold of it: exact and
    final once the buckets are fenced and hold nothing.
    """
    units = {
        offer_id: sum(int(bucket.sold) for bucket in buckets)
        for offer_id, buckets in read([campaign], consistent=True).items()
    }
    return sold_alone(campaign.goods, units)


def sold_by_sku(campaign: CampaignRecord) -> Counter[str]:
    """The units of each SKU that are sold; see :func:`sold`."""
    units = Counter[str]()
    by_offer = sold(campaign)
    for offer in campaign.goods:
        units[offer.sku_id] += by_offer[offer.offer_id]
    return units


def return_unsold(campaign: CampaignRecord, now: datetime) -> int:
    """Takes an ended campaign's free units out of its buckets, and gives those of the shelf back to their SKUs.

    Done again, it does nothing. The shelf's are sold first, so as many stay set aside as are held or sold, at most.
    Returns how many units of the campaign are still held or sold.
    """
    offers = {offer.offer_id: offer for offer in campaign.goods}
    outstanding = 0
    for offer_id, buckets in read([campaign], consistent=True).items():
        outstanding += sum(int(bucket.held + bucket.sold) for bucket in buckets)
        if offers[offer_id].set_aside:
            _return_offer(campaign, offers[offer_id], buckets, now)
    return outstanding


def _return_offer(campaign: CampaignRecord, offer: Offer, buckets: Sequence[StockBucket], now: datetime) -> None:
    known: Sequence[StockBucket] | None = buckets
    # Where only some are the shelf's, how many go back depends on all buckets together, so they must stand as read.
    all_from_shelf = offer.set_aside >= offer.quantity

    def read() -> Sequence[StockBucket]:
        nonlocal known
        found, known = known, None
        places = [(StockBucket, bucket.pk, bucket.sk) for bucket in buckets]
        return fetch_many(places, consistent=True) if found is None else found

    def decide(buckets: Sequence[StockBucket], tx: Transaction) -> None:
        units = sum(int(bucket.free) for bucket in buckets)
        if units == 0:
            return
        for n, bucket in enumerate(buckets):
            if bucket.free:
                unchanged = (StockBucket.free == bucket.free) & (StockBucket.status == FENCED)
                if not all_from_shelf:
                    unchanged &= _as_read(bucket)
                tx.update(
                    str(n), StockBucket, bucket.pk, bucket.sk, actions=[StockBucket.free.set(0)], condition=unchanged
                )
        for n, bucket in enumerate(buckets):
            if not bucket.free and not all_from_shelf:
                tx.check(f"as read:{n}", StockBucket, bucket.pk, bucket.sk, _as_read(bucket))
        still = sum(int(bucket.held + bucket.sold) for bucket in buckets)
        back = offer.from_shelf(still + units) - offer.from_shelf(still)
        if back:
            source = Source(f"campaign:{campaign.id}", "system", now)
            set_aside.release(tx, campaign.tenant_id, {offer.sku_id: back}, source)

    change(read, decide)


def _as_read(bucket: StockBucket) -> Condition:
    units: Condition = StockBucket.free == bucket.free
    units &= (StockBucket.held == bucket.held) & (StockBucket.sold == bucket.sold)
    return units


def _places(campaign: CampaignRecord) -> Iterator[tuple[str, str, str]]:
    for offer in campaign.goods:
        for n in range(offer.buckets):
            yield f"bucket:{offer.offer_id}:{n}", *StockBucket.address(campaign.tenant_id, offer.offer_id, n)
