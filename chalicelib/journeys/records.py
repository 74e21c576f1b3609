"""Journeys, their versions, and members' ways through them as they are stored, with their keys."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, Transaction, key
from chalicelib.db.attributes import optional
from chalicelib.journeys.model.arms import Drawn
from chalicelib.journeys.model.journeys import Definition, Status
from chalicelib.journeys.model.results import TALLY, Tally, Verdict, tally_of
from chalicelib.journeys.model.running import State, Why
from chalicelib.journeys.model.uniting import Passage
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.ids import derived_id
from chalicelib.trials.arms import Arm

MOVES, VERDICT, CROWD_STALLED = "journey.moves", "journey.verdict", "journey.crowd_stalled"
"""What is due: of a group, of a version, of a crowd."""

CROWD, RESUMING, TELLS, ASKS_TEAM = "journey.crowd", "journey.resuming", "journey.tells", "journey.asks_team"
"""Events: more of a crowd enter; parked groups go on; a member is told something, or the team is asked to do it."""

QUEUE = "service"

LOOKED_AT_AGAIN = timedelta(hours=6)
"""After which what waits for a journey to be resumed is looked at, in case that was missed."""

PARTS = 4
"""Each counter and each list of members is in parts, so that a crowd that enters at once does not meet at one item."""


def part_of(member_id: str) -> int:
    """The part that a member belongs to."""
    return zlib.crc32(member_id.encode()) % PARTS


class JourneyRecord(TenantRecord):
    """A journey: its draft, if it has one, and the number of the ``version`` that is published, 0 before the first.
    ``gsi1`` lists all by creation.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    status = UnicodeAttribute(default=Status.DRAFT.value)
    stored_draft = optional(JsonAttribute(attr_name="draft", null=True))
    version = NumberAttribute(default=0)
    ready_made = optional(UnicodeAttribute(null=True))
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()
    published_at = optional(InstantAttribute(null=True))
    ended_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, journey_id: str) -> tuple[str, str]:
        """The key of a journey."""
        return key(tenant_id, "journey", journey_id), "journey"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all journeys."""
        return key(tenant_id, "journeys")

    @property
    def draft(self) -> Definition | None:
        return Definition.from_json(self.stored_draft) if self.stored_draft else None

    @draft.setter
    def draft(self, draft: Definition | None) -> None:
        self.stored_draft = None if draft is None else draft.as_json()

    def arrange(self) -> None:
        """Stands in the list of all."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), self.id


class VersionRecord(TenantRecord):
    """A journey as it was published. Nobody who is inside meets another: it is never changed, but for the verdict on
    it, which is found once; until then it is looked at each day.
    """

    stored = JsonAttribute(attr_name="definition")
    published_at = InstantAttribute()
    published_on = DateAttribute()
    published_by = UnicodeAttribute()
    looks_at = optional(InstantAttribute(null=True))
    stored_verdict = optional(JsonAttribute(attr_name="verdict", null=True))

    @staticmethod
    def address(tenant_id: str, journey_id: str, version: int) -> tuple[str, str]:
        """The key of a version, counted from 1."""
        return key(tenant_id, "journey", journey_id), f"version#{version:04d}"

    @property
    def journey_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def number(self) -> int:
        return int(str(self.sk).rpartition("#")[2])

    @property
    def definition(self) -> Definition:
        return Definition.from_json(self.stored)

    @property
    def verdict(self) -> Verdict | None:
        return Verdict.from_json(self.stored_verdict) if self.stored_verdict else None

    def arrange(self) -> None:
        """Is due when it is to be looked at for its verdict."""
        self.schedule(self.looks_at, VERDICT, QUEUE)


class PublishedRecord(TenantRecord):
    """What the brand's journeys begin with, of those that run: one item, which each event looks through. By id: the
    ``version``, and its ``trigger`` as stored.
    """

    running = JsonAttribute(default=dict)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "running-journeys"), "journeys"


