"""What the API takes of promotions."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.money import Money
from chalicelib.pricing.forms import MOST_NAMED, Named, PercentOff, ScopeFields, basis_points
from chalicelib.promotions.model.asking import Asked
from chalicelib.promotions.model.promotion import Audience, Status
from chalicelib.promotions.model.terms import Kind
from chalicelib.promotions.service.planning import Details
from chalicelib.web import Body, Instant, MoneyField, OneLine, PriceField, Quantity, Query, Title, UlidStr

MOST_STEPS = 10
Group = Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine]
_WEEK = {"starts_at": "2030-06-01T00:00:00+08:00", "ends_at": "2030-06-08T00:00:00+08:00"}
_STEP = {"from": {"amount_minor": 10_000, "currency": "CNY"}, "off": {"amount_minor": 1_000, "currency": "CNY"}}


class ReductionFields(Body):
    """From so much on, so much is taken off."""

    from_: PriceField = Field(alias="from")
    off: PriceField


class SkuPriceFields(Body):
    """What one unit of a SKU costs."""

    sku_id: UlidStr
    price: PriceField


class TermsFields(Body):
    """By how much prices fall, by kind. `timed_price`: `percent_off`, `amount_off` of each unit, or a `price` for each.
    `full_reduction`: `steps` that rise; with `repeat` for every so much. `gift`: units of a `sku_id` that the campaign
    offers, `from` an amount or `from_quantity` units on. `member_price`: `percent_off`, or `prices`, for members or
    those of a `tier`. A `price` is one unit's and lowers no bundle.
    """

    percent_off: PercentOff | None = None
    amount_off: PriceField | None = None
    price: PriceField | None = None
    prices: list[SkuPriceFields] = Field(default=[], max_length=MOST_NAMED)
    tier: Group | None = Field(default=None, description="Refused where the store has no such tier.")
    steps: list[ReductionFields] = Field(default=[], max_length=MOST_STEPS)
    repeat: bool = False
    from_: PriceField | None = Field(default=None, alias="from")
    from_quantity: Quantity | None = None
    sku_id: UlidStr | None = None
    quantity: Quantity = 1

    def asked(self) -> Asked:
        """The terms with what was sent of them; a null or an empty list says nothing."""
        sent = {name.rstrip("_") for name in self.model_fields_set if getattr(self, name) not in (None, [])}
        return Asked(
            frozenset(sent),
            percent_bps=basis_points(self.percent_off),
            amount_off=_money(self.amount_off),
            price=_money(self.price),
            prices=tuple((each.sku_id, each.price.money()) for each in self.prices),
            tier=self.tier,
            steps=tuple((step.from_.money(), step.off.money()) for step in self.steps),
            repeat=self.repeat,
            from_amount=_money(self.from_),
            from_quantity=self.from_quantity,
            sku_id=self.sku_id,
            quantity=self.quantity,
        )


def _money(given: MoneyField | None) -> Money | None:
    return None if given is None else given.money()


class PromotionAudienceFields(Body):
    """Whom it is for; of each list that is given one must be met. Refused where the store has none of these."""

    tiers: list[Named] = Field(default=[], max_length=20)
    segment_ids: list[UlidStr] = Field(default=[], max_length=20)
    classes: list[Named] = Field(default=[], max_length=20)

    def audience(self) -> Audience:
        return Audience(tuple(self.tiers), tuple(self.segment_ids), tuple(self.classes))


class LimitsFields(Body):
    """In how many orders it applies: of one member, and of all together; null where that is not limited."""

    per_member: int | None = Field(default=None, ge=1, le=1_000)
    total: int | None = Field(default=None, ge=1, le=10_000_000)


class PromotionChanges(Body):
    """Fields of a promotion; what is left out stays. Of one that is paused its kind, start, budget and limits stay."""

    title: Title = Field(default_factory=str)
    kind: Kind = Kind.TIMED_PRICE
    starts_at: Instant | None = None
    ends_at: Instant | None = Field(default=None, description="At this instant it has ended.")
    scope: ScopeFields = ScopeFields()
    audience: PromotionAudienceFields = PromotionAudienceFields()
    exclusive_group: Group | None = Field(
        default=None, description="Of the promotions of one group an order has that by which its buyer saves most."
    )
    budget: PriceField | None = Field(
        default=None, description="What it takes off all orders at most. An order has it whole or not at all."
    )
    limits: LimitsFields = LimitsFields()
    terms: TermsFields = TermsFields()

    def details(self) -> Details:
        """The fields that were sent."""
        sent = self.model_fields_set
        said: dict[str, Any] = {
            name: getattr(self, name) for name in ("title", "kind", "exclusive_group") if name in sent
        }
        said |= {name: at for name in ("starts_at", "ends_at") if (at := getattr(self, name)) is not None}
        if "scope" in sent:
            said |= {"scope": self.scope.scope(), "campaign_ids": tuple(self.scope.campaign_ids)}
        if "audience" in sent:
            said["audience"] = self.audience.audience()
        if "budget" in sent:
            said["budget"] = self.budget.money() if self.budget else None
        if "limits" in sent:
            said |= {"per_member": self.limits.per_member, "total": self.limits.total}
        if "terms" in sent:
            said["terms"] = self.terms.asked()
        return Details(**said)


class NewPromotion(PromotionChanges):
    """A promotion as a draft; it lowers nothing until it is published."""

    EXAMPLES = {
        "a percentage for a week": {"title": "水果周", "kind": "timed_price", "terms": {"percent_off": "12.5"}} | _WEEK,
        "a full reduction": {"title": "满减", "kind": "full_reduction", "terms": {"steps": [_STEP]}} | _WEEK,
    }

    title: Title
    kind: Kind
    starts_at: Instant
    ends_at: Instant = Field(description="At this instant it has ended.")
    terms: TermsFields


class PromotionQuery(Query):
    """Promotions as they stand now, or all."""

    status: Status | None = None
