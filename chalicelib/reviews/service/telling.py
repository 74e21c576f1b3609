"""What the author of a review is told."""

from datetime import datetime

from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_member
from chalicelib.reviews.model.notices import ReviewHidden, ReviewReplied, ReviewShownAgain
from chalicelib.reviews.records import HIDDEN, REPLIED, ReviewRecord
from chalicelib.tenants.service.brand import get_tenant

_MOST_SHOWN = 120


def tell_author(tenant_id: str, review_id: str, happened: str, event_id: str, now: datetime) -> None:
    """Tells the author that the brand has replied, or has hidden the review or shown it again; not where that is over
    by now.
    """
    review = ReviewRecord.fetch(*ReviewRecord.address(tenant_id, review_id), consistent=True)
    if review is None or review.is_deleted:
        return
    brand, notice = get_tenant(tenant_id).name, None
    if happened == REPLIED:
        notice = _replied(brand, review)
    elif (happened == HIDDEN) != review.is_shown:
        notice = _moved(brand, review)
    if notice is not None:
        tell_member(tenant_id, review.member_id, notice, (review_id, event_id), now, subject_id=review_id)


def _replied(brand: str, review: ReviewRecord) -> Notice | None:
    if review.reply is None:
        return None
    line = " ".join(review.reply.split())
    text = line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"
    return ReviewReplied(brand, review.goods, text)


def _moved(brand: str, review: ReviewRecord) -> Notice:
    if review.is_shown:
        return ReviewShownAgain(brand, review.goods)
    return ReviewHidden(brand, review.goods, str(review.hidden_reason))
