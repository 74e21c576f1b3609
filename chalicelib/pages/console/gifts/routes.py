"""Pages of gifts for points."""

from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.gifts.routes import create_gift, edit_gift, list_gifts, read_gift
from chalicelib.kernel.clock import zone
from chalicelib.pages.console.gifts.forms import ChangeTyped, GiftTyped, named
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import GIFT
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.typed import Reading, at_fields, clock_time
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_CHOICES = 100


@pages.page("/console/gifts", allow=_LOOKS, paged=True)
def gifts(visit: Visit[None]) -> Page:
    """All gifts, the last to close first."""
    found = ask(visit, list_gifts, limit=visit.limit, cursor=visit.cursor)
    values = {
        "gifts": found.items,
        "following": visit.following(found.last_key),
        "states": GIFT,
        "plans": may(visit, create_gift),
    }
    return Page("console/gifts/gifts.html", values)


@pages.page("/console/gifts/new", allow=_PLANS)
def begin(visit: Visit[Any]) -> Page:
    """What is to be given, for how many points, where and until when."""
    products = ask(visit, list_products, limit=_CHOICES).items
    skus = [(sku.id, _called(each, sku)) for each in products for sku in each.skus]
    points = ask(visit, list_pickup_points, limit=_CHOICES).items
    return Page("console/gifts/new.html", {"skus": [("", "–"), *skus], "points": points})


@pages.form("/console/gifts/new", allow=_PLANS, body=GiftTyped, again=begin)
def create(visit: Visit[GiftTyped]) -> Redirect:
    """Announces the gift."""
    with at_fields(named):
        made = ask(visit, create_gift, body=visit.body.gift(_reading(visit)), key=visit.key)
    return Redirect(f"/gifts/{made.id}", flash=N_("The gift is on show. Members can redeem their points for it."))


@pages.page("/console/gifts/{id}", allow=_LOOKS)
def gift(visit: Visit[Any]) -> Page:
    """One gift: how many were redeemed, and what may be changed."""
    found, revision = ask_at(visit, read_gift)
    values = {
        "gift": found,
        "revision": revision,
        "state": GIFT[found.status],
        "closes_at": clock_time(found.closes_at, zone(visit.brand.timezone)),
        "plans": may(visit, edit_gift) and found.status in ("scheduled", "open"),
    }
    return Page("console/gifts/gift.html", values)


@pages.form("/console/gifts/{id}", allow=_PLANS, body=ChangeTyped, again=gift)
def change(visit: Visit[ChangeTyped]) -> Redirect:
    """Changes what it is called, what it costs, how many there are, and until when."""
    found, _ = ask_at(visit, read_gift)
    body = dict(visit.body.changes(_reading(visit)))
    if visit.body.closes_at == clock_time(found.closes_at, zone(visit.brand.timezone)):
        body.pop("closes_at", None)  # shown by the minute, it stays as it is
    with at_fields(named):
        ask(visit, edit_gift, body=body)
    return Redirect(f"/gifts/{visit.path['id']}", flash=N_("The gift is changed."))


def _called(product: Any, sku: Any) -> str:
    """A SKU's name; a product with one nameless variant is called by its own title."""
    title = str(product.title)
    return title if sku.title in ("", title) else f"{title} · {sku.title}"


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
