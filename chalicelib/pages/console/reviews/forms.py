"""What the page of reviews takes."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=8000)]


class Nothing(Body):
    """A form that is no more than its button."""


class AsksPage(Body):
    """Whether buyers are asked for reviews."""

    asks_after_pickup: Literal["true", "false"] = "false"
