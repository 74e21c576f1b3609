"""What an order earned and cost, as its present state and its books say. Pure. Amounts are minor units.

What is computed follows from how the order stands: it may be computed again at any time, in whichever order messages of
it came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.insight.earnings.model.figures import NONE_NAMED, NOTHING, Earned, summed
from chalicelib.insight.effects.model.orders import Back, Seen, cost_kept
from chalicelib.kernel.money import allocate
from chalicelib.orders.discounts.model import off_lines
from chalicelib.orders.model import Line
from chalicelib.pricing.model import Step
from chalicelib.pricing.model.tax import TaxRates, by_line


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of a SKU: its product, and what a unit cost the brand when it was ordered; None where unknown."""

    product_id: str
    cost_minor: int | None


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an order beside itself. ``goods`` are by SKU; ``rates`` of tax by offer id, of the delivery fee
    under ``delivery``, of which ``delivery_minor`` was kept. ``untaxed`` are the parts of amounts, by offer id as well,
    that nothing was handed over for, in units. ``booked`` is what its books say of commission, fees and remedies.
    """

    goods: Mapping[str, Goods] = field(default_factory=dict)
    rates: Mapping[str, TaxRates] = field(default_factory=dict)
    delivery: str = "delivery"
    delivery_minor: int = 0
    untaxed: Mapping[str, int] = field(default_factory=dict)
    booked: Earned = NOTHING


def earned_of(seen: Seen, about: About) -> tuple[Earned, dict[str, Earned]]:
    """What the order earned in all, and what its products did of that. An exchange replaces what was sold, and is part
    of no figure but the remedy that it may be.
    """
    if seen.replaces:
        return NOTHING, {}
    if seen.for_points:
        parts = _by_product(seen.lines, [_given(line, about) for line in seen.lines], about) if seen.sale else {}
        return summed(parts.values()) + about.booked, _counted(parts, orders=0)
    if seen.sale is None:
        return about.booked, {}
    sold = Earned(1, seen.sale.units, seen.sale.amount_minor)
    if not seen.sale.units:
        return sold + about.booked + Earned(gross_minor=seen.sale.amount_minor), {}
    lines = _lines(seen, about)
    off = sum(each.delivery_minor for each in seen.standing)
    taxes = _taxes(seen.lines, lines, about)
    lines = [replace(each, tax_minor=taxes.get(line.offer_id, 0)) for line, each in zip(seen.lines, lines, strict=True)]
    delivery = replace(
        _off((each.step, each.delivery_minor) for each in seen.standing),
        delivery_minor=about.delivery_minor + off,
        tax_minor=taxes.get(about.delivery, 0),
    )
    whole = summed([sold, *lines, delivery, about.booked])
    return whole, _counted(_by_product(seen.lines, lines, about), orders=1)


def _counted(parts: Mapping[str, Earned], orders: int) -> dict[str, Earned]:
    return {name: replace(each, orders=orders) for name, each in sorted(parts.items()) if each}


def _lines(seen: Seen, about: About) -> list[Earned]:
    """What the goods of each line earned and cost, before tax."""
    off = off_lines(seen.discounts)
    prices = [line.total_minor - off.get(line.offer_id, 0) for line in seen.lines]
    back = [min(price, seen.returned.get(line.offer_id, 0)) for line, price in zip(seen.lines, prices, strict=True)]
    kept = [price - each for price, each in zip(prices, back, strict=True)]
    beyond = min(sum(kept), max(0, seen.returned_minor - sum(back)))
    taken = allocate(beyond, kept) if beyond else [0] * len(kept)
    return [
        _line(line, price, each, left - more, seen, about)
        for line, price, each, left, more in zip(seen.lines, prices, back, kept, taken, strict=True)
    ]


def _line(line: Line, price: int, back: int, kept: int, seen: Seen, about: About) -> Earned:
    name = line.offer_id
    taken_off = _off((each.step, each.shares.get(name, 0)) for each in seen.standing)
    granted = min(back, seen.without_goods.get(name, 0))
    units = max(0, line.quantity - seen.units_back.get(name, 0))
    whole = _cost_of(line, about)
    earned = replace(
        taken_off, units=units, granted_minor=granted, gross_minor=kept + granted + taken_off.discounts_minor
    )
    if whole is None:
        return replace(earned, uncosted_units=units, uncosted_minor=kept)
    cost = cost_kept(whole, Back(back - granted, price), Back(line.quantity - units, line.quantity))
    return replace(earned, goods_minor=cost)


def _given(line: Line, about: About) -> Earned:
    """What the goods of a gift for points cost."""
    whole = _cost_of(line, about)
    if whole is None:
        return Earned(units=line.quantity, uncosted_units=line.quantity)
    return Earned(units=line.quantity, gifts_minor=whole)


def _off(taken: Iterable[tuple[Step, int]]) -> Earned:
    """What was taken off, by what it comes from."""
    by_kind = {"promotions_minor": 0, "coupons_minor": 0, "points_minor": 0}
    for step, minor in taken:
        by_kind[_KIND.get(step, "promotions_minor")] += minor
    return Earned(**by_kind)


_KIND = {Step.COUPON: "coupons_minor", Step.POINTS: "points_minor"}


def _taxes(lines: Sequence[Line], earned: Sequence[Earned], about: About) -> dict[str, int]:
    """The tax in what was kept, by part: one sum for each rate of the order, as its documents have it."""
    if not about.rates:
        return {}
    amounts = {
        line.offer_id: _taxed(each.received_minor, line.quantity, about.untaxed.get(line.offer_id, 0))
        for line, each in zip(lines, earned, strict=True)
    }
    if about.delivery_minor:
        amounts[about.delivery] = about.delivery_minor
    return by_line(amounts, about.rates)


def _taxed(minor: int, quantity: int, without: int) -> int:
    return minor * (quantity - without) // quantity if without else minor


def _cost_of(line: Line, about: About) -> int | None:
    """What all goods of a line cost; None where that is not known of all of them."""
    total = 0
    for sku_id, units in line.given.items():
        cost = about.goods[sku_id].cost_minor if sku_id in about.goods else None
        if cost is None:
            return None
        total += cost * units
    return total


def _by_product(lines: Sequence[Line], earned: Sequence[Earned], about: About) -> dict[str, Earned]:
    """What lines earned by product; what was given as several SKUs is divided by their units."""
    found: dict[str, Earned] = {}
    for line, each in zip(lines, earned, strict=True):
        for product_id, share in _divided(line, each, about):
            found[product_id] = found.get(product_id, NOTHING) + share
    return found


def _divided(line: Line, earned: Earned, about: About) -> list[tuple[str, Earned]]:
    units: dict[str, int] = {}
    for sku_id, count in line.given.items():
        product_id = about.goods[sku_id].product_id if sku_id in about.goods else NONE_NAMED
        units[product_id] = units.get(product_id, 0) + count
    if len(units) == 1:
        return [(next(iter(units)), earned)]
    shares = zip(*(allocate(value, list(units.values())) for value in earned.values), strict=True)
    return [(product_id, Earned(*share)) for product_id, share in zip(units, shares, strict=True)]
