"""What the API takes of offers."""

from typing import Annotated, Any

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


class OfferChanges(Body):
    """What of a published offer may rise until the close; what is left out stays."""

    EXAMPLES = {"more is on its way": {"quantity": 150}}

    quantity: OfferQuantity | None = Field(default=None, description="All units together, sold ones among them.")
    per_member_limit: OfferQuantity | None = Field(default=None, description="null takes the limit away.")

    def changes(self) -> dict[str, Any]:
        """What was sent; a quantity is never taken away."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: value for name, value in sent.items() if value is not None or name == "per_member_limit"}


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
