"""The console's first page."""

from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.today.views import Board
from chalicelib.pages.shell import Page, Visit
from chalicelib.web import signed_in

pages = Console(__name__)


@pages.page("/console", allow=signed_in("staff"))
def today(visit: Visit[None]) -> Page:
    """What is on today, and what waits for whoever looks."""
    return Page("console/today/today.html", {"board": Board.of(visit)})
