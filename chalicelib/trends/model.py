"""What an order adds to the units that were sold of its goods. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.orders.model import Line
from chalicelib.orders.sale.model import Sale


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line with the units of it that were ``given`` for nothing, what it cost, and what came back of it: money that
    was given back, in minor units, and ``units_back``, which were paid back at what they were worth.
    """

    line: Line
    given: int
    cost_minor: int
    returned_minor: int
    units_back: int = 0

    @property
    def kept(self) -> int:
        """The units that were sold and kept: gifts are no sales. Of what was paid back as many are returned as the
        money comes to, to the nearest unit, or as many as are known to have come back, whichever is more: of goods that
        points paid for no money goes back, and less of it where a gift stays that they had earned.
        """
        bought = max(0, self.line.quantity - self.given)
        return bought - min(bought, max(self.units_back, self._by_money(bought)))

    def _by_money(self, bought: int) -> int:
        if self.returned_minor <= 0 or self.cost_minor <= 0:
            return 0
        return (2 * bought * min(self.returned_minor, self.cost_minor) + self.cost_minor) // (2 * self.cost_minor)


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
