"""Complaints, a brand's rules of them, and what its members typically order: the records and their keys."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.complaints.model.cases import (
    Breach,
    Category,
    DueTimes,
    Importance,
    Priority,
    Status,
    Urgency,
    Watch,
    names_leader,
    next_due,
    priority,
)
from chalicelib.complaints.model.rules import Rule, RuleBook
from chalicelib.complaints.model.weights import Sold
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import instant, sortable

QUEUE = "service"
OVERDUE = "complaint.overdue"


class ComplaintRecord(TenantRecord):
    """A complaint with its history, ``{type, at, by, …}``, oldest first.

    ``gsi1`` lists the tenant's complaints, those in work before the resolved ones, newest first within each; ``gsi2``
    lists a member's own. Until they are met or their breach was escalated it is due at ``first_response_due_at`` and at
    ``resolution_due_at``. The use cases say when responses are due.
    """

    id = UnicodeAttribute()
    status = UnicodeAttribute()
    category = UnicodeAttribute()
    cause = UnicodeAttribute()
    urgency = UnicodeAttribute()
    importance = UnicodeAttribute()
    owner = UnicodeAttribute()
    member_id = UnicodeAttribute()
    order_id = UnicodeAttribute(null=True)
    invitation_id = UnicodeAttribute(null=True)
    text = UnicodeAttribute()
    outcome = UnicodeAttribute(null=True)
    remedy = UnicodeAttribute(null=True)
    history = JsonAttribute()
    opened_at = InstantAttribute()
    first_response_due_at = InstantAttribute()
    first_response_at = InstantAttribute(null=True)
    resolution_due_at = InstantAttribute()
    resolved_at = InstantAttribute(null=True)
    response_escalated_at = InstantAttribute(null=True)
    escalated_at = InstantAttribute(null=True)
    score = NumberAttribute(null=True)

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
        return self.order_id if names_leader(self.cause) else None

    @property
    def resolved(self) -> bool:
        return self.status == Status.RESOLVED

    def promise(self, due: DueTimes) -> None:
        """Sets when the first response and the resolution are due."""
        self.first_response_due_at, self.resolution_due_at = due.first_response_at, due.resolution_at

    @property
    def watches(self) -> tuple[Watch, Watch]:
        """Its two due times; a resolution is a response too."""
        answered = self.resolved or self.first_response_at is not None
        return (
            Watch(Breach.FIRST_RESPONSE, self.first_response_due_at, answered, self.response_escalated_at),
            Watch(Breach.RESOLUTION, self.resolution_due_at, self.resolved, self.escalated_at),
        )

    def escalated(self, breach: Breach, at: datetime) -> None:
        """Notes that somebody above was told of a breach, which happens once for each."""
        if breach is Breach.FIRST_RESPONSE:
            self.response_escalated_at = at
        else:
            self.escalated_at = at

    def arrange(self) -> None:
        """Stands in both lists, and is due while a breach would have to be escalated."""
        part = "done" if self.resolved else "open"
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{part}#{sortable(self.opened_at)}#{self.id}"
        self.gsi2pk = self.of_member(self.tenant_id, self.member_id)
        self.gsi2sk = f"{sortable(self.opened_at)}#{self.id}"
        self.schedule(next_due(self.watches), OVERDUE, QUEUE)

    def responded(self, at: datetime) -> None:
        """Notes the team's first response; later ones change nothing."""
        first: datetime | None = self.first_response_at
        self.first_response_at = first or at

    def note(self, what: str, at: datetime, by: str, **details: Any) -> None:
        """Adds an entry to the history."""
        self.history = [*(self.history or []), {"type": what, "at": instant(at), "by": by, **details}]


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
