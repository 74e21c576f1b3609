"""Drafting a campaign like one that is there."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.campaigns.drafting.model.copying import LeftOut, moved_with_close, offer_terms, out_of_reach
from chalicelib.campaigns.drafting.model.terms import CampaignTerms, CapsTerms, DeliveryTerms
from chalicelib.campaigns.drafting.service.applying import UnknownSku
from chalicelib.campaigns.model.delivery import Delivery
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import create_campaign
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.catalog.records import ACTIVE
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET
from chalicelib.tenancy import brand_of


class GiftNotCopied(Conflict):
    """A gift for points is no model for a campaign that sells for money."""

    code, title, title_zh = "gift_not_copied", "A gift is not copied", "积分礼品不能复制"


def copy_campaign(
    tenant_id: str, campaign_id: str, changes: CampaignTerms, by: Principal, now: datetime
) -> tuple[CampaignRecord, list[LeftOut]]:
    """Drafts a campaign of the same terms and prices as one in any state, with no window but the one in ``changes``;
    with a close its goods are expected as many days after it as the source's were, unless the changes name a day.

    Nothing of what happened to that one comes along: no history, orders or stock, nor the series that made it.

    Answers what had to be left out, too: offers of what is on sale no longer, and a target or a team that the others do
    not reach. Raises NotFound, GiftNotCopied, and what drafting refuses.
    """
    source = get_campaign(tenant_id, campaign_id)
    if source.gift_points is not None:
        raise GiftNotCopied(
            "This is a gift for points, which is not copied: define another gift instead.",
            detail_zh="这是积分礼品，不能复制为团购活动，请另行新建礼品。",
        )
    kept, left_out = _still_on_sale(source)
    if left_out:
        left_out += out_of_reach(source, kept)
    terms = _terms(source, kept)
    gone = {each.pointer for each in left_out}
    terms = replace(
        terms,
        target=None if "/target" in gone else terms.target,
        team=None if "/team" in gone else terms.team,
    )
    terms = replace(terms, arrives_on=_arrives_on(source, changes)).changed_by(changes)
    made = create_campaign(tenant_id, terms, by, now, copied_from=campaign_id)
    return made, left_out


def _arrives_on(source: CampaignRecord, changes: CampaignTerms) -> date | None:
    if source.arrives_on is None or source.closes_at is None or changes.closes_at is UNSET or changes.closes_at is None:
        return None
    tz = zone(brand_of(source.tenant_id).timezone)
    return moved_with_close(source.arrives_on, local_date(source.closes_at, tz), local_date(changes.closes_at, tz))


def _still_on_sale(source: CampaignRecord) -> tuple[list[Offer], list[LeftOut]]:
    offers = source.offers
    skus = get_skus(source.tenant_id, [goods.sku_id for goods in source.goods])
    on_sale = {sku_id for sku_id, sku in skus.items() if sku.status == ACTIVE}
    kept = [offer for offer in offers if on_sale.issuperset(goods.sku_id for goods in offer.goods())]
    left_out = [
        LeftOut(f"/offers/{n}", UnknownSku.code, offer.title) for n, offer in enumerate(offers) if offer not in kept
    ]
    return kept, left_out


def _terms(source: CampaignRecord, offers: list[Offer]) -> CampaignTerms:
    caps, delivery, currency = source.caps, source.delivery, source.currency
    return CampaignTerms(
        title=source.title,
        theme=source.theme,
        description=source.description,
        refund_policy=source.refund_policy,
        kind=Kind(source.kind),
        goal=_money(source.goal_minor, currency),
        budget=_money(source.budget_minor, currency),
        target=source.target,
        offers=tuple(offer_terms(offer, currency) for offer in offers),
        pickup_point_ids=tuple(point.id for point in source.pickup_points),
        peak_orders_per_second=int(source.peak_orders_per_second),
        team=source.team,
        audience=source.audience,
        caps=None if caps is None else CapsTerms(caps.orders, _money(caps.amount_minor, currency)),
        delivery=None if delivery is None else _delivery(delivery, currency),
        payment_methods=source.payment_methods,
        balance=source.balance,
        no_show=source.stored_no_show,
    )


def _delivery(delivery: Delivery, currency: str) -> DeliveryTerms:
    return DeliveryTerms(Money(delivery.fee_minor, currency), _money(delivery.free_from_minor, currency))


def _money(amount_minor: float | None, currency: str) -> Money | None:
    return None if amount_minor is None else Money(int(amount_minor), currency)
