"""How far people come along a path: entries of a range of days, with all that follows them inside the window."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.insight.intake.records import DayColumns
from chalicelib.insight.intake.service.reading import events_between
from chalicelib.insight.model.funnel import Order, Path, Walk
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.model.stream import Actor, Event
from chalicelib.insight.reports.service.titles import titles
from chalicelib.insight.reports.service.window import Horizon, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import day_bounds, local_date
from chalicelib.tenants.service.brand import get_tenant

USUAL_DAYS = 30
MOST_DAYS = 400
"""Events are kept for so long."""

MOST_EVENTS = 600_000
"""Events that are walked through: half a million take 5 to 10 seconds and 100 MB."""

VISIT_GAP = timedelta(minutes=30)
"""Who does nothing for longer begins another visit."""

MOST_CHANNELS = 20
"""Channels of one person's entries that are told apart: whoever tells of events may make up as many as they like."""

MOST_GROUPS = 100
"""Groups that are shown, those of the most people."""


class Per(StrEnum):
    """Whose path it is: a person's, or each visit's by itself."""

    PERSON = "person"
    VISIT = "visit"


class Split(StrEnum):
    """By which it is told apart: the channel of the entry, or the campaign or the product that all steps are of."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. ``channel`` is that of the entry; ``campaign`` leaves events of others out, and so does
    ``product``.
    """

    path: Path
    per: Per = Per.PERSON
    channel: str | None = None
    campaign: str | None = None
    split: Split | None = None
    product: str | None = None

    def takes(self, event: Event) -> bool:
        """Whether an event is of the campaign and about the product that are asked for."""
        of_product = self.product is None or self.product in event.product_ids
        return of_product and self.campaign in {None, event.campaign_id}


@dataclass(slots=True)
class Reach:
    """How far people came: at place k of each list those whose deepest step is the k-th. ``members`` are ordinals, each
    visit by itself; ``others`` how many visitors who have not signed in; ``open_`` those of both who may come farther.
    """

    members: list[list[int]]
    others: list[int]
    open_members: list[list[int]]
    open_: list[int]

    @classmethod
    def none(cls, steps: int) -> "Reach":
        places = range(steps)
        return cls([[] for _ in places], [0 for _ in places], [[] for _ in places], [0 for _ in places])

    @property
    def people(self) -> int:
        """Who came to the first step."""
        return sum(map(len, self.members)) + sum(self.others)

    def add(self, actor: Actor, steps: int, is_open: bool) -> None:
        """Counts somebody who came so many steps, one or more."""
        place = steps - 1
        if isinstance(actor, int):
            self.members[place].append(actor)
        else:
            self.others[place] += 1
        if is_open:
            self.open_[place] += 1
            if isinstance(actor, int):
                self.open_members[place].append(actor)


@dataclass(frozen=True, slots=True)
class Funnel:
    """The answer, in all and by group: the id of a channel, campaign or product, or nothing where there was none.
    ``revision`` rises with every change of a day in columns; ``ended`` says that no further event can be of the range's
    days. ``further_groups`` are beyond those that are shown.
    """

    timezone: str
    from_on: date
    to_on: date
    horizon: Horizon
    revision: int
    ended: bool
    whole: Reach
    groups: Mapping[str, Reach] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    further_groups: int = 0


