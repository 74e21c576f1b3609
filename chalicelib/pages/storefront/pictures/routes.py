"""Where pictures of products and the logo are found."""

from chalicelib.media.service.pictures import link
from chalicelib.pages.shell import Content, Pages, Visit
from chalicelib.web import anyone

pages = Pages(__name__)

_HALF_OF_A_LINK = "public, max-age=1800"
"""A link that was kept for so long is good for as long again."""


@pages.page("/s/{slug}/media/{id}", allow=anyone(), place="static")
def show_picture(visit: Visit[None]) -> Content:
    """Leads to the picture, in the bucket, by a link that ends."""
    headers = {"Location": link(visit.tenant_id, visit.path["id"])}
    return Content("", "text/plain; charset=utf-8", _HALF_OF_A_LINK, headers, 302)
