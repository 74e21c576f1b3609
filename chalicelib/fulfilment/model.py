"""What a locked campaign needs bought, and who gets what where. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """Units of a SKU to buy, with the offers that sold them (units by offer id)."""

    sku_id: str
    code: str
    title: str
    quantity: int
    offers: Mapping[str, int]

    def as_json(self) -> list[Any]:
        """As the purchase list's record stores it."""
        return [self.sku_id, self.code, self.title, self.quantity, dict(self.offers)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        return cls(*stored)


@dataclass(frozen=True, slots=True)
class Sold:
    """Units of an offer that were sold."""

    offer_id: str
    sku_id: str
    title: str
    units: int


def purchase_lines(sold: Iterable[Sold], codes: Mapping[str, str]) -> list[PurchaseLine]:
    """A line for each SKU that sold, in the order in which the campaign shows its offers. ``codes`` is by SKU id."""
    by_sku: dict[str, list[Sold]] = {}
    for each in sold:
        if each.units:
            by_sku.setdefault(each.sku_id, []).append(each)
    return [
        PurchaseLine(
            sku_id=sku_id,
            code=codes.get(sku_id, ""),
            title=offers[0].title,
            quantity=sum(offer.units for offer in offers),
            offers={offer.offer_id: offer.units for offer in offers},
        )
        for sku_id, offers in by_sku.items()
    ]


@dataclass(frozen=True, slots=True)
class Parcel:
    """An order as it is put together: units by offer id."""

    order_id: str
    member_id: str
    pickup_point_id: str
    status: str
    units: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MemberShare:
    """A member's parcels at a pickup point."""

    member_id: str
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a pickup point receives: units by offer id in all, and the share of each member."""

    pickup_point_id: str
    units: Mapping[str, int]
    shares: tuple[MemberShare, ...]


def sorting_sheets(parcels: Iterable[Parcel], points: Sequence[str]) -> list[Sheet]:
    """A sheet for each pickup point, in the order given, with its members in the order of their first parcel."""
    at: dict[str, dict[str, list[Parcel]]] = {point: {} for point in points}
    for parcel in parcels:
        at.setdefault(parcel.pickup_point_id, {}).setdefault(parcel.member_id, []).append(parcel)
    sheets = []
    for point, members in at.items():
        units: Counter[str] = Counter()
        for mine in members.values():
            for parcel in mine:
                units.update(parcel.units)
        shares = tuple(MemberShare(member_id, tuple(mine)) for member_id, mine in members.items())
        sheets.append(Sheet(point, dict(units), shares))
    return sheets
