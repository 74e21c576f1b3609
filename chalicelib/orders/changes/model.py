"""What changes in an order's lines: which units come back, which are added, what it then costs. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.orders.model import Line, Take, quantities, split_takes


@dataclass(frozen=True, slots=True)
class Lessened:
    """Lines after some of their units were taken out: what stays, and what goes back to where it was taken."""

    kept: tuple[Line, ...]
    returned: tuple[Line, ...]


def lessen(lines: Iterable[Line], lower: Mapping[str, int]) -> Lessened:
    """Lowers lines to new quantities by offer id; those not named, or not lowered, stay as they are.

    The units of the last bucket go back first, and of those given as another SKU the last before any other. A line
    without units left drops out.
    """
    kept, returned = [], []
    for line in lines:
        to = lower.get(line.offer_id, line.quantity)
        if to >= line.quantity:
            kept.append(line)
            continue
        stay, back = split_takes(line.takes, to)
        drawn, undrawn = split_takes(line.drawn, to)
        returned.append(replace(line, quantity=line.quantity - to, takes=back, drawn=undrawn, instead=()))
        if to:
            instead = _fewer(line.instead, line.quantity - to)
            kept.append(replace(line, quantity=to, takes=stay, drawn=drawn, instead=instead))
    return Lessened(tuple(kept), tuple(returned))


def _fewer(instead: Sequence[tuple[str, int]], out: int) -> tuple[tuple[str, int], ...]:
    kept = []
    for sku_id, units in reversed(instead):
        stay = max(0, units - out)
        out -= units - stay
        if stay:
            kept.append((sku_id, stay))
    return tuple(reversed(kept))


def extend(lines: Iterable[Line], added: Iterable[Line]) -> tuple[Line, ...]:
    """Adds units to lines; offers that are new come last. The added line's price and SKU count from now on.

    A line counts against a member's limit only where all its units did.
    """
    more = {line.offer_id: line for line in added}
    extended = []
    for line in lines:
        extra = more.pop(line.offer_id, None)
        extended.append(line if extra is None else _joined(line, extra))
    return (*extended, *more.values())


def _joined(line: Line, extra: Line) -> Line:
    takes, drawn = _merge(line.takes, extra.takes), _merge(line.drawn, extra.drawn)
    limited = line.limited and extra.limited
    return replace(extra, quantity=line.quantity + extra.quantity, takes=takes, drawn=drawn, limited=limited)


def _merge(takes: Iterable[Take], added: Iterable[Take]) -> tuple[Take, ...]:
    units: dict[int, int] = {}
    for take in (*takes, *added):
        units[take.bucket] = units.get(take.bucket, 0) + take.units
    return tuple(Take(bucket, count) for bucket, count in units.items())


def priced(lines: Iterable[Line], prices: Mapping[str, int]) -> tuple[Line, ...]:
    """The lines at new unit prices by offer id; those not named keep theirs."""
    return tuple(replace(line, unit_price_minor=prices.get(line.offer_id, line.unit_price_minor)) for line in lines)


def wanted(lines: Iterable[Line], changes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The quantities of an order by offer id after a change names new ones: offers not named stay, zero drops out."""
    after = quantities(lines) | dict(changes)
    return {offer_id: quantity for offer_id, quantity in after.items() if quantity}


def bought(ordered: Mapping[str, int], given: Mapping[str, int]) -> dict[str, int]:
    """What is bought of quantities by offer id, of which so many units were given for nothing."""
    units = {offer_id: quantity - given.get(offer_id, 0) for offer_id, quantity in ordered.items()}
    return {offer_id: quantity for offer_id, quantity in units.items() if quantity > 0}


def lowered(discount_minor: int, goods_before: int, goods_after: int) -> int:
    """An order's discount after its goods became less: it falls in their proportion, rounded down; at nothing, to 0.
    For orders that keep no discount by line.
    """
    return discount_minor * min(goods_after, goods_before) // goods_before if goods_before else 0
