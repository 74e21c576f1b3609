"""What the API takes of changes to orders."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.orders.changes.service.editing import Edit
from chalicelib.orders.model import MAX_LINES
from chalicelib.web import Body, Call, ShortText, UlidStr

Units = Annotated[int, Field(ge=0, le=9999)]


class UnitsForm(Body):
    """The new quantity of an offer, not a difference; 0 takes it out."""

    offer_id: UlidStr
    quantity: Units


def _once(lines: list[UnitsForm]) -> list[UnitsForm]:
    if len({line.offer_id for line in lines}) < len(lines):
        raise InvalidField("name each offer once, with its new quantity", "每个商品只写一次，并填写新的数量")
    return lines


NewUnits = Annotated[list[UnitsForm], Field(min_length=1, max_length=MAX_LINES), AfterValidator(_once)]


class EditForm(Body):
    """New quantities; offers that are not named stay as they are, offers of the campaign may be added."""

    EXAMPLES = {"three of an offer": {"lines": [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 3}]}}

    lines: NewUnits
    expected_total_minor: int | None = Field(default=None, ge=0, le=MAX_MINOR)

    def edit(self, call: Call["EditForm"]) -> Edit:
        lines = tuple((line.offer_id, line.quantity) for line in self.lines)
        return Edit(lines, call.idempotency_key, call.body_hash, self.expected_total_minor, call.if_match)


class AdjustmentForm(Body):
    """Lower quantities, and why: the member is told."""

    EXAMPLES = {
        "one unit less": {
            "lines": [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 1}],
            "reason": "One was bruised",
        },
    }

    lines: NewUnits
    reason: Annotated[ShortText, Field(min_length=1)]

    def quantities(self) -> dict[str, int]:
        return {line.offer_id: line.quantity for line in self.lines}
