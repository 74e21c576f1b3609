"""A discount as an order keeps it: why it applied, and what it took off each line. Pure. Amounts are minor units.

What it takes off a line belongs to that line: it falls with it, and goes with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from chalicelib.campaigns.model.offers import Offer
from chalicelib.orders.model import Line
from chalicelib.pricing.model import Discount, Quote, Step, Words, split_discount


@dataclass(frozen=True, slots=True)
class Applied:
    """A discount of an order. ``source`` is the promotion's id, the coupon's or, of what comes from neither, empty;
    ``shares`` is what it took off by offer id, ``delivery_minor`` off the delivery fee; ``gifts`` are units that were
    given for nothing, by offer id.
    """

    step: Step
    source: str
    reason: Words
    shares: Mapping[str, int]
    delivery_minor: int = 0
    gifts: Mapping[str, int] = field(default_factory=dict)

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
            return [*stored, self.delivery_minor, dict(self.gifts)]
        return [*stored, self.delivery_minor] if self.delivery_minor else stored

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        step, source, en, zh, shares, *more = stored
        return cls(Step(step), source, Words(en, zh), shares, *more)


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


def after_returns(
    discounts: Iterable[Applied], costs: Mapping[str, int], returned: Mapping[str, int]
) -> tuple[Applied, ...]:
    """What discounts still come to once so much was given back for goods that came back, by offer id, of what each line
    costs: of each line as much of its part goes with it.
    """
    left = []
    for each in discounts:
        shares = {name: share - _part(share, returned.get(name, 0), costs[name]) for name, share in each.shares.items()}
        left.append(replace(each, shares=shares))
    return tuple(left)


def _part(share: int, returned: int, cost: int) -> int:
    return share * min(max(0, returned), cost) // cost if cost else 0


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
