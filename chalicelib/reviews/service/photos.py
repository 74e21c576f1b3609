"""The files of a review's photos: where each is read, and that none outlasts what showed it."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.media.service import uploads
from chalicelib.reviews.records import ReviewRecord, photos_at


def link(review: ReviewRecord, name: str) -> str:
    """Where a photo of a review can be read for an hour."""
    if _is_members(name):
        return uploads.link(review.tenant_id, review.member_id, name)
    return uploads.link_for_all(review.tenant_id, review.photos_at, name)


def drop(tenant_id: str, review_id: str, names: Iterable[str]) -> None:
    """Deletes the files of photos that a review has no more; done again, nothing changes."""
    for each in names:
        if not _is_members(each):
            uploads.delete_shown(tenant_id, photos_at(review_id), each)


def drop_all(tenant_id: str, review_id: str) -> None:
    """Deletes all files of a review that its author has taken back; done again, nothing changes. It cannot have others
    any more, but for those that a change was keeping at that moment, which is refused.
    """
    review = ReviewRecord.fetch(*ReviewRecord.address(tenant_id, review_id), consistent=True)
    if review is not None and review.is_deleted:
        uploads.delete_shown(tenant_id, review.photos_at)


def drop_late(tenant_id: str, review_id: str, now: datetime) -> None:
    """Deletes what was kept while the review was being taken back, once that cannot be any more."""

    def decide(review: ReviewRecord | None, tx: Transaction) -> None:
        if review is None or review.photos_due_at is None or review.photos_due_at > now:
            return
        drop_all(tenant_id, review_id)
        review.photos_due_at = None
        tx.replace("review", review)

    change(lambda: ReviewRecord.fetch(*ReviewRecord.address(tenant_id, review_id), consistent=True), decide)


def _is_members(name: str) -> bool:
    """Whether a photo is kept as one of its member's, as all were at first: a case may show the same file."""
    return "." in name
