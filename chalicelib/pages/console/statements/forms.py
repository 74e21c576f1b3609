"""What the pages of statements take."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.pages.shell.typed import amount
from chalicelib.web import Body, LocalDate, Query

Format = Literal["json", "csv", "xlsx"]
Part = Annotated[int, Field(ge=1, le=999)]


class PartyTab(Query):
    """Leaders, or suppliers."""

    party: Literal["leader", "supplier"] = "leader"


class PeriodQuery(Query):
    """Local days, both included; without them those of the month before. ``part`` is of the lines."""

    from_on: LocalDate | None = None
    to_on: LocalDate | None = None
    format: Format | None = None
    part: Part = 1


class StatementQuery(Query):
    """A frozen statement as a table, or a part of its lines."""

    format: Format | None = None
    part: Part = 1


class PayForm(Body):
    """What was paid, as people write it: ``12.50``."""

    amount: Annotated[str, StringConstraints(max_length=20)]

    def money(self, currency: str) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no amount, or has more digits than the currency."""
        return amount(self.amount, currency, "/amount")
