"""What a locked campaign needs bought, and who gets what where. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


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
