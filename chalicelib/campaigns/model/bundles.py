"""What a bundle is made of, and how its price falls on its parts. Pure.

A bundle is sold as one, at one price. Its goods are bought, handed over, short, replaced and returned by part: below
the campaign's own offers each part is an offer of its own, at its share of the price, under an id of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.money import allocate

MAX_PARTS = 10
MAX_UNITS_OF_PART = 100
_BETWEEN = "-"


class BundleKind(StrEnum):
    """Why its parts are sold together: they go with each other, they differ on purpose, or they share a theme."""

    COMPLEMENTARY = "complementary"
    CONTRASTING = "contrasting"
    THEMED = "themed"


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of a SKU in each bundle. ``list_minor`` is what one of them costs alone, when the campaign was
    drafted: the price of a bundle falls on its parts by that. What else is of the SKU is as an offer has it.

    ``set_aside`` units of all bundles together were taken from the SKU's shelf. ``draws_on`` is the offer that sells
    the SKU alone in the same campaign: both sell from its stock. Empty where there is none; ``beside_minor`` is what a
    unit costs there. ``tax_bps`` is the rate of
    the SKU's tax, as it was when the campaign was published.
    """

    sku_id: str
    quantity: int
    list_minor: int
    title: str
    product_id: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    set_aside: int = 0
    draws_on: str = ""
    beside_minor: int = 0
    return_days: int = 7
    exchange_days: int = 15
    repair_days: int = 0
    tax_bps: int | None = None

    @property
    def alone_minor(self) -> int:
        """What its units cost alone by the catalogue, by which the price of the bundle falls on them."""
        return self.list_minor * self.quantity

    @property
    def unit_alone_minor(self) -> int:
        """What a shopper pays for one of them alone: no more than in the same campaign."""
        return min(self.list_minor, self.beside_minor) if self.draws_on else self.list_minor

    def as_json(self) -> dict[str, Any]:
        """As the campaign's record stores it; what says nothing is left out."""
        given = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return {name: value for name, (value, default) in given.items() if value != default}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        given = dict(stored)
        return cls(**given | {"tags": tuple(given.get("tags", ()))})


def split_price(amount_minor: int, parts: Sequence[Part]) -> list[int]:
    """An amount for a bundle, by part: by what the parts cost alone, by largest remainder, the earlier one first."""
    return allocate(amount_minor, [part.alone_minor for part in parts])


def part_id(offer_id: str, number: int) -> str:
    """The id under which a bundle's part, counted from 0, is ordered, stocked and handed over."""
    return f"{offer_id}{_BETWEEN}{number}"


def sold_as(goods_id: str) -> str:
    """The id of the offer that goods were sold under: the bundle's for one of its parts, else the same."""
    return goods_id.partition(_BETWEEN)[0]


def is_part(goods_id: str) -> bool:
    """Whether an id is that of a bundle's part."""
    return _BETWEEN in goods_id


def worth_of(unit_minor: int, units: int, per: int) -> int:
    """What units are worth of which ``per`` cost so much together: rounded half up to a minor unit, and exact for whole
    multiples of ``per``.
    """
    return unit_minor * units if per == 1 else (2 * unit_minor * units + per) // (2 * per)
