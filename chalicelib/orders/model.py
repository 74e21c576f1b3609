"""What an order is. Pure."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from chalicelib.campaigns.model.bundles import is_part, sold_as, worth_of
from chalicelib.kernel.clock import instant, parse_instant
from chalicelib.pricing.model.tax import TaxRates, read_rates, stored_rates

MAX_LINES = 20
MAX_PARCEL_LINES = 46
"""What an order is handed over in at most, each part of a bundle counted: as much as a campaign may have in stock."""
PAY_AT_PICKUP = "pickup"
HOLD = timedelta(minutes=15)
"""So long an order's units are kept for its online payment."""

Side = Literal["held", "sold"]
"""Where an order's units stand in the stock buckets: reserved by an unpaid order, or sold."""


class Status(StrEnum):
    """Where an order stands. ``held`` waits for an online payment; an order paid at pickup starts as ``placed``."""

    HELD = "held"
    PLACED = "placed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    READY = "ready"
    PICKED_UP = "picked_up"
    REFUNDED = "refunded"


class RefundStatus(StrEnum):
    """Where money on its way back stands: asked for, arrived, or declined by the provider."""

    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class PaymentState(StrEnum):
    """How far an order is paid: ``unpaid`` and ``part_paid`` while something is due; then ``paid``, ``part_refunded``
    or ``refunded`` by what of it went back; ``nothing_due`` where nothing was paid and nothing is to be paid.
    """

    UNPAID = "unpaid"
    PART_PAID = "part_paid"
    PAID = "paid"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    NOTHING_DUE = "nothing_due"


S = Status
MOVES: Mapping[Status, tuple[Status, ...]] = {
    S.HELD: (S.PLACED, S.CANCELLED, S.EXPIRED),
    S.PLACED: (S.READY, S.PICKED_UP, S.CANCELLED, S.REFUNDED),
    S.READY: (S.PICKED_UP, S.CANCELLED, S.REFUNDED),
    S.PICKED_UP: (S.REFUNDED,),
    S.CANCELLED: (),
    S.EXPIRED: (S.PLACED,),
    S.REFUNDED: (),
}
"""Every move there is."""

_IN_WORDS: Mapping[Status, str] = {
    S.HELD: "waiting for its payment",
    S.PLACED: "placed",
    S.READY: "ready to be collected",
    S.PICKED_UP: "collected",
    S.CANCELLED: "cancelled",
    S.EXPIRED: "expired",
    S.REFUNDED: "refunded",
}


def in_words(status: str) -> str:
    """A state as an English sentence says it after *the order is*."""
    return _IN_WORDS[Status(status)]


SOLD = frozenset({Status.PLACED, Status.READY, Status.PICKED_UP})
"""The states whose units stand as ``sold`` in the stock buckets; these orders make up a campaign's progress."""

OWED = SOLD | {Status.HELD}
"""The states in which what is unpaid is still to be paid."""


def payment_state(paid_minor: int, refunded_minor: int, due_minor: int) -> PaymentState:
    """How far an order is paid, from its totals in minor units; what is on its way back counts as refunded."""
    if due_minor:
        return PaymentState.PART_PAID if paid_minor > refunded_minor else PaymentState.UNPAID
    if not paid_minor:
        return PaymentState.NOTHING_DUE
    if not refunded_minor:
        return PaymentState.PAID
    return PaymentState.PART_REFUNDED if refunded_minor < paid_minor else PaymentState.REFUNDED


def may_become(current: str, to: Status) -> bool:
    """Whether an order may go from one state to another."""
    return to in MOVES[Status(current)]


@dataclass(frozen=True, slots=True)
class Take:
    """Units taken from one of an offer's stock buckets."""

    bucket: int
    units: int


@dataclass(frozen=True, slots=True)
class Line:
    """An offer in an order: quantity, price of one unit in minor units, and where its units were taken.

    ``limited`` says that the units also count against a limit for each member. ``instead`` has the units that are given
    as another SKU, with that SKU; where one is given instead of all, ``sku_id`` is that one's. ``rates`` are those of
    the tax that its price includes, as they were when it was ordered: they stay, whatever is given instead.

    A bundle is a line for each of its parts, under the id of that part: its units are the SKU's, of which ``per`` are
    in each bundle and cost ``unit_price_minor`` together. ``draws_on`` is the offer whose stock its units came from as
    well, ``drawn`` where.
    """

    offer_id: str
    sku_id: str
    quantity: int
    unit_price_minor: int
    takes: tuple[Take, ...]
    limited: bool = False
    instead: tuple[tuple[str, int], ...] = ()
    rates: TaxRates = ()
    per: int = 1
    draws_on: str = ""
    drawn: tuple[Take, ...] = ()

    @property
    def sources(self) -> tuple[tuple[str, tuple[Take, ...]], ...]:
        """The stock that its units came from: what was taken from which buckets, by offer id."""
        own = (self.offer_id, self.takes)
        return (own, (self.draws_on, self.drawn)) if self.draws_on else (own,)

    @property
    def given(self) -> dict[str, int]:
        """The units by the SKU that is given: as ordered first, then what comes instead."""
        as_ordered = self.quantity - sum(units for _, units in self.instead)
        return ({self.sku_id: as_ordered} if as_ordered else {}) | dict(self.instead)

    def given_instead(self, sku_id: str, instead: Mapping[str, int]) -> "Line":
        """The line of units of ``sku_id``, of which so many are given as other SKUs. A bundle's part stays known by its
        own SKU.
        """
        kept = tuple((other, units) for other, units in instead.items() if units)
        whole = len(kept) == 1 and kept[0][1] == self.quantity and not is_part(self.offer_id)
        return replace(self, sku_id=kept[0][0] if whole else sku_id, instead=kept)

    @property
    def total_minor(self) -> int:
        """The line before discounts."""
        return worth_of(self.unit_price_minor, self.quantity, self.per)

    def as_json(self) -> list[Any]:
        """As the order's record stores it: a list, since an order of one line must fit into a kilobyte.

        The fifth entry is the bucket where all units came from, or a list of ``[bucket, units]``; a sixth marks a
        limited line; a seventh has what is given instead; an eighth the rates of its tax; a ninth what a bundle's part
        has of its own.
        """
        stored = [self.offer_id, self.sku_id, self.quantity, self.unit_price_minor, _takes_json(self.takes)]
        instead = [int(self.limited), dict(self.instead)]
        if self.per > 1 or self.draws_on:
            of_part = [self.per, self.draws_on, _takes_json(self.drawn)] if self.draws_on else [self.per]
            return [*stored, *instead, stored_rates(self.rates), of_part]
        if self.rates:
            return [*stored, *instead, stored_rates(self.rates)]
        if self.instead:
            return [*stored, int(self.limited), dict(self.instead)]
        return [*stored, 1] if self.limited else stored

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        offer_id, sku_id, quantity, unit_price_minor, takes, *more = stored
        own = _read_takes(takes, quantity)
        instead = tuple(more[1].items()) if len(more) > 1 else ()
        rates = read_rates(more[2]) if len(more) > 2 else ()
        per, *draws = more[3] if len(more) > 3 else (1,)
        draws_on, drawn = (draws[0], _read_takes(draws[1], quantity)) if draws else ("", ())
        limited = bool(more and more[0])
        return cls(offer_id, sku_id, quantity, unit_price_minor, own, limited, instead, rates, per, draws_on, drawn)


