"""What the overview takes in its address."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from chalicelib.web import Query

_LENGTHS = {"7": 7, "28": 28}

Length = Annotated[Literal[7, 28], BeforeValidator(lambda given: _LENGTHS.get(str(given), given))]


class OverviewPage(Query):
    """How many complete days are shown."""

    days: Length = 7
