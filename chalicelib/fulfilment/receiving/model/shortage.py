"""Which orders a delivery leaves short, and which get something else. Pure.

First come, first served: who ordered first gets what they ordered, as far as it goes. Those who would go short then get
what came in its place, in the order of placing, as far as that goes; those who are still short, the last come, are cut.
So a line may be as ordered in part, substituted in part, and cut in part. Everything is done from the last order on,
since few orders go short: first so many units are cut, and of those that stay the next are substituted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of an order: units of a SKU, how many were handed over, and which are given as other SKUs.

    Of units handed over, those as ordered are taken to have gone first.
    """

    offer_id: str
    sku_id: str
    quantity: int
    picked: int = 0
    instead: Mapping[str, int] = field(default_factory=dict)

    @property
    def substituted(self) -> int:
        """Units that are given as another SKU."""
        return sum(self.instead.values())

    @property
    def is_fixed(self) -> bool:
        """Whether units given as another SKU were handed over: which is which then stays."""
        return self.picked > self.quantity - self.substituted

    @property
    def waiting(self) -> int:
        """Units that were not handed over."""
        return self.quantity - self.picked


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as the allocation sees it."""

    order_id: str
    lines: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done to an order: new, lower quantities by offer, and by offer the units of each other SKU."""

    order_id: str
    quantities: Mapping[str, int] = field(default_factory=dict)
    substitutes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def as_json(self) -> list[Any]:
        """As the supply's record stores it."""
        return [self.order_id, dict(self.quantities), {offer: dict(units) for offer, units in self.substitutes.items()}]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        """A step that was planned when only whole lines were substituted is left out: it is planned again."""
        order_id, quantities, substitutes = stored
        return cls(
            order_id, quantities, {each: units for each, units in substitutes.items() if isinstance(units, dict)}
        )


Open = dict[str, dict[str, int]]
"""Units by the SKU that was ordered, then by the SKU that came in its place."""


def substituted(orders: Iterable[Placed], *, fixed_only: bool = False) -> Open:
    """The units that orders get as another SKU; all, or those of lines of which some were handed over."""
    found: Open = {}
    for order in orders:
        for line in order.lines:
            if line.instead and (line.is_fixed or not fixed_only):
                found = together(found, {line.sku_id: dict(line.instead)})
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


def to_cut(missing: Mapping[str, int], came: Open) -> dict[str, int]:
    """Of the units that are missing by SKU, those that no substitute makes good."""
    cuts = {sku_id: units - sum(came.get(sku_id, {}).values()) for sku_id, units in missing.items()}
    return {sku_id: units for sku_id, units in cuts.items() if units > 0}


def to_give(missing: Mapping[str, int], came: Open, given: Open) -> Open:
    """The substitutes that are still to go into orders, where ``given`` are in some: no more than units are missing,
    and of several SKUs those that came first.
    """
    found: Open = {}
    for sku_id, others in left_over(came, given).items():
        room = missing.get(sku_id, 0) - sum(given.get(sku_id, {}).values())
        for other, units in others.items():
            if (taken := min(units, room)) > 0:
                found.setdefault(sku_id, {})[other] = taken
                room -= taken
    return found


def cut(last_first: Iterable[Placed], excess: dict[str, int]) -> list[Step]:
    """Lowers lines, the last come first, until no more is sold than there is; ``excess`` by SKU is reduced. Units that
    were handed over stay.
    """
    steps = []
    for order in last_first:
        lowered = {}
        for line in reversed(order.lines):
            units = min(line.waiting, excess.get(line.sku_id, 0))
            if units > 0:
                excess[line.sku_id] -= units
                lowered[line.offer_id] = line.quantity - units
        if lowered:
            steps.append(Step(order.order_id, quantities=lowered))
    return steps


def give(last_first: Iterable[Placed], left: Open) -> tuple[list[Step], Open]:
    """Says for each line, the last come first, which of its waiting units are given as another SKU, and reduces
    ``left``. Of several SKUs the last goes first, so that who came first gets the first.

    Answers with what is to be done to orders that stand otherwise, and the units of lines that stand so already.
    """
    steps: list[Step] = []
    standing: Open = {}
    for order in last_first:
        chosen = {}
        for line in reversed(order.lines):
            if line.is_fixed:
                continue
            target = _taken(left.get(line.sku_id, {}), line.waiting)
            if target == dict(line.instead):
                standing = together(standing, {line.sku_id: target}) if target else standing
            else:
                chosen[line.offer_id] = target
        if chosen:
            steps.append(Step(order.order_id, substitutes=chosen))
    return steps, standing


def _taken(others: dict[str, int], room: int) -> dict[str, int]:
    taken: dict[str, int] = {}
    for other in reversed(others):
        units = min(others[other], room)
        if units:
            others[other] -= units
            room -= units
            taken[other] = units
    return dict(reversed(taken.items()))


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
        offer_id: units
        for offer_id, units in step.substitutes.items()
        if (line := lines.get(offer_id)) is not None
        and not line.is_fixed
        and sum(units.values()) <= line.waiting
        and dict(line.instead) != dict(units)
    }
    return replace(step, quantities=step.quantities if lowers else {}, substitutes=others)


def handed_out(step: Step, order: Placed) -> Open:
    """The units that an order as it stands gets as other SKUs, in the lines of a step."""
    lines = tuple(line for line in order.lines if line.offer_id in step.substitutes)
    return substituted([replace(order, lines=lines)])
