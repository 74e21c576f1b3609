"""What the sorting list is asked by."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.pages.leader.points import OwnPoint
from chalicelib.web import Body, UlidStr


class SheetQuery(OwnPoint):
    """Of which campaign, in which order, and of a long one which part."""

    campaign_id: UlidStr | None = None
    by: Literal["parcel", "product"] | None = None
    part: Annotated[int, Field(ge=1, le=10_000)] = 1


class Delivered(Body):
    """The order of the path was brought to the member's door."""

    pickup_point_id: UlidStr
    campaign_id: UlidStr
