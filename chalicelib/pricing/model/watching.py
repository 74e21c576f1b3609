"""When a price needs a look: a competitor is cheaper, or it leaves less than the margin floor. Pure.

An incident begins once and ends once, however often it is looked at in between. Amounts are minor units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from chalicelib.catalog.model.contents import Content, Unit
from chalicelib.kernel.clock import instant, parse_instant
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import derived_id
from chalicelib.pricing.model.floors import WHOLE_BPS

MOST_PAST = 20
"""Incidents that are over and still listed, of one product."""

_SMALLER = {Unit.KILOGRAM: (Unit.GRAM, 1000), Unit.LITRE: (Unit.MILLILITRE, 1000)}


class Kind(StrEnum):
    """``competitor_below``: somebody sells the same for less. ``below_floor``: the price is under the margin floor."""

    COMPETITOR_BELOW = "competitor_below"
    BELOW_FLOOR = "below_floor"


@dataclass(frozen=True, slots=True)
class Seen:
    """A price that somebody asks, as it was seen on a day; ``content`` is what a pack of theirs holds, if said."""

    competitor: str
    price_minor: int
    seen_on: date
    recorded: str
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """A SKU as it is to be had now: the lowest price that everybody can have it for, and its floor (0 for none)."""

    sku_id: str
    price_minor: int
    content: Content | None = None
    floor_minor: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What needs a look: of ``competitor`` their price for as much as our pack holds, of the floor the floor."""

    kind: Kind
    sku_id: str
    ours_minor: int
    theirs_minor: int
    competitor: str = ""

    @property
    def subject(self) -> str:
        """What it is about; there is one incident of it at a time."""
        return f"{self.kind}:{self.sku_id}:{fold(self.competitor)}"

    @property
    def below_bps(self) -> int:
        """By how much theirs is lower, or our price lower than the floor, in basis points rounded down."""
        high, low = max(self.ours_minor, self.theirs_minor), min(self.ours_minor, self.theirs_minor)
        return (high - low) * WHOLE_BPS // high if high else 0


@dataclass(frozen=True, slots=True)
class Incident:
    """A finding, since when it stands and, once it does not any more, until when."""

    id: str
    finding: Finding
    began_at: datetime
    ended_at: datetime | None = None

    def as_json(self) -> list[Any]:
        found = self.finding
        return [
            self.id, found.kind.value, found.sku_id, found.ours_minor, found.theirs_minor, found.competitor,
            instant(self.began_at), self.ended_at and instant(self.ended_at),
        ]  # fmt: skip

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        incident_id, kind, sku_id, ours, theirs, competitor, began_at, ended_at = stored
        finding = Finding(Kind(kind), sku_id, ours, theirs, competitor)
        return cls(incident_id, finding, parse_instant(began_at), parse_instant(ended_at) if ended_at else None)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look has come to: the incidents, the open ones first, and which of them have begun and ended by it."""

    incidents: tuple[Incident, ...]
    began: tuple[Incident, ...] = ()
    ended: tuple[Incident, ...] = ()


def newest(seen: Iterable[Seen]) -> list[Seen]:
    """The last price of each competitor, however spelled: of the latest day, and of one day the last recorded."""
    last: dict[str, Seen] = {}
    for each in sorted(seen, key=lambda each: (each.seen_on, each.recorded)):
        last[fold(each.competitor)] = each
    return list(last.values())


def for_our_pack(seen: Seen, ours: Content | None) -> int | None:
    """What they ask for as much as our pack holds, rounded half up; None where the two packs cannot be compared. A
    price without a pack is for the same as ours.
    """
    if seen.content is None:
        return seen.price_minor
    if ours is None:
        return None
    (own, own_unit), (their, their_unit) = _measured(ours), _measured(seen.content)
    if own_unit is not their_unit:
        return None
    dividend, divisor = int(seen.price_minor * own * 1000), int(their * 1000)
    return (2 * dividend + divisor) // (2 * divisor)


def find(ours: Iterable[Ours], seen: Mapping[str, Sequence[Seen]], below_bps: int) -> list[Finding]:
    """All that needs a look; ``seen`` is by SKU. A competitor counts who is at least so many basis points cheaper."""
    found = []
    for sku in ours:
        if sku.price_minor < sku.floor_minor:
            found.append(Finding(Kind.BELOW_FLOOR, sku.sku_id, sku.price_minor, sku.floor_minor))
        for each in newest(seen.get(sku.sku_id, ())):
            theirs = for_our_pack(each, sku.content)
            if theirs is not None and theirs * WHOLE_BPS <= sku.price_minor * (WHOLE_BPS - below_bps):
                found.append(Finding(Kind.COMPETITOR_BELOW, sku.sku_id, sku.price_minor, theirs, each.competitor))
    return found


def look(incidents: Iterable[Incident], findings: Iterable[Finding], now: datetime, *salt: str) -> Looked:
    """The incidents after a look: who was found before and is again goes on, with its figures as they are now."""
    found = {each.subject: each for each in findings}
    open_ones, over, ended = list[Incident](), list[Incident](), list[Incident]()
    for each in incidents:
        if each.ended_at is not None:
            over.append(each)
        elif each.finding.subject in found:
            open_ones.append(replace(each, finding=found.pop(each.finding.subject)))
        else:
            ended.append(replace(each, ended_at=now))
    began = [Incident(derived_id(*salt, each.subject, instant(now)), each, now) for each in found.values()]
    past = sorted([*ended, *over], key=lambda each: (each.ended_at or now, each.id), reverse=True)[:MOST_PAST]
    return Looked((*open_ones, *began, *past), tuple(began), tuple(ended))


def _measured(content: Content) -> tuple[Decimal, Unit]:
    unit = Unit(content.unit)
    smaller, times = _SMALLER.get(unit, (unit, 1))
    return Decimal(content.quantity) * times, smaller
