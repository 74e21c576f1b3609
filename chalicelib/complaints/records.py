"""Complaints: the record and its keys."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.complaints.model import DueTimes, Importance, Priority, Status, Urgency, names_leader, priority
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import instant, sortable

QUEUE = "service"
OVERDUE = "complaint.overdue"


class ComplaintRecord(TenantRecord):
    """A complaint with its history, ``{type, at, by, …}``, oldest first.

    ``gsi1`` lists the tenant's complaints, those in work before the resolved ones, newest first within each; ``gsi2``
    lists a member's own. Until it is escalated or resolved it is due at ``resolution_due_at``. The use cases say when
    responses are due.
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

    def arrange(self) -> None:
        """Stands in both lists, and is due while it waits for its resolution and nobody above was told."""
        part = "done" if self.resolved else "open"
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{part}#{sortable(self.opened_at)}#{self.id}"
        self.gsi2pk = self.of_member(self.tenant_id, self.member_id)
        self.gsi2sk = f"{sortable(self.opened_at)}#{self.id}"
        escalated: datetime | None = self.escalated_at
        waits = not self.resolved and escalated is None
        self.schedule(self.resolution_due_at if waits else None, OVERDUE, QUEUE)

    def responded(self, at: datetime) -> None:
        """Notes the team's first response; later ones change nothing."""
        first: datetime | None = self.first_response_at
        self.first_response_at = first or at

    def note(self, what: str, at: datetime, by: str, **details: Any) -> None:
        """Adds an entry to the history."""
        self.history = [*(self.history or []), {"type": what, "at": instant(at), "by": by, **details}]
