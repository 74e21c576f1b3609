"""What the API takes of rollups."""

from datetime import date
from typing import Annotated

from pydantic import Field

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.web import Body, LocalDate

RolledDate = Annotated[LocalDate, Field(ge=EARLIEST_ON, le=date(2999, 12, 31), strict=False)]
"""A local day that can be rolled up."""


class NewRollup(Body):
    """Local days to roll up again, both included."""

    from_on: RolledDate
    to_on: RolledDate
