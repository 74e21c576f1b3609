"""What the counter takes."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.orders.handover.service.by_code import MOST_PARCELS
from chalicelib.web import Body, UlidStr

_MOST_SCANNED = 2_000


class Said(Body):
    """What was scanned or typed, whatever it is, and at which pickup point."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=_MOST_SCANNED)]
    pickup_point_id: UlidStr


class Handed(Said):
    """Which of the parcels are handed over: ``only`` one of them, or all."""

    order_ids: Annotated[list[UlidStr], Field(max_length=MOST_PARCELS)] = []
    only: UlidStr | None = None

    def chosen(self) -> list[str]:
        return [self.only] if self.only else list(self.order_ids)
