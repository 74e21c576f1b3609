"""What the pages of imports take."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.insight.imports.forms import HeaderRow
from chalicelib.insight.imports.model.mapping import MOST_COLUMNS
from chalicelib.web import Body, Query

LEFT_OUT = "none"
"""What a form says of a column that is not read: an empty field would not be sent on."""


class Nothing(Body):
    """A form that says no more than its address does."""


class Looked(Query):
    """How a file is looked at: in which row the columns have their titles."""

    header_row: HeaderRow = None


class Titles(Body):
    """In which row the columns have their titles; the row that was found where nothing is said."""

    header_row: HeaderRow = None

    @property
    def query(self) -> str:
        """The part of an address that says so."""
        return f"?header_row={self.header_row}" if self.header_row else ""


class Kind(Body):
    """What a file is of."""

    kind: Literal["orders", "members", "products", "competitor_prices"]


class Undo(Body):
    """Whether an import is undone, or looked at what that would come to."""

    then: Literal["look", "undo"] = "look"


class Columns(Titles):
    """What each column of the file holds, and whether that is tried out first."""

    columns: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=MOST_COLUMNS)]
    then: Literal["check", "import"] = "check"

    @property
    def named(self) -> list[str]:
        """As the API takes them."""
        return ["" if each == LEFT_OUT else each for each in self.columns]
