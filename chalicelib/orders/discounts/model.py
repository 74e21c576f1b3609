"""A discount as an order keeps it: why it applied, and what it took off each line. Pure. Amounts are minor units.

What it takes off a line belongs to that line: it falls with it, and goes with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from chalicelib.campaigns.model.bundles import sold_as
from chalicelib.campaigns.model.offers import Offer
from chalicelib.kernel.counting import counted
from chalicelib.orders.model import Line
from chalicelib.pricing.model import Discount, Quote, Step, Words, split_discount


@dataclass(frozen=True, slots=True)
class Applied:
    """A discount of an order. ``source`` is the promotion's id, the coupon's or, of what comes from neither, empty;
    ``shares`` is what it took off by offer id, ``delivery_minor`` off the delivery fee; ``gifts`` are units that were
    given for nothing, by offer id, and ``earned_by`` the offers that earned them, where not all did.
    """

    step: Step
    source: str
    reason: Words
    shares: Mapping[str, int]
    delivery_minor: int = 0
    gifts: Mapping[str, int] = field(default_factory=dict)
    earned_by: tuple[str, ...] = ()

    @property
    def amount_minor(self) -> int:
        """All that it took off."""
        return sum(self.shares.values()) + self.delivery_minor

    @property
    def coupon_id(self) -> str | None:
        """The member's coupon that it comes from, if it comes from one."""
        return self.source or None if self.step is Step.COUPON else None

    @property
    def promotion_id(self) -> str | None:
        """The promotion that it comes from, if it comes from one."""
        return self.source or None if self.step < Step.COUPON else None

    def shown(self, lines: Sequence[Line]) -> Discount:
        """As the quote had it, for these lines."""
        shares = tuple(self.shares.get(line.offer_id, 0) for line in lines)
        return Discount(self.step, self.reason, shares, self.delivery_minor, self.promotion_id, self.coupon_id)

    def as_json(self) -> list[Any]:
        """As the order's record stores it; of what it does not have, nothing at the end."""
        stored = [int(self.step), self.source, self.reason.en, self.reason.zh, dict(self.shares)]
        if self.gifts:
            given = [*stored, self.delivery_minor, dict(self.gifts)]
            return [*given, list(self.earned_by)] if self.earned_by else given
        return [*stored, self.delivery_minor] if self.delivery_minor else stored

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        step, source, en, zh, shares, *more = stored
        given = more[:2]
        earned_by = tuple(more[2]) if len(more) > 2 else ()
        return replace(cls(Step(step), source, Words(en, zh), shares, *given), earned_by=earned_by)


def applied(quote: Quote, bundles: Mapping[str, Sequence[Offer]] | None = None) -> tuple[Applied, ...]:
    """The discounts of a quote, for an order to keep. What is taken off a bundle, given with its goods by its id, falls
    on these by what earlier discounts left of each.
    """
    offer_ids = [item.offer_id for item in quote.items]
    left = _goods_costs(quote, bundles or {})
    return tuple(
        Applied(
            each.step,
            each.promotion_id or each.coupon_id or "",
            each.reason,
            _by_goods({name: share for name, share in zip(offer_ids, each.shares_minor, strict=True) if share}, left),
            each.delivery_minor,
            dict(each.gifts),
            each.earned_by,
        )
        for each in quote.discounts
    )


def _goods_costs(quote: Quote, bundles: Mapping[str, Sequence[Offer]]) -> dict[str, dict[str, int]]:
    """What the goods of each bundle cost, by the bundle's id and theirs."""
    return {
        item.offer_id: {goods.offer_id: goods.price_minor * item.quantity for goods in bundles[item.offer_id]}
        for item in quote.items
        if item.offer_id in bundles
    }


def _by_goods(shares: Mapping[str, int], left: dict[str, dict[str, int]]) -> dict[str, int]:
    """Shares by offer id, those of bundles split over their goods; takes them off what is ``left`` of these."""
    split: dict[str, int] = {}
    for name, share in shares.items():
        costs = left.get(name)
        if costs is None:
            split[name] = share
            continue
        parts = dict(zip(costs, split_discount(share, list(costs.values())), strict=True))
        left[name] = {goods: cost - parts[goods] for goods, cost in costs.items()}
        split |= {goods: part for goods, part in parts.items() if part}
    return split


def read_discounts(stored: Iterable[Sequence[Any]] | None) -> tuple[Applied, ...]:
    """Discounts as an order stores them."""
    return tuple(Applied.from_json(each) for each in stored or ())


def off_lines(discounts: Iterable[Applied]) -> dict[str, int]:
    """What all of them together took off, by offer id."""
    off: dict[str, int] = {}
    for each in discounts:
        for offer_id, share in each.shares.items():
            off[offer_id] = off.get(offer_id, 0) + share
    return off


def given(discounts: Iterable[Applied]) -> dict[str, int]:
    """The units that were given for nothing, by offer id."""
    units: dict[str, int] = {}
    for each in discounts:
        for offer_id, count in each.gifts.items():
            units[offer_id] = units.get(offer_id, 0) + count
    return units


def follow(discounts: Iterable[Applied], before: Sequence[Line], after: Sequence[Line]) -> tuple[Applied, ...]:
    """The discounts once an order's lines have become less, or cheaper: what each took off a line falls in the line's
    own proportion, rounded down. No threshold is tested again. What takes off nothing any more drops out.
    """
    was = {line.offer_id: line.total_minor for line in before}
    now = {line.offer_id: line.total_minor for line in after}
    units = {line.offer_id: line.quantity for line in after}
    followed = []
    for each in discounts:
        shares = {name: _lowered(share, was[name], now.get(name, 0)) for name, share in each.shares.items()}
        gifts = {name: min(count, units.get(name, 0)) for name, count in each.gifts.items()}
        followed.append(
            replace(
                each,
                shares={name: share for name, share in shares.items() if share},
                gifts={name: count for name, count in gifts.items() if count},
            )
        )
    return tuple(each for each in followed if each.amount_minor)


