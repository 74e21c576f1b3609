"""What a locked campaign needs bought, and who gets what where. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.orders.model import DeliveryAddress


@dataclass(frozen=True, slots=True)
class Parcel:
    """An order as it is put together: units by offer id, and how many of them were handed over already.

    ``substitutes`` has by offer the units of each SKU given instead of the offer's own; ``due_minor`` is collected when
    it is handed over. A parcel with a ``delivery`` goes to that door; an ``exchange`` replaces what was sent back.
    """

    order_id: str
    member_id: str
    pickup_point_id: str
    status: str
    units: Mapping[str, int]
    picked: Mapping[str, int] = field(default_factory=dict)
    substitutes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    delivery: DeliveryAddress | None = None
    due_minor: int = 0
    exchange: bool = False

    @property
    def contents(self) -> Mapping[tuple[str, str | None], int]:
        """Units by offer id and the SKU given instead of its own, None for its own; those come first."""
        found: dict[tuple[str, str | None], int] = {}
        for offer, units in self.units.items():
            instead = self.substitutes.get(offer, {})
            if own := units - sum(instead.values()):
                found[offer, None] = own
            found |= {(offer, sku_id): given for sku_id, given in instead.items()}
        return found

    @property
    def handed_over(self) -> Mapping[tuple[str, str | None], int]:
        """What of the contents was handed over: an offer's own units are taken to have gone first."""
        left = dict(self.picked)
        found = {}
        for (offer, instead), units in self.contents.items():
            found[offer, instead] = min(units, left.get(offer, 0))
            left[offer] = left.get(offer, 0) - found[offer, instead]
        return found


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
                found.update(parcel.contents)
        return found


def sorting_sheets(parcels: Iterable[Parcel], points: Sequence[str]) -> list[Sheet]:
    """A sheet for each pickup point, in the order given, with its members in the order of their first parcel."""
    at: dict[str, dict[str, list[Parcel]]] = {point: {} for point in points}
    for parcel in parcels:
        at.setdefault(parcel.pickup_point_id, {}).setdefault(parcel.member_id, []).append(parcel)
    sheets = []
    for point, members in at.items():
        shares = tuple(MemberShare(member_id, tuple(mine)) for member_id, mine in members.items())
        sheets.append(Sheet(point, _units(shares), shares))
    return sheets


def parts(sheets: Iterable[Sheet], most: int) -> list[list[Sheet]]:
    """The sheets in documents of at most ``most`` parcels each; together they hold every parcel once.

    A pickup point is kept whole where it can be; a larger one is cut between members, and a member is never cut.
    """
    found: list[list[Sheet]] = [[]]
    room = most
    for sheet in sheets:
        for slip in _slips(sheet, most):
            parcels = _parcels(slip.shares)
            if found[-1] and parcels > room:
                found.append([])
                room = most
            found[-1].append(slip)
            room -= parcels
    return found


def _slips(sheet: Sheet, most: int) -> list[Sheet]:
    if _parcels(sheet.shares) <= most:
        return [sheet]
    runs: list[list[MemberShare]] = [[]]
    for share in sheet.shares:
        if runs[-1] and _parcels(runs[-1]) + len(share.parcels) > most:
            runs.append([])
        runs[-1].append(share)
    return [Sheet(sheet.pickup_point_id, _units(run), tuple(run)) for run in runs]


def _parcels(shares: Iterable[MemberShare]) -> int:
    return sum(len(share.parcels) for share in shares)


def _units(shares: Iterable[MemberShare]) -> dict[str, int]:
    units: Counter[str] = Counter()
    for share in shares:
        for parcel in share.parcels:
            units.update(parcel.units)
    return dict(units)
