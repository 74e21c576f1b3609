"""HTTP routes of reviews: buyers write them, everybody reads them, the team answers and moderates."""

from chalicelib.catalog.service.products import get_shown
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.media.errors import PhotoNotUploaded, TooManyPixels, WrongFileSize, WrongFileType
from chalicelib.members.model.status import MemberBlocked
from chalicelib.reviews.errors import NotBought, ReviewDeleted, ReviewedAlready, ReviewingOver, ReviewSettled
from chalicelib.reviews.forms import (
    HidingForm,
    NewReview,
    ReviewForm,
    ReviewQuery,
    ReviewReplyForm,
    ReviewRulesForm,
    ShownQuery,
)
from chalicelib.reviews.records import ReviewRecord
from chalicelib.reviews.service import asking, moderating, reading, writing
from chalicelib.reviews.views import (
    OwnReviewView,
    ReputationAnswer,
    ReputationView,
    ReviewRulesView,
    ReviewView,
    ShownReviewView,
)
from chalicelib.web import Answer, Call, Paged, Router, anyone, hash_of, member, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PHOTOS = (PhotoNotUploaded, WrongFileType, WrongFileSize, TooManyPixels)


@routes.post(
    "/v1/stores/{slug}/reviews", allow=member(), body=NewReview, answer=OwnReviewView, status=201, tag="reviews",
    summary="Review something that I bought",
    errors=(NotFound, NotBought, ReviewingOver, ReviewedAlready, MemberBlocked, *_PHOTOS),
)  # fmt: skip
def write_review(call: Call[NewReview]) -> Answer:
    """What was handed over to me and not paid back, until 180 days after I have collected it; once for each article of
    an order. Sent again, the same review is answered."""
    body = call.body
    review = writing.write(
        call.tenant_id, call.member_id, body.order_id, body.sku_id, body.said(), hash_of(body), call.now
    )
    return _own(review)


