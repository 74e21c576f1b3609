"""Pages about the signed-in one of the team, and the list of all places for who has no room beside the page."""

from chalicelib.kernel.language import nearest
from chalicelib.pages.console.me.forms import LanguageForm
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.roles import names_of
from chalicelib.pages.shell import Page, Redirect, Visit, sessions, within
from chalicelib.web import anyone, signed_in

pages = Console(__name__)


@pages.page("/console/me", allow=signed_in("staff"))
def me(visit: Visit[None]) -> Page:
    """Who is signed in, with which roles."""
    return Page("console/me/me.html", {"roles": names_of(visit.principal.roles)})


@pages.page("/console/menu", allow=signed_in("staff"))
def menu(visit: Visit[None]) -> Page:
    """All places that they find."""
    return Page("console/me/menu.html")


@pages.form("/console/language", allow=anyone(), body=LanguageForm)
def choose_language(visit: Visit[LanguageForm]) -> Redirect:
    """Reads on in another language."""
    language = nearest(visit.body.language)
    return Redirect(within(visit.body.next, visit.home), cookies=(sessions.reads(language),))
