"""The page by which a member invites their neighbours: their link, what it brings, and what it has brought."""

from chalicelib.kernel.errors import NotFound
from chalicelib.pages.shell import Content, Page, Pages, Visit, ask, assets
from chalicelib.pages.shell.qr import drawing_of
from chalicelib.recruitment.routes import read_own_referral
from chalicelib.web import member

pages = Pages(__name__)


@pages.page("/s/{slug}/me/referral", allow=member())
def referral(visit: Visit[None]) -> Page:
    """The link to copy, its code to be scanned, and what it has brought so far."""
    return Page("storefront/referral/referral.html", {"referral": ask(visit, read_own_referral)})


@pages.page("/s/{slug}/me/referral/link.svg", allow=member())
def referral_drawing(visit: Visit[None]) -> Content:
    """The code that leads to the shop by the member's link."""
    link = ask(visit, read_own_referral).link
    if link is None:
        raise NotFound("This store lets nobody invite at present.", detail_zh="本店暂未开放邀请。")
    return Content(drawing_of(link), assets.TYPES[".svg"])
