"""Who left in a range of days, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.members.leaving.service import leavings
from chalicelib.members.leavings.records import LeavingRecord
from chalicelib.members.model.identities import member_id
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.tenants.service.brand import get_tenant

MOST_MONTHS = 36
"""A request is made for each month."""

MOST_WORDS = 50
_USUAL_MONTHS = 12


class Cell(NamedTuple):
    """A month, ``YYYY-MM``, and a reason."""

    month: str
    reason: str


@dataclass(slots=True)
class Count:
    """How many left, and how many of them are back."""

    left: int = 0
    back: int = 0

    def add(self, leaving: LeavingRecord) -> None:
        """Counts one more."""
        self.left += 1
        self.back += leaving.back_at is not None

    def share_of(self, whole: "Count") -> str:
        """The share of all who left, with four decimals."""
        return str((Decimal(self.left) / whole.left).quantize(Decimal("0.0001"))) if whole.left else "0"


@dataclass(frozen=True, slots=True)
class Left:
    """That a member left: ``note`` in their own words; ``back_at`` where they came back; ``member`` where it was read,
    and is there.
    """

    member_id: str
    left_on: date
    reason: str
    note: str | None
    back_at: datetime | None
    member: MemberRecord | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who left on local days, both included; cells by month, the latest first, and in the order of reasons by number.

    Somebody who left, came back and left again is counted each time.
    """

    timezone: str
    from_on: date
    to_on: date
    today: date
    every: Sequence[LeavingRecord]
    whole: Count = field(default_factory=Count)
    by_reason: Mapping[str, Count] = field(default_factory=dict)
    cells: Mapping[Cell, Count] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """Rises with every leaving and every return."""
        return self.whole.left + self.whole.back

    @property
    def words(self) -> list[Left]:
        """The latest that was written."""
        written = [each for each in reversed(self.every) if each.note]
        return [_left(each) for each in written[:MOST_WORDS]]


def leaving(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> Leaving:
    """Counts who left; by default in the last twelve months up to today. Nothing is looked for before the brand was, or
    after today. Raises Invalid for a range that runs backwards, or is too long.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    today, begun = local_date(now, tz), local_date(tenant.created_at, tz)
    last = to_on or today
    first = from_on or _months_before(last, _USUAL_MONTHS - 1)
    if last < first:
        raise Invalid.at(
            "?to_on", f"The last day, {last}, is before the first, {first}.", f"结束日期 {last} 早于开始日期 {first}。"
        )
    looked_from, looked_to = max(first, begun), min(last, today)
    earliest = _months_before(looked_to, MOST_MONTHS - 1)
    if looked_from < earliest:
        raise Invalid.at(
            "?from_on",
            f"This report has at most {MOST_MONTHS} months; begin on {earliest} or later.",
            f"该报表最多 {MOST_MONTHS} 个月，请从 {earliest} 或之后开始。",
        )
    found = list(leavings(tenant_id, looked_from, looked_to))
    whole, by_reason, cells = Count(), dict[str, Count](), dict[Cell, Count]()
    for each in found:
        cell = Cell(f"{each.left_on:%Y-%m}", each.reason)
        for count in (whole, by_reason.setdefault(each.reason, Count()), cells.setdefault(cell, Count())):
            count.add(each)
    reasons = dict(sorted(by_reason.items(), key=lambda of: (-of[1].left, of[0])))
    places = {reason: place for place, reason in enumerate(reasons)}
    ordered = sorted(cells, key=lambda cell: places[cell.reason])
    latest = sorted(ordered, key=lambda cell: cell.month, reverse=True)
    return Leaving(tz.key, first, last, today, found, whole, reasons, {cell: cells[cell] for cell in latest})


def behind(tenant_id: str, found: Leaving, cell: Cell, after: str, limit: int) -> tuple[list[Left], str | None]:
    """The members behind a cell, by when they left, from a place on; and the place from which the next are."""
    of_cell = [each for each in found.every if Cell(f"{each.left_on:%Y-%m}", each.reason) == cell]
    further = [each for each in of_cell if str(each.sk) > after]
    some = further[:limit]
    ordinals = sorted({int(each.ordinal) for each in some})
    members = {int(each.ordinal): each for each in members_by_ordinal(tenant_id, ordinals)}
    left = [_left(each, members.get(int(each.ordinal))) for each in some]
    return left, str(some[-1].sk) if len(further) > limit else None


def _left(leaving: LeavingRecord, member: MemberRecord | None = None) -> Left:
    who = member_id(leaving.tenant_id, int(leaving.ordinal))
    return Left(who, leaving.left_on, leaving.reason, leaving.note, leaving.back_at, member)


def _months_before(on: date, many: int) -> date:
    """The first day of the month so many months before that of a day."""
    month = on.year * 12 + on.month - 1 - many
    return date(month // 12, month % 12 + 1, 1)
