"""What the API takes of complaints."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.complaints.model import Category, Importance, Urgency
from chalicelib.complaints.service.handling import ComplaintChanges, ComplaintFilter
from chalicelib.web import Body, Harmless, OneLine, Query, ShortText, UlidStr

CategoryName = Literal["quality", "shortage", "pickup", "payment", "service", "other"]
UrgencyName = Literal["low", "normal", "high", "critical"]
ImportanceName = Literal["low", "normal", "high"]
StatusName = Literal["open", "in_progress", "resolved"]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000), Harmless]
Note = Annotated[str, StringConstraints(min_length=1, max_length=500), Harmless]


class NewComplaint(Body):
    """What went wrong, in the member's words. Without a category the words decide it."""

    text: Words
    category: CategoryName | None = None
    cause: Annotated[str, StringConstraints(min_length=1, max_length=80), OneLine] | None = None
    order_id: UlidStr | None = None


class ComplaintEdit(Body):
    """What is absent stays. ``owner`` is a staff id; ``note`` is seen by the team alone."""

    category: CategoryName | None = None
    urgency: UrgencyName | None = None
    importance: ImportanceName | None = None
    owner: UlidStr | None = None
    status: Literal["in_progress"] | None = None
    note: Note | None = None

    def changes(self) -> ComplaintChanges:
        return ComplaintChanges(
            category=Category(self.category) if self.category else None,
            urgency=Urgency(self.urgency) if self.urgency else None,
            importance=Importance(self.importance) if self.importance else None,
            owner=self.owner,
            in_progress=self.status is not None,
            note=self.note,
        )


class Resolution(Body):
    """What came of it, which the member is told, and what was given to make it good."""

    outcome: Note
    remedy: ShortText | None = None


class ComplaintQuery(Query):
    """Overdue: not resolved at its due time."""

    status: StatusName | None = None
    owner: UlidStr | None = None
    urgency: UrgencyName | None = None
    category: CategoryName | None = None
    overdue: bool | None = None

    def filter(self) -> ComplaintFilter:
        return ComplaintFilter(**self.model_dump())