class WayRecord(TenantRecord):
    """A member's way through a journey, in the ``version`` in which they entered and the ``arm`` that was drawn at
    their first entry, by a share of the control (``drawn_bps``).

    ``step`` is the number of the one that they stand before, from 0, due at ``wakes_at``; ``trail`` what each step came
    to: its number, the outcome, why where it was held back, and when. ``orders`` are those that count for the goal, by
    id, with what they come to in minor units; ``counted`` says whether the member counts in the arms by it: once at
    most in a version. ``cause`` is what made them enter. A member who enters once more has the earlier ways beside this
    one.
    """

    journey_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    entry = NumberAttribute()
    version = NumberAttribute()
    arm = UnicodeAttribute()
    drawn_bps = optional(NumberAttribute(null=True))
    state = UnicodeAttribute()
    why = optional(UnicodeAttribute(null=True))
    step = NumberAttribute()
    wakes_at = optional(InstantAttribute(null=True))
    entered_at = InstantAttribute()
    entered_on = DateAttribute()
    ended_at = optional(InstantAttribute(null=True))
    cause = UnicodeAttribute()
    segment_id = optional(UnicodeAttribute(null=True))
    trail = JsonAttribute(default=list)
    orders = JsonAttribute(default=dict)
    reached = BooleanAttribute(default=False)
    counted = BooleanAttribute(default=True)

    @staticmethod
    def partition(tenant_id: str, member_id: str) -> str:
        """The partition with all ways of a member."""
        return key(tenant_id, "journey-ways", member_id)

    @classmethod
    def address(cls, tenant_id: str, member_id: str, journey_id: str) -> tuple[str, str]:
        """The key of a member's latest way through a journey."""
        return cls.partition(tenant_id, member_id), journey_id

    @staticmethod
    def members_of(tenant_id: str, journey_id: str, part: int) -> str:
        """A partition of ``gsi1`` with a journey's members, by entering."""
        return key(tenant_id, "journey-members", journey_id, str(part))

    @property
    def definition_address(self) -> tuple[type[VersionRecord], str, str]:
        """Where the version is that it goes through."""
        return VersionRecord, *VersionRecord.address(self.tenant_id, self.journey_id, int(self.version))

    @property
    def drawn(self) -> Drawn:
        """Their arm in this journey."""
        return Drawn(Arm(self.arm), None if self.drawn_bps is None else int(self.drawn_bps))

    @drawn.setter
    def drawn(self, drawn: Drawn) -> None:
        self.arm, self.drawn_bps = drawn.arm.value, drawn.share_bps

    @property
    def is_inside(self) -> bool:
        return bool(self.state == State.INSIDE)

    @property
    def passage(self) -> Passage:
        """Where it stands."""
        return Passage(self.entered_at, self.is_inside, len(self.trail))

    @property
    def tally(self) -> Tally:
        """What it adds to its arm beside the entry."""
        return tally_of(self.orders, reached=bool(self.reached)) if self.counted else Tally()

    def note(self, step: int, outcome: str, now: datetime, why: str = "") -> None:
        """Adds what a step came to."""
        self.trail = [*self.trail, [step, outcome, why, sortable(now)]]

    @property
    def steps_done(self) -> list[tuple[int, str, str, datetime]]:
        """What each step came to."""
        return [(step, outcome, why, parse_instant(at)) for step, outcome, why, at in self.trail]

    def leaves(self, why: Why, now: datetime) -> None:
        """Goes no further."""
        self.state, self.why, self.ended_at, self.wakes_at = State.LEFT.value, why.value, now, None

    def aside(self) -> "WayRecord":
        """The same as it is kept beside a later one."""
        kept = WayRecord.from_raw_data(self.serialize())
        kept.sk = f"{self.journey_id}#{int(self.entry):04d}"
        kept.rev = 1
        return kept

    def arrange(self) -> None:
        """Stands in the list of its journey."""
        self.gsi1pk = self.members_of(self.tenant_id, self.journey_id, part_of(self.member_id))
        self.gsi1sk = f"{sortable(self.entered_at)}#{self.member_id}"


