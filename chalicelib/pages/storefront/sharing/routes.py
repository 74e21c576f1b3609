"""What a neighbour passes on of a campaign."""

from chalicelib.kernel.clock import zone
from chalicelib.pages.shell import Content, Page, Pages, Visit, assets, colours
from chalicelib.pages.shell.rendering import render
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.storefront.sharing.model import squares
from chalicelib.pages.storefront.sharing.views import Drawn, Shared, matrix_of
from chalicelib.web import anyone

pages = Pages(__name__)

_TEAR_OFFS = 8


@pages.page("/s/{slug}/campaigns/{id}/chat", allow=anyone())
def chat(visit: Visit[None]) -> Page:
    """The campaign as people paste it into a chat group, as it stands now."""
    return Page("storefront/sharing/chat.html", {"shared": Shared.of(visit)})


@pages.page("/s/{slug}/campaigns/{id}/poster", allow=anyone())
def poster(visit: Visit[None]) -> Page:
    """The poster as a picture to keep and to send on."""
    return Page("storefront/sharing/poster.html", {"shared": Shared.of(visit)})


@pages.page("/s/{slug}/campaigns/{id}/poster.svg", allow=anyone())
def poster_drawing(visit: Visit[None]) -> Content:
    """The poster, drawn. It loads nothing, so that a browser makes a picture of it."""
    shared, (ground, ink) = Shared.of(visit), colours.dress(visit.brand.colour)
    say = Saying(visit.language, zone(visit.brand.timezone))
    values = {"shared": shared, "drawn": Drawn.of(shared, visit.brand.name, say), "say": say}
    svg = render("storefront/sharing/drawing.html", visit.language, {**values, "ground": ground, "ink": ink})
    return Content(svg, assets.TYPES[".svg"])


@pages.page("/s/{slug}/campaigns/{id}/link.svg", allow=anyone())
def link_drawing(visit: Visit[None]) -> Content:
    """The code that leads to the campaign."""
    code = matrix_of(Shared.of(visit).address)
    side = len(code) + 4
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {side} {side}" width="{side * 8}" height="{side * 8}">'
        f'<path fill="#fff" d="M-2-2h{side}v{side}h-{side}z"/><path d="{squares(code)}"/></svg>'
    )
    return Content(svg, assets.TYPES[".svg"])


@pages.page("/s/{slug}/campaigns/{id}/notice", allow=anyone())
def notice(visit: Visit[None]) -> Page:
    """A sheet of A4 for a notice board, with codes to tear off."""
    return Page("storefront/sharing/notice.html", {"shared": Shared.of(visit), "tear_offs": _TEAR_OFFS})
