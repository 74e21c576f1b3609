"""Surveys, their versions and tallies, waves, and invitations with their answers: records and keys."""

import zlib
from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.surveys.model.invitations import INVITATION_DAYS, About
from chalicelib.surveys.model.published import Release
from chalicelib.surveys.model.questions import Question, Trigger
from chalicelib.surveys.model.sending import QUIET_DAYS, REMIND_AFTER, Every, Plan

QUEUE = "service"
WAVE_DUE, WAVE_GOES_ON, WAVE_STALLED = "survey.wave_due", "survey.wave_goes_on", "survey.wave_stalled"
INVITATION_DUE, REMINDER_DUE = "invitation.due", "invitation.reminder_due"

ACTIVE, ARCHIVED = "active", "archived"
PLANNED, OPEN, ANSWERED, SKIPPED = "planned", "open", "answered", "skipped"
TALLY_SHARDS = 4
"""A survey's counts are spread over so many items, so that answers of the same moment do not wait for each other."""


class SurveyRecord(TenantRecord):
    """A survey as it now is. ``gsi1`` lists all, ``gsi2`` the active ones of a trigger, whose newest is in force.

    Who is as unlikely to recommend the brand as ``low_nps``, or more, opens a complaint by that; None is nobody.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    trigger = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    built_in = BooleanAttribute(default=False)
    stored_questions = JsonAttribute(attr_name="questions")
    created_at = InstantAttribute()
    updated_at = InstantAttribute()
    after_days = optional(NumberAttribute(null=True))
    sample = optional(NumberAttribute(null=True))
    repeats = optional(UnicodeAttribute(null=True))
    next_wave_at = optional(InstantAttribute(null=True))
    low_nps = optional(NumberAttribute(null=True))

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

    @property
    def plan(self) -> Plan:
        """When it goes out, and to how many; one of before there were plans goes out at once, to everybody."""
        sample = 100 if self.sample is None else int(self.sample)
        return Plan(int(self.after_days or 0), Every(self.repeats) if self.repeats else None, sample)

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self.after_days, self.repeats, self.sample = plan.after_days, plan.every, plan.sample

    @property
    def complains_at(self) -> int | None:
        """The highest recommendation that opens a complaint; None where none does."""
        return None if self.low_nps is None else int(self.low_nps)

    @property
    def sends_waves(self) -> bool:
        """Whether it goes out by itself, on days of the calendar."""
        return self.status == ACTIVE and self.trigger == Trigger.PERIODIC

    def arrange(self) -> None:
        """Stands in the list of all, and while it is active in that of its trigger; a periodic one is due then."""
        self.schedule(self.next_wave_at if self.sends_waves else None, WAVE_DUE, QUEUE)
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


class ReleasesRecord(TenantRecord):
    """Over which answers figures of a survey have ever been published: what was withdrawn has been read, too."""

    stored_releases = JsonAttribute(attr_name="releases", default=list)

    @staticmethod
    def address(tenant_id: str, survey_id: str) -> tuple[str, str]:
        """Where they are kept: with their survey."""
        return key(tenant_id, "survey", survey_id), "releases"

    @property
    def releases(self) -> list[Release]:
        return [Release.from_json(raw) for raw in self.stored_releases or ()]

    def keep(self, release: Release) -> None:
        """Adds one, if it is not among them."""
        raw = release.as_json()
        if raw not in (self.stored_releases or ()):
            self.stored_releases = [*(self.stored_releases or ()), raw]


class SurveyRulesRecord(TenantRecord):
    """How seldom a brand's members are asked."""

    quiet_days = NumberAttribute(default=QUIET_DAYS)
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "survey-rules"), "survey-rules"