class GroupRecord(TenantRecord):
    """Members who go through a journey together: due when the first of them goes on. So the due index has an item for
    many, and a worker many to work on. Of a ``parked`` one nobody goes on until its journey is resumed; it is looked at
    again after some hours in case that was missed.
    """

    journey_id = UnicodeAttribute()
    version = NumberAttribute()
    stored_members = JsonAttribute(attr_name="members")
    wakes_at = InstantAttribute()
    parked = BooleanAttribute(default=False)

    @staticmethod
    def address(tenant_id: str, group_id: str) -> tuple[str, str]:
        """The key of a group. Each has a partition, and so a shard of the due index, of its own."""
        return key(tenant_id, "journey-group", group_id), "group"

    @classmethod
    def of(cls, cause: str, ways: Sequence["WayRecord"], wakes_at: datetime) -> Self:
        """The group of ways through one version that follows from a cause, always under the same id."""
        first = ways[0]
        group_id = derived_id(first.tenant_id, "journey-group", first.journey_id, cause, first.member_id)
        return cls(
            *cls.address(first.tenant_id, group_id), journey_id=first.journey_id, version=int(first.version),
            stored_members=[[each.member_id, int(each.entry)] for each in ways], wakes_at=wakes_at,
        )  # fmt: skip

    @property
    def entries(self) -> dict[str, int]:
        """Its members, with the number of the entry that it carries on."""
        return dict(self.stored_members)

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    def park(self, now: datetime) -> None:
        """Waits until the journey is resumed."""
        self.parked, self.wakes_at = True, now + LOOKED_AT_AGAIN

    def wake(self, now: datetime) -> None:
        """Goes on now."""
        self.parked, self.wakes_at = False, now

    @staticmethod
    def parked_of(tenant_id: str, journey_id: str) -> str:
        """The partition of ``gsi2`` with the groups of a journey that wait for it to be resumed."""
        return key(tenant_id, "journey-parked", journey_id)

    def arrange(self) -> None:
        """Is due at its time; where it is parked, it stands in a list, too."""
        self.schedule(self.wakes_at, MOVES, QUEUE)
        self.gsi2pk = self.parked_of(self.tenant_id, self.journey_id) if self.parked else None
        self.gsi2sk = self.id if self.parked else None


class CrowdRecord(TenantRecord):
    """All members of a brand who enter a journey for one cause, such as a group buy that opens: those with the ordinals
    below ``next`` have, of ``total``. It is due until all have. A ``parked`` one waits until its journey is resumed,
    and is looked at again after some hours in case that was missed.
    """

    journey_id = UnicodeAttribute()
    cause = UnicodeAttribute()
    next = NumberAttribute(default=0)
    total = NumberAttribute()
    goes_on_at = optional(InstantAttribute(null=True))
    parked = BooleanAttribute(default=False)

    _STALLED_AFTER = timedelta(minutes=20)

    def go_on(self, now: datetime) -> None:
        """Has the next write send the message that brings the next, and the sweep ask after it much later; at the end
        neither.
        """
        self.goes_on_at, self.parked = None, False
        if self.next < self.total:
            self.goes_on_at = now + self._STALLED_AFTER
            self.emit(CROWD, now, journey_id=self.journey_id, cause=self.cause)

    def park(self, now: datetime) -> None:
        """Waits until the journey is resumed."""
        self.parked, self.goes_on_at = True, now + LOOKED_AT_AGAIN

    def waits(self, now: datetime) -> bool:
        """Whether it is parked, and not to be looked at again yet."""
        return bool(self.parked) and self.goes_on_at is not None and self.goes_on_at > now

    def stop(self) -> None:
        """Brings in nobody more."""
        self.parked, self.goes_on_at = False, None

    @staticmethod
    def address(tenant_id: str, journey_id: str, cause: str) -> tuple[str, str]:
        """The key of what one cause brings into a journey."""
        return key(tenant_id, "journey-crowd", journey_id, cause), "crowd"

    @staticmethod
    def parked_of(tenant_id: str, journey_id: str) -> str:
        """The partition of ``gsi2`` with the crowds of a journey that wait for it to be resumed."""
        return key(tenant_id, "journey-parked-crowds", journey_id)

    def arrange(self) -> None:
        """Is due while there are members left; where it is parked, it stands in a list, too."""
        self.schedule(self.goes_on_at, CROWD_STALLED, QUEUE)
        self.gsi2pk = self.parked_of(self.tenant_id, self.journey_id) if self.parked else None
        self.gsi2sk = self.cause if self.parked else None


