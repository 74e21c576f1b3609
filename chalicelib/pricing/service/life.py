"""A product's prices over its life, as people look at them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.catalog.records import ProductRecord
from chalicelib.catalog.service.prices import list_prices_of, price_changes_of
from chalicelib.catalog.service.products import get_product
from chalicelib.db import fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.pricing.model.floors import floor_of
from chalicelib.pricing.model.policies import Advice, PriceRules, advise
from chalicelib.pricing.model.stages import Stage, Suggested, Week, suggest, weeks_before
from chalicelib.pricing.records import (
    CompetitorPriceRecord,
    OfferedPriceRecord,
    PriceRulesRecord,
    PriceWatchRecord,
    ProductPricingRecord,
)
from chalicelib.pricing.service.competitors import list_prices
from chalicelib.pricing.service.offered import offered_prices
from chalicelib.pricing.service.rules import get_rules
from chalicelib.pricing.service.sold import BySku, sold_days, together
from chalicelib.pricing.service.watching import price_now
from chalicelib.tenancy import brand_of

MOST_SEEN = 50
"""Prices of competitors that stand with a product, the last recorded first; the list has all of them."""


@dataclass(frozen=True, slots=True)
class SkuLife:
    """A SKU as its prices are looked at: what everybody can have it for now, its floor (0 for none), what the policy of
    the stage comes to, and its units by complete week.
    """

    sku_id: str
    code: str
    title: str
    price_minor: int
    now_minor: int
    cost_minor: int | None
    floor_minor: int
    advice: Advice
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """A product's prices, and what they follow from. ``stage`` is the confirmed one, or else that which is suggested;
    ``weeks`` are those of all its SKUs together.
    """

    product: ProductRecord
    pricing: ProductPricingRecord
    rules: PriceRules
    suggested: Suggested
    weeks: tuple[Week, ...]
    skus: tuple[SkuLife, ...]
    competitors: tuple[CompetitorPriceRecord, ...]
    watch: PriceWatchRecord | None

    @property
    def stage(self) -> Stage | None:
        return self.pricing.stage or self.suggested.stage


@dataclass(frozen=True, slots=True)
class Priced:
    """A price of a SKU, from an instant until before another; None while it lasts. ``campaign_id`` and its ``title``
    are those of the campaign that it was asked in, None for the price in the shop.
    """

    sku_id: str
    from_at: datetime
    until_at: datetime | None
    minor: int
    final_minor: int | None = None
    campaign_id: str | None = None
    title: str | None = None


def read_life(tenant_id: str, product_id: str, now: datetime) -> Life:
    """All that is known of a product's prices. Raises NotFound."""
    product, pricing, rules, watch = fetch_many(
        [
            (ProductRecord, *ProductRecord.address(tenant_id, product_id)),
            (ProductPricingRecord, *ProductPricingRecord.address(tenant_id, product_id)),
            (PriceRulesRecord, *PriceRulesRecord.address(tenant_id)),
            (PriceWatchRecord, *PriceWatchRecord.address(tenant_id, product_id)),
        ]
    )
    product = product or get_product(tenant_id, product_id, consistent=True)
    pricing = pricing or ProductPricingRecord.none_yet(tenant_id, product_id)
    own_rules = rules.rules if rules else PriceRules()
    today = _today(tenant_id, now)
    sold = sold_days(tenant_id, product_id, today)
    weeks = tuple(weeks_before(together(sold), today, own_rules.week_begins))
    suggested = suggest(weeks)
    stage = pricing.stage or suggested.stage
    offered = offered_prices(tenant_id, product_id)
    skus = tuple(_skus(product, pricing, own_rules, stage, offered, sold, today, now))
    competitors = tuple(list_prices(tenant_id, product_id, MOST_SEEN, None).items)
    return Life(product, pricing, own_rules, suggested, weeks, skus, competitors, watch)


def _skus(
    product: ProductRecord,
    pricing: ProductPricingRecord,
    rules: PriceRules,
    stage: Stage | None,
    offered: Sequence[OfferedPriceRecord],
    sold: BySku,
    today: date,
    now: datetime,
) -> Iterator[SkuLife]:
    for sku in product.skus:
        yield SkuLife(
            sku.sku_id, sku.code, sku.title, sku.price_minor,
            price_now(sku.sku_id, sku.price_minor, offered, now),
            sku.cost_minor,
            floor_of(pricing.floor, rules.floor, sku.cost_minor),
            advise(sku.price_minor, sku.cost_minor, product.currency, stage, rules, pricing.floor),
            tuple(weeks_before(sold.get(sku.sku_id, {}), today, rules.week_begins)),
        )  # fmt: skip


def suggestion(tenant_id: str, product_id: str, now: datetime) -> Suggested:
    """The stage that a product's sales suggest."""
    today, (rules, _) = _today(tenant_id, now), get_rules(tenant_id)
    return suggest(weeks_before(together(sold_days(tenant_id, product_id, today)), today, rules.week_begins))


def price_history(tenant_id: str, product_id: str) -> tuple[ProductRecord, list[Priced]]:
    """Every price that the SKUs of a product had, in the shop and in campaigns open to all, the latest first. Raises
    NotFound.
    """
    product = get_product(tenant_id, product_id)
    listed = list_prices_of(product, price_changes_of(tenant_id, product_id))
    found = [
        Priced(each.sku_id, each.from_at, each.until_at, each.minor) for prices in listed.values() for each in prices
    ]
    found += [
        Priced(
            each.sku_id, each.from_at, each.until_at, int(each.price_minor),
            None if each.final_minor is None else int(each.final_minor), each.campaign_id, each.title,
        )
        for each in offered_prices(tenant_id, product_id)
    ]  # fmt: skip
    return product, sorted(found, key=lambda each: (each.from_at, each.campaign_id or ""), reverse=True)


def _today(tenant_id: str, now: datetime) -> date:
    return local_date(now, zone(brand_of(tenant_id).timezone))
