"""A product's prices are looked at whenever something of them changes, and what needs a look by people is kept."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.catalog.records import ACTIVE, CardRecord, ProductRecord
from chalicelib.db import Page, Refused, Transaction, change, fetch_many
from chalicelib.pricing.model.floors import floor_of
from chalicelib.pricing.model.policies import PriceRules
from chalicelib.pricing.model.watching import Finding, Ours, Seen, find, look
from chalicelib.pricing.records import (
    BEGAN,
    ENDED,
    RULES_CHANGED,
    OfferedPriceRecord,
    PriceRulesRecord,
    PriceWatchRecord,
    ProductPricingRecord,
)
from chalicelib.pricing.service.competitors import prices_of

SLICE = 25
"""Products that one message looks at."""


@dataclass(frozen=True, slots=True)
class _Found:
    """All that a look is decided on, read consistently."""

    product: ProductRecord | None
    pricing: ProductPricingRecord | None
    rules: PriceRules
    watch: PriceWatchRecord | None
    offered: Sequence[OfferedPriceRecord]
    seen: dict[str, list[Seen]]


def look_at(tenant_id: str, product_id: str, now: datetime) -> None:
    """Looks at the prices of a product: incidents begin and end, each once, and are told of by events.

    Repeated it changes nothing. Every look writes the watch that it has read, so of two at once the one that has read
    less begins anew.
    """

    def decide(found: _Found, tx: Transaction) -> None:
        if found.product is None:
            return
        watch = found.watch or _none_yet(tenant_id, found.product)
        looked = look(watch.incidents, _findings(found, now), now, tenant_id, product_id)
        if found.watch is None and not looked.incidents:
            return
        watch.incidents, watch.looked_at, watch.title = looked.incidents, now, found.product.title
        watch.sku_titles = {sku.sku_id: sku.title for sku in found.product.skus}
        for each in looked.began:
            watch.emit(BEGAN, now, product_id=product_id, incident_id=each.id)
        for each in looked.ended:
            watch.emit(ENDED, now, product_id=product_id, incident_id=each.id)
        if watch.rev == 0:
            watch.rev = 1
            tx.create("watch", watch)
        else:
            tx.replace("watch", watch)

    change(lambda: _read(tenant_id, product_id), decide)


def _read(tenant_id: str, product_id: str) -> _Found:
    product, pricing, rules, watch = fetch_many(
        [
            (ProductRecord, *ProductRecord.address(tenant_id, product_id)),
            (ProductPricingRecord, *ProductPricingRecord.address(tenant_id, product_id)),
            (PriceRulesRecord, *PriceRulesRecord.address(tenant_id)),
            (PriceWatchRecord, *PriceWatchRecord.address(tenant_id, product_id)),
        ],
        consistent=True,
    )
    seen: dict[str, list[Seen]] = {}
    for each in prices_of(tenant_id, product_id, consistent=True):
        seen.setdefault(str(each.sku_id), []).append(each.seen)
    partition = OfferedPriceRecord.partition(tenant_id, product_id)
    offered = list(OfferedPriceRecord.every(partition, consistent=True))
    return _Found(product, pricing, rules.rules if rules else PriceRules(), watch, offered, seen)


def _none_yet(tenant_id: str, product: ProductRecord) -> PriceWatchRecord:
    address = PriceWatchRecord.address(tenant_id, product.product_id)
    return PriceWatchRecord(*address, title=product.title, currency=product.currency, rev=0)


def _findings(found: _Found, now: datetime) -> list[Finding]:
    product, own = found.product, found.pricing.floor if found.pricing else None
    if product is None or product.status != ACTIVE:
        return []
    ours = [
        Ours(
            sku.sku_id,
            price_now(sku.sku_id, sku.price_minor, found.offered, now),
            sku.content,
            floor_of(own, found.rules.floor, sku.cost_minor),
        )
        for sku in product.skus
    ]
    return find(ours, found.seen, found.rules.below_bps)


def price_now(sku_id: str, list_minor: int, offered: Sequence[OfferedPriceRecord], now: datetime) -> int:
    """What everybody can have a SKU for: in the shop, or for less in a campaign that is open."""
    running = (each for each in offered if each.sku_id == sku_id and each.from_at <= now < each.until_at)
    return min([list_minor, *(int(each.price_minor) for each in running)])


def look_at_all(tenant_id: str, after: str, now: datetime) -> None:
    """Looks at the next products, by id, since a brand's rules have changed, and continues with a message of its own.
    One that comes twice looks at them once more.
    """
    page = CardRecord.page(CardRecord.partition(tenant_id, None), between=(f"{after}!", "~"), limit=SLICE)
    for card in page.items:
        look_at(tenant_id, str(card.product_id), now)
    if page.last_key is None:
        return
    last = str(page.items[-1].product_id)
    tx = Transaction()
    tx.update(
        "rules", PriceRulesRecord, *PriceRulesRecord.address(tenant_id),
        actions=[PriceRulesRecord.emission(RULES_CHANGED, now, after=last)], condition=PriceRulesRecord.pk.exists(),
    )  # fmt: skip
    with suppress(Refused):
        tx.commit()


def get_watch(tenant_id: str, product_id: str) -> PriceWatchRecord | None:
    """What is known of a product; None where it never needed a look."""
    return PriceWatchRecord.fetch(*PriceWatchRecord.address(tenant_id, product_id))


def list_watched(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[PriceWatchRecord]:
    """The products with incidents that stand, the latest first."""
    partition = PriceWatchRecord.of_tenant(tenant_id)
    return PriceWatchRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor)
