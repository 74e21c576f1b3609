"""What the pages of a basket take."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.pages.storefront.basket.model import MOST_LINES, MOST_UNITS
from chalicelib.web import Body, Query, UlidStr

Handover = Literal["collect", "deliver"]


class Towards(Query):
    """What was chosen besides the goods: a team to join, and to have them delivered."""

    team: UlidStr | None = None
    handover: Handover = "collect"


class BasketForm(Body):
    """Units by offer, as they are to stand in the basket. ``then`` is where the visitor goes on."""

    units: Annotated[dict[UlidStr, Annotated[int, Field(ge=0, le=MOST_UNITS)]], Field(max_length=MOST_LINES)] = {}
    team: UlidStr | None = None
    handover: Handover = "collect"
    then: Literal["basket", "checkout"] = "basket"


class OrderedBefore(Query):
    """An order whose goods are wanted once more."""

    order: UlidStr


class OrderedBeforeForm(Body):
    """The same, to be put into the basket whatever is in it."""

    order: UlidStr
