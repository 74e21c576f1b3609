"""Use cases of invitations that went out: the link is told, and the one answer taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Transaction, change
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.local_day import local_date
from chalicelib.notices.telling.service import tell_member
from chalicelib.settings import required, secret, settings
from chalicelib.surveys.model.answers import Answer, checked_answer
from chalicelib.surveys.model.invitations import answer_fault, invitation_of, token_of
from chalicelib.surveys.model.notices import SurveyReminder, letter_of
from chalicelib.surveys.model.questions import Question, Value
from chalicelib.surveys.records import ANSWERED, PLANNED, SKIPPED, InvitationRecord, SurveyVersionRecord, TallyRecord
from chalicelib.surveys.service.low_scores import complain
from chalicelib.surveys.service.surveys import get_survey
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Shown:
    """An invitation with what it asks."""

    invitation: InvitationRecord
    title: str
    questions: list[Question]


def send_invitation(tenant_id: str, invitation_id: str, now: datetime) -> None:
    """Tells the member the link, while the invitation is open.

    Raises SettingMissing without PUBLIC_URL: a link that leads nowhere must not go out.
    """
    if found := _unanswered(tenant_id, invitation_id, now):
        notice = letter_of(found.sent_by)(**_said(found))
        tell_member(tenant_id, found.member_id, notice, ("invitation", found.id), now, subject_id=found.survey_id)


def send_reminder(tenant_id: str, invitation_id: str, now: datetime) -> None:
    """Reminds the member of the link, while the invitation is open. Raises SettingMissing without PUBLIC_URL."""
    if found := _unanswered(tenant_id, invitation_id, now):
        notice = SurveyReminder(**_said(found))
        tell_member(tenant_id, found.member_id, notice, ("reminder", found.id), now, subject_id=found.survey_id)


def _unanswered(tenant_id: str, invitation_id: str, now: datetime) -> InvitationRecord | None:
    found = InvitationRecord.fetch(*InvitationRecord.address(tenant_id, invitation_id), consistent=True)
    return None if found is None or answer_fault(found.status == ANSWERED, found.ends_at, now) else found


def _said(invitation: InvitationRecord) -> dict[str, Any]:
    tenant = get_tenant(invitation.tenant_id)
    base = required(settings().public_url, "PUBLIC_URL")
    return {
        "brand": tenant.name,
        "title": _version(invitation).title,
        "url": f"{brand_of(invitation.tenant_id).shop(base)}/surveys/{token_for(invitation)}",
        "expires_on": local_date(invitation.ends_at, zone(tenant.timezone)),
    }


def get_invitation(tenant_id: str, invitation_id: str) -> InvitationRecord:
    """An invitation by its id, in whatever state. Raises NotFound."""
    found = InvitationRecord.fetch(*InvitationRecord.address(tenant_id, invitation_id), consistent=True)
    if found is None:
        raise NotFound("There is no such invitation.", detail_zh="没有该问卷邀请。")
    return found


def token_for(invitation: InvitationRecord) -> str:
    """The token of the invitation's link, computed anew each time."""
    return token_of(secret("links"), invitation.tenant_id, invitation.id)


def own_invitations(
    tenant_id: str, member_id: str, now: datetime, limit: int, cursor: dict[str, Any] | None
) -> Page[InvitationRecord]:
    """A member's invitations that can still be answered, newest first."""
    return InvitationRecord.page(
        InvitationRecord.of_member(tenant_id, member_id),
        index="gsi2", between=InvitationRecord.still_open(now), newest_first=True, limit=limit, cursor=cursor,
    )  # fmt: skip


def open_by_token(tenant_id: str, link_token: str, *, consistent: bool = False) -> Shown:
    """The invitation behind a link, in whatever state. A token that is not ours costs no read. Raises NotFound."""
    known = invitation_of(secret("links"), tenant_id, link_token)
    address = InvitationRecord.address(tenant_id, known) if known else None
    found = InvitationRecord.fetch(*address, consistent=consistent) if address else None
    if found is None or found.status in (PLANNED, SKIPPED):
        raise NotFound("There is no such invitation.", detail_zh="没有该问卷邀请。")
    version = _version(found)
    return Shown(found, version.title, version.questions)


def _version(invitation: InvitationRecord) -> SurveyVersionRecord:
    address = SurveyVersionRecord.address(invitation.tenant_id, invitation.survey_id, int(invitation.version))
    found = SurveyVersionRecord.fetch(*address)
    if found is None:
        # Written before any invitation that names it, so only a lagging replica can miss it.
        found = SurveyVersionRecord.fetch(*address, consistent=True)
    if found is None:
        raise LookupError("an invitation names a survey version that does not exist")
    return found


def answer_invitation(
    tenant_id: str,
    link_token: str,
    score: int | None,
    values: Sequence[tuple[str, Value]],
    comment: str | None,
    now: datetime,
) -> InvitationRecord:
    """Takes the one answer of an invitation; a score of 1 or 2, or a recommendation as low as the survey says, opens a
    complaint in the same transaction.

    Raises AlreadyAnswered, InvitationExpired, Invalid naming each field that does not fit, or NotFound.
    """

    def take(shown: Shown, tx: Transaction) -> InvitationRecord:
        invitation = shown.invitation
        if fault := answer_fault(invitation.status == ANSWERED, invitation.ends_at, now):
            raise fault
        answer = checked_answer(shown.questions, score, values)
        invitation.status, invitation.answered_at = ANSWERED, now
        invitation.score, invitation.answers, invitation.comment = answer.score, answer.values, comment
        if answer.opens_complaint(_low_nps(invitation, answer)):
            invitation.complaint_id = derived_id(tenant_id, "complaint", invitation.id)
            complain(tx, invitation, invitation.member_id, shown.questions, answer, now)
        invitation.emit("survey.answered", now, invitation_id=invitation.id)
        tx.replace("invitation", invitation)
        counts = [TallyRecord.answered.add(1)]
        if answer.score is not None:
            counts.append(getattr(TallyRecord, f"score{answer.score}").add(1))
        tx.update("tally", TallyRecord, *invitation.tally, actions=counts)
        return invitation

    return change(lambda: open_by_token(tenant_id, link_token, consistent=True), take)


def _low_nps(invitation: InvitationRecord, answer: Answer) -> int | None:
    """The survey is read where its word counts: of somebody who was asked for a recommendation."""
    return None if answer.recommends is None else get_survey(invitation.tenant_id, invitation.survey_id).complains_at
