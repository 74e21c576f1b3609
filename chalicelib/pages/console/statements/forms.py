"""What the pages of statements take."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import Invalid
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
        try:
            minor = Decimal(self.amount.replace(",", "").strip()).scaleb(CURRENCIES[currency])
            whole = minor == minor.to_integral_value()
        except InvalidOperation:
            whole, minor = False, Decimal(0)
        if not whole or abs(minor) >= 10**15:
            raise Invalid.at("/amount", "Type an amount such as 12.50.", "请填写金额，如 12.50。")
        return {"amount_minor": int(minor), "currency": currency}


def written(minor: int, currency: str) -> str:
    """An amount as people type it: ``12.50``."""
    digits = CURRENCIES[currency]
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"
