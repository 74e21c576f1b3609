"""What the API takes of reviews."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.catalog.model.ratings import Marks
from chalicelib.reviews.model.reviews import MAX_PHOTOS
from chalicelib.reviews.service.reading import ReviewFilter, Sort
from chalicelib.reviews.service.writing import Said
from chalicelib.web import Body, Harmless, Query, UlidStr

Stars = Annotated[int, Field(ge=1, le=5)]
Words = Annotated[str, StringConstraints(max_length=1000), Harmless]
Answer = Annotated[str, StringConstraints(min_length=1, max_length=1000), Harmless]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=300), Harmless]

_ID = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


class AspectsForm(Body):
    """Stars of each aspect; what is left out is not marked."""

    goods: Stars | None = None
    service: Stars | None = None
    delivery: Stars | None = None


class ReviewForm(Body):
    """What a review says: ``rating`` is the stars of the whole, ``photos`` are ids of uploads of my own."""

    EXAMPLES = {"changed my mind": {"rating": 4, "text": "第二次买没有第一次甜。"}}

    rating: Stars
    aspects: AspectsForm = AspectsForm()
    text: Words = ""
    photos: list[UlidStr] = Field(default=[], max_length=MAX_PHOTOS)

    def said(self) -> Said:
        aspects = {name: stars for name, stars in self.aspects.model_dump().items() if stars is not None}
        return Said(Marks(self.rating, aspects), self.text.strip(), tuple(dict.fromkeys(self.photos)))


class NewReview(ReviewForm):
    """A review of a SKU of an order of mine."""

    EXAMPLES = {
        "four stars": {
            "order_id": _ID, "sku_id": _ID, "rating": 4, "text": "梨很甜，就是个头小了点。",
            "aspects": {"goods": 4, "service": 5},
        }
    }  # fmt: skip

    order_id: UlidStr
    sku_id: UlidStr


class ReviewQuery(Query):
    """What the team's list is narrowed to."""

    rating: Stars | None = None
    unanswered: bool | None = Field(default=None, description="true: those without the brand's reply.")
    status: Literal["shown", "hidden"] | None = None
    product_id: UlidStr | None = None
    member_id: UlidStr | None = None

    def filter(self) -> ReviewFilter:
        return ReviewFilter(self.rating, self.unanswered, self.status, self.product_id, self.member_id)


class ShownQuery(Query):
    """The order of a product's reviews; ``photos`` are those with photos, ``rating`` those with so many stars, both the
    newest first.
    """

    sort: Sort = "newest"
    rating: Stars | None = None


class ReviewReplyForm(Body):
    """The brand's answer, which everybody reads beside the review."""

    EXAMPLES = {"thanks": {"text": "谢谢您的评价，下次给您挑大个的！"}}

    text: Answer


class HidingForm(Body):
    """Why a review is not shown; its author reads it."""

    EXAMPLES = {"a phone number": {"reason": "评价中含有他人的电话号码。"}}

    reason: Reason


class ReviewRulesForm(Body):
    """Whether buyers are asked for a review: once for an order, two days after they have collected it."""

    asks_after_pickup: bool
