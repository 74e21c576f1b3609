"""What the pages of paying take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.payments.model import Way
from chalicelib.web import Body, Query

Mark = Annotated[str, StringConstraints(max_length=60)]


class Looking(Query):
    """How often a payer who waits has looked; what they ``saw`` the last time; and whether they have just begun to pay,
    so that the page leads them on by itself.
    """

    look: Annotated[int, Field(ge=0, le=1_000)] = 0
    saw: Mark = ""
    go: bool = False


class PayForm(Body):
    """The way to pay, where a provider knows several."""

    way: Way = "page"


class Returned(Query):
    """What WeChat sends a payer back with."""

    code: Annotated[str, StringConstraints(max_length=512)] = ""
    state: Annotated[str, StringConstraints(max_length=128)] = ""