class AskedRecord(TenantRecord):
    """When a member was last asked. It is forgotten once nobody needs it any more."""

    at = InstantAttribute()
    invitation_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key, one for each member."""
        return key(tenant_id, "member", member_id), "asked"


class WaveRecord(TenantRecord):
    """How far it is that a survey goes out to many, and who they are: the members with ordinals from ``next`` below
    ``total``, of whom ``sample`` per cent are drawn; or who ordered in the campaign ``campaign_id``, from the order
    ``after`` in the ``shard`` on.
    """

    survey_id = UnicodeAttribute()
    name = UnicodeAttribute()
    began_at = InstantAttribute()
    campaign_id = optional(UnicodeAttribute(null=True))
    sample = NumberAttribute(default=100)
    total = NumberAttribute(default=0)
    next = NumberAttribute(default=0)
    shard = NumberAttribute(default=0)
    after = JsonAttribute(null=True)
    looked_at = InstantAttribute(null=True)
    ended_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, survey_id: str, name: str) -> tuple[str, str]:
        """Where a wave is kept: with its survey."""
        return key(tenant_id, "survey", survey_id), f"wave#{name}"

    def go_on(self, now: datetime) -> None:
        """Has the next write send the message that continues it, and the sweep ask after it much later."""
        self.looked_at = now
        self.emit(WAVE_GOES_ON, now, survey_id=self.survey_id, wave=self.name)

    def arrange(self) -> None:
        """Is due while it goes out, if nothing has moved it for long."""
        waits = self.ended_at is None and self.looked_at is not None
        self.schedule(self.looked_at + _STALLED_AFTER if waits else None, WAVE_STALLED, QUEUE)


_STALLED_AFTER = timedelta(minutes=20)
"""Longer than a message is tried: a wave whose messages ended among the dead letters goes on by the sweep."""


class InvitationRecord(TenantRecord):
    """An invitation of one member to one survey for one cause, and its answer.

    A *planned* one becomes *open* at ``asks_at``, or is *skipped* then: whoever was asked shortly before is not asked
    again. ``gsi1`` lists a survey's invitations that went out, ``gsi2`` a member's unanswered ones, apart from those
    that are planned. The link's token is not stored. ``stored_about`` is what it is about, beside the order.
    """

    id = UnicodeAttribute()
    survey_id = UnicodeAttribute()
    version = NumberAttribute()
    order_id = optional(UnicodeAttribute(null=True))
    member_id = UnicodeAttribute()
    status = UnicodeAttribute()
    trigger = optional(UnicodeAttribute(null=True))
    stored_about = optional(JsonAttribute(attr_name="about", null=True))
    created_at = InstantAttribute()
    ends_at = InstantAttribute()
    asks_at = optional(InstantAttribute(null=True))
    reminded_at = optional(InstantAttribute(null=True))
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
    def planned_for(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with what a member is to be asked later."""
        return key(tenant_id, "member-planned-invitations", member_id)

    @staticmethod
    def still_open(now: datetime) -> tuple[str, str]:
        """The range of ``gsi2`` sort keys whose invitations have not ended at ``now``."""
        # "$" follows "#": an invitation that ends at this very moment is out.
        return f"{sortable(now - timedelta(days=INVITATION_DAYS))}$", "9"

    @property
    def tally(self) -> tuple[str, str]:
        """The address of the part of its survey's counts that counts it."""
        return TallyRecord.address(self.tenant_id, self.survey_id, self.id)

    @property
    def sent_by(self) -> Trigger:
        """What sent it; one of before there were several came after a pickup."""
        return Trigger(self.trigger) if self.trigger else Trigger.PICKUP

    @property
    def about(self) -> About:
        """What it is about."""
        stored = dict(self.stored_about or {})
        return About(self.order_id, sku_ids=tuple(stored.pop("sku_ids", ())), **stored)

    @about.setter
    def about(self, about: About) -> None:
        self.order_id, self.stored_about = about.order_id, about.beside_the_order() or None

    def arrange(self) -> None:
        """Stands in its survey's list once it went out, and until it is answered in its member's. It is due when it
        goes out, and when its member is to be reminded.
        """
        order = f"{sortable(self.created_at)}#{self.id}"
        waits = self.status == OPEN
        went_out = waits or self.status == ANSWERED
        self.gsi1pk = self.of_survey(self.tenant_id, self.survey_id) if went_out else None
        self.gsi1sk = order if went_out else None
        planned = self.status == PLANNED
        of_member = self.planned_for if planned else self.of_member
        self.gsi2pk = of_member(self.tenant_id, self.member_id) if waits or planned else None
        self.gsi2sk = order if waits or planned else None
        if self.status == PLANNED:
            self.schedule(self.asks_at, INVITATION_DUE, QUEUE)
        else:
            reminds = waits and self.reminded_at is None
            self.schedule(self.created_at + REMIND_AFTER if reminds else None, REMINDER_DUE, QUEUE)


class LinkRecord(TenantRecord):
    """A link to a survey that is open to all. ``gsi1`` lists a survey's. Its token is not stored."""

    id = UnicodeAttribute()
    survey_id = UnicodeAttribute()
    label = UnicodeAttribute()
    pickup_point_id = optional(UnicodeAttribute(null=True))
    channel_id = optional(UnicodeAttribute(null=True))
    closed_at = optional(InstantAttribute(null=True))
    created_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, link_id: str) -> tuple[str, str]:
        """Where a link is kept."""
        return key(tenant_id, "survey-link", link_id), "link"

    @staticmethod
    def of_survey(tenant_id: str, survey_id: str) -> str:
        """The partition of ``gsi1`` with a survey's links."""
        return key(tenant_id, "survey-links", survey_id)

    def arrange(self) -> None:
        """Stands in its survey's list."""
        self.gsi1pk = self.of_survey(self.tenant_id, self.survey_id)
        self.gsi1sk = f"{sortable(self.created_at)}#{self.id}"


class ResponseRecord(TenantRecord):
    """An answer that came without an invitation, by a link (``open``) or on ``paper``. ``gsi1`` lists those of a survey
    and a source. ``mark`` tells the request that brought it from any other; ``member_id`` is who was signed in. Of a
    ``low`` one somebody should get in touch with who gave it: by its complaint, if it is known which member that is.
    """

    id = UnicodeAttribute()
    survey_id = UnicodeAttribute()
    version = NumberAttribute()
    source = UnicodeAttribute()
    link_id = optional(UnicodeAttribute(null=True))
    member_id = optional(UnicodeAttribute(null=True))
    taken_by = optional(UnicodeAttribute(null=True))
    pickup_point_id = optional(UnicodeAttribute(null=True))
    channel_id = optional(UnicodeAttribute(null=True))
    mark = UnicodeAttribute()
    created_at = InstantAttribute()
    score = NumberAttribute(null=True)
    answers = JsonAttribute()
    comment = UnicodeAttribute(null=True)
    phone = optional(UnicodeAttribute(null=True))
    email = optional(UnicodeAttribute(null=True))
    low = BooleanAttribute(default=False)
    complaint_id = optional(UnicodeAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, response_id: str) -> tuple[str, str]:
        """Where an answer is kept."""
        return key(tenant_id, "survey-response", response_id), "response"

    @staticmethod
    def of_survey(tenant_id: str, survey_id: str, source: str) -> str:
        """The partition of ``gsi1`` with a survey's answers from a source."""
        return key(tenant_id, "survey-responses", survey_id, source)

    @property
    def about(self) -> About:
        """What it is about: nothing but the place."""
        return About(pickup_point_id=self.pickup_point_id)

    def arrange(self) -> None:
        """Stands in its survey's list."""
        self.gsi1pk = self.of_survey(self.tenant_id, self.survey_id, self.source)
        self.gsi1sk = f"{sortable(self.created_at)}#{self.id}"
