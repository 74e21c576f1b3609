"""What the pages of the books take."""

from typing import Literal

from chalicelib.web import Body, Query


class SettledQuery(Query):
    """Group buys that are still being collected, that are over and wait to be settled, or that are settled."""

    status: Literal["at_pickup", "completed", "settled"] = "completed"


class SettleForm(Body):
    """Nothing besides the press of the button."""
