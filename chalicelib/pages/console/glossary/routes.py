"""The page of all words that the console explains, for everyone of the team."""

from chalicelib.pages.console.glossary.views import by_name
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.terms import TERMS
from chalicelib.pages.shell import Page, Visit
from chalicelib.web import signed_in

pages = Console(__name__)


@pages.page("/console/glossary", allow=signed_in("staff"))
def glossary(visit: Visit[None]) -> Page:
    """Every word with what it means; each can be linked to by its key."""
    return Page("console/glossary/glossary.html", {"words": by_name(TERMS, visit.language)})
