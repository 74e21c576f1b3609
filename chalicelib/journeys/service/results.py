"""What a journey has brought so far, and who is in it; the verdict is found once, when it is due."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.db import Page, Transaction, change
from chalicelib.journeys.model.results import Effect, Tally, Verdict, effect_of, ended_days, together, verdict_on
from chalicelib.journeys.model.running import HELD_FOR
from chalicelib.journeys.records import (
    PARTS,
    DayCountRecord,
    JourneyRecord,
    StepCountRecord,
    VersionRecord,
    WayRecord,
)
from chalicelib.journeys.service.reading import get_journey, get_version
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.trials.arms import Arm


@dataclass(frozen=True, slots=True)
class StepResult:
    """What came of a step: members who ``reached`` it, for whom it was ``done``, ``held`` back (by reason in
    ``held_for``), or who did not go on: ``no``.
    """

    reached: int = 0
    done: int = 0
    held: int = 0
    no: int = 0
    held_for: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """What a version has brought: ``entries`` are ways, also of members who entered before; ``ended`` members whose
    goal's days are over, of the arms. ``due_on`` is the first local day on which a verdict may be found, ``looks_on``
    the next on which it is looked for; None where it is not any more.
    """

    version: VersionRecord
    steps: tuple[StepResult, ...]
    entries: int
    arms: Mapping[Arm, Tally]
    ended: int
    effect: Effect
    due_on: date
    verdict: Verdict | None
    currency: str
    today: date
    looks_on: date | None


def results_of(tenant_id: str, journey: JourneyRecord, number: int | None, now: datetime) -> Results:
    """The results of a version, the published one where none is named. Raises NotFound."""
    version = get_version(tenant_id, journey.id, int(journey.version) if number is None else number)
    tenant, definition = get_tenant(tenant_id), version.definition
    days = _days(version)
    arms = together(each.arms for each in days)
    tz = zone(tenant.timezone)
    today = local_date(now, tz)
    ended = ended_days(_by_day(days), definition.goal.days, today)
    return Results(
        version, _steps(version, len(definition.steps)), sum(int(each.entries) for each in days), arms,
        sum(each.entered for each in ended.values()), effect_of(arms), due_on(version), version.verdict,
        tenant.currency, today, local_date(version.looks_at, tz) if version.looks_at else None,
    )  # fmt: skip


def due_on(version: VersionRecord) -> date:
    """The first local day on which a verdict may be found, if enough members have entered by then."""
    horizon = version.definition.horizon
    on: date = version.published_on
    return on + timedelta(days=horizon.days)


def look(tenant_id: str, journey_id: str, number: int, now: datetime) -> None:
    """Finds the verdict on a version if it is due, and else looks again tomorrow, for two years."""
    tz = zone(get_tenant(tenant_id).timezone)
    today = local_date(now, tz)

    def decide(version: VersionRecord, tx: Transaction) -> None:
        if version.looks_at is None or version.looks_at > now:
            return
        found = verdict_on(version.definition, version.published_on, _by_day(_days(version)), today)
        version.looks_at = None
        if found is not None:
            version.stored_verdict = found.as_json()
        elif today < version.published_on + _LOOKED_AT_FOR:
            version.looks_at = day_start(today + timedelta(days=1), tz) + _AFTER_MIDNIGHT
        tx.replace("version", version)

    change(lambda: get_version(tenant_id, journey_id, number), decide)


_LOOKED_AT_FOR, _AFTER_MIDNIGHT = timedelta(days=730), timedelta(hours=3)


def first_look(version: VersionRecord, timezone: str) -> datetime:
    """When a version is looked at first for its verdict."""
    return day_start(due_on(version), zone(timezone)) + _AFTER_MIDNIGHT


def _days(version: VersionRecord) -> list[DayCountRecord]:
    found: list[DayCountRecord] = []
    for part in range(PARTS):
        partition = StepCountRecord.partition(version.tenant_id, version.journey_id, version.number, part)
        found += DayCountRecord.every(partition, begins_with="day#", consistent=True)
    return found


def _by_day(days: list[DayCountRecord]) -> dict[date, dict[Arm, Tally]]:
    found: dict[date, list[dict[Arm, Tally]]] = {}
    for each in days:
        found.setdefault(each.on, []).append(each.arms)
    return {on: together(arms) for on, arms in found.items()}


def _steps(version: VersionRecord, steps: int) -> tuple[StepResult, ...]:
    sums = [Counter[str]() for _ in range(steps)]
    for part in range(PARTS):
        partition = StepCountRecord.partition(version.tenant_id, version.journey_id, version.number, part)
        for each in StepCountRecord.every(partition, begins_with="step#", consistent=True):
            for name in (*_STEP, *HELD_FOR):
                sums[each.step][name] += int(getattr(each, name if name in _STEP else f"held_{name}"))
    return tuple(
        StepResult(
            each["reached"], each["done"], each["held"], each["no"], {why: each[why] for why in HELD_FOR if each[why]}
        )
        for each in sums
    )


_STEP = ("reached", "done", "held", "no")


_AT_ONCE = 100
"""Ways that a further request reads of a part, where a filter has left some out."""

_MOST_REQUESTS = 20
"""Requests of a page beyond one for each part."""


@dataclass(slots=True)
class _Part:
    """Ways of one part of a journey's members, read down to ``reached``, and whether there are ``more``."""

    partition: str
    before: str | None
    found: list[WayRecord] = field(default_factory=list)
    reached: str = "~"
    more: bool = True
    last: dict[str, Any] | None = None

    def read_on(self, most: int, asked: Mapping[str, str]) -> None:
        """Reads the next, and keeps those that are as asked."""
        page = WayRecord.page(
            self.partition, index="gsi1", newest_first=True, limit=most, cursor=self.last,
            between=("0", self.before) if self.before else None,
        )  # fmt: skip
        for way in page.items:
            self.reached = str(way.gsi1sk)
            if self.reached != self.before and all(getattr(way, name) == value for name, value in asked.items()):
                self.found.append(way)
        self.last, self.more = page.last_key, page.last_key is not None


def list_ways(
    tenant_id: str, journey_id: str, state: str | None, arm: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[WayRecord]:  # fmt: skip
    """Members of a journey, the latest entry first; of a state, of an arm, or all. Where few are as asked, a page may
    be short and still continue. Raises NotFound.
    """
    get_journey(tenant_id, journey_id)
    before = cursor["before"] if cursor else None
    asked = {name: value for name, value in (("state", state), ("arm", arm)) if value is not None}
    parts = [_Part(WayRecord.members_of(tenant_id, journey_id, part), before) for part in range(PARTS)]
    found: list[WayRecord] = []
    for _ in range(PARTS + _MOST_REQUESTS):
        open_parts = [each for each in parts if each.more]
        if not open_parts or len(found) > limit:
            break
        behind = max(open_parts, key=lambda each: each.reached)
        behind.read_on(_AT_ONCE if behind.last else limit + 1, asked)
        found = _known(parts)
    if len(found) > limit:
        return Page(found[:limit], {"before": found[limit - 1].gsi1sk})
    return Page(found, {"before": _horizon(parts)} if any(each.more for each in parts) else None)


def _horizon(parts: Sequence[_Part]) -> str:
    """Down to where all parts are read."""
    return max((each.reached for each in parts if each.more), default="")


def _known(parts: Sequence[_Part]) -> list[WayRecord]:
    """The ways that no unread one comes before, the latest first."""
    horizon = _horizon(parts)
    every = (way for part in parts for way in part.found if str(way.gsi1sk) >= horizon)
    return sorted(every, key=lambda way: str(way.gsi1sk), reverse=True)
