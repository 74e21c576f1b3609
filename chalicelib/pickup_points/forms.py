"""What the API takes of pickup points."""

from pydantic import Field

from chalicelib.pickup_points.model import PickupPointDetails
from chalicelib.web import Body, ShortText, Title, UlidStr
from chalicelib.web.amounts import Commission


class NewPickupPoint(Body):
    """A place where orders are handed over."""

    EXAMPLES = {
        "with a leader who earns 7.5 %": {
            "name": "东门", "address": "花园路 1 号", "leader_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "commission_bps": 750,
            "opening_hours": "17:00-20:00",
        },
    }  # fmt: skip

    name: Title
    address: ShortText
    leader_id: UlidStr | None = Field(default=None, description="A member of the store.")
    opening_hours: ShortText | None = None
    commission_bps: Commission = 0

    def details(self) -> PickupPointDetails:
        return PickupPointDetails(**self.model_dump())


class PickupPointChanges(Body):
    """Fields of a pickup point; what is left out stays, null takes away."""

    name: Title = Field(default_factory=str)
    address: ShortText = Field(default_factory=str)
    leader_id: UlidStr | None = None
    opening_hours: ShortText | None = None
    commission_bps: Commission = 0

    def details(self) -> PickupPointDetails:
        """The fields that were sent."""
        return PickupPointDetails(**self.model_dump(exclude_unset=True))
