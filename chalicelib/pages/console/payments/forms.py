"""What the console's pages of payments take."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.payments.model import Attention
from chalicelib.web import Body, Query

_Typed = Annotated[str, StringConstraints(max_length=2000)]


class Nothing(Body):
    """A form that is its button."""


class Looking(Query):
    """For which reason to list payments; without one, the first of each."""

    state: Attention | None = None


class Accepting(Body):
    """Why a payment is taken as it came."""

    accept_reason: _Typed = ""


class Dismissing(Body):
    """The reason for which a payment is shown, and what was found or done about it."""

    reason: _Typed = ""
    note: _Typed = ""
