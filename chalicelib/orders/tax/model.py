"""The tax in what an order costs, and in the money that stands for it: by the rates of when it was placed, in the
amounts of now. Pure. Amounts are minor units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.orders.model import Line
from chalicelib.pricing.model.tax import Tax, TaxRates, by_line, tax_of_lines


@dataclass(frozen=True, slots=True)
class Taxable:
    """What each part of an order costs, with its rates: lines go by their offer ids, the delivery fee by its own name.
    ``rests`` is the money that stands for each of them, less what went back of it.
    """

    costs: Mapping[str, int]
    rates: Mapping[str, TaxRates]
    rests: Mapping[str, int] = field(default_factory=dict)

    @property
    def document(self) -> Tax:
        """The tax of the order as it stands, by rate: of all that it costs, whether it is paid yet or not."""
        return tax_of_lines(self.costs, self.rates) if self.rates else ()

    @property
    def by_line(self) -> dict[str, int]:
        """The tax of each part; together those of one rate are that of the document."""
        return by_line(self.costs, self.rates) if self.rates else {}

    @property
    def kept(self) -> Tax:
        """The tax in the money that stands for it. A refund reverses by how much this falls: so all refunds of an
        order that was paid in full sum to the tax that it had.
        """
        return tax_of_lines(self.rests, self.rates) if self.rates else ()


def rates_of(lines: Iterable[Line], delivery: str, delivery_rates: TaxRates) -> dict[str, TaxRates]:
    """The rates of an order's parts by name; parts without one are left out."""
    rates = {line.offer_id: line.rates for line in lines} | {delivery: delivery_rates}
    return {name: each for name, each in rates.items() if each}
