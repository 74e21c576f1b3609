"""What a locked campaign needs bought, from whom, and what falls below a minimum. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from chalicelib.fulfilment.suppliers.model import BelowMinimum, Terms, packed


class Outcome(StrEnum):
    """What became of a line beyond its packs: units left out within the tolerance, or a minimum that was missed, or
    reached with units that nobody ordered.
    """

    BOUGHT = "bought"
    WITHIN_TOLERANCE = "within_tolerance"
    BELOW_MINIMUM = "below_minimum"
    RELEASED = "released"
    TOPPED_UP = "topped_up"


@dataclass(frozen=True, slots=True)
class Sold:
    """Units of an offer that were sold; ``from_stock`` of them were taken from the brand's own shelf."""

    offer_id: str
    sku_id: str
    title: str
    units: int
    from_stock: int = 0


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """A SKU of the list: units that were sold, with the offers that sold them, and how they are bought.

    ``from_stock`` units are on the brand's own shelf. Of the rest, ``bought`` are bought in ``packs``; nobody ordered
    the ``surplus``, of which the brand asked for ``topped_up`` units; the ``short`` units are not bought, and their
    orders are released. ``cost_minor`` is for one unit,
    None where none is known. Without a supplier the line is bought in single units from whom the brand likes.
    """

    sku_id: str
    code: str
    title: str
    quantity: int
    offers: Mapping[str, int]
    from_stock: int = 0
    supplier_id: str | None = None
    supplier_code: str | None = None
    pack_size: int = 1
    packs: int = 0
    bought: int = 0
    surplus: int = 0
    short: int = 0
    cost_minor: int | None = None
    lead_days: int = 0
    outcome: str = Outcome.BOUGHT.value
    topped_up: int = 0

    @property
    def left_to_sell(self) -> int:
        """Units that stay sold, those released taken out."""
        return self.quantity - self.short

    @property
    def available(self) -> int:
        """The units that orders can get when everything arrives."""
        return self.from_stock + self.bought

    @property
    def amount_minor(self) -> int:
        """What the bought units cost, as far as it is known."""
        return self.bought * (self.cost_minor or 0)

    def as_json(self) -> list[Any]:
        """As the purchase list's record stores it."""
        return [
            self.sku_id, self.code, self.title, self.quantity, dict(self.offers), self.from_stock, self.supplier_id,
            self.supplier_code, self.pack_size, self.packs, self.bought, self.surplus, self.short, self.cost_minor,
            self.lead_days, self.outcome, self.topped_up,
        ]  # fmt: skip

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        """Lists frozen before there were suppliers hold five entries: all was to be bought, in single units."""
        line = cls(*stored)
        return line if len(stored) > _FIRST_ENTRIES else replace(line, packs=line.quantity, bought=line.quantity)


_FIRST_ENTRIES = 5


@dataclass(frozen=True, slots=True)
class Source:
    """From whom a SKU is bought."""

    supplier_id: str
    code: str | None
    terms: Terms


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought from one supplier: ``total_minor`` against its own minimum, 0 where there is none."""

    supplier_id: str
    name: str
    minimum_minor: int = 0
    below: str = BelowMinimum.BUY.value
    total_minor: int = 0
    outcome: str = Outcome.BOUGHT.value

    def as_json(self) -> list[Any]:
        """As the purchase list's record stores it."""
        return [self.supplier_id, self.name, self.minimum_minor, self.below, self.total_minor, self.outcome]


def needed(
    sold: Iterable[Sold], codes: Mapping[str, str], top_ups: Mapping[str, int] | None = None
) -> list[PurchaseLine]:
    """A line for each SKU that sold, or that the brand tops up, in the order in which the campaign shows its offers.
    ``codes`` and ``top_ups``, in units, are by SKU id.
    """
    more = top_ups or {}
    by_sku: dict[str, list[Sold]] = {}
    for each in sold:
        by_sku.setdefault(each.sku_id, []).append(each)
    return [
        PurchaseLine(
            sku_id=sku_id,
            code=codes.get(sku_id, ""),
            title=offers[0].title,
            quantity=sum(offer.units for offer in offers),
            offers={offer.offer_id: offer.units for offer in offers if offer.units},
            from_stock=sum(offer.from_stock for offer in offers),
            topped_up=more.get(sku_id, 0),
        )
        for sku_id, offers in by_sku.items()
        if any(offer.units for offer in offers) or more.get(sku_id)
    ]


