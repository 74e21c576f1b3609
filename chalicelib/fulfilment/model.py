"""What a locked campaign needs bought, and who gets what where. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Parcel:
    """An order as it is put together: units by offer id, and how many of them were handed over already.

    ``substitutes`` names the SKU given instead of an offer's own. A ``delivered`` parcel goes to the member's door;
    one that is an ``exchange`` replaces what was sent back.
    """

    order_id: str
    member_id: str
    pickup_point_id: str
    status: str
    units: Mapping[str, int]
    picked: Mapping[str, int] = field(default_factory=dict)
    substitutes: Mapping[str, str] = field(default_factory=dict)
    delivered: bool = False
    exchange: bool = False


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

    @property
    def contents(self) -> Mapping[tuple[str, str | None], int]:
        """Units by offer id and the SKU given instead of its own, None where there is none."""
        found: Counter[tuple[str, str | None]] = Counter()
        for share in self.shares:
            for parcel in share.parcels:
                found.update({(offer, parcel.substitutes.get(offer)): n for offer, n in parcel.units.items()})
        return found


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


def part(sheets: Sequence[Sheet], after: str | None, most: int) -> tuple[list[Sheet], str | None]:
    """Whole sheets of ``most`` parcels in all, but at least one, from behind the pickup point ``after`` on.

    The second is the point after which the next part continues, None at the end. ``after`` must be one of the sheets'.
    """
    ids = [sheet.pickup_point_id for sheet in sheets]
    start = ids.index(after) + 1 if after is not None else 0
    taken: list[Sheet] = []
    parcels = 0
    for sheet in sheets[start:]:
        parcels += sum(len(share.parcels) for share in sheet.shares)
        if taken and parcels > most:
            return taken, taken[-1].pickup_point_id
        taken.append(sheet)
    return taken, None
