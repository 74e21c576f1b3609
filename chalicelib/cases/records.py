"""What every case of customer care keeps of its owner and clock, the desk that lists the open ones, and their keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.cases.model.calendar import Hours
from chalicelib.cases.model.clocks import Promise, Rules, Run, next_look
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import sortable

QUEUE = "service"
CLOCKS_CHANGED = "cases.clocks_changed"
DUTY_ENDED = "staff.duty_ended"


class CaseRecord(TenantRecord):
    """A case as every kind of it is kept; each kind has a record of its own.

    ``run`` is since when it is worked on, and when it waited; ``steps`` are those of the ladder that this run has
    taken. The use cases say when it is due, by the brand's calendar: ``answer_warn_at`` and ``solution_warn_at`` are
    when its owner is warned, ``follow_up_at`` when a case that waits for its member is looked at again. ``tier`` is
    that of its member when it was opened, by which it is due; none where no tier had a rule of its own then.
    """

    owner = UnicodeAttribute()
    tier = optional(UnicodeAttribute(null=True))
    waiting_for = optional(UnicodeAttribute(null=True))
    stored_run = optional(JsonAttribute(attr_name="run", null=True))
    stored_steps = optional(JsonAttribute(attr_name="steps", null=True))
    answer_warn_at = optional(InstantAttribute(null=True))
    solution_warn_at = optional(InstantAttribute(null=True))
    follow_up_at = optional(InstantAttribute(null=True))

    @property
    def steps(self) -> list[str]:
        """The steps of the ladder that were taken in this run."""
        return list(self.stored_steps or ())

    def take(self, step: str) -> None:
        """Notes that a step was taken."""
        self.stored_steps = [*self.steps, step]

    def run_from(self, start: datetime) -> Run:
        """Its run; one that was stored before there were any began at ``start`` and never waited."""
        return Run.from_json(self.stored_run) if self.stored_run else Run(start)

    def keep_run(self, run: Run) -> None:
        """Keeps its run, and for whom it waits."""
        self.stored_run = run.as_json()
        self.waiting_for = "member" if run.waits else None

    @property
    def promises(self) -> Sequence[Promise]:
        """Its due times; of a case that has ended there are none."""
        raise NotImplementedError

    @property
    def next_look_at(self) -> datetime | None:
        """When something of it may be to be done by itself."""
        return next_look(self.promises, self.steps, self.follow_up_at if self.waiting_for else None)

    @classmethod
    def copy_address(cls, pk: str, sk: str) -> "tuple[type[CaseEntry], str, str]":
        return CaseEntry, *CaseEntry.address(pk.partition("#")[0], pk.rpartition("#")[2])


class MemberCase(CaseRecord):
    """A case that a member brought, or the team for them: a complaint, an enquiry or a suggestion. ``gsi2`` lists a
    member's own.
    """

    id = UnicodeAttribute()
    member_id = UnicodeAttribute()

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's."""
        raise NotImplementedError


class CaseEntry(TenantRecord):
    """An open case as the desk lists it: brought along by each write of the case, and gone with its end.

    ``act_at`` is when its owner has to act next, by ``act``: ``answer``, ``solution``, or ``follow_up`` while it
    waits for its member. ``gsi1`` lists the tenant's by that, ``gsi2`` an owner's.
    """

    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    about = UnicodeAttribute()
    subject = UnicodeAttribute(null=True)
    priority = UnicodeAttribute()
    owner = UnicodeAttribute()
    member_id = UnicodeAttribute()
    order_id = UnicodeAttribute(null=True)
    waiting_for = optional(UnicodeAttribute(null=True))
    opened_at = InstantAttribute()
    act = UnicodeAttribute()
    act_at = InstantAttribute()
    warn_at = optional(InstantAttribute(null=True))

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @staticmethod
    def address(tenant_id: str, case_id: str) -> tuple[str, str]:
        """Where the entry of a case is kept."""
        return key(tenant_id, "case", case_id), "entry"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all open cases of the tenant."""
        return key(tenant_id, "desk")

    @staticmethod
    def of_owner(tenant_id: str, staff_id: str) -> str:
        """The partition of ``gsi2`` with the open cases that somebody has."""
        return key(tenant_id, "desk-of", staff_id)

    def arrange(self) -> None:
        """Stands in both lists, the most pressing first."""
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi2pk = self.of_owner(self.tenant_id, self.owner)
        self.gsi1sk = self.gsi2sk = f"{sortable(self.act_at)}#{self.id}"


class CalendarRecord(TenantRecord):
    """A brand's business calendar."""

    hours = terms(Hours.from_json)
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "business-calendar"), "business-calendar"


class CaseRulesRecord(TenantRecord):
    """A brand's targets, and who gets what nobody on duty can take."""

    rules = terms(Rules.from_json)
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "case-rules"), "case-rules"


class RetimingRecord(TenantRecord):
    """How far open cases of a package have got their due times after the change ``cause`` (an event's id)."""

    cause = UnicodeAttribute()
    cursor = JsonAttribute(null=True)
    slice = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, of: str) -> tuple[str, str]:
        """The key, one for each package with cases."""
        return key(tenant_id, "case-retiming"), of

    def go_on(self, now: datetime) -> None:
        """Has the next write send the message of the next slice."""
        self.emit(f"{self.sk}.retiming", now, cause=self.cause, slice=int(self.slice))

    def awaits(self, data: Mapping[str, Any]) -> bool:
        """Whether a message is that of the next slice."""
        return bool(data["cause"] == self.cause and data["slice"] == int(self.slice))
