"""What the API shows of reviews."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import Field

from chalicelib.catalog.model.ratings import Aspect, Ratings, said, share
from chalicelib.catalog.views.ratings import StarsView
from chalicelib.members.model.masking import masked_name
from chalicelib.members.records import MemberRecord
from chalicelib.reviews.model.reviews import CHANGED_WITHIN
from chalicelib.reviews.records import ReviewRecord, ReviewRulesRecord
from chalicelib.reviews.service import photos, reading
from chalicelib.reviews.service.reading import Sort
from chalicelib.web import Instant, UlidStr, View


class MarkedAspectsView(View):
    """Stars of each aspect; null where it is not marked."""

    goods: int | None
    service: int | None
    delivery: int | None


class ReviewReplyView(View):
    """What the brand answered."""

    text: str
    at: Instant

    @classmethod
    def of(cls, review: ReviewRecord) -> Self | None:
        if review.reply is None or review.replied_at is None:
            return None
        return cls(text=review.reply, at=review.replied_at)


class ReviewPhotoView(View):
    """A photo and where it can be read for an hour."""

    id: UlidStr
    url: str


class ShownReviewView(View):
    """A review as everybody reads it: of its ``author`` the first character alone. Of who has left only the stars stay:
    ``text`` and ``photos`` are empty then, ``reply`` is null.
    """

    id: UlidStr
    author: str
    goods: str
    sku_id: UlidStr
    rating: int
    aspects: MarkedAspectsView
    text: str
    photos: list[ReviewPhotoView]
    reply: ReviewReplyView | None
    written_at: Instant
    edited_at: Instant | None

    @classmethod
    def of(cls, review: ReviewRecord, authors: Mapping[str, MemberRecord]) -> Self:
        author = authors.get(review.member_id)
        if author is None or author.left_at is not None:
            return cls(**_said(review) | {"text": "", "photos": [], "reply": None}, author=masked_name(None))
        return cls(**_said(review), author=masked_name(None if author.blocked else author.name))

    @classmethod
    def all_of(cls, tenant_id: str, reviews: Sequence[ReviewRecord], sort: Sort = "newest") -> list[Self]:
        """Reviews in the order in which they were listed; of those with photos, the ones whose photos are shown."""
        authors = reading.authors(tenant_id, reviews)
        shown = [cls.of(each, authors) for each in reviews]
        return [each for each in shown if each.photos or sort != "photos"]


class OwnReviewView(View):
    """A review of mine: one that is ``hidden`` only I and the brand see, with the brand's reason. ``changeable_until``
    is until when I may change it.
    """

    id: UlidStr
    status: Literal["shown", "hidden"]
    product_id: UlidStr
    order_id: UlidStr
    goods: str
    sku_id: UlidStr
    rating: int
    aspects: MarkedAspectsView
    text: str
    photos: list[ReviewPhotoView]
    reply: ReviewReplyView | None
    hidden_reason: str | None
    written_at: Instant
    edited_at: Instant | None
    changeable_until: Instant

    @classmethod
    def of(cls, review: ReviewRecord) -> Self:
        return cls(**_known(review), changeable_until=review.written_at + CHANGED_WITHIN)


class ReviewView(View):
    """A review as the team sees it."""

    id: UlidStr
    status: Literal["shown", "hidden"]
    product_id: UlidStr
    order_id: UlidStr
    member_id: UlidStr
    goods: str
    sku_id: UlidStr
    rating: int
    aspects: MarkedAspectsView
    text: str
    photos: list[ReviewPhotoView]
    reply: ReviewReplyView | None
    hidden_reason: str | None
    hidden_at: Instant | None
    written_at: Instant
    edited_at: Instant | None

    @classmethod
    def of(cls, review: ReviewRecord) -> Self:
        return cls(**_known(review), member_id=review.member_id, hidden_at=review.hidden_at)


class ReputationView(StarsView):
    """What all shown reviews of the brand come to; null where there are fewer than five. ``praise_rate`` is the share
    of those with four stars or five, exactly.
    """

    praise_rate: str
    praise_percent: int = Field(description="The same in per cent, rounded down.")

    @classmethod
    def of(cls, ratings: Ratings | None) -> Self | None:
        average = said(ratings.tenths) if ratings else None
        if ratings is None or average is None:
            return None
        praising, count = ratings.praising, ratings.count
        return cls(
            count=count, average=average, praise_rate=share(praising, count), praise_percent=100 * praising // count
        )


class ReputationAnswer(View):
    """The reputation of a store; null where there are too few reviews to make one."""

    reputation: ReputationView | None


class ReviewRulesView(View):
    """What the brand has set about reviews."""

    asks_after_pickup: bool

    @classmethod
    def of(cls, rules: ReviewRulesRecord) -> Self:
        return cls(asks_after_pickup=bool(rules.asks))


def _known(review: ReviewRecord) -> dict[str, Any]:
    names = ("status", "product_id", "order_id", "hidden_reason")
    return _said(review) | {name: getattr(review, name) for name in names}


def _said(review: ReviewRecord) -> dict[str, Any]:
    marked = review.marks.aspects
    return {
        "id": review.id, "goods": review.goods, "sku_id": review.sku_id, "rating": int(review.stars),
        "aspects": MarkedAspectsView(**{each.value: marked.get(each.value) for each in Aspect}),
        "text": review.text, "written_at": review.written_at, "edited_at": review.edited_at,
        "photos": [
            ReviewPhotoView(id=each, url=photos.link(review, name))
            for each, name in zip(review.photos, review.photo_files, strict=True)
        ],
        "reply": ReviewReplyView.of(review),
    }  # fmt: skip
