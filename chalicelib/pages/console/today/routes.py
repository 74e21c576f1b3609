"""The console's first page."""

from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import Page, Visit
from chalicelib.web import signed_in

pages = Console(__name__)


@pages.page("/console", allow=signed_in("staff"))
def today(visit: Visit[None]) -> Page:
    """What is on today."""
    return Page("console/today/today.html")
