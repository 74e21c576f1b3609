"""What a basket comes to for who is not signed in: by the promotions that are for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.orders.basket.service.pricing import rules_of, short_for, that_pay
from chalicelib.orders.budgets.service import wanted
from chalicelib.orders.discounts.model import applied, by_promotion
from chalicelib.pricing.model import Item, Quote, Step, Words, quote
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.model.reaching import NOBODY, NextStep, next_steps
from chalicelib.promotions.model.terms import ReductionTerms
from chalicelib.promotions.records import ActivePromotions
from chalicelib.promotions.service.active import see_active, seen_active
from chalicelib.promotions.service.using import Funding


@dataclass(frozen=True, slots=True)
class Shown:
    """A basket as it is priced for anybody, and what is missing to the next step of full reductions."""

    quote: Quote
    next_steps: Sequence[NextStep]


def price_for_anyone(campaign: CampaignRecord, items: Sequence[Item], fee_minor: int, now: datetime) -> Shown:
    """Prices items of a campaign by its promotions that ask nothing of the buyer and have something left. Member prices
    are not among them: those are for who joins.
    """
    tenant_id, promotions = campaign.tenant_id, active(campaign.tenant_id, now)
    funding = Funding()
    while True:
        rules = rules_of(campaign, promotions, NOBODY, now, funding.without)
        priced = quote(items, campaign.currency, [each for each in rules if each.step > Step.MEMBER_PRICE], fee_minor)
        short = short_for(tenant_id, None, wanted(by_promotion(applied(priced)), promotions, funding), now)
        if not short:
            break
        funding.without |= short
    steps = next_steps(promotions, priced, items, campaign.id, now)
    return Shown(priced, that_pay(tenant_id, None, steps, promotions, now))


def active(tenant_id: str, now: datetime) -> Sequence[Promotion]:
    """A brand's active promotions, as of a moment ago."""
    seen = seen_active(tenant_id, now)
    if seen is not None:
        return seen
    return see_active(tenant_id, ActivePromotions.fetch(*ActivePromotions.address(tenant_id)), now)


def reductions(campaign: CampaignRecord, now: datetime) -> list[Words]:
    """The full reductions that hold in a campaign for everybody and have something left, under their titles."""
    promotions = [each for each in active(campaign.tenant_id, now) if isinstance(each.terms, ReductionTerms)]
    found = [(each, each.rule(campaign.id, NOBODY, campaign.currency, lambda _: None, now)) for each in promotions]
    holding = {each.id: (each, rule) for each, rule in found if rule is not None}
    wants = [
        Funding().wanted(each, each.terms.least_use_minor) for each, _ in holding.values() if each.is_limited
    ]  # fmt: skip
    short = short_for(campaign.tenant_id, None, wants, now)
    return [rule.reason for name, (_, rule) in holding.items() if name not in short]