def split_takes(takes: Sequence[Take], units: int) -> tuple[tuple[Take, ...], tuple[Take, ...]]:
    """The first so many units, and the others."""
    stay, back = [], []
    for take in takes:
        here = min(take.units, units)
        units -= here
        if here:
            stay.append(Take(take.bucket, here))
        if take.units > here:
            back.append(Take(take.bucket, take.units - here))
    return tuple(stay), tuple(back)


def quantities(lines: Iterable[Line]) -> dict[str, int]:
    """What lines are of, as it was ordered: units by offer id, of a bundle how many of it. A bundle of which a part is
    missing still counts.
    """
    ordered: dict[str, int] = {}
    for line in lines:
        name, whole = sold_as(line.offer_id), -(-line.quantity // line.per)
        ordered[name] = max(ordered.get(name, 0), whole)
    return ordered


def _takes_json(takes: Sequence[Take]) -> Any:
    return takes[0].bucket if len(takes) == 1 else [[take.bucket, take.units] for take in takes]


def _read_takes(stored: Any, quantity: int) -> tuple[Take, ...]:
    if isinstance(stored, int):
        return (Take(stored, quantity),)
    return tuple(Take(*take) for take in stored)


@dataclass(frozen=True, slots=True)
class DeliveryAddress:
    """Where an order is delivered to the door."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an order is handed over: at a pickup point or, with a ``delivery``, brought from there to a door."""

    pickup_point_id: str
    delivery: DeliveryAddress | None = None

    def as_json(self) -> dict[str, Any]:
        """As the order's record stores it."""
        return {"point": self.pickup_point_id, "to": asdict(self.delivery) if self.delivery else None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["point"], DeliveryAddress(**stored["to"]) if stored["to"] else None)


@dataclass(frozen=True, slots=True)
class WaitingEdit:
    """A dearer basket of a paid order, which becomes the order's when ``amount_minor`` is paid before ``until``.

    Its ``added`` units are held meanwhile; ``removed`` are those that go back then. Money in minor units. It is handed
    over at ``place``; None where that stays as it is. ``discounts`` are as an order stores them;
    ``points`` are how many points pay how much of it.
    """

    id: str
    amount_minor: int
    until: datetime
    lines: tuple[Line, ...]
    discount_minor: int
    delivery_minor: int
    deposit_minor: int | None
    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    place: Place | None = None
    discounts: tuple[Sequence[Any], ...] = ()
    points: tuple[int, int] = (0, 0)

    def as_json(self) -> dict[str, Any]:
        """As the order's record stores it."""
        more: dict[str, Any] = {"place": self.place.as_json()} if self.place else {}
        if self.discounts:
            more["discounts"] = list(self.discounts)
        if self.points != (0, 0):
            more["points"] = list(self.points)
        return more | {
            "id": self.id,
            "amount": self.amount_minor,
            "until": instant(self.until),
            "lines": [line.as_json() for line in self.lines],
            "discount": self.discount_minor,
            "delivery": self.delivery_minor,
            "deposit": self.deposit_minor,
            "added": [line.as_json() for line in self.added],
            "removed": [line.as_json() for line in self.removed],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        lines, added, removed = (
            tuple(Line.from_json(line) for line in stored[name]) for name in ("lines", "added", "removed")
        )
        return cls(
            stored["id"],
            int(stored["amount"]),
            parse_instant(stored["until"]),
            lines,
            int(stored["discount"]),
            int(stored["delivery"]),
            stored["deposit"],
            added,
            removed,
            Place.from_json(stored["place"]) if "place" in stored else None,
            tuple(stored.get("discounts", ())),
            tuple(stored.get("points", (0, 0))),
        )


def shard_of(member_id: str, shards: int) -> int:
    """The partition of a campaign's order index for a member: all of a member's orders share one.

    So distinct members can be counted one partition at a time, and the counts summed.
    """
    return zlib.crc32(member_id.encode()) % shards
