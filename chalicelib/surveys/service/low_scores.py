"""A low score opens a complaint, in the transaction that takes the answer."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.complaints.service.opening import prepare
from chalicelib.db import Transaction
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.service.reading import get_order
from chalicelib.surveys.model.answers import Answer
from chalicelib.surveys.model.questions import Kind, Question
from chalicelib.surveys.records import InvitationRecord


def complain(
    tx: Transaction, invitation: InvitationRecord, questions: Sequence[Question], answer: Answer, now: datetime
) -> None:
    """Adds the member's complaint to a transaction, and names it on the invitation, from which its id comes: there is
    never a second.
    """
    in_words = {question.id for question in questions if question.kind is Kind.TEXT}
    words = [str(value) for name, value in answer.values.items() if name in in_words]
    text = "\n".join([invitation.comment, *words] if invitation.comment else words)
    invitation.complaint_id = derived_id(invitation.tenant_id, "complaint", invitation.id)
    complaint = prepare(
        invitation.tenant_id,
        invitation.complaint_id,
        invitation.member_id,
        text or f"{answer.score}/5",
        now,
        order=get_order(invitation.tenant_id, invitation.order_id) if invitation.order_id else None,
        score=answer.score,
        invitation_id=invitation.id,
    )
    tx.create("complaint", complaint)
