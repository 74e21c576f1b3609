"""What the API takes of campaigns."""

from dataclasses import fields
from typing import Any, Literal

from pydantic import Field

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.forms.examples import CAMPAIGNS
from chalicelib.campaigns.forms.kinds import KindFields
from chalicelib.campaigns.forms.offers import OfferFields
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.stock.model import MAX_PEAK, MAX_STOCK_OPERATIONS
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.web import Body, Instant, LocalDate, LongText, MoneyField, PriceField, Query, ShortText, Title, UlidStr


class TargetFields(Body):
    """What the orders must reach by the close: units, members, or the goods' value in minor units.

    ``amount`` counts the goods at the prices that they are ordered at: a ladder's first, although it falls later;
    without delivery, and before discounts. So whoever orders more never undoes a target that is reached.
    """

    measure: Measure
    value: int = Field(ge=1, le=MAX_MINOR)
    on_miss: OnMiss
    extend_hours: int = Field(default=24, ge=1, le=168, description="Used when on_miss is extend.")

    def terms(self) -> Target:
        return Target(self.measure, self.value, self.on_miss, self.extend_hours)


class CampaignFields(KindFields):
    """Fields of a campaign, but for its times."""

    title: Title = Field(default_factory=str)
    theme: ShortText | None = None
    description: LongText | None = None
    kind: Kind = Kind.GROUP_ORDER
    target: TargetFields | None = None
    offers: list[OfferFields] = Field(default=[], max_length=MAX_STOCK_OPERATIONS)
    pickup_point_ids: list[UlidStr] = Field(default=[], max_length=50)
    refund_policy: LongText | None = None
    goal: PriceField | None = Field(
        default=None, description="The revenue hoped for, as progress has it. Never shown to shoppers."
    )
    budget: PriceField | None = Field(default=None, description="What may be spent on it. Never shown to shoppers.")
    peak_orders_per_second: int = Field(
        default=250, ge=1, le=MAX_PEAK, description="The rush expected at the opening; 2500 in a flash sale."
    )

    def terms(self) -> CampaignTerms:
        """The fields that were sent, as the use cases take them."""
        known = {field.name for field in fields(CampaignTerms)}
        return CampaignTerms(**{name: _term(getattr(self, name)) for name in self.model_fields_set & known})


def _term(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_term(each) for each in value)
    if isinstance(value, MoneyField):
        return value.money()
    return value.terms() if hasattr(value, "terms") else value


class CampaignChanges(CampaignFields):
    """Fields of a campaign; what is left out stays, null takes away. What may change depends on the status."""

    opens_at: Instant | None = Field(default=None, description="Without it the campaign opens on publishing.")
    closes_at: Instant | None = None
    arrives_on: LocalDate | None = Field(
        default=None,
        description="The day on which the goods are expected at the pickup points; not before the close, and amendable "
        "until they are there. Should a missed target extend the campaign, it moves by as many days.",
    )


class NewCampaign(CampaignChanges):
    """A draft; it needs no more than a title until it is published."""

    EXAMPLES = CAMPAIGNS

    title: Title


class Copy(Body):
    """What a copy has of its own; without them it is called as the campaign that it is of, and has no window yet. With
    a close its goods are expected as many days after it as those of the other were.
    """

    EXAMPLES = {"for next week": {"title": "周末荔枝（第二期）", "closes_at": "2030-06-08T12:00:00Z"}}

    title: Title = Field(default_factory=str)
    opens_at: Instant | None = Field(default=None, description="Without it the campaign opens on publishing.")
    closes_at: Instant | None = None
    arrives_on: LocalDate | None = None

    def terms(self) -> CampaignTerms:
        """What was sent."""
        return CampaignTerms(**{name: getattr(self, name) for name in self.model_fields_set})


class Cancellation(Body):
    """Why a campaign is cancelled; kept in the audit log."""

    reason: ShortText | None = None


class StoreFilter(Query):
    """Which campaigns a shopper is shown."""

    when: Literal["now", "past"] = Field(
        default="now",
        description="`now`: those that are open or coming. `past`: those that closed and took place, the last first.",
    )


class CampaignFilter(Query):
    """Narrows the list of campaigns."""

    status: Status | None = None
    kind: Kind | None = None
