"""A budget in parts, so that no item is written more often than it bears; and from which parts an order is paid. Pure.

What a promotion takes off an order is its budget's to pay, in minor units, and one of its uses. An order is paid whole
or not at all: from one part where one has enough, else from several; only where all of them together have too little
does the promotion not apply.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.kernel.currencies import worth
from chalicelib.kernel.money import allocate

MOST_PARTS = 20
"""A transactional write takes two units, and an item bears a thousand a second: 20 parts bear 10,000 orders a second,
or 5,000 with as many that are given back."""
_ORDERS_OF_A_PART = 50
"""So many orders a part pays for at least, as far as can be told: fewer would leave too much over in each."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one part of a budget pays for an order: an amount in minor units, and a use or none."""

    part: int
    minor: int
    uses: int = 0

    def as_json(self) -> list[int]:
        """As an order keeps it."""
        return [self.part, self.minor, self.uses]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        return cls(*map(int, stored))


@dataclass(frozen=True, slots=True)
class Left:
    """What a part has left; None where that is not limited."""

    minor: int | None
    uses: int | None


def parts_for(budget_minor: int | None, total: int | None, currency: str) -> int:
    """Into how many parts a budget, and a number of uses, is divided; 0 where neither is limited.

    What an order takes is not known; it is taken for a tenth of what is much money in the currency.
    """
    _, much = worth(currency)
    by_limit = []
    if budget_minor is not None:
        by_limit.append(budget_minor * 10 // (much * _ORDERS_OF_A_PART))
    if total is not None:
        by_limit.append(total // _ORDERS_OF_A_PART)
    return max(1, min(MOST_PARTS, *by_limit)) if by_limit else 0


def divided(budget_minor: int | None, total: int | None, parts: int) -> list[Left]:
    """What each part has at first."""
    equal = [1] * parts
    money = [None] * parts if budget_minor is None else allocate(budget_minor, equal)
    uses = [None] * parts if total is None else allocate(total, equal)
    return [Left(*each) for each in zip(money, uses, strict=True)]


def together(left: Sequence[Left]) -> Left:
    """What all parts have together."""
    minor = [each.minor for each in left if each.minor is not None]
    uses = [each.uses for each in left if each.uses is not None]
    return Left(sum(minor) if minor else None, sum(uses) if uses else None)


def first_part(order_id: str, promotion_id: str, parts: int) -> int:
    """The part that an order asks first; orders spread over all of them."""
    return zlib.crc32(f"{order_id}{promotion_id}".encode()) % parts


def shares_of(left: Sequence[Left], minor: int, uses: int, first: int) -> tuple[Share, ...] | None:
    """From which parts an amount, and a use, are paid, beginning with ``first``; None where all together have too
    little.
    """
    money = _gathered([each.minor for each in left], minor, first)
    counts = _gathered([each.uses for each in left], uses, first)
    if money is None or counts is None:
        return None
    return tuple(Share(part, money.get(part, 0), counts.get(part, 0)) for part in sorted({*money, *counts}))


def joined(held: Sequence[Share], taken: Sequence[Share]) -> tuple[Share, ...]:
    """Shares with others that come to them."""
    parts = {share.part: share for share in held}
    for share in taken:
        own = parts.get(share.part, Share(share.part, 0))
        parts[share.part] = Share(share.part, own.minor + share.minor, own.uses + share.uses)
    return tuple(parts.values())


def _gathered(left: Sequence[int | None], wanted: int, first: int) -> Mapping[int, int] | None:
    """From the first part on that has enough; where none has, from the fullest down. What is not limited has enough."""
    if not wanted:
        return {}
    has = [wanted if each is None else each for each in left]
    for step in range(len(has)):
        part = (first + step) % len(has)
        if has[part] >= wanted:
            return {part: wanted}
    if sum(has) < wanted:
        return None
    taken: dict[int, int] = {}
    for part in sorted(range(len(has)), key=lambda n: (-has[n], n)):
        taken[part] = min(has[part], wanted)
        wanted -= taken[part]
        if not wanted:
            break
    return taken


def lowered(shares: Sequence[Share], minor: int) -> tuple[Share, ...]:
    """What pays once an order costs its promotion no more than ``minor``: the first parts go on paying."""
    kept = []
    for share in shares:
        stays = min(share.minor, minor)
        minor -= stays
        kept.append(Share(share.part, stays, share.uses))
    return tuple(kept)
