"""Surveys, their versions and tallies, and invitations with their answers: records and keys."""

import zlib
from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import sortable
from chalicelib.surveys.model.invitations import INVITATION_DAYS
from chalicelib.surveys.model.questions import Question

ACTIVE, ARCHIVED = "active", "archived"
OPEN, ANSWERED = "open", "answered"
TALLY_SHARDS = 4
"""A survey's counts are spread over so many items, so that answers of the same moment do not wait for each other."""


class SurveyRecord(TenantRecord):
    """A survey as it now is. ``gsi1`` lists all, ``gsi2`` the active ones of a trigger, whose newest is in force."""

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    trigger = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    built_in = BooleanAttribute(default=False)
    stored_questions = JsonAttribute(attr_name="questions")
    created_at = InstantAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, survey_id: str) -> tuple[str, str]:
        """Where a survey is kept."""
        return key(tenant_id, "survey", survey_id), "survey"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all surveys."""
        return key(tenant_id, "surveys")

    @staticmethod
    def in_force(tenant_id: str, trigger: str) -> str:
        """The partition of ``gsi2`` with the active surveys of a trigger."""
        return key(tenant_id, "surveys-active", trigger)

    @property
    def questions(self) -> list[Question]:
        return [Question.from_json(raw) for raw in self.stored_questions]

    @questions.setter
    def questions(self, questions: list[Question]) -> None:
        self.stored_questions = [question.to_json() for question in questions]

    def arrange(self) -> None:
        """Stands in the list of all, and while it is active in that of its trigger."""
        order = f"{sortable(self.created_at)}#{self.id}"
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), order
        active = self.status == ACTIVE
        self.gsi2pk = self.in_force(self.tenant_id, self.trigger) if active else None
        self.gsi2sk = order if active else None


class SurveyVersionRecord(TenantRecord):
    """Title and questions as an invitation shows them for ever, whatever becomes of the survey."""

    title = UnicodeAttribute()
    stored_questions = JsonAttribute(attr_name="questions")

    @staticmethod
    def address(tenant_id: str, survey_id: str, version: int) -> tuple[str, str]:
        """Where a version is kept: with its survey."""
        return key(tenant_id, "survey", survey_id), f"version#{version:06d}"

    @property
    def questions(self) -> list[Question]:
        return [Question.from_json(raw) for raw in self.stored_questions]

    @classmethod
    def of(cls, survey: SurveyRecord) -> "SurveyVersionRecord":
        """The survey's present version."""
        address = cls.address(survey.tenant_id, survey.id, int(survey.version))
        return cls(*address, title=survey.title, stored_questions=survey.stored_questions)


class TallyRecord(TenantRecord):
    """A part of a survey's counts: invitations, answers, and answers by score."""

    invited = NumberAttribute(default=0)
    answered = NumberAttribute(default=0)
    score1 = NumberAttribute(default=0)
    score2 = NumberAttribute(default=0)
    score3 = NumberAttribute(default=0)
    score4 = NumberAttribute(default=0)
    score5 = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, survey_id: str, invitation_id: str) -> tuple[str, str]:
        """The part that counts this invitation."""
        return key(tenant_id, "survey", survey_id), f"tally#{zlib.crc32(invitation_id.encode()) % TALLY_SHARDS}"


class InvitationRecord(TenantRecord):
    """An invitation of one member to one survey for one order, and its answer.

    ``gsi1`` lists a survey's invitations, ``gsi2`` a member's unanswered ones. The link's token is not stored.
    """

    id = UnicodeAttribute()
    survey_id = UnicodeAttribute()
    version = NumberAttribute()
    order_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = InstantAttribute()
    ends_at = InstantAttribute()
    answered_at = InstantAttribute(null=True)
    score = NumberAttribute(null=True)
    answers = JsonAttribute(null=True)
    comment = UnicodeAttribute(null=True)
    complaint_id = UnicodeAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, invitation_id: str) -> tuple[str, str]:
        """Where an invitation is kept."""
        return key(tenant_id, "invitation", invitation_id), "invitation"

    @staticmethod
    def of_survey(tenant_id: str, survey_id: str) -> str:
        """The partition of ``gsi1`` with a survey's invitations."""
        return key(tenant_id, "survey-invitations", survey_id)

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's unanswered invitations."""
        return key(tenant_id, "member-invitations", member_id)

    @staticmethod
    def still_open(now: datetime) -> tuple[str, str]:
        """The range of ``gsi2`` sort keys whose invitations have not ended at ``now``."""
        # "$" follows "#": an invitation that ends at this very moment is out.
        return f"{sortable(now - timedelta(days=INVITATION_DAYS))}$", "9"

    def arrange(self) -> None:
        """Stands in its survey's list, and until it is answered in its member's."""
        order = f"{sortable(self.created_at)}#{self.id}"
        waits = self.status == OPEN
        self.gsi1pk, self.gsi1sk = self.of_survey(self.tenant_id, self.survey_id), order
        self.gsi2pk = self.of_member(self.tenant_id, self.member_id) if waits else None
        self.gsi2sk = order if waits else None