class ToldRecord(TenantRecord):
    """When journeys told a member something last, all of them together: what their caps ask about."""

    at = JsonAttribute(default=list)

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key, one for each member."""
        return key(tenant_id, "journey-messages", member_id), "told"

    @property
    def instants(self) -> list[datetime]:
        return [parse_instant(each) for each in self.at]

    @instants.setter
    def instants(self, instants: Iterable[datetime]) -> None:
        self.at = [sortable(each) for each in instants]


class StepCountRecord(TenantRecord):
    """A part of what came of a step: members who ``reached`` it, for whom it was ``done`` (of a condition: who go on),
    ``held`` back, or (of a condition) who do not go on: ``no``. Added to in place. Each reason why it was held back has
    a figure of its own.
    """

    reached = NumberAttribute(default=0)
    done = NumberAttribute(default=0)
    held = NumberAttribute(default=0)
    no = NumberAttribute(default=0)
    held_no_consent = NumberAttribute(default=0)
    held_no_news = NumberAttribute(default=0)
    held_has_enough = NumberAttribute(default=0)
    held_not_new = NumberAttribute(default=0)
    held_batch_paused = NumberAttribute(default=0)
    held_batch_over = NumberAttribute(default=0)
    held_no_tag = NumberAttribute(default=0)
    held_too_many_tags = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str, journey_id: str, version: int, part: int) -> str:
        """The partition with a part of a version's counters."""
        return key(tenant_id, "journey-counts", journey_id, str(version), str(part))

    @classmethod
    def address(cls, tenant_id: str, journey_id: str, version: int, part: int, step: int) -> tuple[str, str]:
        """The key of a part of a step's counter."""
        return cls.partition(tenant_id, journey_id, version, part), f"step#{step:02d}"

    @property
    def step(self) -> int:
        return int(str(self.sk).rpartition("#")[2])


class DayCountRecord(TenantRecord):
    """A part of what came of those who entered on a local day, by arm. Added to in place; names are of an arm and of a
    figure, such as ``control_buyers``. ``entries`` counts ways, also of members who entered before.
    """

    entries = NumberAttribute(default=0)
    treated_entered = NumberAttribute(default=0)
    treated_reached = NumberAttribute(default=0)
    treated_buyers = NumberAttribute(default=0)
    treated_orders = NumberAttribute(default=0)
    treated_revenue_minor = NumberAttribute(default=0)
    treated_squares = NumberAttribute(default=0)
    treated_expected_bps = NumberAttribute(default=0)
    control_entered = NumberAttribute(default=0)
    control_reached = NumberAttribute(default=0)
    control_buyers = NumberAttribute(default=0)
    control_orders = NumberAttribute(default=0)
    control_revenue_minor = NumberAttribute(default=0)
    control_squares = NumberAttribute(default=0)
    control_expected_bps = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, journey_id: str, version: int, part: int, on: date) -> tuple[str, str]:
        """The key of a part of a day's counter."""
        return StepCountRecord.partition(tenant_id, journey_id, version, part), f"day#{on.isoformat()}"

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk).rpartition("#")[2])

    @property
    def arms(self) -> dict[Arm, Tally]:
        return {arm: Tally(*(int(getattr(self, f"{arm.value}_{name}")) for name in TALLY)) for arm in Arm}


class Counting:
    """What a transaction adds to counters of one part of a version, gathered so that each item is one operation."""

    def __init__(self, tenant_id: str, journey_id: str, version: int, part: int) -> None:
        self._of = tenant_id, journey_id, version, part
        self._steps: dict[int, dict[str, int]] = {}
        self._days: dict[date, dict[str, int]] = {}

    def step(self, step: int, name: str, n: int = 1) -> None:
        """Adds to a step's counter."""
        counts = self._steps.setdefault(step, {})
        counts[name] = counts.get(name, 0) + n

    def entry(self, on: date) -> None:
        """Adds a way that was entered on a day."""
        counts = self._days.setdefault(on, {})
        counts["entries"] = counts.get("entries", 0) + 1

    def arm(self, on: date, arm: str, tally: Tally) -> None:
        """Adds to an arm of those who entered on a day."""
        counts = self._days.setdefault(on, {})
        for name in TALLY:
            if n := getattr(tally, name):
                counts[f"{arm}_{name}"] = counts.get(f"{arm}_{name}", 0) + n

    def add_to(self, tx: Transaction) -> None:
        """Adds what was gathered to a transaction."""
        for step, counts in self._steps.items():
            address = StepCountRecord.address(*self._of, step)
            tx.update(
                f"count of step {step} of {self._of[2]}",
                StepCountRecord,
                *address,
                actions=_added(StepCountRecord, counts),
            )
        for on, counts in self._days.items():
            if any(counts.values()):
                address = DayCountRecord.address(*self._of, on)
                tx.update(
                    f"count of {on} of {self._of[2]}", DayCountRecord, *address, actions=_added(DayCountRecord, counts)
                )


def _added(record: Any, counts: Mapping[str, int]) -> list[Action]:
    actions = [getattr(record, name).add(n) for name, n in counts.items() if n]
    return [*actions, record.rev.add(1)]
