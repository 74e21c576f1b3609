"""How far a campaign has come: what its buckets hold now, and what its live orders add up to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.campaign import FROM_LOCK, ON_SHOW, Status
from chalicelib.campaigns.model.ladder import Step
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import CloseTotals, measured, reached_bps, worth_as_ordered
from chalicelib.campaigns.progress.records import ProgressRecord
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock.model import sold_alone
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import fetch_many


@dataclass(frozen=True, slots=True)
class OfferProgress:
    """Units of one offer, or bundles: sold, held by unpaid orders, and left to be had (none once the campaign has
    closed).

    ``price_minor`` is what a unit costs by the units sold so far, or since the close for good; ``next_step`` the
    cheaper step that may still be reached.
    """

    offer: Offer
    sold: int
    held: int
    left: int

    @property
    def price_minor(self) -> int:
        final = self.offer.final_price_minor
        return self.offer.price_for(self.sold) if final is None else final

    @property
    def to_give_back(self) -> int:
        """What the step reached so far would give back at the close. After it the orders themselves cost less."""
        final = self.offer.final_price_minor
        return (self.offer.price_minor - self.price_minor) * self.sold if final is None else 0

    @property
    def next_step(self) -> Step | None:
        return self.offer.next_step(self.sold) if self.left else None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a campaign's live orders add up to: orders, members, units, and their total in minor units."""

    orders: int
    participants: int
    units: int
    revenue_minor: int

    @classmethod
    def of(cls, shards: Iterable[ProgressRecord | None]) -> "Counted":
        """The sums over all shards; one without orders may not be there yet."""
        there = [shard for shard in shards if shard is not None]
        names = ("orders", "participants", "units", "revenue_minor")
        return cls(*(sum(int(getattr(shard, name)) for shard in there) for name in names))


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign at ``as_of``. Units come from the buckets and are exact; participants, orders and revenue come from
    the orders a moment later. Amounts are minor units of the campaign's currency.

    ``ordered_minor`` is the goods' value at the prices that they are ordered at, which a target by amount counts.
    ``revenue_minor`` is what the orders come to: with delivery, less discounts, and with units on a ladder at the price
    that they have reached, not at the one that was paid so far. From the lock on the target stands as it was decided.
    """

    as_of: datetime
    status: Status
    offers: tuple[OfferProgress, ...]
    left: int
    orders: int
    participants: int
    ordered_minor: int
    revenue_minor: int
    seconds_left: int
    target_value: int | None
    target_measured: int | None
    target_bps: int | None
    goal_bps: int | None

    @property
    def sold(self) -> int:
        """Units of SKUs, those in bundles among them."""
        return sum(each.sold * each.offer.pieces for each in self.offers)


def progress_of(campaigns: Sequence[CampaignRecord], now: datetime, *, consistent: bool = False) -> list[Progress]:
    """The progress of each campaign. One batch read for each hundred buckets and campaigns together."""
    buckets = [address for campaign in campaigns for address in _buckets(campaign)]
    orders = [address for campaign in campaigns for address in ProgressRecord.addresses(campaign)]
    found = iter(fetch_many([*buckets, *orders], consistent=consistent))
    stocks = [
        {goods.offer_id: _Stock.of(next(found) for _ in range(goods.buckets)) for goods in campaign.goods}
        for campaign in campaigns
    ]
    counts = [Counted.of(next(found) for _ in range(int(campaign.shards))) for campaign in campaigns]
    return [_progress(*each, now) for each in zip(campaigns, stocks, counts, strict=True)]


def counted(campaign: CampaignRecord) -> Counted:
    """What a campaign's orders add up to, as far as they are counted, in one consistent read."""
    return Counted.of(fetch_many(ProgressRecord.addresses(campaign), consistent=True))


def taken_so_far(campaign: CampaignRecord) -> tuple[int, int]:
    """What caps are held against: the live orders, as far as they are counted, and what the units sold are worth as
    they were ordered, in minor units. One consistent batch read.
    """
    shards = ProgressRecord.addresses(campaign)
    found = fetch_many([*shards, *_buckets(campaign)], consistent=True)
    buckets = iter(found[len(shards) :])
    goods = campaign.goods
    units = {each.offer_id: _Stock.of(next(buckets) for _ in range(each.buckets)).sold for each in goods}
    orders = Counted.of(found[: len(shards)]).orders
    return orders, worth_as_ordered(campaign.offers, sold_alone(goods, units))


def _buckets(campaign: CampaignRecord) -> list[tuple[type[StockBucket], str, str]]:
    return [
        (StockBucket, *StockBucket.address(campaign.tenant_id, offer.offer_id, n))
        for offer in campaign.goods
        for n in range(offer.buckets)
    ]


@dataclass(frozen=True, slots=True)
class _Stock:
    """Units in all buckets of what is stocked."""

    free: int
    held: int
    sold: int

    @classmethod
    def of(cls, buckets: Iterable[StockBucket | None]) -> "_Stock":
        laid_out = [bucket for bucket in buckets if bucket is not None]
        return cls(*(sum(int(getattr(bucket, side)) for bucket in laid_out) for side in ("free", "held", "sold")))


def _progress(
    campaign: CampaignRecord,
    stock: Mapping[str, _Stock],
    counted: Counted,
    now: datetime,
) -> Progress:
    status = campaign.shown_status(now)
    goods = campaign.goods
    sold = sold_alone(goods, {name: each.sold for name, each in stock.items()})
    held = sold_alone(goods, {name: each.held for name, each in stock.items()})
    left = {each.offer_id: _left(each, stock) if status in ON_SHOW else 0 for each in goods}
    offers = tuple(
        OfferProgress(offer, max(0, offer.ordered(sold)), max(0, offer.ordered(held)), _whole(offer, left))
        for offer in campaign.offers
    )
    paid = counted.revenue_minor
    revenue = max(0, paid - sum(each.to_give_back for each in offers))
    participants = counted.participants
    so_far = CloseTotals(sum(sold.values()), participants, worth_as_ordered(campaign.offers, sold))
    target, totals = campaign.target, (campaign.totals if status in FROM_LOCK else None) or so_far
    ends_at = campaign.opens_at if status is Status.SCHEDULED else campaign.closes_at if status in ON_SHOW else None
    return Progress(
        as_of=now,
        status=status,
        offers=offers,
        left=sum(left[each.offer_id] for each in goods if not each.draws_on),
        orders=counted.orders,
        participants=participants,
        ordered_minor=so_far.amount_minor,
        revenue_minor=revenue,
        seconds_left=max(0, int((ends_at - now).total_seconds())) if ends_at else 0,
        target_value=target.value if target else None,
        target_measured=measured(target, totals) if target else None,
        target_bps=reached_bps(target, totals) if target else None,
        goal_bps=revenue * 10_000 // int(campaign.goal_minor) if campaign.goal_minor else None,
    )


def _left(goods: Offer, stock: Mapping[str, _Stock]) -> int:
    free = stock[goods.offer_id].free
    return min(free, stock[goods.draws_on].free) if goods.draws_on else free


def _whole(offer: Offer, left: Mapping[str, int]) -> int:
    """How many of an offer can still be had; of a bundle as many as every part is left for."""
    return min(left[goods.offer_id] // goods.per for goods in offer.goods())
