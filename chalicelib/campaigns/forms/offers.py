"""What the API takes of offers."""

from typing import Annotated

from pydantic import Field

from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.stock.model import MAX_QUANTITY
from chalicelib.web import Body, MoneyField, UlidStr

MAX_STEPS = 10


OfferQuantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


class StepFields(Body):
    """A step of a price ladder: from so many units sold on, everyone pays this price for each."""

    from_quantity: OfferQuantity
    price: MoneyField


class OfferFields(Body):
    """A SKU on offer, either at a price or at a ladder whose prices fall as more units are sold.

    All pay a ladder's first price when they order; what the final price is lower by is refunded at the close.
    """

    sku_id: UlidStr
    price: MoneyField | None = Field(default=None, description="Above zero. Left out where there is a ladder.")
    ladder: list[StepFields] = Field(default=[], max_length=MAX_STEPS)
    quantity: OfferQuantity
    per_member_limit: OfferQuantity | None = Field(default=None, description="In a flash sale 1 unless it is given.")
    deposit: MoneyField | None = Field(default=None, description="Of one unit of a pre-order, below its price.")

    def terms(self) -> OfferTerms:
        return OfferTerms(
            self.sku_id,
            self.price.money() if self.price else None,
            self.quantity,
            self.per_member_limit,
            tuple((step.from_quantity, step.price.money()) for step in self.ladder),
            self.deposit.money() if self.deposit else None,
        )
