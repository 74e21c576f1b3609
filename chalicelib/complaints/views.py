"""What the API shows of complaints."""

from typing import Literal, Self

from chalicelib.complaints.forms import CategoryName, ImportanceName, StatusName, UrgencyName
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.web import Instant, UlidStr, View


class HistoryView(View):
    """One thing that happened: ``by`` is ``member:…``, ``staff:…``, ``api_key:…`` or ``system``."""

    type: Literal["opened", "in_progress", "assigned", "changed", "note", "escalated", "resolved"]
    at: Instant
    by: str
    field: str | None = None
    before: str | None = None
    after: str | None = None
    text: str | None = None


class OwnComplaintView(View):
    """A complaint as its member sees it: without the team's notes."""

    id: UlidStr
    status: StatusName
    category: CategoryName
    cause: str
    urgency: UrgencyName
    importance: ImportanceName
    priority: Literal["p1", "p2", "p3", "p4"]
    owner: UlidStr
    text: str
    order_id: UlidStr | None
    opened_at: Instant
    first_response_due_at: Instant
    resolution_due_at: Instant
    resolved_at: Instant | None
    outcome: str | None
    remedy: str | None
    history: list[HistoryView]

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        view = cls.model_validate(complaint)
        view.history = [entry for entry in view.history if entry.type != "note"]
        return view


class ComplaintView(OwnComplaintView):
    """A complaint as the team sees it."""

    member_id: UlidStr
    invitation_id: UlidStr | None
    score: int | None
    first_response_at: Instant | None
    escalated_at: Instant | None

    @classmethod
    def of(cls, complaint: ComplaintRecord) -> Self:
        return cls.model_validate(complaint)