def bought(
    lines: Iterable[PurchaseLine],
    sources: Mapping[str, Source],
    suppliers: Mapping[str, Purchase],
    costs: Mapping[str, int | None],
) -> tuple[list[PurchaseLine], list[Purchase]]:
    """How each line is bought, and what that comes to for each supplier.

    First every SKU by its own terms, then the supplier's own minimum over what is left. ``costs`` holds the brand's
    own figures by SKU, used where there is no supplier.
    """
    packs = [_packed(line, sources.get(line.sku_id), costs.get(line.sku_id)) for line in lines]
    purchases = []
    for supplier_id in dict.fromkeys(line.supplier_id for line in packs if line.supplier_id):
        purchase = suppliers[supplier_id]
        total = sum(line.amount_minor for line in packs if line.supplier_id == supplier_id)
        purchase = replace(purchase, total_minor=total)
        if 0 < total < purchase.minimum_minor:
            purchase = replace(purchase, outcome=Outcome.BELOW_MINIMUM.value)
            if purchase.below == BelowMinimum.RELEASE:
                purchase = replace(purchase, total_minor=0, outcome=Outcome.RELEASED.value)
                packs = [_released(line) if line.supplier_id == supplier_id else line for line in packs]
            elif purchase.below == BelowMinimum.TOP_UP:
                packs = _filled_up(packs, purchase)
                total = sum(line.amount_minor for line in packs if line.supplier_id == supplier_id)
                purchase = replace(purchase, total_minor=total, outcome=Outcome.TOPPED_UP.value)
        elif any(line.topped_up for line in packs if line.supplier_id == supplier_id):
            purchase = replace(purchase, outcome=Outcome.TOPPED_UP.value)
        purchases.append(purchase)
    return packs, purchases


def _filled_up(lines: Sequence[PurchaseLine], purchase: Purchase) -> list[PurchaseLine]:
    """A supplier's minimum reached with more packs of the SKU of which most units are bought; of several, the first."""
    of_supplier = [line for line in lines if line.supplier_id == purchase.supplier_id and line.amount_minor]
    most = max(of_supplier, key=lambda line: line.bought)
    pack_minor = most.pack_size * (most.cost_minor or 0)
    packs = most.packs + -(-(purchase.minimum_minor - purchase.total_minor) // pack_minor)
    return [_in_packs(line, packs, Outcome.TOPPED_UP) if line is most else line for line in lines]


def _in_packs(line: PurchaseLine, packs: int, outcome: Outcome) -> PurchaseLine:
    """The line bought in so many packs, against what was sold and is not on the shelf."""
    over = packs * line.pack_size - (line.quantity - line.from_stock)
    return replace(
        line, packs=packs, bought=packs * line.pack_size, surplus=max(0, over), short=max(0, -over),
        outcome=outcome.value,
    )  # fmt: skip


def _packed(line: PurchaseLine, source: Source | None, cost: int | None) -> PurchaseLine:
    units = line.quantity - line.from_stock + line.topped_up
    if source is None:
        return replace(_in_packs(line, units, Outcome.BOUGHT), cost_minor=cost)
    terms = source.terms
    line = replace(
        line, supplier_id=source.supplier_id, supplier_code=source.code, pack_size=terms.pack_size,
        cost_minor=terms.cost_minor, lead_days=terms.lead_days,
    )  # fmt: skip
    packs = packed(units, terms)
    usual = Outcome.TOPPED_UP if line.topped_up else Outcome.BOUGHT
    line = _in_packs(line, packs.packs, Outcome.WITHIN_TOLERANCE if packs.short and not line.topped_up else usual)
    if not terms.is_below(packs.bought):
        return line
    if terms.below_minimum is BelowMinimum.TOP_UP:
        enough = -(-terms.up_to_minimum(packs.bought) // terms.pack_size)
        return _in_packs(line, enough, Outcome.TOPPED_UP)
    if terms.below_minimum is BelowMinimum.RELEASE:
        return _released(line)
    return replace(line, outcome=Outcome.BELOW_MINIMUM.value)


def _released(line: PurchaseLine) -> PurchaseLine:
    """Nothing of it is bought; units on the brand's own shelf stay sold."""
    short = line.quantity - line.from_stock
    if not short:
        return line
    return replace(line, packs=0, bought=0, surplus=0, short=short, outcome=Outcome.RELEASED.value)


@dataclass(frozen=True, slots=True)
class Difference:
    """How a line differs from the version before: units sold, and units bought."""

    sku_id: str
    quantity: tuple[int, int]
    bought: tuple[int, int]


def differences(before: Sequence[PurchaseLine], after: Sequence[PurchaseLine]) -> list[Difference]:
    """The lines of two versions that are not the same, each with its figures before and after."""
    old, new = ({line.sku_id: line for line in lines} for lines in (before, after))
    found = []
    for sku_id in dict.fromkeys((*old, *new)):
        was, now = old.get(sku_id), new.get(sku_id)
        quantity = was.quantity if was else 0, now.quantity if now else 0
        units = was.bought if was else 0, now.bought if now else 0
        if quantity[0] != quantity[1] or units[0] != units[1]:
            found.append(Difference(sku_id, quantity, units))
    return found
