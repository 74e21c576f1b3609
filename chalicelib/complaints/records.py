"""Complaints, a brand's rules of them, and what its members typically order: the records and their keys."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.cases.model.clocks import Kind, Priority, Step
from chalicelib.cases.records import MemberCase
from chalicelib.complaints.model.cases import (
    Category,
    Importance,
    Status,
    Urgency,
    names_leader,
    priority,
)
from chalicelib.complaints.model.remedies import Judged, Party, Remedy, RemedyKind, RemedyState, Verdict
from chalicelib.complaints.model.rules import Rule, RuleBook
from chalicelib.complaints.model.weights import Sold
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.principal import SYSTEM

QUEUE = "service"
OVERDUE = "complaint.overdue"


class ComplaintRecord(MemberCase):
    """A complaint with its history, ``{type, at, by, …}``, oldest first.

    ``gsi1`` lists the tenant's complaints, those in work before the resolved ones, newest first within each; ``gsi2``
    lists a member's own. Until each step of its ladder was taken it is due at the next of them.

    ``stored_remedies`` is :attr:`remedies` as stored; ``said`` has the words of a remedy of before these acted.
    ``attributed_to`` is the party that it is attributed to, of suppliers ``supplier_id``; ``named_at`` since when that
    is the leader, where the cause does not say so anyway. ``source`` is how a complaint came that the team
    opened, or that an answer to a survey did without an invitation; ``invitation_id`` or ``response_id`` names that
    answer.
    ``counted`` is where its units count for a supplier. ``photo_files`` are the names that the member's photos are
    kept under. ``said_hash`` tells whether it is sent again.
    """

    kind = Kind.COMPLAINT
    parts = ("open", "done")

    category = UnicodeAttribute()
    cause = UnicodeAttribute()
    urgency = UnicodeAttribute()
    importance = UnicodeAttribute()
    invitation_id = UnicodeAttribute(null=True)
    response_id = optional(UnicodeAttribute(null=True))
    outcome = UnicodeAttribute(null=True)
    said = UnicodeAttribute(attr_name="remedy", null=True)
    stored_remedies = optional(JsonAttribute(attr_name="remedies", null=True))
    stored_verdict = optional(JsonAttribute(attr_name="verdict", null=True))
    attributed_to = optional(UnicodeAttribute(null=True))
    supplier_id = optional(UnicodeAttribute(null=True))
    counted = optional(JsonAttribute(null=True))
    named_at = optional(InstantAttribute(null=True))
    source = optional(UnicodeAttribute(null=True))
    photo_files = optional(JsonAttribute(null=True))
    said_hash = optional(UnicodeAttribute(null=True))
    resolved_at = InstantAttribute(null=True)
    score = NumberAttribute(null=True)
    recommends = optional(NumberAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, complaint_id: str) -> tuple[str, str]:
        """Where a complaint is kept."""
        return key(tenant_id, "complaint", complaint_id), "complaint"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all complaints of the tenant."""
        return key(tenant_id, "complaints")

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's complaints."""
        return key(tenant_id, "member-complaints", member_id)

    @property
    def priority(self) -> Priority:
        """What the matrix says of its urgency and importance."""
        return priority(Urgency(self.urgency), Importance(self.importance))

    @property
    def earned_on(self) -> str | None:
        """The order whose commission waits for this complaint; None where it is about none, or not about its leader."""
        about_leader = names_leader(self.cause) or self.attributed_to == Party.LEADER
        return self.order_id if about_leader else None

    @property
    def remedies(self) -> list[Remedy]:
        """What was given to make it good, in the order of its resolutions."""
        return [Remedy.from_json(each) for each in self.stored_remedies or ()]

    @property
    def remedy(self) -> Remedy | None:
        """What the last resolution gave; one of before there were remedies that act is words."""
        if self.stored_remedies:
            return self.remedies[-1]
        if self.said is None:
            return None
        return Remedy(0, RemedyKind.APOLOGY, RemedyState.DONE, SYSTEM, text=self.said)

    def keep_remedy(self, remedy: Remedy) -> None:
        """Adds a remedy, or keeps one as it is by now."""
        others = [each for each in self.remedies if each.number != remedy.number]
        self.stored_remedies = [each.as_json() for each in sorted([*others, remedy], key=lambda each: each.number)]

    def resolution(self, mark: str) -> dict[str, Any] | None:
        """The entry of the resolution that an Idempotency-Key has brought, in whichever run; None where it has not."""
        sent = (each for each in self.history if each["type"] == "resolved" and each.get("mark") == mark)
        return next(sent, None) if mark else None

    @property
    def verdict(self) -> Verdict | None:
        """What its member says of the resolution; None until they do, and anew when it is opened again."""
        return Verdict.from_json(self.stored_verdict) if self.stored_verdict else None

    @property
    def resolutions(self) -> int:
        """How often it was resolved so far; the last resolution has that number."""
        return sum(entry["type"] == "resolved" for entry in self.history)

    def verdict_on(self, number: int) -> Verdict | None:
        """What its member said of a resolution by its number, whatever came after."""
        seen = 0
        for entry in self.history:
            seen += entry["type"] == "resolved"
            if seen == number and entry["type"] in (Judged.ACCEPTED, Judged.REJECTED):
                return Verdict(Judged(entry["type"]), entry.get("text"))
        return None

    @property
    def resolved(self) -> bool:
        return self.status == Status.RESOLVED

    @property
    def with_team(self) -> bool:
        return not self.resolved

    @property
    def came_by(self) -> str:
        return self.source or super().came_by

    @property
    def ended_at(self) -> datetime | None:
        at: datetime | None = self.resolved_at
        return at

    @property
    def about(self) -> str:
        return self.category

    @property
    def replies(self) -> int:
        """How often its member has written to it since it was opened."""
        return sum(entry["type"] == "replied" for entry in self.history)

    @property
    def steps(self) -> list[str]:
        """The steps of this run; a breach that was escalated before there were steps is one."""
        response_at: datetime | None = self.response_escalated_at
        solution_at: datetime | None = self.escalated_at
        both = ((Step.ANSWER_BREACHED, response_at), (Step.SOLUTION_BREACHED, solution_at))
        earlier = [step.value for step, at in both if at is not None]
        return list(dict.fromkeys([*super().steps, *earlier]))

    def arrange(self) -> None:
        """Stands in both lists, and is due while a step of its ladder is to be taken."""
        part = "done" if self.resolved else "open"
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{part}#{sortable(self.opened_at)}#{self.id}"
        self.gsi2pk = self.of_member(self.tenant_id, self.member_id)
        self.gsi2sk = f"{sortable(self.opened_at)}#{self.id}"
        self.schedule(self.next_look_at, OVERDUE, QUEUE)


