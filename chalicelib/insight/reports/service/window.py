"""What reports read: aggregates inside a window, and how final they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.cohorts import Window
from chalicelib.insight.model.figures import Rollup
from chalicelib.insight.model.periods import MONDAY, Unit, first_day, label, last_day, number
from chalicelib.insight.records import DirtyDay, Doing, RollupRecord, RollupState
from chalicelib.insight.rollups.service.aggregates import Stored, loaded, members_of
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far reports can see. ``as_of``: the last local day that had ended when everything up to it was rolled up.

    ``pending`` are days of the window with orders that arrived since; figures that reach as far as the first of them
    are not final.
    """

    as_of: date
    pending: Sequence[date]
    window: Window


def horizon(
    tenant_id: str, tz: ZoneInfo, now: datetime, to_on: date | None, *, consistent: bool = False
) -> Horizon:  # fmt: skip
    """The window up to ``to_on``, by default up to the last complete day; it never reaches beyond today.

    A day is final when no day up to it is dirty. Of yesterday only the night knows, since its last orders may still
    be on their way. Read ``consistent`` where what is counted by it is kept.
    """
    today = local_date(now, tz)
    state = RollupState.fetch(*RollupState.address(tenant_id), consistent=consistent)
    pending = [mark.on for mark in DirtyDay.until(tenant_id, today - _DAY)]
    quiet_on = today - 2 * _DAY
    ended_on = max(state.through_on, quiet_on) if state else quiet_on
    complete_on = min(ended_on, pending[0] - _DAY) if pending else ended_on
    as_of = state.through_on if state else complete_on
    ends_on = min(to_on or as_of, today)
    return Horizon(as_of, [on for on in pending if on <= ends_on], Window(ends_on, complete_on))


@dataclass(frozen=True, slots=True)
class History:
    """A tenant's aggregates up to a day: of orders, or of taking part. Months are read at once; days only where a month
    is not wholly inside. ``anew`` are days that are to be seen as they are there, and not as they were rolled up.
    """

    tenant_id: str
    ends_on: date
    months: Mapping[int, Stored]
    doing: Doing = Doing.ORDERING
    anew: Mapping[date, Rollup] = field(default_factory=dict)
    _in_part: dict[int, dict[date, Rollup]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def revision(self) -> int:
        """Rises with every change of anything up to the end's month, and with nothing else."""
        return sum(stored.rev for stored in self.months.values())

    @property
    def begins_on(self) -> date:
        """The first day of the first month with orders."""
        return first_day(min(self.months), Unit.MONTH) if self.months else self.ends_on

    def days(self, from_on: date, to_on: date) -> dict[date, Rollup]:
        """The days with orders in a range inside the window."""
        stored = loaded(RollupRecord.in_days(self.tenant_id, from_on, min(to_on, self.ends_on), self.doing))
        found = {date.fromisoformat(on): each.rollup for on, each in stored.items()}
        found |= {on: each for on, each in self.anew.items() if on in found}
        return {on: each for on, each in found.items() if each.hours or not self.anew}

    def members_before(self, on: date) -> int:
        """Everyone with an order before a day, of those up to the end."""
        on = min(on, self.ends_on + _DAY)
        month, first_on = number(on, Unit.MONTH), on.replace(day=1)
        whole = members_of(stored for at, stored in self.months.items() if at < month)
        return whole | self._in_month(month, first_on, on - _DAY) if on > first_on and month in self.months else whole

    def had_begun_on(self, on: date) -> bool:
        """Whether the brand had had its first order by the end of a day. Earlier days may be days that it did not have:
        nothing is compared with them.
        """
        return self.members_before(on + _DAY) > 0

    def members_between(self, from_on: date, to_on: date) -> int:
        """Everyone with an order on the days from one to the other, both included: of months that are wholly inside
        from the month, of the others from their days. Nothing after the end is seen.
        """
        to_on = min(to_on, self.ends_on)
        return bitmaps.union(
            stored.rollup.members
            if from_on <= first_day(month, Unit.MONTH) and last_day(month, Unit.MONTH) <= to_on
            else self._in_month(month, from_on, to_on)
            for month, stored in self.months.items()
            if first_day(month, Unit.MONTH) <= to_on and from_on <= last_day(month, Unit.MONTH)
        )

    def _in_month(self, month: int, from_on: date, to_on: date) -> int:
        """Everyone on some days of one month, whose days are read once however often they are asked for."""
        if month not in self._in_part:
            span = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
            stored = RollupRecord.in_days(self.tenant_id, *span, self.doing)
            self._in_part[month] = {date.fromisoformat(on): each.rollup for on, each in loaded(stored).items()}
        days = self._in_part[month]
        return bitmaps.union(rollup.members for on, rollup in days.items() if from_on <= on <= to_on)

    def as_it_stood(self, ends_on: date) -> "History":
        """The same up to an earlier day."""
        return replace(self, ends_on=ends_on)

    def active_by_month(self, from_on: date) -> dict[int, int]:
        """Members active in each month, counting only days from ``from_on`` to the window's end."""
        active: dict[int, int] = {}
        for month, stored in self.months.items():
            starts_on, ends_on = first_day(month, Unit.MONTH), last_day(month, Unit.MONTH)
            if from_on <= starts_on and ends_on <= self.ends_on:
                active[month] = stored.rollup.members
            elif ends_on >= from_on:
                days = self.days(max(from_on, starts_on), ends_on)
                active[month] = bitmaps.union(rollup.members for rollup in days.values())
        return active

    def active_by(self, unit: Unit, from_on: date, week_begins: int = MONDAY) -> dict[int, int]:
        """Members active in each period, counting only days from ``from_on`` to the window's end."""
        if unit is Unit.MONTH:
            return self.active_by_month(from_on)
        active: dict[int, int] = {}
        for on, rollup in self.days(from_on, self.ends_on).items():
            period = number(on, unit, week_begins)
            active[period] = active.get(period, 0) | rollup.members
        return active


def history(
    tenant_id: str, ends_on: date, doing: Doing = Doing.ORDERING, *, consistent: bool = False
) -> History:  # fmt: skip
    """Reads the months up to a day; ``consistent`` where what is counted by them is kept."""
    ends_on = max(ends_on, EARLIEST_ON)
    last = label(number(ends_on, Unit.MONTH), Unit.MONTH)
    stored = loaded(RollupRecord.months_until(tenant_id, last, doing, consistent=consistent))
    months = {number(date.fromisoformat(f"{name}-01"), Unit.MONTH): each for name, each in stored.items()}
    return History(tenant_id, ends_on, months, doing)


def week_begins(tenant_id: str) -> int:
    """The weekday on which the brand's weeks begin, as it has set for its figures of sales: Monday is 0."""
    from chalicelib.pricing.service.rules import get_rules  # weeks alone ask for it, and prices bring much with them

    return get_rules(tenant_id)[0].week_begins


def check_range(from_on: date | None, to_on: date | None) -> None:
    """Raises Invalid for a range that runs backwards."""
    if from_on and to_on and to_on < from_on:
        raise Invalid.at(
            "?to_on",
            f"The last day, {to_on}, is before the first, {from_on}.",
            f"结束日期 {to_on} 早于开始日期 {from_on}。",
        )
