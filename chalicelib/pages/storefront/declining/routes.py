"""The page that a link in an invitation leads to: no more of it. Opening it changes nothing."""

from typing import Any

from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.pages.storefront.declining.forms import Nothing
from chalicelib.recruitment.prospects.routes import decline_invitations
from chalicelib.web import anyone

pages = Pages(__name__)


@pages.page("/s/{slug}/decline/{code}", allow=anyone())
def ask_to_decline(visit: Visit[Any]) -> Page:
    """One button, whatever the code is."""
    return Page("storefront/declining/decline.html", {"code": visit.path["code"][:60]})


@pages.form("/s/{slug}/decline/{code}", allow=anyone(), body=Nothing, again=ask_to_decline)
def decline(visit: Visit[Nothing]) -> Redirect:
    """Has the store invite them no more; a code that there is not gets the same answer."""
    ask(visit, decline_invitations, body={"code": visit.path["code"][:60]})
    return Redirect("", flash=N_("You get no more invitations from this store."))
