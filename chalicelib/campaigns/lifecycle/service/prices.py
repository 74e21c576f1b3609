"""What offers keep of prices, so that no order looks anything up: the margin floor, and the prices before them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.records import ProductRecord, SkuRecord
from chalicelib.catalog.service.prices import list_prices_of, price_changes_of
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.pricing.model.history import Span, before
from chalicelib.pricing.model.rules import Item
from chalicelib.pricing.records import OfferedPriceRecord
from chalicelib.pricing.service.offered import offered_prices
from chalicelib.pricing.service.rules import floors
from chalicelib.promotions.model.promotion import Run
from chalicelib.promotions.service.public_prices import public_runs
from chalicelib.tenancy import brand_of


def fix_prices(campaign: CampaignRecord, now: datetime) -> None:
    """At publishing: the margin floors as they are now, since a cost that rises later changes nothing that is
    announced, and the prices before.
    """
    tenant_id = campaign.tenant_id
    skus = get_skus(tenant_id, [goods.sku_id for offer in campaign.offers for goods in offer.goods()])
    found = floors(tenant_id, skus)
    campaign.offers = [offer.with_floor(found) for offer in campaign.offers]
    _fix_before(campaign, skus, now)


def fix_prices_before(campaign: CampaignRecord, now: datetime) -> None:
    """Copies what the shop asks for the goods, and what is known of their prices before the campaign opens: once more
    when it opens later than it was published. A bundle is another thing than its parts, and had no price before.
    """
    skus = get_skus(campaign.tenant_id, [offer.sku_id for offer in campaign.offers if not offer.parts])
    _fix_before(campaign, skus, now)


def _fix_before(campaign: CampaignRecord, skus: Mapping[str, SkuRecord], now: datetime) -> None:
    opens_at, _ = campaign.window
    tenant_id, tz = campaign.tenant_id, zone(brand_of(campaign.tenant_id).timezone)
    products = [str(skus[offer.sku_id].product_id) for offer in campaign.offers if offer.sku_id in skus]
    spans = _Spans(tenant_id, products, public_runs(tenant_id, now))
    campaign.offers = [_fixed(offer, skus.get(offer.sku_id), spans, opens_at, tz) for offer in campaign.offers]


def _fixed(offer: Offer, sku: SkuRecord | None, spans: "_Spans", opens_at: datetime, tz: ZoneInfo) -> Offer:
    if sku is None or offer.parts:
        return offer
    known = before(spans.of(offer), opens_at, offer.price_minor, tz)
    return replace(offer, list_minor=int(sku.price_minor), before=known)


class _Spans:
    """The prices at which some products were to be had, all of them and of all times."""

    def __init__(self, tenant_id: str, product_ids: Sequence[str], runs: Sequence[Run]) -> None:
        wanted = list(dict.fromkeys(product_ids))
        found = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in wanted])
        self._runs = runs
        self._listed: dict[str, list[Span]] = {}
        self._offered: Mapping[str, Sequence[OfferedPriceRecord]] = {
            product_id: offered_prices(tenant_id, product_id) for product_id in wanted
        }
        self._currency = {product.product_id: product.currency for product in found if product is not None}
        for product in found:
            if product is not None:
                listed = list_prices_of(product, price_changes_of(tenant_id, product.product_id))
                for sku_id, prices in listed.items():
                    self._listed[sku_id] = [Span(each.from_at, each.until_at, each.minor) for each in prices]

    def of(self, offer: Offer) -> list[Span]:
        """Those of what is offered: in the shop, in campaigns, and by promotions in these."""
        found = [*self._listed.get(offer.sku_id, ())]
        for each in self._offered.get(offer.product_id, ()):
            if each.sku_id == offer.sku_id:
                found += [each.span, *self._by_promotion(each, offer)]
        return found

    def _by_promotion(self, offered: OfferedPriceRecord, offer: Offer) -> list[Span]:
        """A promotion knows goods by what they are called now."""
        item = Item(offer.offer_id, offer.sku_id, 1, offered.minor, offer.product_id, offer.category, offer.tags)
        currency, found = self._currency[offer.product_id], list[Span]()
        for run in self._runs:
            from_at, until_at = max(run.from_at, offered.from_at), min(run.until_at, offered.until_at)
            minor = run.promotion.lowered(item, offered.campaign_id, currency)
            if from_at < until_at and minor < offered.minor:
                found.append(Span(from_at, until_at, minor, reduced=True))
        return found
