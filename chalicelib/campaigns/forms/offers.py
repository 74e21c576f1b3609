"""What the API takes of offers."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.campaigns.model.bundles import MAX_PARTS, MAX_UNITS_OF_PART, BundleKind
from chalicelib.campaigns.model.offer_terms import BundleTerms, OfferTerms, PartTerms
from chalicelib.campaigns.stock.model import MAX_QUANTITY
from chalicelib.web import Body, MoneyField, Title, UlidStr

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


class PartFields(Body):
    """So many units of a SKU in each bundle."""

    sku_id: UlidStr
    quantity: int = Field(default=1, ge=1, le=MAX_UNITS_OF_PART)


class OfferFields(Body):
    """A SKU or a bundle on offer, either at a price or at a ladder whose prices fall as more units are sold.

    All pay a ladder's first price when they order; what the final price is lower by is refunded at the close. A bundle
    has ``parts`` instead of a SKU, and a ``title``; its quantity and its limit are in bundles. A part whose SKU the
    campaign offers alone as well is taken from that offer's stock.
    """

    sku_id: UlidStr | None = None
    parts: list[PartFields] = Field(default=[], max_length=MAX_PARTS, description="Of a bundle: its SKUs.")
    title: Title | None = Field(default=None, description="Of a bundle; left out, it is called by its parts.")
    bundle_kind: BundleKind | None = Field(
        default=None, description="Why a bundle's parts are sold together; left out, `complementary`."
    )
    price: MoneyField | None = Field(default=None, description="Above zero. Left out where there is a ladder.")
    ladder: list[StepFields] = Field(default=[], max_length=MAX_STEPS)
    quantity: OfferQuantity
    per_member_limit: OfferQuantity | None = Field(default=None, description="In a flash sale 1 unless it is given.")
    deposit: MoneyField | None = Field(default=None, description="Of one unit of a pre-order, below its price.")

    def terms(self) -> OfferTerms:
        return OfferTerms(
            self.sku_id or "",
            self.price.money() if self.price else None,
            self.quantity,
            self.per_member_limit,
            tuple((step.from_quantity, step.price.money()) for step in self.ladder),
            self.deposit.money() if self.deposit else None,
            self._bundle(),
        )

    def _bundle(self) -> BundleTerms | None:
        parts = tuple(PartTerms(part.sku_id, part.quantity) for part in self.parts)
        kind = self.bundle_kind or BundleKind.COMPLEMENTARY
        return BundleTerms(parts, self.title or "", kind) if parts else None
