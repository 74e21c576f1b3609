"""What the pages of imports take."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.insight.imports.model.mapping import MOST_COLUMNS
from chalicelib.web import Body

LEFT_OUT = "none"
"""What a form says of a column that is not read: an empty field would not be sent on."""


class Nothing(Body):
    """A form that says no more than its address does."""


class Kind(Body):
    """What a file is of."""

    kind: Literal["orders", "members", "products"]


class Columns(Body):
    """What each column of the file holds, and whether that is tried out first."""

    columns: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=MOST_COLUMNS)]
    then: Literal["check", "import"] = "check"

    @property
    def named(self) -> list[str]:
        """As the API takes them."""
        return ["" if each == LEFT_OUT else each for each in self.columns]
