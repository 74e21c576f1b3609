"""Reviews in the payload of events: without the words that people wrote, and without photos."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Self

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import LATER, MEMBER, ORDER, PRODUCT, REVIEW, SKU
from chalicelib.reviews.records import ReviewRecord
from chalicelib.reviews.views import ReviewReplyView, ReviewView
from chalicelib.web import Contact


class PublishedReviewReplyView(ReviewReplyView):
    """What the brand answered; its ``text`` is null in an event."""

    text: Contact[str]  # type: ignore[assignment]


class PublishedReviewView(ReviewView):
    """A review in an event. ``text``, ``hidden_reason`` and the text of the reply are null, and its photos left out:
    who may read them reads the review. Of one that was ``deleted`` there is nothing more to read.
    """

    status: Literal["shown", "hidden", "deleted"]  # type: ignore[assignment]
    text: Contact[str]  # type: ignore[assignment]
    reply: PublishedReviewReplyView | None
    hidden_reason: Contact[str]

    @classmethod
    def of(cls, review: ReviewRecord) -> Self:
        view = super().of(review)
        view.photos = []
        return view


def _show(tenant_id: str, reviews: Sequence[ReviewRecord], now: datetime) -> Sequence[PublishedReviewView]:
    return [PublishedReviewView.of(review) for review in reviews]


_EXAMPLE: Mapping[str, Any] = {
    "id": REVIEW,
    "status": "shown",
    "product_id": PRODUCT,
    "order_id": ORDER,
    "member_id": MEMBER,
    "goods": "Tangerines · 5 kg",
    "sku_id": SKU,
    "rating": 5,
    "aspects": {"goods": 5, "service": 4, "delivery": None},
    "text": None,
    "photos": [],
    "reply": None,
    "hidden_reason": None,
    "hidden_at": None,
    "written_at": LATER,
    "edited_at": None,
}

_AS: Mapping[str, Mapping[str, Any]] = {
    "review.edited": {"rating": 4, "edited_at": "2026-01-15T02:40:00Z"},
    "review.deleted": {"status": "deleted"},
    "review.replied": {"reply": {"text": None, "at": "2026-01-15T02:40:00Z"}},
    "review.hidden": {"status": "hidden", "hidden_at": "2026-01-15T02:40:00Z"},
}

SHOWN = Shown(ReviewRecord, PublishedReviewView, _show, _EXAMPLE, _AS)
