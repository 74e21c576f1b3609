"""Moving an order's units between the sides of the stock buckets, in the order's own write.

Each bucket decides for itself, in the write, whether it is open (``cutoff``) and has enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import Transaction
from chalicelib.orders.model import Line, Side, Take, split_takes
from chalicelib.orders.rush import service as rush
from chalicelib.orders.stock.records import LimitRecord
from chalicelib.orders.stock.service.cutoff import within_window
from chalicelib.pricing.model.tax import one_rate


@dataclass(slots=True)
class Pick:
    """Units on their way into an order: how many of the stock of an offer, or of a bundle's part, and which buckets are
    to give them. ``own`` of them are for its own line, the rest for parts of bundles that draw on it, ``of`` the first.

    ``back`` has the units by bucket that the same write gives back, and that may be taken again; ``own_back`` are how
    many of them count against its limit.
    """

    offer: Offer
    units: int
    first: int
    takes: tuple[Take, ...]
    back: Mapping[int, int] = field(default_factory=dict)
    own: int = 0
    own_back: int = 0
    of: Offer | None = None

    @property
    def wanted(self) -> Offer:
        """What was ordered that needs them: a bundle's part, where nothing else does."""
        return self.offer if self.own or self.of is None else self.of

    def line(self, takes: tuple[Take, ...]) -> Line:
        """Its own line as the order will keep it, of these buckets; without what it draws on another offer."""
        offer = self.offer
        limited = offer.per_member_limit is not None
        rates = one_rate(offer.tax_bps)
        return Line(
            offer.offer_id, offer.sku_id, self.own, offer.price_minor, takes, limited, rates=rates, per=offer.per
        )


def lines_of(picks: Sequence[Pick]) -> tuple[Line, ...]:
    """The lines that an order keeps of picks, each with the buckets that its units came from."""
    own, rest = {}, {}
    for pick in picks:
        own[pick.offer.offer_id], rest[pick.offer.offer_id] = split_takes(pick.takes, pick.own)
    lines = []
    for pick in picks:
        if not pick.own:
            continue
        line, stock = pick.line(own[pick.offer.offer_id]), pick.offer.draws_on
        if stock:
            drawn, rest[stock] = split_takes(rest[stock], pick.own)
            line = replace(line, draws_on=stock, drawn=drawn)
        lines.append(line)
    return tuple(lines)


@dataclass(slots=True)
class _Bucket:
    """What one write adds to the sides of a bucket; with ``window``, only while that takes orders."""

    free: int = 0
    held: int = 0
    sold: int = 0
    window: datetime | None = None


@dataclass(slots=True)
class _Limit:
    """What one write adds to a member's use of an offer; ``most`` is what may be used in all."""

    used: int = 0
    most: int = 0


class StockMoves:
    """The units that one write moves for an order, and its member's use of limits. Each bucket and each limit is one
    operation, whatever is taken from it and given back to it.

    ``ahead`` is how long before the opening the member may place the order; None where the order stands already.

    It always fits one transaction: a campaign has no more buckets and offers than that (``MAX_STOCK_OPERATIONS``).
    """

    def __init__(self, tenant_id: str, member_id: str, ahead: timedelta | None = None) -> None:
        self._tenant_id, self._member_id, self._ahead = tenant_id, member_id, ahead
        self._buckets: dict[tuple[str, int], _Bucket] = {}
        self._limits: dict[str, _Limit] = {}

    def take(self, picks: Iterable[Pick], now: datetime, side: Side = "sold") -> None:
        """Takes every line, and uses the limits of offers that have one. Units of an order that waits for its payment
        go to the side of the ``held``.
        """
        for pick in picks:
            self._move(pick.offer.offer_id, pick.takes, -1, side, now)
            if pick.own and pick.offer.per_member_limit is not None:
                limit = self._limits.setdefault(pick.offer.offer_id, _Limit())
                limit.used, limit.most = limit.used + pick.own, pick.offer.per_member_limit

    def confirm(self, lines: Iterable[Line]) -> None:
        """Sells units that were held. Whenever it is: what is held was taken in time."""
        for stock, takes in (source for line in lines for source in line.sources):
            for each in takes:
                bucket = self._bucket(stock, each.bucket)
                bucket.held -= each.units
                bucket.sold += each.units

    def give_back(self, lines: Iterable[Line], now: datetime | None, side: Side = "sold") -> None:
        """Returns every unit from the side where it stands to where it was taken, and the use of limits.

        With ``now``, only while the campaign takes orders; None returns them whenever it is.
        """
        for line in lines:
            for stock, takes in line.sources:
                rush.see_given_back(stock)
                self._move(stock, takes, 1, side, now)
            if line.limited:
                self._limits.setdefault(line.offer_id, _Limit()).used -= line.quantity

    def only_within_window(self, offer_id: str, now: datetime) -> None:
        """Holds the write to the time in which the campaign takes orders, although it may move nothing."""
        self._bucket(offer_id, 0).window = now

    def add(self, tx: Transaction) -> None:
        """Adds every operation, named ``stock:{offer}:{bucket}`` and ``limit:{offer}``."""
        for (offer_id, n), bucket in self._buckets.items():
            self._add_bucket(tx, offer_id, n, bucket)
        for offer_id, limit in self._limits.items():
            self._add_limit(tx, offer_id, limit)

    def _bucket(self, offer_id: str, n: int) -> _Bucket:
        return self._buckets.setdefault((offer_id, n), _Bucket())

    def _move(self, offer_id: str, takes: Iterable[Take], back: int, side: Side, now: datetime | None) -> None:
        for each in takes:
            bucket = self._bucket(offer_id, each.bucket)
            bucket.free += back * each.units
            setattr(bucket, side, getattr(bucket, side) - back * each.units)
            bucket.window = now or bucket.window

    def _add_bucket(self, tx: Transaction, offer_id: str, n: int, bucket: _Bucket) -> None:
        sides: list[tuple[Any, int]] = [
            (StockBucket.free, bucket.free), (StockBucket.held, bucket.held), (StockBucket.sold, bucket.sold),
        ]  # fmt: skip
        conditions: list[Condition] = [side >= -units for side, units in sides if units < 0]
        if bucket.window is not None:
            conditions.append(within_window(bucket.window, self._ahead))
        actions = [side.add(units) for side, units in sides if units]
        name, address = bucket_name(offer_id, n), StockBucket.address(self._tenant_id, offer_id, n)
        if actions:
            tx.update(name, StockBucket, *address, actions=actions, condition=reduce(and_, conditions))
        elif conditions:
            tx.check(name, StockBucket, *address, reduce(and_, conditions))

    def _add_limit(self, tx: Transaction, offer_id: str, limit: _Limit) -> None:
        if limit.used == 0:
            return
        fits: Condition = LimitRecord.used >= -limit.used
        if limit.used > 0:
            fits = LimitRecord.used.does_not_exist() | (LimitRecord.used <= limit.most - limit.used)
        tx.update(
            f"limit:{offer_id}",
            LimitRecord,
            *LimitRecord.address(self._tenant_id, offer_id, self._member_id),
            actions=[LimitRecord.used.add(limit.used)],
            condition=fits,
        )


def bucket_name(offer_id: str, n: int) -> str:
    """The operation on a bucket, as a refusal names it."""
    return f"stock:{offer_id}:{n}"
