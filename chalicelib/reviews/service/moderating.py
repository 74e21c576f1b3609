"""What the team does with reviews: it answers them, and hides what does not belong there."""

from datetime import datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.reviews.model.reviews import Status, gone
from chalicelib.reviews.records import HIDDEN, REPLIED, SHOWN, ReviewRecord
from chalicelib.reviews.service.counting import count, standing_of
from chalicelib.reviews.service.reading import get_review
from chalicelib.tenants.service.audit import audit


def reply(
    tenant_id: str, review_id: str, text: str, if_match: int | None, by: Principal, now: datetime
) -> ReviewRecord:  # fmt: skip
    """The brand's one answer to a review; written again it takes the place of the first, of which alone the author
    hears. Raises NotFound, Stale, ReviewDeleted.
    """

    def decide(review: ReviewRecord, tx: Transaction) -> ReviewRecord:
        check_revision(review, if_match)
        _check_there(review)
        if review.reply == text:
            return review
        if review.reply is None:
            review.emit(REPLIED, now, review_id=review_id)
        review.reply, review.replied_at = text, now
        tx.replace("review", review)
        audit(tx, tenant_id, by, "review.replied", f"review:{review_id}", now, {"text": text})
        return review

    return change(lambda: get_review(tenant_id, review_id, deleted=True, consistent=True), decide)


def hide(
    tenant_id: str, review_id: str, reason: str, if_match: int | None, by: Principal, now: datetime
) -> ReviewRecord:  # fmt: skip
    """Shows a review no more: it counts no more, and its author is told why. Hidden again, nothing changes. Raises
    NotFound, Stale, ReviewDeleted.
    """

    def decide(review: ReviewRecord, tx: Transaction) -> ReviewRecord:
        check_revision(review, if_match)
        _check_there(review)
        if not review.is_shown:
            return review
        before = review.counted
        review.status, review.hidden_reason, review.hidden_at = Status.HIDDEN.value, reason, now
        review.emit(HIDDEN, now, review_id=review_id)
        tx.replace("review", review)
        count(tx, review, before, standing_of(tenant_id, review.product_id))
        audit(tx, tenant_id, by, "review.hidden", f"review:{review_id}", now, {"reason": reason})
        return review

    return change(lambda: get_review(tenant_id, review_id, deleted=True, consistent=True), decide)


def show(tenant_id: str, review_id: str, if_match: int | None, by: Principal, now: datetime) -> ReviewRecord:
    """Shows a hidden review again, of which its author is told. Raises NotFound, Stale, ReviewDeleted."""

    def decide(review: ReviewRecord, tx: Transaction) -> ReviewRecord:
        check_revision(review, if_match)
        _check_there(review)
        if review.is_shown:
            return review
        review.status, review.hidden_reason, review.hidden_at = Status.SHOWN.value, None, None
        review.emit(SHOWN, now, review_id=review_id)
        tx.replace("review", review)
        count(tx, review, None, standing_of(tenant_id, review.product_id))
        audit(tx, tenant_id, by, "review.shown", f"review:{review_id}", now)
        return review

    return change(lambda: get_review(tenant_id, review_id, deleted=True, consistent=True), decide)


def _check_there(review: ReviewRecord) -> None:
    if review.is_deleted:
        raise gone()
