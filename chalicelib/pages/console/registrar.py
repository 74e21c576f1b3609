"""How a screen of the console is declared: as any page, with the console's frame around it."""

from chalicelib.pages.console.navigation import found_by
from chalicelib.pages.console.terms import TERMS
from chalicelib.pages.shell import Pages


class Console(Pages):
    """Pages of the console: their templates extend ``console/console.html``."""

    frame = {"places_of": found_by, "terms": TERMS}
