"""Pages on which a brand gives its shop a domain of its own, and sees what is still to do for it."""

from typing import Any

from chalicelib.kernel.errors import Stale
from chalicelib.own_domains.errors import HostHeld
from chalicelib.own_domains.forms import DomainForm
from chalicelib.own_domains.routes import name_domain, read_domain, release_domain, verify_domain
from chalicelib.own_domains.views import DomainView
from chalicelib.pages.console.brand.forms import Nothing
from chalicelib.pages.console.brand.views import DOMAIN_PROBLEMS, DOMAIN_STATES
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.web import staff

pages = Console(__name__)

_MANAGERS = staff("manager")


@pages.page("/console/domain", allow=_MANAGERS)
def show(visit: Visit[Any]) -> Page:
    """How the domain stands, and the records to set for it."""
    domain, revision = ask_at(visit, read_domain)
    values = {
        "domain": domain,
        "revision": revision,
        "states": DOMAIN_STATES,
        "problems": DOMAIN_PROBLEMS,
        "first": f"{visit.base_url}/s/{visit.slug}",
        "stale": isinstance(visit.refused, Stale),
    }
    return Page("console/brand/domain.html", values)


@pages.form("/console/domain", allow=_MANAGERS, body=DomainForm, again=show)
def name(visit: Visit[DomainForm]) -> Redirect:
    """Names the domain; the page then shows the records to set."""
    ask(visit, name_domain, body=visit.body)
    return Redirect("/domain")


@pages.form("/console/domain/verify", allow=_MANAGERS, body=Nothing, again=show)
def verify(visit: Visit[Nothing]) -> Redirect:
    """Looks for the records now. What was found stands on the page."""
    try:
        found: DomainView = ask(visit, verify_domain)
    except HostHeld:
        return Redirect("/domain")
    if found.status == "waiting_for_dns":
        return Redirect("/domain", flash=N_("Not everything is there yet. We go on looking by ourselves."))
    return Redirect("/domain", flash=N_("Both records are there."))


@pages.form("/console/domain/remove", allow=_MANAGERS, body=Nothing, again=show)
def remove(visit: Visit[Nothing]) -> Redirect:
    """Takes the domain off."""
    ask(visit, release_domain)
    return Redirect("/domain", flash=N_("The domain is off. Delete its two records at your provider, too."))
