"""What an order adds to the units that were sold of its goods. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.orders.model import Line
from chalicelib.orders.sale.model import Sale


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line with the units of it that were ``given`` for nothing, what it cost, and what was given back of that, in
    minor units.
    """

    line: Line
    given: int
    cost_minor: int
    returned_minor: int

    @property
    def kept(self) -> int:
        """The units that were sold and kept: gifts are no sales, and of what was paid back as many are returned as the
        money comes to, to the nearest unit.
        """
        bought = max(0, self.line.quantity - self.given)
        if not self.returned_minor or self.cost_minor <= 0:
            return bought
        returned = (2 * bought * min(self.returned_minor, self.cost_minor) + self.cost_minor) // (2 * self.cost_minor)
        return bought - returned


def units_of(lines: Iterable[SoldLine], sale: Sale | None) -> dict[str, int]:
    """The units that an order sold, by the SKU that was ordered; nothing where it is no sale, or sold money alone."""
    if sale is None or not sale.units:
        return {}
    units: dict[str, int] = {}
    for each in lines:
        if each.kept:
            units[each.line.sku_id] = units.get(each.line.sku_id, 0) + each.kept
    return units


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """What to add for each SKU so that one count becomes the other."""
    for sku_id in dict.fromkeys([*before, *after]):
        if delta := after.get(sku_id, 0) - before.get(sku_id, 0):
            yield sku_id, delta
