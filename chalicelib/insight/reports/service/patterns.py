"""When and how regularly members order: what the reports heatmap, best-time and periodicity are made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chalicelib.insight.model import bitmaps, cohorts, spending
from chalicelib.insight.model.figures import Rollup, Totals
from chalicelib.insight.model.heatmap import HeatMap, Slot, best_slots, heat_map, kind_of
from chalicelib.insight.model.periodicity import Periodicity, occasions, periodicity
from chalicelib.insight.model.quality import Rule
from chalicelib.insight.model.slices import NO_GOODS, UNKNOWN, Dimension
from chalicelib.insight.reports.service.excluding import Excluded, without
from chalicelib.insight.reports.service.spends import spends_in
from chalicelib.insight.reports.service.window import History, Horizon, check_range, history, horizon
from chalicelib.insight.rollups.service.slices import each_day
from chalicelib.kernel.clock import zone
from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_DAYS = 1100
"""Three years: each day's columns are read."""

MOST_GOODS = 100


@dataclass(frozen=True, slots=True)
class Range:
    """Local days, both included, and how final what is known of them is. ``spends`` are days that are seen without
    orders that are ``excluded``.
    """

    tenant_id: str
    timezone: str
    currency: str
    country: str | None
    from_on: date
    to_on: date
    horizon: Horizon
    past: History
    spends: Mapping[date, spending.Spend] = field(default_factory=dict)
    excluded: Sequence[Excluded] = ()

    @property
    def revision(self) -> int:
        return self.past.revision

    def every_day(self) -> Iterator[date]:
        for at in range((self.to_on - self.from_on).days + 1):
            yield self.from_on + timedelta(days=at)

    def days(self) -> Mapping[date, Rollup]:
        """The days with orders."""
        return self.past.days(self.from_on, self.to_on)

    def spent(self) -> Iterator[tuple[date, spending.Spend]]:
        """What members spent, and in which hours, chunk by chunk, the oldest day first."""
        return spends_in(self.tenant_id, self.from_on, self.to_on, self.spends)


def range_of(
    tenant_id: str, from_on: date | None, to_on: date | None, now: datetime, exclude: Sequence[Rule] = ()
) -> Range:
    """The days that are asked for; by default all complete ones, of the last three years at most. Without what rules
    find in them, where any are given.

    Raises Invalid for a range that runs backwards, or is longer than that, and for rules with more than are read one by
    one.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    check_range(from_on, to_on)
    ends_on = seen.window.ends_on
    past = history(tenant_id, ends_on)
    starts_on = from_on or max(past.begins_on, ends_on - timedelta(days=MOST_DAYS - 1))
    length = (ends_on - starts_on).days + 1
    if length > MOST_DAYS:
        raise Invalid.at(
            "?from_on",
            f"At most {counted(MOST_DAYS, 'day')} at once, and this is {counted(length, 'day')}: narrow the range.",
            f"共 {length} 天，最多 {MOST_DAYS} 天：请缩小日期范围。",
        )
    found = Range(tenant_id, tz.key, tenant.currency, tenant.country, starts_on, max(starts_on, ends_on), seen, past)
    stays = without(past, found.from_on, found.to_on, exclude)
    return replace(found, past=stays.past, spends=stays.spends, excluded=stays.told)


def hours_of(asked: Range) -> HeatMap:
    """Orders and members by weekday and hour, and by kind of day."""
    holidays, workdays = _named_days(asked)
    kinds = {on: kind_of(on, holidays, workdays) for on in asked.every_day()}
    ordered: dict[date, dict[int, int]] = {}
    for on, spend in asked.spent():
        ordered.setdefault(on, {}).update(spend.hours)
    return heat_map(kinds, asked.days(), ordered)


def _named_days(asked: Range) -> tuple[set[date], set[date]]:
    """Holidays and moved workdays as the brand's calendar has them; of a year of which it names none, the public ones
    of the brand's country, where they are known.
    """
    from chalicelib.cases.model.calendar import Hours  # the heat map alone asks for holidays
    from chalicelib.cases.model.public_holidays import KNOWN
    from chalicelib.cases.records import CalendarRecord

    calendar = CalendarRecord.fetch(*CalendarRecord.address(asked.tenant_id))
    own = (calendar.hours if calendar else None) or Hours()
    holidays, workdays = set(own.holidays), set(own.workdays)
    named = {on.year for on in holidays}
    for year in range(asked.from_on.year, asked.to_on.year + 1):
        public = KNOWN.get((asked.country or "", year))
        if public and year not in named:
            holidays |= set(public.holidays)
            workdays |= set(public.workdays)
    return holidays, workdays


@dataclass(frozen=True, slots=True)
class BestTimes:
    """Orders by weekday and hour, those without an hour, and the best slots."""

    orders: Mapping[tuple[int, int], int]
    without_hour: int
    slots: Sequence[Slot]

    @property
    def total(self) -> int:
        return sum(self.orders.values())


def best_times(asked: Range, length: int, most: int) -> BestTimes:
    """The slots of so many hours in which most orders are placed."""
    orders: dict[tuple[int, int], int] = {}
    unknown = Totals()
    for on, rollup in asked.days().items():
        for hour, totals in rollup.hours.items():
            if hour < 0:
                unknown += totals
            else:
                orders[on.weekday(), hour] = orders.get((on.weekday(), hour), 0) + totals.orders
    return BestTimes(orders, unknown.orders, best_slots(orders, length, most))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How regularly members order; ``orders`` of the range, and the days that its members were members in it."""

    found: Periodicity
    orders: int
    member_days: int


