"""What every case of customer care keeps of its owner and clock, the desk that lists the open ones, and their keys."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.cases.model.calendar import Hours
from chalicelib.cases.model.clocks import (
    BREACHES,
    Breach,
    Kind,
    Priority,
    Promise,
    Rules,
    Run,
    Step,
    next_look,
)
from chalicelib.cases.model.words import MOST_IN_LIST, one_line
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import instant, sortable
from chalicelib.kernel.principal import SYSTEM

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
        return next_look(self.promises, self.steps, self.looked_at_again_at)

    @property
    def looked_at_again_at(self) -> datetime | None:
        """When it is looked at again, whatever its due times: while it waits for its member."""
        return self.follow_up_at if self.waiting_for else None

    @classmethod
    def copy_address(cls, pk: str, sk: str) -> "tuple[type[CaseEntry], str, str]":
        return CaseEntry, *CaseEntry.address(pk.partition("#")[0], pk.rpartition("#")[2])


class MemberCase(CaseRecord):
    """A case that a member brought, or the team for them: a complaint, an enquiry or a suggestion. It is to be answered
    first, and then to be brought to an end; its history is ``{type, at, by, …}``, oldest first. ``first_member_id`` is
    whose it was, where it became another's.

    ``gsi1`` lists the tenant's by ``parts`` and when they were opened, those that the team has to see to under
    ``open#``; ``gsi2`` a member's own. Each kind says what states it has, and what else it keeps.
    """

    kind: ClassVar[Kind]
    parts: ClassVar[Sequence[str]]

    id = UnicodeAttribute()
    status = UnicodeAttribute()
    member_id = UnicodeAttribute()
    first_member_id = optional(UnicodeAttribute(null=True))
    order_id = UnicodeAttribute(null=True)
    text = UnicodeAttribute()
    history = JsonAttribute(default=list)
    opened_at = InstantAttribute()
    first_response_due_at = InstantAttribute()
    first_response_at = optional(InstantAttribute(null=True))
    resolution_due_at = InstantAttribute()
    response_escalated_at = optional(InstantAttribute(null=True))
    escalated_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, case_id: str) -> tuple[str, str]:
        """Where a case is kept."""
        raise NotImplementedError

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all of the tenant."""
        raise NotImplementedError

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's."""
        raise NotImplementedError

    @property
    def priority(self) -> Priority:
        """How pressing it is."""
        raise NotImplementedError

    @property
    def about(self) -> str:
        """What the desk says that it is about."""
        raise NotImplementedError

    @property
    def came_by(self) -> str:
        """How the team or a survey came by it; ``member`` where its member wrote it."""
        return "member"

    @property
    def with_team(self) -> bool:
        """Whether somebody of the team has to see to it."""
        raise NotImplementedError

    @property
    def clock_runs(self) -> bool:
        """Whether its times still follow from the calendar."""
        return self.with_team

    @property
    def answered(self) -> bool:
        """Whether nobody has to answer first: somebody did, or nobody has to see to it."""
        return not self.with_team or self.first_response_at is not None

    @property
    def needed_at(self) -> datetime:
        """Since when somebody of the team is needed: from then on its first response is due."""
        at: datetime = self.opened_at
        return at

    @property
    def ended_at(self) -> datetime | None:
        """When it was brought to an end; None of one that has none yet, or none of its own."""
        raise NotImplementedError

    @property
    def run(self) -> Run:
        """Since when it is worked on."""
        return self.run_from(self.opened_at)

    @classmethod
    def opened_within(cls, tenant_id: str, since: datetime, until: datetime) -> Iterator[Self]:
        """The tenant's that were opened from one instant to another, which is not included. One whose state changes
        meanwhile may come twice.
        """
        for part in cls.parts:
            span = f"{part}#{sortable(since)}", f"{part}#{sortable(until)}"
            yield from cls.every(cls.of_tenant(tenant_id), index="gsi1", between=span)

    def promise(self, answer: Promise, solution: Promise, follow_up_at: datetime | None = None) -> None:
        """Sets when the first response and the end are due, when its owner is warned, and when it is looked at again
        while it waits.
        """
        self.first_response_due_at, self.answer_warn_at = answer.due_at, answer.warn_at
        self.resolution_due_at, self.solution_warn_at = solution.due_at, solution.warn_at
        self.follow_up_at = follow_up_at

    @property
    def promises(self) -> Sequence[Promise]:
        """Its two due times; one of before there were warnings is warned of when it is due."""
        answer_at, solution_at = self.first_response_due_at, self.resolution_due_at
        return (
            Promise(
                Step.ANSWER_WARNED, Step.ANSWER_BREACHED, self.answer_warn_at or answer_at, answer_at, self.answered
            ),
            Promise(
                Step.SOLUTION_WARNED, Step.SOLUTION_BREACHED, self.solution_warn_at or solution_at, solution_at,
                not self.with_team, self.waiting_for is not None,
            ),
        )  # fmt: skip

    def begin_run(self, run: Run) -> None:
        """Begins another run, whose ladder is taken anew."""
        self.keep_run(run)
        self.stored_steps, self.escalated_at, self.response_escalated_at = None, None, None

    def responded(self, at: datetime) -> None:
        """Notes the team's first response; later ones change nothing."""
        self.first_response_at = self.first_response_at or at

    def note(self, what: str, at: datetime, by: str, **details: Any) -> None:
        """Adds an entry to the history."""
        self.history = [*(self.history or []), {"type": what, "at": instant(at), "by": by, **details}]

    def note_breaches(self, passed: Sequence[Step], before: str, at: datetime) -> dict[str, str]:
        """Notes that it went from who had it ``before`` to somebody above, which happens once for each breach in a
        run; what the event of that says.
        """
        for breach in (BREACHES[step] for step in passed):
            if breach is Breach.FIRST_RESPONSE:
                self.response_escalated_at = at
            else:
                self.escalated_at = at
            self.note("escalated", at, SYSTEM, field=breach.value, before=before, after=self.owner)
        return {"breach": BREACHES[passed[-1]].value}

    def copy(self) -> "CaseEntry | None":
        """As the desk lists it, while the team has to see to it."""
        if not self.with_team:
            return None
        answer, solution = self.promises
        act, at = "solution", solution.due_at
        warn: datetime | None = solution.warn_at
        if not answer.met:
            act, at, warn = "answer", answer.due_at, answer.warn_at
        elif self.waiting_for:
            act, at, warn = "follow_up", self.follow_up_at or solution.due_at, None
        return CaseEntry(
            *CaseEntry.address(self.tenant_id, self.id),
            kind=self.kind.value, status=self.status, about=self.about, priority=self.priority.value,
            subject=one_line(self.text, MOST_IN_LIST), owner=self.owner, member_id=self.member_id,
            order_id=self.order_id, waiting_for=self.waiting_for, opened_at=self.opened_at, act=act, act_at=at,
            warn_at=warn,
        )  # fmt: skip


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