def funnel(tenant_id: str, wanted: Wanted, from_on: date | None, to_on: date | None, now: datetime) -> Funnel:
    """Entries of the local days from one to the other, both included, by default the last thirty complete ones; what
    follows an entry counts as long as its window is, past the last day too. Raises Invalid for a range that runs
    backwards, that is too long, or that has more than so many events.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    end = seen.window.ends_on
    since = from_on or end - timedelta(days=USUAL_DAYS - 1)
    _check(since, end)
    begins_at, ends_at = day_bounds(since, tz)[0], day_bounds(end, tz)[1]
    last_at = ends_at + (wanted.path.window or timedelta())
    read_to = min(local_date(last_at, tz), local_date(now, tz))
    revision = _revision(tenant_id, since, read_to)
    needs_all = wanted.path.order is Order.STRICT or wanted.per is Per.VISIT
    kinds = None if needs_all else frozenset(wanted.path.steps)
    path = replace(wanted.path, enters=lambda event: begins_at <= event.at < ends_at)
    walking = _Walking(replace(wanted, path=path), now)
    walking.walk(events_between(tenant_id, since, read_to, kinds))
    ranked = sorted(walking.groups.items(), key=lambda group: (-group[1].people, group[0]))
    groups = dict(sorted(ranked[:MOST_GROUPS]))
    named = titles(tenant_id, Dimension(wanted.split.value), list(groups)) if wanted.split else {}
    return Funnel(
        tz.key, since, end, seen, revision, end < local_date(now, tz), walking.whole, groups, named,
        len(ranked) - len(groups),
    )  # fmt: skip


def _check(since: date, end: date) -> None:
    if since > end:
        raise Invalid.at(
            "?from_on", f"The first day, {since}, is after the last, {end}.", f"开始日期 {since} 晚于结束日期 {end}。"
        )
    if (end - since).days >= MOST_DAYS:
        raise Invalid.at(
            "?from_on",
            f"Events are kept for {MOST_DAYS} days; begin on {end - timedelta(days=MOST_DAYS - 1)} or later.",
            f"事件保留 {MOST_DAYS} 天，请从 {end - timedelta(days=MOST_DAYS - 1)} 或之后开始。",
        )


def _revision(tenant_id: str, since: date, read_to: date) -> int:
    """The sum of the revisions of these days, read before what they say. Raises Invalid for too many events."""
    revision = events = 0
    for each in DayColumns.in_days(tenant_id, since, read_to):
        revision, events = revision + int(each.rev), events + int(each.events)
    if events > MOST_EVENTS:
        raise Invalid.at(
            "?from_on",
            f"These days and the window after them have {events} events, and at most {MOST_EVENTS} are walked through "
            "at once; narrow the days or the window.",
            f"所选日期及其后的窗口共有 {events} 个事件，一次最多处理 {MOST_EVENTS} 个，请缩小日期或窗口。",
        )
    return revision


@dataclass(slots=True)
class _Person:
    """Where somebody is: their walk in all, and by group."""

    whole: Walk
    groups: dict[str, Walk] = field(default_factory=dict)
    last_at: datetime | None = None


class _Walking:
    """Lets everybody walk at once, event by event; of each the events come in their order."""

    def __init__(self, wanted: Wanted, ends_at: datetime) -> None:
        self._wanted, self._ends_at = wanted, ends_at
        channel = wanted.channel
        self._path = wanted.path if channel is None else _of_channel(wanted.path, channel)
        self._people: dict[Actor, _Person] = {}
        self.whole = Reach.none(len(wanted.path.steps))
        self.groups: dict[str, Reach] = {}

    def walk(self, events: Iterable[Event]) -> None:
        """Takes all events, and counts how far everybody came."""
        for event in events:
            person = self._people.get(event.actor)
            if person is not None and self._is_over(person, event.at):
                self._count(event.actor, person, is_over=True)
                person = None
            if person is None:
                person = self._people[event.actor] = _Person(self._path.begin())
            person.last_at = event.at
            if self._wanted.takes(event):
                self._step(person, event)
        for actor, person in self._people.items():
            self._count(actor, person, is_over=self._is_over(person, self._ends_at))

    def _is_over(self, person: _Person, at: datetime) -> bool:
        """Whether what is done at an instant belongs to another visit."""
        return self._wanted.per is Per.VISIT and person.last_at is not None and at - person.last_at > VISIT_GAP

    def _step(self, person: _Person, event: Event) -> None:
        person.whole.add(event)
        split = self._wanted.split
        if split is Split.CAMPAIGN:
            self._step_of(person, event.campaign_id, event)
        elif split is Split.PRODUCT:
            for product_id in event.product_ids or ("",):
                self._step_of(person, product_id, event)
        elif split is Split.CHANNEL:
            known = event.channel_id in person.groups or len(person.groups) == MOST_CHANNELS
            if not known and self._path.enters(event):
                person.groups[event.channel_id] = _of_channel(self._path, event.channel_id).begin()
            for group in person.groups.values():
                group.add(event)

    def _step_of(self, person: _Person, name: str, event: Event) -> None:
        group = person.groups.get(name)
        if group is None:
            group = person.groups[name] = self._path.begin()
        group.add(event)

    def _count(self, actor: Actor, person: _Person, *, is_over: bool) -> None:
        for name, walk in ((None, person.whole), *person.groups.items()):
            steps, is_open = self._path.end(walk, self._ends_at)
            if steps:
                none = Reach.none(len(self._path.steps))
                of = self.whole if name is None else self.groups.setdefault(name, none)
                of.add(actor, steps, is_open and not is_over)


def _of_channel(path: Path, channel: str) -> Path:
    return replace(path, enters=lambda event: event.channel_id == channel and path.enters(event))
