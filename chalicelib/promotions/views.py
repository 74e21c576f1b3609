"""What the API shows of promotions."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import ConfigDict, Field

from chalicelib.promotions.model.budget import Left
from chalicelib.promotions.model.promotion import Status
from chalicelib.promotions.model.terms import GiftTerms, Kind, PriceTerms, ReductionTerms, Terms
from chalicelib.promotions.records import PromotionRecord
from chalicelib.web import Instant, MoneyField, UlidStr, View


class ReductionView(View):
    """From so much on, so much is taken off."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: MoneyField = Field(serialization_alias="from")
    off: MoneyField


class SkuPriceView(View):
    """What one unit of a SKU costs."""

    sku_id: UlidStr
    price: MoneyField


class TermsView(View):
    """By how much prices fall; what the kind has no use for is null."""

    model_config = ConfigDict(serialize_by_alias=True)

    percent_off: str | None = None
    amount_off: MoneyField | None = None
    price: MoneyField | None = None
    prices: list[SkuPriceView] = []
    tier: str | None = None
    steps: list[ReductionView] = []
    repeat: bool = False
    from_: MoneyField | None = Field(default=None, serialization_alias="from")
    from_quantity: int | None = None
    sku_id: UlidStr | None = None
    quantity: int | None = None

    @classmethod
    def of(cls, terms: Terms, currency: str) -> "TermsView":
        if isinstance(terms, ReductionTerms):
            steps = [(_money(step.from_minor, currency), _money(step.off_minor, currency)) for step in terms.steps]
            return cls(steps=[ReductionView(from_=amount, off=off) for amount, off in steps], repeat=terms.repeat)
        if isinstance(terms, GiftTerms):
            return cls(
                from_=_amount(terms.from_minor, currency), from_quantity=terms.from_quantity, sku_id=terms.sku_id,
                quantity=terms.quantity,
            )  # fmt: skip
        return _prices(terms, currency) if isinstance(terms, PriceTerms) else cls()


def _prices(terms: PriceTerms, currency: str) -> TermsView:
    percent = None if terms.percent_bps is None else f"{(Decimal(terms.percent_bps) / 100).normalize():f}"
    return TermsView(
        percent_off=percent,
        amount_off=_amount(terms.off_minor, currency),
        price=_amount(terms.price_minor, currency),
        prices=[SkuPriceView(sku_id=sku_id, price=_money(minor, currency)) for sku_id, minor in terms.prices_minor],
        tier=terms.tier,
    )


class ScopeView(View):
    """Which goods it is about, and in which campaigns; all where none is named."""

    campaign_ids: list[UlidStr]
    product_ids: list[UlidStr]
    categories: list[str]
    tags: list[str]


class PromotionAudienceView(View):
    """Whom it is for; everybody where none is named."""

    tiers: list[str]
    segment_ids: list[UlidStr]
    classes: list[str]


class LimitsView(View):
    """In how many orders it applies: of one member, and of all together; null where that is not limited."""

    per_member: int | None
    total: int | None


class PromotionView(View):
    """A promotion as the team sees it."""

    id: UlidStr
    title: str
    kind: Kind
    status: Status
    starts_at: Instant
    ends_at: Instant
    scope: ScopeView
    audience: PromotionAudienceView
    exclusive_group: str | None
    budget: MoneyField | None
    limits: LimitsView
    terms: TermsView
    words: str = Field(description="The terms as buyers read them, in English.")
    words_zh: str = Field(description="The terms as buyers read them, in Chinese.")
    budget_left: MoneyField | None = Field(
        description="What orders have left of the budget; null without one, and before the promotion was published."
    )
    uses_left: int | None = Field(
        description="In how many more orders it can apply; null where that is not limited, or before it was published."
    )
    created_at: Instant
    published_at: Instant | None
    ended_at: Instant | None

    @classmethod
    def of(cls, promotion: PromotionRecord, left: Left, now: datetime) -> Self:
        names = (
            "id",
            "title",
            "kind",
            "starts_at",
            "ends_at",
            "exclusive_group",
            "created_at",
            "published_at",
            "ended_at",
        )
        scope, audience, words = promotion.scope, promotion.audience, promotion.terms.words(promotion.currency)
        return cls(
            **{name: getattr(promotion, name) for name in names},
            status=promotion.shown_status(now),
            scope=ScopeView(
                campaign_ids=promotion.campaign_ids,
                product_ids=sorted(scope.product_ids),
                categories=sorted(scope.categories),
                tags=sorted(scope.tags),
            ),
            audience=PromotionAudienceView(
                tiers=list(audience.tiers), segment_ids=list(audience.segment_ids), classes=list(audience.classes)
            ),
            budget=_amount(promotion.budget_minor, promotion.currency),
            limits=LimitsView(per_member=_count(promotion.per_member), total=_count(promotion.total)),
            terms=TermsView.of(promotion.terms, promotion.currency),
            words=words.en,
            words_zh=words.zh,
            budget_left=_amount(left.minor, promotion.currency),
            uses_left=left.uses,
        )


def _money(minor: int, currency: str) -> MoneyField:
    return MoneyField.of(int(minor), currency)


def _amount(minor: float | None, currency: str) -> MoneyField | None:
    return None if minor is None else _money(int(minor), currency)


def _count(stored: float | None) -> int | None:
    return None if stored is None else int(stored)
