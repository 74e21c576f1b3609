"""What the API takes of campaigns and pickup points."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.campaigns.advancing import Later
from chalicelib.campaigns.form_examples import CAMPAIGNS
from chalicelib.campaigns.kind_forms import KindFields
from chalicelib.campaigns.kinds import KIND_TERMS, Kind
from chalicelib.campaigns.model import Measure, OnMiss, Status, Target
from chalicelib.campaigns.offer_terms import OfferTerms
from chalicelib.campaigns.terms import MAX_PEAK, MAX_QUANTITY, MAX_STOCK_OPERATIONS
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.web import Body, Instant, LongText, MoneyField, PriceField, Query, ShortText, Title, UlidStr

MAX_STEPS = 10
OfferQuantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]

Commission = Annotated[
    int,
    Field(ge=0, le=10_000, description="What the leader earns, in basis points; campaigns keep it as at publishing."),
]


class TargetFields(Body):
    """What the orders must reach by the close: units, members, or the goods' value in minor units."""

    measure: Measure
    value: int = Field(ge=1, le=MAX_MINOR)
    on_miss: OnMiss
    extend_hours: int = Field(default=24, ge=1, le=168, description="Used when on_miss is extend.")

    def to_target(self) -> Target:
        return Target(self.measure, self.value, self.on_miss, self.extend_hours)


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

    def to_terms(self) -> OfferTerms:
        return OfferTerms(
            self.sku_id,
            self.price.money() if self.price else None,
            self.quantity,
            self.per_member_limit,
            tuple((step.from_quantity, step.price.money()) for step in self.ladder),
            self.deposit.money() if self.deposit else None,
        )


class CampaignTerms(KindFields):
    """Fields of a campaign, but for its times."""

    title: Title = Field(default_factory=str)
    theme: ShortText | None = None
    description: LongText | None = None
    kind: Kind = Kind.GROUP_ORDER
    target: TargetFields | None = None
    offers: list[OfferFields] = Field(default=[], max_length=MAX_STOCK_OPERATIONS)
    pickup_point_ids: list[UlidStr] = Field(default=[], max_length=50)
    refund_policy: LongText | None = None
    goal: PriceField | None = Field(default=None, description="The revenue hoped for. Never shown to shoppers.")
    budget: PriceField | None = Field(default=None, description="What may be spent on it. Never shown to shoppers.")
    peak_orders_per_second: int = Field(
        default=250, ge=1, le=MAX_PEAK, description="The rush expected at the opening; 2500 in a flash sale."
    )

    def terms(self) -> dict[str, Any]:
        """The fields that were sent, as the use cases take them."""
        kind_terms = self.kind_terms()
        sent = {name: getattr(self, name) for name in self.model_fields_set - KIND_TERMS} | kind_terms
        if "offers" in sent:
            sent["offers"] = [offer.to_terms() for offer in self.offers]
        if self.target is not None:
            sent["target"] = self.target.to_target()
        for name in ("goal", "budget"):
            if sent.get(name) is not None:
                sent[name] = sent[name].money()
        return sent


class CampaignChanges(CampaignTerms):
    """Fields of a campaign; what is left out stays, null takes away. What may change depends on the status."""

    opens_at: Instant | None = Field(default=None, description="Without it the campaign opens on publishing.")
    closes_at: Instant | None = None


class NewCampaign(CampaignChanges):
    """A draft; it needs no more than a title until it is published."""

    EXAMPLES = CAMPAIGNS

    title: Title


class Cancellation(Body):
    """Why a campaign is cancelled; kept in the audit log."""

    reason: ShortText | None = None


class Advance(Body):
    """The next state of a campaign that is locked, or further on."""

    EXAMPLES = {"the list went to the suppliers": {"to": "purchasing"}}

    to: Later


class CampaignFilter(Query):
    """Narrows the list of campaigns."""

    status: Status | None = None
    kind: Kind | None = None


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


class PickupPointChanges(Body):
    """Fields of a pickup point; what is left out stays, null takes away."""

    name: Title = Field(default_factory=str)
    address: ShortText = Field(default_factory=str)
    leader_id: UlidStr | None = None
    opening_hours: ShortText | None = None
    commission_bps: Commission = 0

    def terms(self) -> dict[str, Any]:
        """The fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}