@routes.get(
    "/v1/stores/{slug}/reviews", allow=member(), answer=OwnReviewView, paged=True, tag="reviews",
    summary="List my reviews, newest first",
)  # fmt: skip
def own_reviews(call: Call[None]) -> Paged:
    page = reading.list_own_reviews(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([OwnReviewView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/reviews/{id}", allow=member(), answer=OwnReviewView, tag="reviews",
    summary="Show one of my reviews", errors=(NotFound,),
)  # fmt: skip
def own_review(call: Call[None]) -> Answer:
    return _own(reading.get_own_review(call.tenant_id, call.member_id, call.path["id"]))


@routes.put(
    "/v1/stores/{slug}/reviews/{id}", allow=member(), body=ReviewForm, answer=OwnReviewView, tag="reviews",
    summary="Change what my review says", errors=(NotFound, Stale, ReviewSettled, ReviewDeleted, *_PHOTOS),
)  # fmt: skip
def change_review(call: Call[ReviewForm]) -> Answer:
    """For 30 days after I wrote it; what is left out is taken away. Photos that it has stay when they are named
    again."""
    said = call.body.said()
    return _own(writing.edit(call.tenant_id, call.member_id, call.path["id"], said, call.if_match, call.now))


@routes.delete(
    "/v1/stores/{slug}/reviews/{id}", allow=member(), status=204, tag="reviews", summary="Delete my review",
    errors=(NotFound,),
)  # fmt: skip
def delete_review(call: Call[None]) -> None:
    """For good: what was bought with that order is not reviewed again. Points that it earned go back."""
    writing.take_back(call.tenant_id, call.member_id, call.path["id"], call.now)


@routes.get(
    "/v1/stores/{slug}/products/{id}/reviews", allow=anyone(), query=ShownQuery, answer=ShownReviewView, paged=True,
    tag="reviews", summary="Read the reviews of a product", errors=(NotFound,),
)  # fmt: skip
def product_reviews(call: Call[None]) -> Paged:
    """Only who was handed the product over has reviewed it. Their average is the product's `rating`."""
    product_id, query = call.path["id"], call.query
    get_shown(call.tenant_id, [product_id])
    page = reading.list_shown(call.tenant_id, product_id, query.sort, query.rating, call.limit, call.cursor)
    return Paged(ShownReviewView.all_of(call.tenant_id, page.items, query.sort), page.last_key)


@routes.get(
    "/v1/stores/{slug}/reputation", allow=anyone(), answer=ReputationAnswer, tag="reviews",
    summary="Read what the reviews of a store come to",
)  # fmt: skip
def read_reputation(call: Call[None]) -> ReputationAnswer:
    return ReputationAnswer(reputation=ReputationView.of(reading.reputation(call.tenant_id)))


@routes.get(
    "/v1/reviews", allow=_LOOKS, query=ReviewQuery, answer=ReviewView, paged=True, tag="reviews",
    summary="List reviews, newest first",
)  # fmt: skip
def list_reviews(call: Call[None]) -> Paged:
    page = reading.list_reviews(call.tenant_id, call.limit, call.cursor, call.query.filter())
    return Paged([ReviewView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/reviews/{id}", allow=_LOOKS, answer=ReviewView, tag="reviews", summary="Show a review", errors=(NotFound,)
)
def get_review(call: Call[None]) -> Answer:
    return _shown(reading.get_review(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/reviews/{id}/reply", allow=_TEAM, body=ReviewReplyForm, answer=ReviewView, tag="reviews",
    summary="Answer a review", errors=(NotFound, Stale, ReviewDeleted),
)  # fmt: skip
def reply_to_review(call: Call[ReviewReplyForm]) -> Answer:
    """One answer, which everybody reads; sent again it is changed. Its author hears of the first."""
    return _shown(
        moderating.reply(
            call.tenant_id, call.path["id"], call.body.text, call.if_match, call.principal, call.now
        )
    )  # fmt: skip


@routes.post(
    "/v1/reviews/{id}/hide", allow=_TEAM, body=HidingForm, answer=ReviewView, tag="reviews",
    summary="Hide a review and tell its author why", errors=(NotFound, Stale, ReviewDeleted),
)  # fmt: skip
def hide_review(call: Call[HidingForm]) -> Answer:
    """For what breaks the rules of the house, not for few stars: it is written down who hid it and why. It counts in no
    average."""
    return _shown(
        moderating.hide(
            call.tenant_id, call.path["id"], call.body.reason, call.if_match, call.principal, call.now
        )
    )  # fmt: skip


@routes.post(
    "/v1/reviews/{id}/show", allow=_TEAM, answer=ReviewView, tag="reviews", summary="Show a hidden review again",
    errors=(NotFound, Stale, ReviewDeleted),
)  # fmt: skip
def show_review(call: Call[None]) -> Answer:
    return _shown(moderating.show(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.get(
    "/v1/review-rules", allow=_LOOKS, answer=ReviewRulesView, tag="reviews",
    summary="Read whether buyers are asked for reviews",
)  # fmt: skip
def read_review_rules(call: Call[None]) -> Answer:
    rules = asking.get_rules(call.tenant_id, consistent=True)
    return Answer(ReviewRulesView.of(rules), etag=int(rules.rev))


@routes.put(
    "/v1/review-rules", allow=staff("manager"), body=ReviewRulesForm, answer=ReviewRulesView, tag="reviews",
    summary="Set whether buyers are asked for reviews", errors=(Stale,),
)  # fmt: skip
def set_review_rules(call: Call[ReviewRulesForm]) -> Answer:
    rules = asking.set_rules(call.tenant_id, call.body.asks_after_pickup, call.if_match, call.principal, call.now)
    return Answer(ReviewRulesView.of(rules), etag=int(rules.rev))


def _own(review: ReviewRecord) -> Answer:
    return Answer(OwnReviewView.of(review), etag=int(review.rev))


def _shown(review: ReviewRecord) -> Answer:
    return Answer(ReviewView.of(review), etag=int(review.rev))
