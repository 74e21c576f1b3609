"""What the API takes of the terms that make a campaign's kind."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.campaigns.drafting.model.terms import CapsTerms, DeliveryTerms
from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.model.kinds import (
    MAX_BALANCE_HOURS,
    MAX_NO_SHOW_HOURS,
    MAX_TEAM_HOURS,
    MAX_TEAM_SIZE,
    Balance,
    NoShow,
    OnDefault,
    PaymentMethod,
    Team,
)
from chalicelib.kernel.errors import InvalidField
from chalicelib.web import Body, CostField, OneLine, PriceField, UlidStr

MAX_LISTED = 100
"""Members that an audience may list by name: each order reads the list with the campaign."""

Tag = Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine]


class TeamFields(Body):
    """Teams of ``size`` members, the one who begins included, each with ``hours`` to fill. For kind team_buy."""

    size: int = Field(ge=2, le=MAX_TEAM_SIZE)
    hours: int = Field(default=24, ge=1, le=MAX_TEAM_HOURS)

    def terms(self) -> Team:
        return Team(self.size, self.hours)


class AudienceFields(Body):
    """Who may order. Every limit that is given must be met; of members and tags one match is enough."""

    new_members_only: bool = False
    joined_within_days: int | None = Field(
        default=None,
        ge=0,
        le=3650,
        description="New members are those who joined so many local days ago at most; without it, those without order.",
    )
    member_ids: list[UlidStr] = Field(default=[], max_length=MAX_LISTED)
    tags: list[Tag] = Field(
        default=[], max_length=20, description="Interests of members who agreed to ``personalisation``."
    )
    tiers: list[Tag] = Field(default=[], max_length=20, description="Refused where the store has no such tier.")
    classes: list[Literal["new", "active", "dormant", "churned"]] = Field(
        default=[], max_length=4, description="Classes of members, by the days of their orders."
    )

    @model_validator(mode="after")
    def _says_new(self) -> "AudienceFields":
        if self.joined_within_days is not None and not self.new_members_only:
            raise InvalidField(
                "days since joining are asked of new members only; say that it is for these",
                "入会天数仅适用于新会员，请同时选择仅限新会员",
            )
        return self

    def terms(self) -> Audience:
        lists = (tuple(dict.fromkeys(each)) for each in (self.member_ids, self.tags, self.tiers, self.classes))
        return Audience(self.new_members_only, self.joined_within_days, *lists)


class CapsFields(Body):
    """The campaign closes early once it has so many orders, or goods of that value are ordered: at the prices that they
    are ordered at, as a target by amount counts them.
    """

    orders: int | None = Field(default=None, ge=1, le=1_000_000)
    amount: PriceField | None = None

    @model_validator(mode="after")
    def _caps_something(self) -> "CapsFields":
        if self.orders is None and self.amount is None:
            raise InvalidField("name orders, amount, or both", "请填写 orders、amount 或两者")
        return self

    def terms(self) -> CapsTerms:
        return CapsTerms(self.orders, self.amount.money() if self.amount else None)


class DeliveryFields(Body):
    """Delivery from the chosen pickup point to the member's door, for a fee, free from that value of goods on."""

    fee: CostField
    free_from: PriceField | None = None

    def terms(self) -> DeliveryTerms:
        return DeliveryTerms(self.fee.money(), self.free_from.money() if self.free_from else None)


class BalanceFields(Body):
    """When the rest of a pre-order's price is due online, and what becomes of the deposit where it is not paid.

    With ``pickup`` among the payment methods it is due where the goods are collected, and this is refused.
    """

    hours_after_close: int = Field(default=72, ge=1, le=MAX_BALANCE_HOURS)
    on_default: OnDefault = "refund"

    def terms(self) -> Balance:
        return Balance(self.hours_after_close, self.on_default)


class NoShowFields(Body):
    """After how many hours at the pickup point an order is taken as not collected, and what becomes of its money."""

    hours: int = Field(default=72, ge=1, le=MAX_NO_SHOW_HOURS)
    action: OnDefault = "refund"

    def terms(self) -> NoShow:
        return NoShow(self.hours, self.action)


class KindFields(Body):
    """The terms that make a campaign's kind; null takes one away."""

    team: TeamFields | None = None
    audience: AudienceFields | None = None
    caps: CapsFields | None = None
    delivery: DeliveryFields | None = None
    payment_methods: list[PaymentMethod] = Field(
        default=["pickup"],
        min_length=1,
        max_length=4,
        description="Others than pickup only with an account there.",
    )
    balance: BalanceFields | None = None
    no_show: NoShowFields | None = Field(default=None, description="Without it: 72 hours, and the money is paid back.")