def points_used(points: int) -> Words:
    """Why an order costs less by points."""
    return Words(f"{counted(points, 'point')} used", f"使用 {points} 积分抵扣")


def gift_for(points: int) -> Words:
    """Why a gift costs no money."""
    return Words(f"Gift for {counted(points, 'point')}", f"{points} 积分兑换")


def naming(discounts: Iterable[Applied], points: int, *, for_gift: bool) -> tuple[Applied, ...]:
    """Discounts with the number of points that they come to by now in their words."""
    said = gift_for(points) if for_gift else points_used(points)
    return tuple(replace(each, reason=said) if each.step is Step.POINTS else each for each in discounts)


@dataclass(frozen=True, slots=True)
class CameBack:
    """What of an order's goods came back, by offer id: ``units`` that were paid back at what they were worth, and the
    money that was given back for goods, ``returned_minor``.
    """

    units: Mapping[str, int] = field(default_factory=dict)
    returned_minor: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept back for gifts that stay with the member although goods that earned them came back: of the money
    that goes back, and of the points that paid for these goods what the money does not bear.
    """

    minor: int = 0
    by_points_minor: int = 0


def after_returns(discounts: Sequence[Applied], lines: Sequence[Line], back: CameBack) -> tuple[Applied, ...]:
    """What discounts still come to once goods came back: of each line as much of its part goes with it as units of it
    came back, or as its money was given back, whichever is more. A gift goes with the goods that earned it as well: of
    one that stays its worth is taken off what is paid back.
    """
    quantities, costs = {line.offer_id: line.quantity for line in lines}, _costs(discounts, lines)
    left = []
    for each in discounts:
        earned = _returned_of(_earners(each, discounts, lines), quantities, back.units)
        shares = {}
        for name, share in each.shares.items():
            gone = max(
                _part(share, back.returned_minor.get(name, 0), costs[name]),
                _part(share, back.units.get(name, 0), quantities[name]),
                _part(share, *earned) if name in each.gifts else 0,
            )
            shares[name] = share - gone
        left.append(replace(each, shares=shares))
    return tuple(left)


def kept_gifts(discounts: Sequence[Applied], lines: Sequence[Line], units: Mapping[str, int]) -> Kept:
    """What gifts are worth that stay although so many units came back, by offer id: of each gift as much as came back
    of what was paid for the goods that earned it, by money or points, less what came back of the gift itself. No
    threshold is tested again.
    """
    quantities, costs = {line.offer_id: line.quantity for line in lines}, _costs(discounts, lines)
    worth = 0
    for each in discounts:
        earned = _returned_of(_earners(each, discounts, lines), quantities, units)
        for name in each.gifts:
            share = each.shares.get(name, 0)
            worth += max(0, _part(share, *earned) - _part(share, units.get(name, 0), quantities.get(name, 0)))
    money, _ = _returned_of(costs, quantities, units)
    return Kept(min(worth, money), max(0, worth - money))


def earners(discounts: Sequence[Applied], lines: Sequence[Line]) -> frozenset[str]:
    """The offers that earned gifts of an order, and were paid for."""
    found = (_earners(each, discounts, lines) for each in discounts if each.gifts)
    return frozenset(name for each in found for name in each)


def _earners(gift: Applied, discounts: Iterable[Applied], lines: Iterable[Line]) -> dict[str, int]:
    """What was paid for the goods that earned a gift, by money or points; of a bundle that did, for each part."""
    paid = _costs([each for each in discounts if each.step is not Step.POINTS], lines)
    by = gift.earned_by
    return {name: minor for name, minor in paid.items() if minor and (not by or sold_as(name) in by)}


def _costs(discounts: Iterable[Applied], lines: Iterable[Line]) -> dict[str, int]:
    off = off_lines(discounts)
    return {line.offer_id: line.total_minor - off.get(line.offer_id, 0) for line in lines}


def _returned_of(paid: Mapping[str, int], quantities: Mapping[str, int], units: Mapping[str, int]) -> tuple[int, int]:
    """What of that was paid for units that came back, and all of it."""
    returned = sum(_part(minor, units.get(name, 0), quantities[name]) for name, minor in paid.items())
    return returned, sum(paid.values())


def _part(share: int, of: int, whole: int) -> int:
    """As much of a share as so much is of a whole, rounded down."""
    return share * min(max(0, of), whole) // whole if whole else 0


def _lowered(share: int, was: int, now: int) -> int:
    return share * min(now, was) // was if was else 0


def by_step(discounts: Iterable[Applied], step: Step) -> int:
    """All that the discounts of one step take off."""
    return sum(each.amount_minor for each in discounts if each.step is step)


def by_promotion(*several: Iterable[Applied]) -> dict[str, int]:
    """What each promotion takes off, by its id; of several baskets the one that takes most."""
    most: dict[str, int] = {}
    for discounts in several:
        own: dict[str, int] = {}
        for each in discounts:
            if each.promotion_id is not None:
                own[each.promotion_id] = own.get(each.promotion_id, 0) + each.amount_minor
        for name, amount in own.items():
            most[name] = max(most.get(name, 0), amount)
    return most
