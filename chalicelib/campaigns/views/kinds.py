"""What the API shows of the terms that make a campaign's kind, to staff and to shoppers."""

from typing import Any

from chalicelib.campaigns.model.kinds import OnDefault, PaymentMethod
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.offers import money
from chalicelib.kernel.percent import percent_text
from chalicelib.web import MoneyField, View


class TeamView(View):
    size: int
    hours: int


class AudienceView(View):
    """Whom the campaign is for."""

    new_members_only: bool
    joined_within_days: int | None
    member_ids: list[str]
    tags: list[str]
    tiers: list[str]
    classes: list[str] = []


class StoreAudience(View):
    """Whom the campaign is for, without naming anybody: ``selected_members`` says that there is a list."""

    new_members_only: bool
    joined_within_days: int | None
    selected_members: bool
    tags: list[str]
    tiers: list[str]
    classes: list[str] = []


class CapsView(View):
    orders: int | None
    amount: MoneyField | None


class DeliveryView(View):
    fee: MoneyField
    free_from: MoneyField | None
    tax_rate: str | None = None


class BalanceView(View):
    hours_after_close: int
    on_default: OnDefault


class NoShowView(View):
    hours: int
    action: OnDefault


class KindTerms(View):
    """What everyone may know of a campaign's terms."""

    team: TeamView | None
    caps: CapsView | None
    delivery: DeliveryView | None
    payment_methods: list[PaymentMethod]
    balance: BalanceView | None
    no_show: NoShowView


def kind_terms(campaign: CampaignRecord) -> dict[str, Any]:
    """The fields of KindTerms. A pre-order that says nothing of its balance has the usual terms, none where that may
    be paid when the goods are collected.
    """
    caps, delivery, currency = campaign.caps, campaign.delivery, campaign.currency
    return {
        "team": campaign.team,
        "caps": caps and CapsView(orders=caps.orders, amount=money(caps.amount_minor, currency)),
        "delivery": delivery
        and DeliveryView(
            fee=MoneyField.of(delivery.fee_minor, currency),
            free_from=money(delivery.free_from_minor, currency),
            tax_rate=None if delivery.tax_bps is None else percent_text(delivery.tax_bps),
        ),
        "payment_methods": campaign.payment_methods,
        "balance": campaign.balance_terms,
        "no_show": campaign.no_show,
    }


def store_audience(campaign: CampaignRecord) -> StoreAudience | None:
    """The audience as shoppers may see it."""
    audience = campaign.audience
    if audience is None:
        return None
    return StoreAudience(
        new_members_only=audience.new_members_only,
        joined_within_days=audience.joined_within_days,
        selected_members=bool(audience.member_ids),
        tags=list(audience.tags),
        tiers=list(audience.tiers),
        classes=list(audience.classes),
    )
