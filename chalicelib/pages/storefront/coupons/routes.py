"""Pages of the member's coupons."""

from typing import Any

from chalicelib.coupons.forms import ShowQuery
from chalicelib.coupons.routes import enter_code, list_own
from chalicelib.kernel.clock import zone
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.pages.storefront.coupons.forms import CodePage
from chalicelib.pages.storefront.coupons.views import EMPTY, TABS, shown
from chalicelib.web import member

pages = Pages(__name__)


@pages.page("/s/{slug}/me/coupons", allow=member(), query=ShowQuery, paged=True)
def coupons(visit: Visit[Any]) -> Page:
    """Those that can be used, or that were used or have expired; and where a code is entered."""
    show = (visit.query.show if visit.query else None) or "usable"
    found = ask(visit, list_own, query={"show": show}, limit=visit.limit, cursor=visit.cursor)
    tz = zone(visit.brand.timezone)
    values = {
        "coupons": [shown(each, tz) for each in found.items],
        "following": visit.following(found.last_key),
        "show": show,
        "tabs": TABS,
        "empty": EMPTY[show],
    }
    return Page("storefront/coupons/coupons.html", values)


@pages.form("/s/{slug}/me/coupons", allow=member(), body=CodePage, again=coupons)
def enter(visit: Visit[CodePage]) -> Redirect:
    """Gives the coupon of a code."""
    ask(visit, enter_code, body={"code": visit.body.code})
    return Redirect("/me/coupons", flash=N_("The coupon is yours."))
