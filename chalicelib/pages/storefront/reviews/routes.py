"""Pages of reviews: a member reviews what they collected; everybody reads what is said of a product."""

from typing import Any

from chalicelib.catalog.service.products import get_shown
from chalicelib.catalog.service.standings import standings
from chalicelib.catalog.views.products import StoreProductView
from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.kernel.ids import is_id
from chalicelib.media.service import uploads
from chalicelib.orders.service.reading import get_own_order
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.reviews import views
from chalicelib.pages.storefront.reviews.forms import Chosen, NewReviewPage, Nothing, ReviewPage, Sorted
from chalicelib.reviews.forms import NewReview, ReviewForm
from chalicelib.reviews.model.reviews import MAX_PHOTOS, Status
from chalicelib.reviews.service import reading, writing
from chalicelib.reviews.views import OwnReviewView, ShownReviewView
from chalicelib.web import anyone, hash_of, member

pages = Pages(__name__)


@pages.page("/s/{slug}/orders/{id}/reviews", allow=member(), query=Chosen)
def of_order(visit: Visit[Any]) -> Page:
    """What of an order can be reviewed: one article after the other."""
    order = get_own_order(visit.tenant_id, visit.member_id, visit.path["id"], consistent=True)
    found = views.reviewable(order, visit.now)
    named = visit.fields.get("sku", "") or (visit.query.sku if visit.query else "")
    values = {
        "order_id": order.id,
        "found": found,
        "article": found.chosen(named),
        "photos": _sent(visit),
        "most_photos": MAX_PHOTOS,
        "words": views.WORDS,
        "aspects": views.ASPECTS,
    }
    return Page("storefront/reviews/write.html", values)


@pages.form("/s/{slug}/orders/{id}/reviews", allow=member(), body=NewReviewPage, again=of_order)
def write(visit: Visit[NewReviewPage]) -> Redirect:
    """Reviews one article; what of the order waits yet comes next."""
    order_id = visit.path["id"]
    try:
        form = visit.form(NewReview, {"order_id": order_id, "sku_id": visit.body.sku or "", **visit.body.asked()})
        said, sku_id = form.said(), form.sku_id
        writing.write(visit.tenant_id, visit.member_id, order_id, sku_id, said, hash_of(form), visit.now)
    except DomainError as refusal:
        raise _beside_the_photos(refusal) from refusal
    return Redirect(f"/orders/{order_id}/reviews", flash=N_("Thank you! Your review is shown now."))


@pages.page("/s/{slug}/reviews", allow=member(), paged=True)
def own_reviews(visit: Visit[None]) -> Page:
    """A member's reviews, newest first."""
    page = reading.list_own_reviews(visit.tenant_id, visit.member_id, visit.limit, visit.cursor)
    values = {
        "reviews": [OwnReviewView.of(each) for each in page.items],
        "following": visit.following(page.last_key),
    }
    return Page("storefront/reviews/list.html", values)


@pages.page("/s/{slug}/reviews/{id}", allow=member())
def own_review(visit: Visit[Any]) -> Page:
    """One of them; its author can change it for a while, and delete it."""
    found = reading.get_own_review(visit.tenant_id, visit.member_id, visit.path["id"], consistent=True)
    review = OwnReviewView.of(found)
    values = {
        "review": review,
        "revision": int(found.rev),
        "photos": _sent(visit) if visit.refused else [(each.id, each.url) for each in review.photos],
        "most_photos": MAX_PHOTOS,
        "words": views.WORDS,
        "aspects": views.ASPECTS,
        "changeable": visit.now < review.changeable_until,
        "hidden": found.status == Status.HIDDEN,
    }
    return Page("storefront/reviews/review.html", values)


@pages.form("/s/{slug}/reviews/{id}", allow=member(), body=ReviewPage, again=own_review)
def change(visit: Visit[ReviewPage]) -> Redirect:
    """Sets what it says."""
    try:
        form = visit.form(ReviewForm, visit.body.asked())
        writing.edit(visit.tenant_id, visit.member_id, visit.path["id"], form.said(), visit.revision, visit.now)
    except DomainError as refusal:
        raise _beside_the_photos(refusal) from refusal
    return Redirect(f"/reviews/{visit.path['id']}", flash=N_("Your review is changed."))


@pages.form("/s/{slug}/reviews/{id}/delete", allow=member(), body=Nothing, again=own_review)
def delete(visit: Visit[Nothing]) -> Redirect:
    """Takes it back for good."""
    writing.take_back(visit.tenant_id, visit.member_id, visit.path["id"], visit.now)
    return Redirect("/reviews", flash=N_("Your review is deleted."))


@pages.page("/s/{slug}/products/{id}/reviews", allow=anyone(), query=Sorted, paged=True)
def of_product(visit: Visit[None]) -> Page:
    """What buyers say of a product."""
    [product] = get_shown(visit.tenant_id, [visit.path["id"]])
    stars = int(visit.query.rating) if visit.query.rating in {"1", "2", "3", "4", "5"} else None
    page = reading.list_shown(visit.tenant_id, product.product_id, visit.query.sort, stars, visit.limit, visit.cursor)
    standing = standings(visit.tenant_id, [product.product_id]).get(product.product_id)
    values = {
        "product": StoreProductView.of(product, standing),
        "reviews": ShownReviewView.all_of(visit.tenant_id, page.items, visit.query.sort),
        "sorts": views.SORTS,
        "sort": visit.query.sort,
        "stars_wanted": stars,
        "following": visit.following(page.last_key),
    }
    return Page("storefront/reviews/product.html", values)


def _sent(visit: Visit[Any]) -> list[tuple[str, str]]:
    """Photos that were sent before a form was refused."""
    sent = [value for name, value in visit.fields.items() if name.startswith("photos.") and is_id(value)]
    return [(each, uploads.link(visit.tenant_id, visit.member_id, each)) for each in sent[:MAX_PHOTOS]]


def _beside_the_photos(refusal: DomainError) -> DomainError:
    """What is said of one photo stands beside all of them."""
    refusal.errors = tuple(
        FieldError("/photos", each.message, each.message_zh) if each.pointer.startswith("/photos/") else each
        for each in refusal.errors
    )
    return refusal
