"""What the API takes of gifts."""

from typing import Annotated

from pydantic import Field

from chalicelib.campaigns.stock.model import MAX_QUANTITY
from chalicelib.gifts.model import MOST_POINTS, GiftEdit, NewGift
from chalicelib.web import Body, Instant, LocalDate, LongText, Quantity, Title, UlidStr

Points = Annotated[int, Field(ge=1, le=MOST_POINTS)]
Units = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]

_ID = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


class GiftForm(Body):
    """A gift: so many units of a SKU, each for so many points, to be had until it closes and collected then."""

    EXAMPLES = {
        "a bag for 500 points": {
            "title": "环保布袋", "points": 500, "sku_id": _ID, "quantity": 100, "per_member_limit": 1,
            "closes_at": "2030-06-08T12:00:00Z", "pickup_point_ids": [_ID],
        }
    }  # fmt: skip

    title: Title
    description: LongText | None = None
    points: Points = Field(description="What a unit costs.")
    sku_id: UlidStr
    quantity: Units = Field(
        description="From the shelf or, once it has closed, bought: as the `supply` of the SKU says."
    )
    per_member_limit: Units | None = None
    opens_at: Instant | None = Field(default=None, description="Without it, at once.")
    closes_at: Instant
    arrives_on: LocalDate | None = Field(default=None, description="When the goods are expected at the pickup points.")
    pickup_point_ids: list[UlidStr] = Field(min_length=1, max_length=50)

    def gift(self) -> NewGift:
        said = self.model_dump()
        return NewGift(**said | {"pickup_point_ids": tuple(self.pickup_point_ids)})


class GiftChanges(Body):
    """Fields of a gift; what is left out stays. It closes only later, and its units and the limit only rise."""

    EXAMPLES = {"cheaper": {"points": 400}, "more of it": {"quantity": 150}}

    title: Title = Field(default_factory=str)
    description: LongText | None = None
    points: Points = Field(default_factory=int, description="For who redeems it from now on.")
    closes_at: Instant | None = None
    arrives_on: LocalDate | None = None
    quantity: Units | None = Field(default=None, description="All units together, redeemed ones among them.")
    per_member_limit: Units | None = Field(default=None, description="null takes the limit away.")

    def edit(self) -> GiftEdit:
        """What was sent; a close and a quantity are never taken away."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        keeps = ("closes_at", "quantity")
        return GiftEdit(**{name: value for name, value in sent.items() if value is not None or name not in keeps})


class RedeemForm(Body):
    """Units of a gift, and where they will be collected; with ``expected_points`` they are had for so many in all, or
    not at all.
    """

    EXAMPLES = {"one": {"pickup_point_id": _ID}, "two, for 1,000 points": {
        "pickup_point_id": _ID, "quantity": 2, "expected_points": 1_000}}  # fmt: skip

    pickup_point_id: UlidStr
    quantity: Quantity = 1
    expected_points: int | None = Field(default=None, ge=1)
