"""What surveys and invitations answer."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal, Self

from chalicelib.surveys.model.satisfaction import CSAT_DEFINITION, Summary
from chalicelib.surveys.records import OPEN, InvitationRecord, LinkRecord, SurveyRecord
from chalicelib.surveys.service.invitations import Shown, token_for
from chalicelib.surveys.service.links import OpenSurvey, address_of
from chalicelib.web import Contact, Instant, UlidStr, View

KindName = Literal["score", "nps", "choice", "multiple", "text"]
TriggerName = Literal["pickup", "campaign_end", "complaint_closed", "joined", "periodic", "link"]


class BranchView(View):
    """Where the survey goes on: at question ``to``, or with null at its end, if the answer fits."""

    to: str | None
    options: list[str]
    at_least: int | None
    at_most: int | None


class QuestionView(View):
    """A question; the first of its branches that holds says where the survey goes on."""

    id: str
    kind: KindName
    text: str
    required: bool
    options: list[str]
    branches: list[BranchView]


class SurveyView(View):
    """A survey; of the active ones of a trigger the newest is sent."""

    id: UlidStr
    title: str
    trigger: TriggerName
    after_days: int
    every: Literal["week", "month", "quarter"] | None
    sample: int
    low_nps: int | None
    next_wave_at: Instant | None
    status: Literal["active", "archived"]
    version: int
    built_in: bool
    questions: list[QuestionView]
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, survey: SurveyRecord) -> Self:
        plan = survey.plan
        return cls.model_validate(
            {
                "id": survey.id,
                "title": survey.title,
                "trigger": survey.trigger,
                "after_days": plan.after_days,
                "every": plan.every,
                "sample": plan.sample,
                "low_nps": survey.complains_at,
                "next_wave_at": survey.next_wave_at if survey.sends_waves else None,
                "status": survey.status,
                "version": survey.version,
                "built_in": survey.built_in,
                "questions": survey.questions,
                "created_at": survey.created_at,
                "updated_at": survey.updated_at,
            }
        )


class SurveyRulesView(View):
    """So many days somebody who was asked is not asked again."""

    quiet_days: int


class ReceivedView(View):
    """An invitation as the team sees it, with its answer. ``order_id`` is null where it is about no order."""

    id: UlidStr
    trigger: TriggerName
    order_id: UlidStr | None
    member_id: UlidStr
    status: Literal["open", "answered"]
    version: int
    created_at: Instant
    ends_at: Instant
    answered_at: Instant | None
    score: int | None
    answers: dict[str, int | str | list[str]] | None
    comment: str | None
    complaint_id: UlidStr | None
    reminded_at: Instant | None

    @classmethod
    def of(cls, found: InvitationRecord) -> Self:
        return cls.model_validate(
            {
                "id": found.id,
                "trigger": found.sent_by,
                "order_id": found.order_id,
                "member_id": found.member_id,
                "status": found.status,
                "version": found.version,
                "created_at": found.created_at,
                "ends_at": found.ends_at,
                "answered_at": found.answered_at,
                "score": found.score,
                "answers": found.answers,
                "comment": found.comment,
                "complaint_id": found.complaint_id,
                "reminded_at": found.reminded_at,
            }
        )


class ResultsView(View):
    """Figures over all answers of a survey; rates are decimals in text. ``hidden``, with all that comes of scores null,
    where fewer than five people gave one.
    """

    survey_id: UlidStr
    definition: str
    invited: int
    answered: int
    hidden: bool
    scored: int | None
    average: str | None
    csat: str | None
    response_rate: str | None
    distribution: dict[str, int] | None

    @classmethod
    def of(cls, survey_id: str, found: Summary) -> Self:
        return cls(survey_id=survey_id, definition=CSAT_DEFINITION, hidden=found.hidden, **asdict(found))


class InvitationView(View):
    """An invitation as whoever has the link sees it."""

    token: str
    status: Literal["open", "answered", "expired"]
    title: str
    questions: list[QuestionView]
    expires_at: Instant
    answered_at: Instant | None

    @classmethod
    def of(cls, shown: Shown, token: str, now: datetime) -> Self:
        found = shown.invitation
        ended = found.status == OPEN and found.ends_at <= now
        return cls.model_validate(
            {
                "token": token,
                "status": "expired" if ended else found.status,
                "title": shown.title,
                "questions": shown.questions,
                "expires_at": found.ends_at,
                "answered_at": found.answered_at,
            }
        )


class OwnInvitationView(View):
    """One of the member's open invitations."""

    token: str
    order_id: UlidStr | None
    created_at: Instant
    expires_at: Instant

    @classmethod
    def of(cls, invitation: InvitationRecord) -> Self:
        return cls(
            token=token_for(invitation), order_id=invitation.order_id,
            created_at=invitation.created_at, expires_at=invitation.ends_at,
        )  # fmt: skip


class LinkView(View):
    """A link to a survey that is open to all. Print its ``url`` as a code to scan."""

    id: UlidStr
    survey_id: UlidStr
    label: str
    pickup_point_id: UlidStr | None
    channel_id: UlidStr | None
    status: Literal["open", "closed"]
    url: str
    created_at: Instant

    @classmethod
    def of(cls, link: LinkRecord) -> Self:
        return cls(
            id=link.id, survey_id=link.survey_id, label=link.label, pickup_point_id=link.pickup_point_id,
            channel_id=link.channel_id, status="closed" if link.closed_at is not None else "open",
            url=address_of(link), created_at=link.created_at,
        )  # fmt: skip


class ResponseView(View):
    """An answer that came by a link open to all, or on paper. Of a ``low`` one somebody is not satisfied:
    ``complaint_id`` names their complaint; where it is null nobody knows which member they are, so get in touch with
    them by what they left, if anything.
    """

    id: UlidStr
    source: Literal["open", "paper"]
    version: int
    link_id: UlidStr | None
    member_id: UlidStr | None
    taken_by: str | None
    pickup_point_id: UlidStr | None
    channel_id: UlidStr | None
    created_at: Instant
    score: int | None
    answers: dict[str, int | str | list[str]]
    comment: str | None
    phone: Contact[str]
    email: Contact[str]
    low: bool
    complaint_id: UlidStr | None


class OpenSurveyView(View):
    """A survey as whoever has a link that is open to all sees it."""

    status: Literal["open", "closed"]
    title: str
    questions: list[QuestionView]

    @classmethod
    def of(cls, found: OpenSurvey) -> Self:
        return cls.model_validate(
            {
                "status": "closed" if found.closed else "open",
                "title": found.survey.title,
                "questions": found.survey.questions,
            }
        )


class OpenThanksView(View):
    """The answer has been taken."""

    status: Literal["answered"]
    answered_at: Instant


class ThanksView(View):
    """The answer has been taken."""

    status: Literal["answered"]
    answered_at: Instant
    complaint_id: UlidStr | None
    """The complaint that a low score opened for the member."""
