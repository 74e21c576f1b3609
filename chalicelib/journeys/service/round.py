"""What all members of a group have in common while they go on, and what becomes of a way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from chalicelib.db import Transaction, fetch_many
from chalicelib.db.records import Record
from chalicelib.journeys.model.journeys import Definition
from chalicelib.journeys.model.results import Tally
from chalicelib.journeys.model.running import Outcome, Place, State, Why, onward
from chalicelib.journeys.model.steps import ACTIONS, Step
from chalicelib.journeys.records import Counting, VersionRecord, WayRecord, part_of
from chalicelib.journeys.service.people import why_leaves, zone_of
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.records import Tenant

R = TypeVar("R", bound=Record)

_COUNTED_AS = {Outcome.DONE: "done", Outcome.YES: "done", Outcome.HELD: "held", Outcome.NO: "no"}


@dataclass(frozen=True, slots=True)
class Round:
    """A journey's version at an instant; ``ended`` where the journey is over for everybody."""

    tenant: Tenant
    version: VersionRecord
    definition: Definition
    now: datetime
    ended: bool

    def step(self, number: int) -> Step | None:
        """The step of a number; None behind the last."""
        steps = self.definition.steps
        return steps[number] if number < len(steps) else None

    def counting(self, ways: Sequence[WayRecord]) -> Counting:
        """The counters that a transaction on these ways adds to."""
        version = self.version
        return Counting(version.tenant_id, version.journey_id, version.number, part_of(ways[0].member_id))

    def must_leave(self, way: WayRecord, member: MemberRecord | None) -> Why | None:
        """Why somebody goes no further, asked at the moment of each step; None for who does."""
        if self.ended:
            return Why.ENDED
        if member is None:
            return Why.BRAND
        if why := why_leaves(member):
            return why
        if self.definition.exit_on_purchase and way.orders:
            return Why.ORDERED
        if way.segment_id and way.segment_id not in (member.segment_ids or ()):
            return Why.SEGMENT
        return None

    def reaches(self, counting: Counting, way: WayRecord, number: int, outcome: Outcome, why: str = "") -> None:
        """Notes and counts what a step came to for somebody."""
        way.note(number, outcome.value, self.now, why)
        counting.step(number, "reached")
        counting.step(number, _COUNTED_AS[outcome])
        if outcome is Outcome.HELD:
            counting.step(number, f"held_{why}")
        if outcome is Outcome.DONE and isinstance(self.step(number), ACTIONS) and not way.reached:
            way.reached = True
            if way.counted:
                counting.arm(way.entered_on, way.arm, Tally(reached=1))

    def go_on(self, way: WayRecord, member: MemberRecord, after: int) -> None:
        """Puts somebody behind a step; who is behind the last has finished."""
        self.put(way, onward(self.definition.steps, after, self.now, zone_of(member, self.tenant)))

    def put(self, way: WayRecord, place: Place) -> None:
        """Puts somebody before a step."""
        way.step, way.wakes_at = place.step, place.wakes_at
        if self.step(place.step) is None:
            way.state, way.ended_at, way.wakes_at = State.FINISHED.value, self.now, None


def again(ways: Sequence[WayRecord]) -> list[WayRecord]:
    """The same ways as they stand now, of those who are still inside."""
    found = fetch_many([(WayRecord, str(each.pk), str(each.sk)) for each in ways], consistent=True)
    numbers = {each.member_id: int(each.entry) for each in ways}
    return [each for each in found if each is not None and each.is_inside and numbers[each.member_id] == each.entry]


def still_there(way: WayRecord, step: int, now: datetime) -> bool:
    """Whether somebody still stands before a step that is due."""
    return int(way.step) == step and way.wakes_at is not None and way.wakes_at <= now


def members_of(tenant_id: str, ways: Sequence[WayRecord]) -> dict[str, MemberRecord]:
    """The members whose ways these are, as they stand now."""
    places = [(MemberRecord, *MemberRecord.address(tenant_id, each.member_id)) for each in ways]
    return {each.id: each for each in fetch_many(places, consistent=True) if each is not None}


def save(tx: Transaction, way: WayRecord) -> None:
    """Adds a way to a transaction."""
    tx.replace(f"way of {way.member_id}", way)
