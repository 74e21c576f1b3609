"""What a neighbour passes on of a campaign."""

from chalicelib.campaigns.service.reading import get_published
from chalicelib.channels import service as channels
from chalicelib.kernel.clock import zone
from chalicelib.pages.shell import N_, Content, Page, Pages, Redirect, Visit, assets
from chalicelib.pages.shell.qr import drawing_of
from chalicelib.pages.shell.rendering import render
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.storefront.attribution import is_person, remembered
from chalicelib.pages.storefront.sharing.views import Drawn, Shared
from chalicelib.web import Body, Query, UlidStr, anyone, colours, member

pages = Pages(__name__)

_TEAR_OFFS = 8


class Onward(Query):
    """What a link leads to beyond the shop."""

    c: UlidStr | None = None


class Asked(Body):
    """Nothing: whoever asks for a link of their own is signed in."""


@pages.page("/s/{slug}/go/{code}", allow=anyone(), query=Onward)
def go(visit: Visit[None]) -> Redirect:
    """Leads on from a link, and remembers whose it was. One that is nobody's leads on as well."""
    via = channels.led_by(visit.tenant_id, visit.path["code"]) if is_person(visit.headers) else None
    if via:
        channels.note_visit(visit.tenant_id, via)
    onward = f"/campaigns/{visit.query.c}" if visit.query.c else ""
    return Redirect(onward, cookies=(remembered(via, visit.now),) if via else ())


@pages.form("/s/{slug}/campaigns/{id}/chat", allow=member(), body=Asked)
def get_own_link(visit: Visit[Asked]) -> Redirect:
    """Gives the member a link of their own, which the text, the poster and the sheet have from then on."""
    get_published(visit.tenant_id, visit.path["id"])
    channels.own_link(visit.tenant_id, visit.member_id)
    said = N_("The link is yours now: orders that come by it are known to be yours.")
    return Redirect(f"/campaigns/{visit.path['id']}/chat", flash=said)


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
    return Content(drawing_of(Shared.of(visit).address), assets.TYPES[".svg"])


@pages.page("/s/{slug}/campaigns/{id}/notice", allow=anyone())
def notice(visit: Visit[None]) -> Page:
    """A sheet of A4 for a notice board, with codes to tear off."""
    return Page("storefront/sharing/notice.html", {"shared": Shared.of(visit), "tear_offs": _TEAR_OFFS})
