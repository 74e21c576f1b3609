"""Enquiries, a brand's FAQ, its rules of enquiries and its canned replies: the records and their keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.cases.model.clocks import Kind, Priority
from chalicelib.cases.records import MemberCase
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.enquiries.model.conversation import Status
from chalicelib.enquiries.model.matching import Entry
from chalicelib.enquiries.model.rules import CannedReply, EnquiryRules
from chalicelib.kernel.clock import sortable

QUEUE = "service"
OVERDUE = "enquiry.overdue"

_PARTS = {Status.OPEN: "open", Status.IN_PROGRESS: "open", Status.ANSWERED: "faq", Status.CLOSED: "done"}
"""How a status sorts in the brand's list, read backwards: those for the team, those with an automatic answer, the
closed."""


class EnquiryRecord(MemberCase):
    """An enquiry with its conversation, ``{type, at, by, …}``, oldest first.

    ``gsi1`` lists the tenant's: those for the team, then those with an automatic answer, then the closed, newest first
    within each; ``gsi2`` lists a member's own, open ones first. ``asked_at`` is since when a person is needed: the
    opening, or the member's word that an automatic answer did not help. ``judged_at`` is when it was decided who
    answers.
    """

    kind = Kind.ENQUIRY
    parts = ("open", "faq", "done")

    topic = UnicodeAttribute()
    priority_name = UnicodeAttribute(attr_name="priority")
    product_id = UnicodeAttribute(null=True)
    locale = UnicodeAttribute()
    asked_at = InstantAttribute()
    judged_at = InstantAttribute(null=True)
    answered_by = UnicodeAttribute(null=True)
    helped = BooleanAttribute(null=True)
    closed_at = InstantAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, enquiry_id: str) -> tuple[str, str]:
        """Where an enquiry is kept."""
        return key(tenant_id, "enquiry", enquiry_id), "enquiry"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all enquiries of the tenant."""
        return key(tenant_id, "enquiries")

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's enquiries."""
        return key(tenant_id, "member-enquiries", member_id)

    @property
    def priority(self) -> Priority:
        return Priority(self.priority_name)

    @property
    def closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def with_team(self) -> bool:
        """Whether somebody of the team has to see to it."""
        return self.status in (Status.OPEN, Status.IN_PROGRESS)

    @property
    def clock_runs(self) -> bool:
        return not self.closed

    @property
    def needed_at(self) -> datetime:
        at: datetime = self.asked_at
        return at

    @property
    def handed_over(self) -> bool:
        """Whether it came to a person, at once or after an automatic answer."""
        return any(entry["type"] == "handed_over" for entry in self.history)

    @property
    def waited_for_person(self) -> bool:
        """Whether its member waited for a person: who was written to beside an automatic answer had not asked for
        one.
        """
        return self.automatic is None or self.handed_over

    @property
    def ended_at(self) -> datetime | None:
        at: datetime | None = self.closed_at
        return at

    @property
    def about(self) -> str:
        return self.topic

    @property
    def topic_asked(self) -> str:
        """What its member asked about, whatever the team made of it since."""
        before = [each["before"] for each in self.history if each["type"] == "changed" and each["field"] == "topic"]
        return str(before[0] if before else self.topic)

    @property
    def messages_of_member(self) -> int:
        """How often its member has written, the question counted."""
        return sum(entry["type"] in ("asked", "replied") for entry in self.history)

    @property
    def automatic(self) -> dict[str, Any] | None:
        """The automatic answer, if it has one."""
        return next((entry for entry in self.history if entry["type"] == "answered"), None)

    @property
    def source(self) -> dict[str, Any] | None:
        """What its automatic answer comes from."""
        return (self.automatic or {}).get("source")

    @property
    def confidence(self) -> float | None:
        """How sure its automatic answer was."""
        return (self.automatic or {}).get("confidence")

    @property
    def answered_by_team(self) -> bool:
        """Whether somebody of the team has answered."""
        return self.first_response_at is not None

    def arrange(self) -> None:
        """Stands in both lists, and is due while a step of its ladder, or its closing, is to come."""
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{_PARTS[Status(self.status)]}#{sortable(self.opened_at)}#{self.id}"
        self.gsi2pk = self.of_member(self.tenant_id, self.member_id)
        self.gsi2sk = f"{'done' if self.closed else 'open'}#{sortable(self.opened_at)}#{self.id}"
        self.schedule(None if self.closed else self.next_look_at, OVERDUE, QUEUE)

    def judged(self, at: datetime) -> None:
        """Notes that it is decided who answers; later decisions change nothing."""
        first: datetime | None = self.judged_at
        self.judged_at = first or at


class FaqRecord(TenantRecord):
    """An entry of the FAQ. A brand's stand in one partition, so that all of them are read as they are; ``gsi1`` lists
    them by language and position.
    """

    id = UnicodeAttribute()
    locale = UnicodeAttribute()
    question = UnicodeAttribute()
    answer = UnicodeAttribute()
    tags = JsonAttribute(default=list)
    published = BooleanAttribute(default=True)
    position = NumberAttribute(default=0)
    created_at = InstantAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, entry_id: str) -> tuple[str, str]:
        """Where an entry is kept."""
        return FaqRecord.of_tenant(tenant_id), entry_id

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition with all entries of the tenant, of the table and of ``gsi1``."""
        return key(tenant_id, "faq")

    def arrange(self) -> None:
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{self.locale}#{int(self.position):05d}#{self.id}"

    @property
    def searched(self) -> Entry:
        """As it is searched."""
        return Entry(self.id, self.locale, self.question, self.answer, tuple(self.tags), int(self.rev))


class FaqBook(TenantRecord):
    """How many entries a FAQ has, and its stamp: each write of an entry sets another one, in the same transaction. It
    is drawn rather than counted, so that no two states of a FAQ have the same, also after the table was restored.
    """

    stamp = UnicodeAttribute(null=True)
    entries = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "faq-book"), "faq-book"


class EnquiryRulesRecord(TenantRecord):
    """What a brand has set of its rules of enquiries."""

    rules = terms(EnquiryRules.from_json)
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "enquiry-rules"), "enquiry-rules"


class CannedRepliesRecord(TenantRecord):
    """A brand's canned replies, in their order."""

    stored = optional(JsonAttribute(attr_name="replies", null=True))
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "canned-replies"), "canned-replies"

    @property
    def replies(self) -> list[CannedReply]:
        return [CannedReply(*each) for each in self.stored or ()]

    @replies.setter
    def replies(self, replies: Sequence[CannedReply]) -> None:
        self.stored = [[each.title, each.en, each.zh] for each in replies]
