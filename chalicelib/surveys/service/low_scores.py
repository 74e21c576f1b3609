"""A low score, or recommendation, opens a complaint in the transaction that takes the answer."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.complaints.service.opening import FromSurvey, add_opened, prepare
from chalicelib.db import Transaction
from chalicelib.orders.service.reading import get_order
from chalicelib.surveys.model.answers import Answer
from chalicelib.surveys.model.questions import Kind, Question
from chalicelib.surveys.records import InvitationRecord, ResponseRecord


def complain(
    tx: Transaction,
    found: InvitationRecord | ResponseRecord,
    member_id: str,
    questions: Sequence[Question],
    answer: Answer,
    now: datetime,
    *,
    by: str = "",
) -> None:
    """Adds the complaint of whoever answered to a transaction, under the id that the answer names: there is never a
    second. ``by`` is who opens it, where that is not the member.
    """
    in_words = {question.id for question in questions if question.kind is Kind.TEXT}
    words = [str(value) for name, value in answer.values.items() if name in in_words]
    text = "\n".join([found.comment, *words] if found.comment else words)
    order_id = found.about.order_id
    complaint = prepare(
        found.tenant_id,
        str(found.complaint_id),
        member_id,
        text or _figure(answer),
        now,
        order=get_order(found.tenant_id, order_id) if order_id else None,
        survey=_said(found, answer),
        by=by,
    )
    add_opened(tx, complaint)


def _said(found: InvitationRecord | ResponseRecord, answer: Answer) -> FromSurvey:
    if isinstance(found, InvitationRecord):
        return FromSurvey(answer.score, answer.recommends, invitation_id=found.id)
    return FromSurvey(answer.score, answer.recommends, response_id=found.id, source=f"survey_{found.source}")


def _figure(answer: Answer) -> str:
    return f"{answer.score}/5" if answer.score is not None else f"{answer.recommends}/10"
