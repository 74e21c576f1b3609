"""What the API takes where somebody says a pickup code."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.orders.handover.service.by_code import MOST_PARCELS
from chalicelib.web import Body, UlidStr

_SAID = {"code": "BG6ZXVSZ2B", "pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}


class SpokenCodeForm(Body):
    """The code that somebody says, and where. It is read as people type it: capitals, blanks, full width and an O for a
    0 make no difference.
    """

    EXAMPLES = {"a code as it is said": _SAID}

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(
        description="The pickup code as the member says it, or the text of the QR code as it was scanned."
    )
    pickup_point_id: UlidStr = Field(description="Where it is said: a code is worth something at one point only.")


class SpokenHandoverForm(SpokenCodeForm):
    """What is handed over to whoever says the code: the order of that code or, with ``order_ids``, these orders of its
    member, as the look-up listed them.
    """

    EXAMPLES = {
        "the parcel of the code": _SAID,
        "several parcels of the member": _SAID | {"order_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]},
    }

    order_ids: Annotated[list[UlidStr], Field(max_length=MOST_PARCELS)] = []
