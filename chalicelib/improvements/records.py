"""Improvements and published reports as they are stored, with their keys."""

from collections.abc import Mapping
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.improvements.model.reports import ReportStatus, Shown, Words
from chalicelib.improvements.model.tasks import Measured, Status
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.language import Language

QUEUE = "service"
IS_DUE = "improvement.due"


class ImprovementRecord(TenantRecord):
    """Something that is to become better, by whom and until when (a day of the brand's), and the figure that tells:
    ``before`` when it was written down, ``after`` over the answers since it was done.

    ``gsi1`` lists all; ``gsi2`` those that are published, by when they were done. ``source`` is whose answers tell;
    ``told_before`` and ``told_after`` are the figures that members read: none where they would tell what a few said.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    plan = optional(UnicodeAttribute(null=True))
    survey_id = UnicodeAttribute()
    question_id = UnicodeAttribute()
    option = optional(UnicodeAttribute(null=True))
    owner = UnicodeAttribute()
    due_on = DateAttribute(attr_name="until")
    reminds_at = optional(InstantAttribute(null=True))
    status = UnicodeAttribute()
    done_text = optional(UnicodeAttribute(null=True))
    done_at = optional(InstantAttribute(null=True))
    stored_before = optional(JsonAttribute(attr_name="before", null=True))
    stored_after = optional(JsonAttribute(attr_name="after", null=True))
    stored_told_before = optional(JsonAttribute(attr_name="told_before", null=True))
    stored_told_after = optional(JsonAttribute(attr_name="told_after", null=True))
    source = UnicodeAttribute(default="invited")
    measured_at = optional(InstantAttribute(null=True))
    published = BooleanAttribute(default=False)
    created_at = InstantAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, improvement_id: str) -> tuple[str, str]:
        """Where an improvement is kept."""
        return key(tenant_id, "improvement", improvement_id), "improvement"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all improvements."""
        return key(tenant_id, "improvements")

    @staticmethod
    def published_of(tenant_id: str) -> str:
        """The partition of ``gsi2`` with what is published."""
        return key(tenant_id, "improvements-published")

    @property
    def before(self) -> Measured | None:
        return Measured.from_json(self.stored_before) if self.stored_before else None

    @property
    def after(self) -> Measured | None:
        return Measured.from_json(self.stored_after) if self.stored_after else None

    @property
    def told_before(self) -> Measured | None:
        return Measured.from_json(self.stored_told_before) if self.stored_told_before else None

    @property
    def told_after(self) -> Measured | None:
        return Measured.from_json(self.stored_told_after) if self.stored_told_after else None

    def arrange(self) -> None:
        """Stands in the list of all, once it is published in that; is due while its owner has not been reminded."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), f"{sortable(self.created_at)}#{self.id}"
        done_at: datetime | None = self.done_at
        shown = self.published and done_at is not None
        self.gsi2pk = self.published_of(self.tenant_id) if shown else None
        self.gsi2sk = f"{sortable(done_at)}#{self.id}" if shown and done_at is not None else None
        self.schedule(self.reminds_at if self.status == Status.OPEN else None, IS_DUE, QUEUE)


class ReportRecord(TenantRecord):
    """What a brand publishes of a survey: ``questions`` by their ids, of a source's answers, of a ``wave`` or of all,
    and with which words. ``shown`` are the figures, as they were when it was first published.

    ``gsi1`` lists all; ``gsi2`` those that are published, by when they first were.
    """

    id = UnicodeAttribute()
    survey_id = UnicodeAttribute()
    source = UnicodeAttribute()
    wave = optional(UnicodeAttribute(null=True))
    questions = JsonAttribute()
    stored_texts = JsonAttribute(attr_name="texts")
    status = UnicodeAttribute()
    stored_shown = optional(JsonAttribute(attr_name="shown", null=True))
    published_at = optional(InstantAttribute(null=True))
    withdrawn_at = optional(InstantAttribute(null=True))
    created_at = InstantAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, report_id: str) -> tuple[str, str]:
        """Where a report is kept."""
        return key(tenant_id, "survey-report", report_id), "report"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all reports."""
        return key(tenant_id, "survey-reports")

    @staticmethod
    def published_of(tenant_id: str) -> str:
        """The partition of ``gsi2`` with what is published."""
        return key(tenant_id, "survey-reports-published")

    @property
    def texts(self) -> dict[Language, Words]:
        return {language: Words(**words) for language, words in self.stored_texts.items()}

    @texts.setter
    def texts(self, texts: Mapping[Language, Words]) -> None:
        self.stored_texts = {code: {"title": words.title, "text": words.text} for code, words in texts.items()}

    @property
    def shown(self) -> Shown | None:
        return Shown.from_json(self.stored_shown) if self.stored_shown else None

    @property
    def is_public(self) -> bool:
        return bool(self.status == ReportStatus.PUBLISHED)

    def arrange(self) -> None:
        """Stands in the list of all, and while it is published in that."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), f"{sortable(self.created_at)}#{self.id}"
        at: datetime | None = self.published_at if self.is_public else None
        self.gsi2pk = self.published_of(self.tenant_id) if at is not None else None
        self.gsi2sk = f"{sortable(at)}#{self.id}" if at is not None else None
