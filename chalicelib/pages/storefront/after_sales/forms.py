"""What the page of a request takes."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.aftersales.forms import AfterSaleForm
from chalicelib.aftersales.model.cases import MAX_PHOTOS
from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.orders.bundles.model import named_as
from chalicelib.orders.model import MAX_PARCEL_LINES
from chalicelib.web import Body

Units = Annotated[int, Field(ge=0, le=9999)]
Typed = Annotated[str, StringConstraints(max_length=4000)]


class RequestForm(Body):
    """What was chosen and typed: units by offer, of a bundle by part, and ids of photos that were sent already.
    ``step`` says whether its member has seen what is kept back for a gift, or wants to change something.
    """

    step: Literal["ask", "send", "change"] = "ask"

    kind: Typed | None = None
    units: Annotated[dict[str, Units], Field(max_length=MAX_PARCEL_LINES)] = {}
    reason: Typed | None = None
    photos: Annotated[list[Typed], Field(max_length=2 * MAX_PHOTOS)] = []

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        lines = [named_as(name) | {"quantity": units} for name, units in self.units.items() if units]
        given = {"kind": self.kind, "reason": self.reason, "lines": lines, "photos": self.photos}
        return {name: value for name, value in given.items() if value is not None}


def beside_the_fields(refusal: DomainError, form: AfterSaleForm | None) -> DomainError:
    """A refusal of the API, what it says of a line beside the line's units, and of photos beside the photos."""
    offers = [line.name for line in form.lines] if form else []
    refusal.errors = tuple(FieldError(_field(e.pointer, offers), e.message, e.message_zh) for e in refusal.errors)
    return refusal


def _field(pointer: str, offers: Sequence[str]) -> str:
    name, _, index = pointer.removeprefix("/").partition("/")
    number = index.partition("/")[0]
    if name == "lines" and number.isdecimal() and int(number) < len(offers):
        return f"/units/{offers[int(number)]}"
    return f"/{name}" if name in ("lines", "photos") else pointer