def rhythm_of(asked: Range) -> Rhythm:
    """From the days on which each member ordered."""
    days = asked.days()
    ordered = occasions((on, bitmaps.ordinals(rollup.members)) for on, rollup in days.items())
    earlier = asked.past.members_before(asked.from_on)
    first = cohorts.newcomers({on.toordinal(): rollup.members for on, rollup in days.items()}, earlier)
    end = asked.to_on.toordinal() + 1
    member_days = sum(new.bit_count() * (end - day) for day, new in first.items())
    member_days += earlier.bit_count() * (end - asked.from_on.toordinal())
    orders = sum(rollup.totals.orders for rollup in days.values())
    return Rhythm(periodicity(ordered, asked.to_on), orders, member_days)


@dataclass(frozen=True, slots=True)
class Goods:
    """How regularly members order goods of one category, or one product; ``title`` is what the brand calls it."""

    value: str
    title: str | None
    found: Periodicity


@dataclass(frozen=True, slots=True)
class AllGoods:
    """Those goods that the most members ordered, by how many. Of the orders of ``unseen`` days it is not known what
    they were of, since they were rolled up before that was kept, or their file did not say.
    """

    rows: Sequence[Goods] = ()
    unseen: int = 0


def goods_of(asked: Range, dimension: Dimension) -> AllGoods:
    """What was ordered of which it is known what it was."""
    from chalicelib.insight.reports.service.titles import titles  # whoever asks for no goods needs no catalogue

    days: dict[str, list[tuple[date, Sequence[int]]]] = {}
    unseen = {on for on, rollup in asked.days().items() if rollup.hours}
    for on, slices in each_day(asked.tenant_id, dimension, asked.from_on, asked.to_on):
        unseen.discard(on)
        for value, each in slices.items():
            if value not in {UNKNOWN, NO_GOODS}:
                days.setdefault(value, []).append((on, each.ordinals))
    members = {value: len({ordinal for _, who in each for ordinal in who}) for value, each in days.items()}
    most = sorted(members, key=lambda value: (-members[value], value))[:MOST_GOODS]
    named = titles(asked.tenant_id, dimension, most)
    rows = [Goods(value, named.get(value), periodicity(occasions(days[value]), asked.to_on)) for value in most]
    return AllGoods(rows, len(unseen))
