"""Members enter journeys: once for a cause, in the arm of their first entry; those who go on together form a group."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.journeys.model.arms import drawn
from chalicelib.journeys.model.journeys import Definition
from chalicelib.journeys.model.results import Tally
from chalicelib.journeys.model.running import State, entered
from chalicelib.journeys.model.steps import Trigger
from chalicelib.journeys.records import Counting, GroupRecord, VersionRecord, WayRecord, part_of
from chalicelib.journeys.service.people import is_here, zone_of
from chalicelib.journeys.service.reading import Running, get_version, running
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member, members_by_ordinal
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.trials.arms import Arm

TOGETHER = 30
"""Members who enter in one transaction: each writes two items at most, and a few more count them and carry them on."""


def member_enters(
    tenant_id: str, member_id: str, begins: Callable[[Trigger], bool], cause: str, now: datetime, segment_id: str = ""
) -> None:
    """A member enters each running journey that begins so; of one whose history is another's, the other. ``cause`` is
    the id of what happened: the same one brings nobody in twice.
    """
    found = running(tenant_id, begins)
    if not found:
        return
    with suppress(NotFound):
        member = get_member(tenant_id, member_id, consistent=True)
        for each in found:
            enter(each, [member], cause, now, segment_id)


def ordinals_enter(
    tenant_id: str, ordinals: Sequence[int], begins: Callable[[Trigger], bool], cause: str, now: datetime,
    segment_id: str = "",
) -> None:  # fmt: skip
    """As :func:`member_enters`, many members by their ordinals."""
    for each in running(tenant_id, begins):
        for start in range(0, len(ordinals), TOGETHER):
            members = members_by_ordinal(tenant_id, ordinals[start : start + TOGETHER])
            enter(each, members, cause, now, segment_id)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What all who enter at once have in common."""

    tenant: Tenant
    version: VersionRecord
    definition: Definition
    cause: str
    segment_id: str
    now: datetime

    @property
    def on(self) -> date:
        return local_date(self.now, zone(self.tenant.timezone))

    def may(self, way: WayRecord | None) -> bool:
        """Whether somebody enters whose latest way this is."""
        if way is None:
            return True
        again = self.definition.again_after_days
        if again is None or way.is_inside or way.cause == self.cause:
            return False
        return bool(way.entered_at + timedelta(days=again) <= self.now)

    def way(self, member: MemberRecord, before: WayRecord | None) -> WayRecord:
        """The way of somebody who enters."""
        version, share = self.version, self.definition.control_bps
        arm = drawn(version.journey_id, member.id, share, before.drawn if before else None)
        way = WayRecord(
            *WayRecord.address(member.tenant_id, member.id, version.journey_id),
            journey_id=version.journey_id, member_id=member.id, entry=int(before.entry) + 1 if before else 1,
            version=version.number, state=State.CONTROL.value, step=0, entered_at=self.now,
            entered_on=self.on, cause=self.cause, segment_id=self.segment_id or None,
            counted=(before is None or int(before.version) != version.number) and arm.counts_at(share),
        )  # fmt: skip
        way.drawn = arm
        if arm.arm is Arm.TREATED:
            place = entered(self.definition, self.now, zone_of(member, self.tenant))
            way.state, way.step, way.wakes_at = State.INSIDE.value, place.step, place.wakes_at
        return way


def enter(journey: Running, members: Sequence[MemberRecord], cause: str, now: datetime, segment_id: str = "") -> None:
    """Those of at most ``TOGETHER`` members enter who are here, and may. Done again, nobody enters twice: one who is
    inside does not, nor one who was, before the days are over after which they may again.
    """
    here = [each for each in members if is_here(each)]
    if not here:
        return
    tenant_id = here[0].tenant_id
    version = get_version(tenant_id, journey.journey_id, journey.version)
    entry = _Entry(get_tenant(tenant_id), version, version.definition, cause, segment_id, now)
    places = [(WayRecord, *WayRecord.address(tenant_id, each.id, journey.journey_id)) for each in here]

    def decide(found: Sequence[WayRecord | None], tx: Transaction) -> None:
        ways = _put(tx, entry, [(m, way) for m, way in zip(here, found, strict=True) if entry.may(way)])
        if ways:
            counting = Counting(tenant_id, journey.journey_id, version.number, part_of(ways[0].member_id))
            for way in ways:
                _count(counting, way, entry.definition)
            counting.add_to(tx)
            gather(tx, f"{cause}#{int(ways[0].entry)}", ways)

    change(lambda: fetch_many(places, consistent=True), decide)


def _put(
    tx: Transaction, entry: _Entry, those: Iterable[tuple[MemberRecord, WayRecord | None]]
) -> list[WayRecord]:  # fmt: skip
    ways = []
    for member, before in those:
        way = entry.way(member, before)
        if before is None:
            tx.create(f"way of {member.id}", way)
        else:
            tx.create(f"earlier way of {member.id}", before.aside())
            way.rev = before.rev
            tx.replace(f"way of {member.id}", way)
        ways.append(way)
    return ways


def _count(counting: Counting, way: WayRecord, definition: Definition) -> None:
    counting.entry(way.entered_on)
    if way.counted:
        counting.arm(way.entered_on, way.arm, Tally(entered=1, expected_bps=definition.control_bps))


def gather(tx: Transaction, cause: str, ways: Iterable[WayRecord]) -> None:
    """Adds the groups in which those go on who are inside: one for each time at which somebody does."""
    by_time: Mapping[datetime, list[WayRecord]] = defaultdict(list)
    for way in ways:
        if way.is_inside and way.wakes_at is not None:
            by_time[way.wakes_at].append(way)
    for n, (wakes_at, together) in enumerate(sorted(by_time.items(), key=lambda each: each[0])):
        tx.create(f"group {n}", GroupRecord.of(cause, together, wakes_at))
