"""Suggestions as they are stored, with their keys."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.cases.model.clocks import Kind, Priority, Step
from chalicelib.cases.records import MemberCase
from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.principal import SYSTEM
from chalicelib.suggestions.model.suggestions import Reward, Status, priority

QUEUE = "service"
OVERDUE = "suggestion.overdue"
OPENED, ASSIGNED, DUE_SOON, ESCALATED = (
    "suggestion.opened", "suggestion.assigned", "suggestion.due_soon", "suggestion.escalated",
)  # fmt: skip
DECIDED, JOINED = "suggestion.decided", "suggestion.joined"


class SuggestionRecord(MemberCase):
    """A suggestion with its history. ``source`` is where the team heard it, absent where its member wrote it.

    ``same_as`` is the suggestion that it is one with, ``others`` those that are one with this, and ``others_by`` whose
    those are. What came of it:
    ``plan`` and ``done_by`` once it is adopted, ``reason`` why it was declined. ``due_at`` times are those of the case;
    an adopted one is looked at again when it should be done. ``rewarded_at`` is when its member got its ``reward``:
    written with that, so that it is given once, whoever that member is by now.

    ``gsi1`` lists the tenant's by state, ``gsi2`` a member's own.
    """

    kind = Kind.SUGGESTION
    parts = (Status.OPEN, Status.GROUPED, Status.DECLINED)

    source = optional(UnicodeAttribute(null=True))
    body_hash = UnicodeAttribute()
    value = optional(UnicodeAttribute(null=True))
    effort = optional(UnicodeAttribute(null=True))
    plan = optional(UnicodeAttribute(null=True))
    done_by = optional(DateAttribute(null=True))
    reason = optional(UnicodeAttribute(null=True))
    reward = terms(Reward.from_json)
    same_as = optional(UnicodeAttribute(null=True))
    others = JsonAttribute(default=list)
    others_by = JsonAttribute(default=dict)
    rewarded_at = optional(InstantAttribute(null=True))
    decided_at = optional(InstantAttribute(null=True))
    done_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, suggestion_id: str) -> tuple[str, str]:
        """Where a suggestion is kept."""
        return key(tenant_id, "suggestion", suggestion_id), "suggestion"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all suggestions of the tenant."""
        return key(tenant_id, "suggestions")

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's suggestions."""
        return key(tenant_id, "member-suggestions", member_id)

    @property
    def priority(self) -> Priority:
        return priority(self.value)

    @property
    def members(self) -> int:
        """How many members made it, or one of those that are one with it."""
        whose = self.others_by or {}
        return len({self.member_id, *(whose.get(each, each) for each in self.others)})

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def came_by(self) -> str:
        return self.source or super().came_by

    @property
    def ended_at(self) -> datetime | None:
        """When it was first decided, whatever was decided after; one that is one with another ends with that."""
        if self.same_as is not None:
            return None
        decided = (each for each in self.history if each["type"] in (Status.ADOPTED, Status.DECLINED, Status.DONE))
        first = next(decided, None)
        return parse_instant(first["at"]) if first else None

    @classmethod
    def opened_within(cls, tenant_id: str, since: datetime, until: datetime) -> Iterator[Self]:
        yield from super().opened_within(tenant_id, since, until)
        adopted = (f"adopted#{sortable(since)}", "adopted#~")  # by when they were decided, which is later
        for each in cls.every(cls.of_tenant(tenant_id), index="gsi1", between=adopted):
            if since <= each.opened_at < until:
                yield each

    @property
    def with_team(self) -> bool:
        return self.is_open

    @property
    def about(self) -> str:
        return self.kind.value

    @property
    def looked_at_again_at(self) -> datetime | None:
        """Of an adopted one, when it should be done."""
        return self.follow_up_at if self.status == Status.ADOPTED else None

    def arrange(self) -> None:
        """Stands in both lists, and is due while something is to be looked at."""
        adopted = self.status in (Status.ADOPTED, Status.DONE)
        at = self.decided_at if adopted and self.decided_at else self.opened_at
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{'adopted' if adopted else self.status}#{sortable(at)}#{self.id}"
        self.gsi2pk = self.of_member(self.tenant_id, self.member_id)
        self.gsi2sk = f"{sortable(self.opened_at)}#{self.id}"
        self.schedule(self.next_look_at, OVERDUE, QUEUE)

    def note_breaches(self, passed: Sequence[Step], before: str, at: datetime) -> dict[str, str]:
        self.note("escalated", at, SYSTEM, before=before, after=self.owner)
        return {"step": passed[-1].value}


class SuggestedRecord(TenantRecord):
    """How many suggestions came in on a local day: added to in the write of each."""

    came = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all days."""
        return key(tenant_id, "suggested")

    @classmethod
    def address(cls, tenant_id: str, on: date) -> tuple[str, str]:
        """The key of a day."""
        return cls.partition(tenant_id), on.isoformat()

    @classmethod
    def counted(cls, tenant_id: str, from_on: date, to_on: date) -> int:
        """Suggestions of local days, both included."""
        between = (from_on.isoformat(), to_on.isoformat())
        return sum(int(each.came) for each in cls.every(cls.partition(tenant_id), between=between, consistent=True))
