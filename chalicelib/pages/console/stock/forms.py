"""What the pages of stock take: units as people count them, and periods of days."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.catalog.model.stock import Loss
from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=2_000)]
Units = Annotated[str, StringConstraints(max_length=12)]


class Counted(Body):
    """Units that came in, went out, or are there: ``was`` is what was free when the page was shown, so that what a
    campaign takes meanwhile stays taken.
    """

    how: Literal["in", "out", "counted"]
    units: Units = ""
    was: int = 0
    reason: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no number of units."""
        if not (self.units.isascii() and self.units.isdecimal()):
            raise Invalid.at("/units", "Type a number of units, such as 12.", "请填写件数，例如 12。")
        units = int(self.units)
        delta = {"in": units, "out": -units, "counted": units - self.was}[self.how]
        return {"delta": delta, "reason": self.reason}


class WrittenOff(Body):
    """Units that are lost, and what became of them."""

    quantity: Units = ""
    loss: Loss | None = None
    why: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        wanted = {"quantity": self.quantity, "loss": self.loss, "reason": self.why}
        return {name: value for name, value in wanted.items() if value or name == "reason"}


class Shelf(Query):
    """What the list of the shelf is narrowed to."""

    q: Annotated[str, StringConstraints(max_length=100)] = ""
    available: Literal["", "in_stock"] = ""

    @property
    def asked(self) -> dict[str, str]:
        """As the API takes it: nothing that is not for sale any more."""
        return {"status": "active"} | {name: value for name, value in self.model_dump().items() if value}


class Days(Query):
    """A period as its address says it."""

    from_on: Annotated[str, StringConstraints(max_length=20)] = ""
    to_on: Annotated[str, StringConstraints(max_length=20)] = ""

    @property
    def asked(self) -> dict[str, str]:
        """As the API takes it."""
        return {name: value for name, value in self.model_dump().items() if value}


def beside_the_fields(refusal: DomainError, fields: dict[str, str]) -> DomainError:
    """A refusal of the API, said of the fields that the page has."""
    refusal.errors = tuple(
        FieldError("/" + fields.get(each.pointer[1:], each.pointer[1:]), each.message, each.message_zh)
        for each in refusal.errors
    )
    return refusal
