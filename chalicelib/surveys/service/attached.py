"""Use case of the answer that a complaint came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.surveys.model.questions import Question, Value
from chalicelib.surveys.records import InvitationRecord, ResponseRecord, SurveyVersionRecord


@dataclass(frozen=True, slots=True)
class Attached:
    """What somebody answered to a survey, as it was asked then."""

    survey_id: str
    title: str
    answers: Sequence[tuple[Question, Value]]


def attached(tenant_id: str, invitation_id: str | None, response_id: str | None) -> Attached | None:
    """The answer of an invitation, or of one without; None where a complaint came otherwise."""
    found: InvitationRecord | ResponseRecord | None = None
    if invitation_id is not None:
        found = InvitationRecord.fetch(*InvitationRecord.address(tenant_id, invitation_id))
    elif response_id is not None:
        found = ResponseRecord.fetch(*ResponseRecord.address(tenant_id, response_id))
    if found is None:
        return None
    address = SurveyVersionRecord.address(tenant_id, found.survey_id, int(found.version))
    version = SurveyVersionRecord.fetch(*address)
    if version is None:
        return None
    given = found.answers or {}
    said = [(question, given[question.id]) for question in version.questions if question.id in given]
    return Attached(found.survey_id, version.title, said)
