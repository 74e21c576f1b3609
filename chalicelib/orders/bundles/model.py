"""An order's lines as they were sold, each bundle as one; and which lines somebody means. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.campaigns.model.bundles import is_part, sold_as
from chalicelib.campaigns.model.offers import Offer
from chalicelib.orders.model import Line, quantities

_PART = "_"


@dataclass(frozen=True, slots=True)
class SoldLine:
    """An offer as it was ordered. Of a bundle, ``parts`` are the lines of what is left of it, and ``unit_price_minor``
    is what they cost together in one bundle; of another offer they are its one line.
    """

    offer_id: str
    quantity: int
    parts: tuple[Line, ...]

    @property
    def is_bundle(self) -> bool:
        """Whether it was sold as a bundle."""
        return is_part(self.parts[0].offer_id)

    def is_whole(self, of_parts: int) -> bool:
        """Whether nothing is missing of it, where it has so many parts; what is no bundle has none."""
        complete = all(part.quantity == self.quantity * part.per for part in self.parts)
        return not self.is_bundle or (len(self.parts) == of_parts and complete)

    @property
    def sku_id(self) -> str | None:
        """Its SKU; none of a bundle."""
        return None if self.is_bundle else self.parts[0].sku_id

    @property
    def instead(self) -> tuple[tuple[str, int], ...]:
        """Its units that are given as another SKU; of a bundle its parts say that."""
        return () if self.is_bundle else self.parts[0].instead

    @property
    def unit_price_minor(self) -> int:
        return sum(part.unit_price_minor for part in self.parts)

    @property
    def total_minor(self) -> int:
        return sum(part.total_minor for part in self.parts)


def as_sold(lines: Sequence[Line]) -> list[SoldLine]:
    """The lines as they were ordered, in that order."""
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(sold_as(line.offer_id), []).append(line)
    return [SoldLine(name, count, tuple(parts[name])) for name, count in quantities(lines).items()]


def named_as(name: str) -> dict[str, str]:
    """What a name says, as the API takes it: an offer and, for a part of a bundle, its SKU."""
    offer_id, _, sku_id = name.partition(_PART)
    return {"offer_id": offer_id, "sku_id": sku_id} if sku_id else {"offer_id": offer_id}


def titles_by_name(offers: Iterable[Offer]) -> dict[str, str]:
    """What offers and the parts of bundles are called, by :func:`part_named`."""
    titles = {}
    for offer in offers:
        titles[offer.offer_id] = offer.title
        titles |= {part_named(offer.offer_id, goods.sku_id): goods.full_title for goods in offer.goods() if offer.parts}
    return titles


def named_once(lines: Sequence[Any]) -> bool:
    """Whether each line means something else: of a bundle either its parts are named, or all of it."""
    names = [(line.offer_id, line.sku_id) for line in lines]
    whole = {offer_id for offer_id, sku_id in names if sku_id is None}
    return len(set(names)) == len(names) and not any(sku_id and offer_id in whole for offer_id, sku_id in names)


def part_named(offer_id: str, sku_id: str | None) -> str:
    """The name by which somebody means a part of a bundle, or all of an offer where no SKU is named."""
    return offer_id if sku_id is None else f"{offer_id}{_PART}{sku_id}"


class Named(Protocol):
    """A line of which somebody speaks."""

    @property
    def offer_id(self) -> str: ...
    @property
    def sku_id(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def per(self) -> int: ...


def meant(lines: Sequence[Named], name: str, units: int) -> dict[str, int]:
    """Units by the ids of lines, of what somebody named by offer, or by :func:`part_named`: so many of a bundle are its
    units of every part, as far as these are left. What is no line stays as it was named.
    """
    return {line.offer_id: _units(line, name, units) for line in _meant(lines, name)} or {name: units}


def by_goods(lines: Sequence[Named], asked: Mapping[str, int]) -> dict[str, int]:
    """All that somebody named, see :func:`meant`."""
    return {goods: units for name, count in asked.items() for goods, units in meant(lines, name, count).items()}


def _meant(lines: Iterable[Named], name: str) -> list[Named]:
    offer_id, _, sku_id = name.partition(_PART)
    same = [line for line in lines if offer_id in (line.offer_id, sold_as(line.offer_id))]
    return [line for line in same if not sku_id or sku_id == line.sku_id]


def _units(line: Named, name: str, units: int) -> int:
    return min(units * line.per, line.quantity) if name == sold_as(line.offer_id) != line.offer_id else units


def by_offer(amounts: Mapping[str, int]) -> dict[str, int]:
    """Amounts by the ids of lines, summed by the offers that these were sold as."""
    summed: dict[str, int] = {}
    for name, amount in amounts.items():
        summed[sold_as(name)] = summed.get(sold_as(name), 0) + amount
    return summed
