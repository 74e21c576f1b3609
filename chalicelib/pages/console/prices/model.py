"""What the pages of prices call things. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.catalog.model.contents import Unit
from chalicelib.pages.shell.words import N_
from chalicelib.pricing.model.stages import Stage


@dataclass(frozen=True, slots=True)
class Shown:
    """A stage: its name, and what it is like."""

    name: str
    means: str
    tone: str = ""


STAGES: Mapping[str, Shown] = {
    Stage.INTRODUCTION: Shown(N_("Introduction"), N_("New: too few weeks to see a trend.")),
    Stage.GROWTH: Shown(N_("Growth"), N_("More is sold week by week."), "good"),
    Stage.MATURITY: Shown(N_("Maturity"), N_("Sales are level, with ups and downs.")),
    Stage.DECLINE: Shown(N_("Decline"), N_("Less and less is sold."), "warn"),
}
WEEKDAYS = {
    "mon": N_("Monday"), "tue": N_("Tuesday"), "wed": N_("Wednesday"), "thu": N_("Thursday"), "fri": N_("Friday"),
    "sat": N_("Saturday"), "sun": N_("Sunday"),
}  # fmt: skip
UNITS = {
    Unit.GRAM: N_("g"), Unit.KILOGRAM: N_("kg"), Unit.MILLILITRE: N_("ml"), Unit.LITRE: N_("litres"),
    Unit.METRE: N_("metres"), Unit.PIECE: N_("pieces"),
}  # fmt: skip
MOST_WEEKS = 26
"""Weeks that a page shows; a year is looked at."""

MOST_PRICES = 30
"""Prices of the history that a page shows at once; the file has all of them."""
