"""What the API takes of campaigns and pickup points."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.campaigns.drafting import OfferTerms
from chalicelib.campaigns.model import Measure, OnMiss, Status, Target
from chalicelib.campaigns.terms import MAX_PEAK, MAX_QUANTITY, MAX_STOCK_OPERATIONS
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.web import Body, Instant, LongText, PriceField, Query, ShortText, Title, UlidStr

OfferQuantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]
Kind = Literal["group_order"]


class TargetFields(Body):
    """What the orders must reach by the close: units, members, or the goods' value in minor units."""

    measure: Measure
    value: int = Field(ge=1, le=MAX_MINOR)
    on_miss: OnMiss
    extend_hours: int = Field(default=24, ge=1, le=168, description="Used when on_miss is extend.")

    def to_target(self) -> Target:
        return Target(self.measure, self.value, self.on_miss, self.extend_hours)


class OfferFields(Body):
    """A SKU on offer."""

    sku_id: UlidStr
    price: PriceField
    quantity: OfferQuantity
    per_member_limit: OfferQuantity | None = None

    def to_terms(self) -> OfferTerms:
        return OfferTerms(self.sku_id, self.price.money(), self.quantity, self.per_member_limit)


class CampaignChanges(Body):
    """Fields of a campaign; what is left out stays, null takes away. What may change depends on the status."""

    title: Title = Field(default_factory=str)
    theme: ShortText | None = None
    description: LongText | None = None
    kind: Kind = "group_order"
    opens_at: Instant | None = Field(default=None, description="Without it the campaign opens on publishing.")
    closes_at: Instant | None = None
    target: TargetFields | None = None
    offers: list[OfferFields] = Field(default=[], max_length=MAX_STOCK_OPERATIONS)
    pickup_point_ids: list[UlidStr] = Field(default=[], max_length=50)
    refund_policy: LongText | None = None
    goal: PriceField | None = Field(default=None, description="The revenue hoped for. Never shown to shoppers.")
    budget: PriceField | None = Field(default=None, description="What may be spent on it. Never shown to shoppers.")
    peak_orders_per_second: int = Field(default=250, ge=1, le=MAX_PEAK, description="The rush expected at the opening.")

    def terms(self) -> dict[str, Any]:
        """The fields that were sent, as the use cases take them."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        if "offers" in sent:
            sent["offers"] = [offer.to_terms() for offer in self.offers]
        if self.target is not None:
            sent["target"] = self.target.to_target()
        for name in ("goal", "budget"):
            if sent.get(name) is not None:
                sent[name] = sent[name].money()
        return sent


class NewCampaign(CampaignChanges):
    """A draft; it needs no more than a title until it is published."""

    title: Title


class Cancellation(Body):
    """Why a campaign is cancelled; kept in the audit log."""

    reason: ShortText | None = None


class CampaignFilter(Query):
    """Narrows the list of campaigns."""

    status: Status | None = None
    kind: Kind | None = None


class NewPickupPoint(Body):
    """A place where orders are handed over."""

    name: Title
    address: ShortText
    leader_id: UlidStr | None = Field(default=None, description="A member of the store.")
    opening_hours: ShortText | None = None


class PickupPointChanges(Body):
    """Fields of a pickup point; what is left out stays, null takes away."""

    name: Title = Field(default_factory=str)
    address: ShortText = Field(default_factory=str)
    leader_id: UlidStr | None = None
    opening_hours: ShortText | None = None

    def terms(self) -> dict[str, Any]:
        """The fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}
