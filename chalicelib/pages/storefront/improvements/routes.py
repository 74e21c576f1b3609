"""The page that tells what neighbours said, and what became better since."""

from typing import Any

from chalicelib.improvements.routes import published_improvements
from chalicelib.pages.shell import Page, Pages, Visit, ask
from chalicelib.pages.storefront.improvements.views import rose
from chalicelib.web import anyone

pages = Pages(__name__)


@pages.page("/s/{slug}/you-said", allow=anyone(), paged=True)
def you_said(visit: Visit[Any]) -> Page:
    """The latest first, with the figures before and since where they were measured."""
    found = ask(visit, published_improvements, limit=visit.limit, cursor=visit.cursor)
    values = {"improvements": found.items, "rose": rose, "following": visit.following(found.last_key)}
    return Page("storefront/improvements/list.html", values)
