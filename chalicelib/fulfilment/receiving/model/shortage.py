"""Which orders a delivery leaves short, and which get something else. Pure.

First come, first served: where less comes than was sold, the orders that came last go short.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of an order: units of an offer, which SKU was ordered, which it gets, and how many were handed over."""

    offer_id: str
    sku_id: str
    given_sku_id: str
    quantity: int
    picked: int = 0

    @property
    def is_substituted(self) -> bool:
        return self.given_sku_id != self.sku_id


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as the allocation sees it."""

    order_id: str
    lines: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done to an order: new, lower quantities by offer, and other SKUs by offer."""

    order_id: str
    quantities: Mapping[str, int] = field(default_factory=dict)
    substitutes: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> list[Any]:
        """As the supply's record stores it."""
        return [self.order_id, dict(self.quantities), dict(self.substitutes)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        return cls(*stored)


Open = dict[str, dict[str, int]]
"""Units by the SKU that was ordered, then by the SKU that came in its place."""


def substituted(orders: Iterable[Placed]) -> Open:
    """The units that orders get as another SKU."""
    found: Open = {}
    for order in orders:
        for line in order.lines:
            if line.is_substituted:
                by = found.setdefault(line.sku_id, {})
                by[line.given_sku_id] = by.get(line.given_sku_id, 0) + line.quantity
    return found


def together(these: Open, those: Open) -> Open:
    """The units of both."""
    skus = dict.fromkeys((*these, *those))
    return {sku_id: dict(Counter(these.get(sku_id, {})) + Counter(those.get(sku_id, {}))) for sku_id in skus}


def left_over(came: Open, given: Open) -> Open:
    """The substitutes that came and are in no order; a SKU in whose place none is left is left out."""
    return {
        sku_id: left
        for sku_id, others in came.items()
        if (left := dict(Counter(others) - Counter(given.get(sku_id, {}))))
    }


def give(last_first: Iterable[Placed], left: Open, excess: dict[str, int]) -> list[Step]:
    """Hands substitutes to whole lines, the last come first, since the first come get what they ordered.

    It does so while more of the line's SKU is sold than is there: ``excess`` by SKU is reduced, below 0 where the last
    line is larger than what is missing, and so is ``left``. A line that does not fit what is left keeps its SKU, and
    the next is tried.
    """
    steps = []
    for order in last_first:
        chosen = {}
        for line in order.lines:
            if line.is_substituted or line.picked or excess.get(line.sku_id, 0) <= 0:
                continue
            others = left.get(line.sku_id, {})
            other = next((sku_id for sku_id, units in others.items() if units >= line.quantity), None)
            if other is not None:
                others[other] -= line.quantity
                excess[line.sku_id] -= line.quantity
                chosen[line.offer_id] = other
        if chosen:
            steps.append(Step(order.order_id, substitutes=chosen))
    return steps


def cut(last_first: Iterable[Placed], excess: dict[str, int]) -> list[Step]:
    """Lowers lines, the last come first, until no more is sold than there is; ``excess`` by SKU is reduced.

    Units that were handed over stay, and so do lines that get a substitute.
    """
    steps = []
    for order in last_first:
        lowered = {}
        for line in reversed(order.lines):
            units = 0 if line.is_substituted else min(line.quantity - line.picked, excess.get(line.sku_id, 0))
            if units > 0:
                excess[line.sku_id] -= units
                lowered[line.offer_id] = line.quantity - units
        if lowered:
            steps.append(Step(order.order_id, quantities=lowered))
    return steps


def to_do(step: Step, order: Placed) -> Step:
    """What of a step is still to be done to an order as it stands: not what is done, nor what is possible no more.

    Quantities are lowered all together; where somebody has taken more out of a line, or handed more over, they are left
    to the next plan.
    """
    lines = {line.offer_id: line for line in order.lines}
    bounds = [(lines.get(offer_id), units) for offer_id, units in step.quantities.items()]
    possible = all(line is not None and line.picked <= units <= line.quantity for line, units in bounds)
    lowers = possible and any(line is not None and units < line.quantity for line, units in bounds)
    others = {
        offer_id: sku_id
        for offer_id, sku_id in step.substitutes.items()
        if (line := lines.get(offer_id)) is not None and not line.picked and line.given_sku_id != sku_id
    }
    return replace(step, quantities=step.quantities if lowers else {}, substitutes=others)


def handed_out(step: Step, order: Placed) -> Open:
    """The units that an order as it stands gets as the substitutes of a step."""
    lines = tuple(line for line in order.lines if step.substitutes.get(line.offer_id) == line.given_sku_id)
    return substituted([replace(order, lines=lines)])
