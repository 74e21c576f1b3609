"""The page that says how the brand is doing, what changed, and what to do next."""

from typing import Any

from chalicelib.pages.console.overview.forms import OverviewPage
from chalicelib.pages.console.overview.model import DOUBTS
from chalicelib.pages.console.overview.views.board import Board
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.reports.model.said import FIGURES, RATES
from chalicelib.pages.shell import Page, Visit
from chalicelib.web import staff

pages = Console(__name__)


@pages.page("/console/overview", allow=staff("manager", "analyst"), query=OverviewPage)
def show(visit: Visit[Any]) -> Page:
    """The last complete days beside as many before, the running day, what moved, and what waits."""
    values = {"board": Board.of(visit, visit.query.days), "names": FIGURES, "rates": RATES, "doubts": DOUBTS}
    return Page("console/overview/overview.html", values)
