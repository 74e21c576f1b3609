"""Where an order's units come from: one bucket at first, others where that has too few.

Each bucket decides for itself, in the write, whether it is open (``cutoff``) and has enough. What a refused write found
tells why, and where else to look.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.basket.service.checks import limit_reached
from chalicelib.orders.errors import SoldOut
from chalicelib.orders.model import Line, Take
from chalicelib.orders.rush import service as rush
from chalicelib.orders.stock.model.buckets import first_bucket, take_units
from chalicelib.orders.stock.records import LimitRecord
from chalicelib.orders.stock.service.cutoff import check_open, takes_changes
from chalicelib.orders.stock.service.moving import Pick, bucket_name

T = TypeVar("T")

_DRAWS = 12
"""So often other buckets are drawn from, where others take their last units first."""


def first_picks(order_id: str, goods: Iterable[tuple[Offer, int]], stocked: Mapping[str, Offer]) -> list[Pick]:
    """So many units of what is to be handed over, each stock from one bucket, which differs from order to order;
    ``stocked`` is everything that the campaign has, by offer id. What several lines take of one stock, one pick has.
    """
    picks: dict[str, Pick] = {}
    for offer, units in goods:
        own = _pick(order_id, picks, offer)
        own.units, own.own = own.units + units, own.own + units
        if offer.draws_on:
            shared = _pick(order_id, picks, stocked[offer.draws_on])
            shared.units, shared.of = shared.units + units, shared.of or offer
    for pick in picks.values():
        pick.takes = (Take(pick.first, pick.units),)
    return list(picks.values())


def _pick(order_id: str, picks: dict[str, Pick], offer: Offer) -> Pick:
    first = first_bucket(order_id, offer.offer_id, offer.buckets)
    return picks.setdefault(offer.offer_id, Pick(offer, 0, first, ()))


def draw(
    tenant_id: str,
    picks: Sequence[Pick],
    now: datetime,
    add: Callable[[Transaction], T],
    refused: Callable[[Refused], T | None],
    ahead: timedelta | None = None,
) -> T:
    """Commits what ``add`` adds for these picks; where their buckets have too few, other buckets are drawn from, and
    it is committed anew. Answers what ``add`` answers.

    ``refused`` sees each refusal first: it raises, or answers, where something else than a bucket was refused.
    ``ahead`` is that of ``StockMoves``. Raises
    CampaignNotOpen, CampaignClosed, LimitReached, SoldOut, and Unavailable where others are always faster.
    """
    # Not `change`: nothing is read again but buckets, and only those of the offers that were short.
    for _ in range(_DRAWS):
        tx = Transaction()
        answer = add(tx)
        try:
            tx.commit()
            return answer
        except Refused as refusal:
            if (other := refused(refusal)) is not None:
                return other
            _pick_again(tenant_id, picks, refusal, now, ahead)
    raise Unavailable("Many orders want the last units at once; send the same request again.", retry_after=1)


def _pick_again(
    tenant_id: str, picks: Iterable[Pick], refused: Refused, now: datetime, ahead: timedelta | None
) -> None:
    """Finds other buckets for the lines whose buckets refused.

    Raises what stands in the order's way: CampaignNotOpen, CampaignClosed, LimitReached or, only when all buckets of
    an offer together have too few, SoldOut.
    """
    stood = {pick.offer.offer_id: found for pick in picks if (found := _refusing(pick, refused))}
    short = [pick for pick in picks if pick.offer.offer_id in stood]
    check_open((bucket for buckets in stood.values() for bucket in buckets.values()), now, ahead)
    _check_limits(picks, refused)
    latest = _every_bucket(tenant_id, [pick for pick in short if pick.offer.buckets > 1], consistent=False)
    for pick in short:
        seen = dict(enumerate(latest.get(pick.offer.offer_id, ()))) | stood[pick.offer.offer_id]
        _choose(tenant_id, pick, _free(seen, pick), now)


def _refusing(pick: Pick, refused: Refused) -> dict[int, StockBucket | None]:
    """The buckets that refused a line, as they were found."""
    names = {each.bucket: bucket_name(pick.offer.offer_id, each.bucket) for each in pick.takes}
    return {n: refused.item(name, StockBucket) for n, name in names.items() if name in refused.names}


def _check_limits(picks: Iterable[Pick], refused: Refused) -> None:
    for pick in picks:
        name = f"limit:{pick.offer.offer_id}"
        if name in refused.names:
            record = refused.item(name, LimitRecord)
            used = int(record.used) if record else 0
            raise limit_reached(pick.offer, used - pick.own_back)


def _every_bucket(tenant_id: str, picks: list[Pick], *, consistent: bool = True) -> dict[str, list[StockBucket | None]]:
    wanted = [(pick.offer.offer_id, n) for pick in picks for n in range(pick.offer.buckets)]
    addresses = [(StockBucket, *StockBucket.address(tenant_id, offer_id, n)) for offer_id, n in wanted]
    buckets = fetch_many(addresses, consistent=consistent) if addresses else []
    found: dict[str, list[StockBucket | None]] = {}
    for (offer_id, _), bucket in zip(wanted, buckets, strict=True):
        found.setdefault(offer_id, []).append(bucket)
    return found


def _free(buckets: Mapping[int, StockBucket | None], pick: Pick) -> list[int]:
    return [(int(bucket.free) if bucket else 0) + pick.back.get(n, 0) for n, bucket in sorted(buckets.items())]


def _choose(tenant_id: str, pick: Pick, free: list[int], now: datetime) -> None:
    """Chooses by what may be a moment old; what seems too little is read again, consistently."""
    takes = take_units(free, pick.units, pick.first)
    if takes is None and pick.offer.buckets > 1:
        free = _free(dict(enumerate(_every_bucket(tenant_id, [pick])[pick.offer.offer_id])), pick)
        takes = take_units(free, pick.units, pick.first)
        if not any(free):
            rush.see_sold_out(pick.offer.offer_id, now)
    if takes is None:
        raise _sold_out(pick, sum(free))
    pick.takes = takes


def check_seen(picks: Iterable[Pick], now: datetime) -> None:
    """Refuses at once what was sold out a moment ago, in a rush. Raises SoldOut."""
    for pick in picks:
        if rush.is_sold_out(pick.offer.offer_id, now):
            raise _sold_out(pick, 0)


def _sold_out(pick: Pick, left: int) -> SoldOut:
    """The refusal of what was ordered: of a bundle in bundles."""
    wanted = pick.wanted
    left, asked = left // wanted.per, -(-pick.units // wanted.per)
    return SoldOut(
        f"Only {left} of '{wanted.sold_title}' {'is' if left == 1 else 'are'} left; you asked for {asked}."
        if left
        else f"'{wanted.sold_title}' is sold out; you asked for {asked}.",
        detail_zh=f"“{wanted.sold_title}”仅剩 {left} 件，您需要 {asked} 件。",
        extra={"offer_id": wanted.sold_as, "left": left},
    )


def picks_again(
    tenant_id: str, member_id: str, stocked: Mapping[str, Offer], lines: Sequence[Line], now: datetime
) -> list[Pick] | None:
    """Where an order that gave its units back could have them again; None where it cannot: the offer is closed or
    short, or the member has used up its limit since.
    """
    if any(line.offer_id not in stocked for line in lines):
        return None
    picks = first_picks("", [(stocked[line.offer_id], line.quantity) for line in lines], stocked)
    found = _every_bucket(tenant_id, picks)
    for pick in picks:
        buckets = [bucket for bucket in found[pick.offer.offer_id] if bucket is not None]
        if not all(takes_changes(each, now) for each in buckets):
            return None
        takes = take_units([int(bucket.free) for bucket in buckets], pick.units, 0)
        if takes is None or not _within_limit(tenant_id, member_id, pick):
            return None
        pick.takes = takes
    return picks


def _within_limit(tenant_id: str, member_id: str, pick: Pick) -> bool:
    limit = pick.offer.per_member_limit
    if limit is None or not pick.own:
        return True
    record = LimitRecord.fetch(*LimitRecord.address(tenant_id, pick.offer.offer_id, member_id), consistent=True)
    return (int(record.used) if record else 0) + pick.own <= limit