class ComplaintRulesRecord(TenantRecord):
    """What a brand has set of its rules; what is null, or a category without urgency, is as standard.

    ``normal_from`` and ``high_from`` are amounts in minor units of the brand's currency.
    """

    stored_rules = JsonAttribute(attr_name="rules", null=True)
    by_category = JsonAttribute(default=dict)
    normal_from = NumberAttribute(null=True)
    high_from = NumberAttribute(null=True)
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "complaint-rules"), "complaint-rules"

    @property
    def book(self) -> RuleBook:
        """The rules as they are applied."""
        return RuleBook(
            None if self.stored_rules is None else tuple(Rule.from_json(rule) for rule in self.stored_rules),
            {Category(name): Urgency(urgency) for name, urgency in (self.by_category or {}).items()},
            _whole(self.normal_from),
            _whole(self.high_from),
        )

    @book.setter
    def book(self, book: RuleBook) -> None:
        self.stored_rules = None if book.rules is None else [rule.as_json() for rule in book.rules]
        self.by_category = {category.value: urgency.value for category, urgency in book.by_category.items()}
        self.normal_from, self.high_from = book.normal_from, book.high_from


def _whole(number: Any) -> int | None:
    return None if number is None else int(number)


class ComplaintCausesRecord(TenantRecord):
    """A brand's own causes of complaints, and which causes it has paused."""

    stored = JsonAttribute(attr_name="causes", default=dict)
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "complaint-causes"), "complaint-causes"


class TypicalOrderRecord(TenantRecord):
    """What a brand's last campaigns had sold when they locked, oldest first."""

    stored_campaigns = JsonAttribute(attr_name="campaigns", default=list)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "typical-order"), "typical-order"

    @property
    def campaigns(self) -> list[Sold]:
        return [Sold(**each) for each in self.stored_campaigns or []]

    @campaigns.setter
    def campaigns(self, campaigns: Sequence[Sold]) -> None:
        self.stored_campaigns = [asdict(each) for each in campaigns]
