"""What surveys and invitations answer."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal, Self

from chalicelib.surveys.model.satisfaction import CSAT_DEFINITION, Summary
from chalicelib.surveys.records import OPEN, InvitationRecord
from chalicelib.surveys.service.invitations import Shown, token_for
from chalicelib.web import Instant, UlidStr, View


class QuestionView(View):
    """A question."""

    id: str
    kind: Literal["score", "choice", "text"]
    text: str
    required: bool
    options: list[str]


class SurveyView(View):
    """A survey; of the active ones of a trigger the newest is sent."""

    id: UlidStr
    title: str
    trigger: Literal["pickup"]
    status: Literal["active", "archived"]
    version: int
    built_in: bool
    questions: list[QuestionView]
    created_at: Instant
    updated_at: Instant


class ReceivedView(View):
    """An invitation as the team sees it, with its answer."""

    id: UlidStr
    order_id: UlidStr
    member_id: UlidStr
    status: Literal["open", "answered"]
    version: int
    created_at: Instant
    ends_at: Instant
    answered_at: Instant | None
    score: int | None
    answers: dict[str, int | str] | None
    comment: str | None
    complaint_id: UlidStr | None


class ResultsView(View):
    """Figures over all answers of a survey; rates are decimals in text, null where nothing was counted."""

    survey_id: UlidStr
    definition: str
    invited: int
    answered: int
    scored: int
    average: str | None
    csat: str | None
    response_rate: str | None
    distribution: dict[str, int]

    @classmethod
    def of(cls, survey_id: str, found: Summary) -> Self:
        return cls(survey_id=survey_id, definition=CSAT_DEFINITION, **asdict(found))


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
    order_id: UlidStr
    created_at: Instant
    expires_at: Instant

    @classmethod
    def of(cls, invitation: InvitationRecord) -> Self:
        return cls(
            token=token_for(invitation), order_id=invitation.order_id,
            created_at=invitation.created_at, expires_at=invitation.ends_at,
        )  # fmt: skip


class ThanksView(View):
    """The answer has been taken."""

    status: Literal["answered"]
    answered_at: Instant
    complaint_id: UlidStr | None
    """The complaint that a low score opened for the member."""
