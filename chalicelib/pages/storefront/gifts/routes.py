"""Pages of gifts for points."""

from dataclasses import dataclass
from typing import Any, Self

from chalicelib.campaigns.model.campaign import ACCEPTING, ON_SHOW
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.catalog.service.listing import pictures_of
from chalicelib.gifts.routes import list_store_gifts, redeem
from chalicelib.gifts.service import get_gift
from chalicelib.gifts.views import StoreGiftView
from chalicelib.kernel.errors import NotFound, Unauthenticated
from chalicelib.members.service.members import check_signed_in, get_member
from chalicelib.orders.stock.service.limits import used_by
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.pages.storefront.gifts.forms import RedeemPage
from chalicelib.pages.storefront.said import CAMPAIGN
from chalicelib.web import anyone, member

pages = Pages(__name__)


@dataclass(frozen=True, slots=True)
class Have:
    """What who looks has: points, None where nobody is signed in, and whether those are enough for one of it."""

    points: int | None

    @classmethod
    def of(cls, visit: Visit[Any]) -> Self:
        if not visit.member_id:
            return cls(None)
        try:
            whose = get_member(visit.tenant_id, visit.member_id)
            check_signed_in(whose)
        except (NotFound, Unauthenticated):
            return cls(None)
        return cls(max(0, int(whose.points or 0)))

    def missing(self, points: int) -> int:
        """How many points are missing to so many; none where nobody knows."""
        return 0 if self.points is None else max(0, points - self.points)


@pages.page("/s/{slug}/gifts", allow=anyone(), paged=True)
def gifts(visit: Visit[Any]) -> Page:
    """What points can be redeemed for, now and soon."""
    found = ask(visit, list_store_gifts, limit=visit.limit, cursor=visit.cursor)
    values = {
        "gifts": found.items,
        "pictures": pictures_of(visit.tenant_id, [each.product_id for each in found.items]),
        "following": visit.following(found.last_key),
        "have": Have.of(visit),
        "states": CAMPAIGN,
    }
    return Page("storefront/gifts/gifts.html", values)


@pages.page("/s/{slug}/gifts/{id}", allow=member())
def gift(visit: Visit[Any]) -> Page:
    """One gift: what it costs, where and when it is collected, and the form that redeems it."""
    found = get_gift(visit.tenant_id, visit.path["id"])
    [progress] = progress_of([found], visit.now)
    shown, have = StoreGiftView.of(found, progress), Have.of(visit)
    had = used_by(visit.tenant_id, visit.member_id, found.offers)
    limit = shown.per_member_limit
    most = shown.left if limit is None else min(shown.left, max(0, limit - sum(had.values())))
    values = {
        "gift": shown,
        "picture": pictures_of(visit.tenant_id, [shown.product_id]).get(shown.product_id),
        "have": have,
        "most": min(most, (have.points or 0) // shown.points),
        "used_up": limit is not None and sum(had.values()) >= limit,
        "state": CAMPAIGN[shown.status],
        "accepting": shown.status in ACCEPTING,
        "over": shown.status not in ON_SHOW,
        "refused": visit.refused,
    }
    return Page("storefront/gifts/gift.html", values)


@pages.form("/s/{slug}/gifts/{id}", allow=member(checks_itself=True), body=RedeemPage, again=gift)
def take(visit: Visit[RedeemPage]) -> Redirect:
    """Redeems points for it, once for each form."""
    order = ask(visit, redeem, body=visit.body.asked(), key=visit.key)
    return Redirect(f"/orders/{order.id}", flash=N_("The gift is yours. You find its pickup code below."))
