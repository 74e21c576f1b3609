"""Baskets of a month, priced again without a new discount and with it, in the order in which they were placed. Pure.

Both prices come from the same function as those of orders, with the discounts that each basket had. So what differs
between them is the new one's doing: also where it takes another one's place, or lets a threshold be missed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.pricing.model import Item, Quote, Rule, quote


@dataclass(frozen=True, slots=True)
class Past:
    """A basket as it was ordered, with the discounts that it had as rules, and the delivery fee before any of them."""

    order_id: str
    member_id: str
    campaign_id: str
    on: date
    placed_at: datetime
    items: tuple[Item, ...]
    rules: tuple[Rule, ...] = ()
    delivery_minor: int = 0
    has_coupon: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How often the new discount may apply, and what it may cost in minor units; None where that is not limited."""

    budget_minor: int | None = None
    total: int | None = None
    per_member: int | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A basket that the new discount touches: what it costs without and with it, and what it takes off."""

    past: Past
    without: Quote
    having: Quote
    discount_minor: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all baskets. ``refused`` would have had it, had the limits not been used up: the first of them on
    ``used_up_on``. ``before_minor`` is what all of them cost without it, ``after_minor`` with it.
    """

    looked_at: int
    touched: Sequence[Tried]
    refused: int
    used_up_on: date | None
    before_minor: int
    after_minor: int

    @property
    def discount_minor(self) -> int:
        """What it takes off by itself; where it takes the place of others, more than buyers save."""
        return sum(each.discount_minor for each in self.touched)

    @property
    def dearer(self) -> int:
        """How many baskets cost more with it than without: it lets them miss what another discount asks for."""
        return sum(each.having.totals.total > each.without.totals.total for each in self.touched)


NewRule = Callable[[Past, Quote], Rule | None]
"""The new discount as a rule of a basket, which costs so much without it; None where it is not for that."""


@dataclass(slots=True)
class _Use:
    """What is used of the limits. A basket of a sample stands for several: ``times`` in ``of``."""

    limits: Limits
    times: int
    of: int
    minor: int = 0
    uses: int = 0
    by_member: Counter[str] = field(default_factory=Counter)

    def member_may(self, member_id: str) -> bool:
        return self.limits.per_member is None or self.by_member[member_id] < self.limits.per_member

    def pays(self, minor: int) -> bool:
        """Whether the budget, and the number of uses, are enough for one more."""
        budget, total = self.limits.budget_minor, self.limits.total
        enough = budget is None or (self.minor + minor) * self.times <= budget * self.of
        return enough and (total is None or (self.uses + 1) * self.times <= total * self.of)

    def take(self, member_id: str, minor: int) -> None:
        self.minor, self.uses = self.minor + minor, self.uses + 1
        self.by_member[member_id] += 1


def tried(
    baskets: Iterable[Past], currency: str, new: NewRule, limits: Limits, *, times: int = 1, of: int = 1
) -> Outcome:
    """Prices each basket without and with a new discount: that applies whole or not at all, while its limits last.

    Each basket stands for ``times / of``, so that the limits of a sample are used up when those of the month would be.
    """
    use = _Use(limits, times, of)
    touched: list[Tried] = []
    looked_at = refused = before = after = 0
    used_up_on: date | None = None
    for past in sorted(baskets, key=lambda each: (each.placed_at, each.order_id)):
        looked_at += 1
        found = _try(past, currency, new)
        before += found.without.totals.total
        if not found.discount_minor or not use.member_may(past.member_id):
            after += found.without.totals.total
        elif not use.pays(found.discount_minor):
            use.by_member[past.member_id] += 1
            refused += 1
            used_up_on = used_up_on or past.on
            after += found.without.totals.total
        else:
            use.take(past.member_id, found.discount_minor)
            after += found.having.totals.total
            touched.append(found)
    return Outcome(looked_at, touched, refused, used_up_on, before, after)


def _try(past: Past, currency: str, new: NewRule) -> Tried:
    without = quote(past.items, currency, past.rules, past.delivery_minor)
    rule = new(past, without)
    if rule is None:
        return Tried(past, without, without, 0)
    having = quote(past.items, currency, [*past.rules, rule], past.delivery_minor)
    own = (each.amount_minor for each in having.discounts if _is_of(rule, each.promotion_id, each.coupon_id))
    return Tried(past, without, having, sum(own))


def _is_of(rule: Rule, promotion_id: str | None, coupon_id: str | None) -> bool:
    return (rule.promotion_id, rule.coupon_id) == (promotion_id, coupon_id)


@dataclass(frozen=True, slots=True)
class Margin:
    """What goods whose cost is known bring and cost; ``uncosted_minor`` is the price of those whose cost is not."""

    price_minor: int = 0
    cost_minor: int = 0
    uncosted_minor: int = 0

    @property
    def minor(self) -> int:
        return self.price_minor - self.cost_minor


def margin_of(quotes: Iterable[Quote], costs: Mapping[str, int]) -> Margin:
    """The margin of baskets, by what a unit of each SKU costs; gifts cost, and bring nothing."""
    price = cost = uncosted = 0
    for priced in quotes:
        for item, payable in zip(priced.items, priced.payable_minor, strict=True):
            unit_cost = _cost_of(item, costs)
            if unit_cost is None:
                uncosted += payable
            else:
                price, cost = price + payable, cost + unit_cost * item.quantity
    return Margin(price, cost, uncosted)


def _cost_of(item: Item, costs: Mapping[str, int]) -> int | None:
    """What one of it costs, a bundle what its parts do; None where that is not known of all."""
    parts = [(part.sku_id, part.quantity) for part in item.parts] or [(item.sku_id, 1)]
    if any(sku_id not in costs for sku_id, _ in parts):
        return None
    return sum(costs[sku_id] * units for sku_id, units in parts)


def examples(touched: Sequence[Tried], number: int) -> list[Tried]:
    """Some of the baskets: that which saves most first, that which saves least last, and between them what is evenly
    spread.
    """
    ranked = sorted(touched, key=lambda each: (-each.discount_minor, each.past.placed_at, each.past.order_id))
    if len(ranked) <= number:
        return ranked
    return [ranked[n * (len(ranked) - 1) // (number - 1)] for n in range(number)]
