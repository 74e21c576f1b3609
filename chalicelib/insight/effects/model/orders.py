"""What an order adds to the effects of its discounts, points and tier, as its present state says. Pure.

Whatever messages told of the order, and in whichever order: what it adds follows from how it stands, so that it may be
computed again at any time and the difference is counted. It counts on the local day on which it was placed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from chalicelib.insight.effects.model.figures import GIFTS, SPENDING, Figures, Kind, Subject
from chalicelib.kernel.money import allocate
from chalicelib.orders.discounts.model import Applied, off_lines
from chalicelib.orders.model import Line, Status
from chalicelib.orders.sale.model import Sale
from chalicelib.pricing.model import Step


@dataclass(frozen=True, slots=True)
class Means:
    """What is known of an order beside itself. ``batches`` leads from coupons to their batches; ``tier`` is its
    member's, ``for_tiers`` are the promotions that are for tiers alone; ``costs`` are the unit costs of SKUs where
    known; ``points`` are those that it has earned, ``points_of_tier`` of them by the factor of the tier.
    """

    batches: Mapping[str, str] = field(default_factory=dict)
    tier: str | None = None
    for_tiers: frozenset[str] = frozenset()
    costs: Mapping[str, int] = field(default_factory=dict)
    earned: bool = False
    points_of_tier: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """An order as its effects follow from it. ``sale`` is None where it is none; ``standing`` are its discounts without
    what came back with goods. ``returned`` is what was given back for goods by offer id, ``without_goods`` the part of
    it for which nothing came back; ``returned_minor`` all of it, without delivery; ``units_back`` are the units that
    were sent back. ``for_points`` marks a gift that was had for points: its ``sale`` is of its units at no price.
    """

    status: str
    was_paid: bool
    replaces: bool
    sale: Sale | None
    lines: Sequence[Line]
    discounts: Sequence[Applied]
    standing: Sequence[Applied]
    returned: Mapping[str, int] = field(default_factory=dict)
    without_goods: Mapping[str, int] = field(default_factory=dict)
    units_back: Mapping[str, int] = field(default_factory=dict)
    returned_minor: int = 0
    waited_for_payment: bool = False
    for_points: bool = False

    @property
    def was_placed(self) -> bool:
        """Whether it ever became an order; a hold that was not paid did not, and an exchange replaces another one."""
        if self.replaces or self.status in (Status.HELD, Status.EXPIRED):
            return False
        return self.sale is not None or self.was_paid or not self.waited_for_payment


def effects_of(seen: Seen, means: Means) -> dict[Subject, Figures]:
    """What the order adds to each effect that it is a part of."""
    if not seen.was_placed:
        return {}
    if seen.for_points:
        means = replace(means, tier=None, earned=False)
    brought = _brought(seen, means.costs)
    found: dict[Subject, Figures] = {}
    by_points = GIFTS if seen.for_points else SPENDING
    given = _by_subject(seen.discounts, means, by_points)
    stand = _by_subject(seen.standing, means, by_points) if seen.sale is not None and seen.sale.units else {}
    for subject, minor in given.items():
        left = stand.get(subject, 0)
        found[subject] = brought + Figures(discount_minor=left, discount_back_minor=minor - left)
    if means.earned:
        found[Subject(Kind.POINTS, "order")] = brought
    if means.tier is not None:
        own = Subject(Kind.TIER, means.tier)
        found[own] = found.get(own, brought) + Figures(points=means.points_of_tier)
    return found


def _by_subject(discounts: Iterable[Applied], means: Means, by_points: str) -> dict[Subject, int]:
    """What is taken off by whom. What a promotion for tiers takes off, and a fee that a tier saves, that tier costs."""
    taken: dict[Subject, int] = {}
    for each in discounts:
        for subject in _subjects(each, means, by_points):
            taken[subject] = taken.get(subject, 0) + each.amount_minor
    return taken


def _subjects(discount: Applied, means: Means, by_points: str) -> list[Subject]:
    if discount.step is Step.POINTS:
        return [Subject(Kind.POINTS, by_points)]
    if discount.coupon_id is not None:
        batch = means.batches.get(discount.coupon_id)
        return [Subject(Kind.COUPON_BATCH, batch)] if batch else []
    own = [Subject(Kind.PROMOTION, discount.promotion_id)] if discount.promotion_id else []
    of_tier = discount.promotion_id in means.for_tiers if discount.promotion_id else bool(discount.delivery_minor)
    return [*own, *([Subject(Kind.TIER, means.tier)] if of_tier and means.tier else [])]


def _brought(seen: Seen, costs: Mapping[str, int]) -> Figures:
    """What an order's goods brought, and cost. Goods that came back cost nothing; what was kept of an order of which
    nothing was handed over had no goods.
    """
    if seen.sale is None:
        return Figures(reversed=1)
    if not seen.sale.units:
        return Figures(orders=1, revenue_minor=seen.sale.amount_minor)
    off = off_lines(seen.discounts)
    known = unknown = returned = cost = 0
    for line in seen.lines:
        price = line.total_minor - off.get(line.offer_id, 0)
        back = min(price, seen.returned.get(line.offer_id, 0))
        returned += back
        whole = _cost_of(line, costs)
        if whole is None:
            unknown += price - back
            continue
        known += price - back
        goods_back = back - seen.without_goods.get(line.offer_id, 0)
        units_back = seen.units_back.get(line.offer_id, 0)
        cost += cost_kept(whole, Back(goods_back, price), Back(units_back, line.quantity))
    revenue = max(0, known + unknown + returned - max(returned, seen.returned_minor))
    costed = allocate(revenue, [known, unknown])[0] if known else 0
    return Figures(orders=1, revenue_minor=revenue, costed_minor=costed, cost_minor=cost)


class Back(NamedTuple):
    """So much of so much came back."""

    part: int
    of: int


def cost_kept(whole_minor: int, paid_back: Back, units_back: Back) -> int:
    """What the goods of a line cost that were kept, of all: those that came back cost nothing. As much came back as was
    paid back for goods, or as units came back, whichever is more.
    """
    return whole_minor - max(_part(whole_minor, *paid_back), _part(whole_minor, *units_back))


def _part(whole: int, part: int, of: int) -> int:
    """A part of a whole, rounded down; all of it at most."""
    return whole * min(max(0, part), of) // of if of else 0


def _cost_of(line: Line, costs: Mapping[str, int]) -> int | None:
    """What a line's goods cost; None where that is not known of all of them."""
    given = line.given
    if any(sku_id not in costs for sku_id in given):
        return None
    return sum(costs[sku_id] * units for sku_id, units in given.items())
