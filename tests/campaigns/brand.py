"""A brand with goods and a pickup point, and campaigns as its tests need them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.campaigns.events import consumer
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as service
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.catalog.model.products import ProductDetails, SkuChange, Supply
from chalicelib.catalog.service import ledger
from chalicelib.catalog.service import products as catalog
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.messaging import Message
from chalicelib.pickup_points.model import PickupPointDetails
from chalicelib.pickup_points.service import create_pickup_point
from chalicelib.tenants.service.sign_up import SignUp, sign_up
from tests.campaigns.terms import terms_of

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Brand:
    """A tenant, its API key, a product with two SKUs (pears at ¥10.00, plums at ¥2.50), and a pickup point."""

    tenant_id: str
    slug: str
    key: str
    by: Principal
    point_id: str = ""
    skus: dict[str, str] = field(default_factory=dict)

    def draft(self, now: datetime = NOW, **terms: Any) -> CampaignRecord:
        """A complete draft: 50 pears until ten hours from now, paid at pickup; the keywords change its terms."""
        complete = {
            "title": "Pears from the valley",
            "closes_at": now + 10 * HOUR,
            "offers": [self.offer("pears", 1_000, 50)],
            "pickup_point_ids": [self.point_id],
            "payment_methods": ["pickup"],
        }
        return service.create_campaign(self.tenant_id, terms_of({**complete, **terms}), self.by, now)

    def published(self, now: datetime = NOW, **terms: Any) -> CampaignRecord:
        """A draft made public: open at once unless ``opens_at`` is given."""
        return service.publish_campaign(self.tenant_id, self.draft(now, **terms).id, self.by, now)

    def offer(self, sku: str, price_minor: int, quantity: int, limit: int | None = None) -> OfferTerms:
        return OfferTerms(self.skus[sku], Money(price_minor, "CNY"), quantity, limit)

    def stocked(self, sku: str, units: int) -> None:
        """From now on the SKU's stock is tracked, with so many units free."""
        ledger.adjust_stock(self.tenant_id, self.skus[sku], units, "counted", f"{sku}-{units}", "hash", self.by, NOW)

    def supplied(self, sku: str, supply: Supply) -> None:
        """From now on campaigns are given the SKU in this way."""
        sku_id = self.skus[sku]
        product_id = get_sku(self.tenant_id, sku_id).product_id
        change = [SkuChange(sku_id, supply=supply)]
        catalog.edit_product(self.tenant_id, product_id, ProductDetails(), change, None, self.by, NOW)

    def read(self, campaign: CampaignRecord) -> CampaignRecord:
        """The campaign as stored."""
        return service.get_campaign(self.tenant_id, campaign.id, consistent=True)

    def buckets(self, campaign: CampaignRecord) -> list[StockBucket]:
        """Every bucket of the campaign."""
        found = [
            StockBucket.fetch(*StockBucket.address(self.tenant_id, offer.offer_id, n), consistent=True)
            for offer in campaign.offers
            for n in range(offer.buckets)
        ]
        return [bucket for bucket in found if bucket is not None]

    def sell(self, campaign: CampaignRecord, units: int, now: datetime) -> None:
        """Takes units from the first bucket as an order does: under the conditions of its window. Raises Refused."""
        pk, sk = StockBucket.address(self.tenant_id, campaign.offers[0].offer_id, 0)
        free, opens_at, closes_at = StockBucket.free, StockBucket.opens_at, StockBucket.closes_at
        open_now = (StockBucket.status == "open") & (opens_at <= now) & (closes_at > now)
        tx = Transaction()
        tx.update(
            "stock",
            StockBucket,
            pk,
            sk,
            actions=[free.add(-units), StockBucket.sold.add(units)],
            condition=open_now & (free >= units),
        )
        tx.commit()

    def unsell(self, campaign: CampaignRecord, units: int) -> None:
        """Puts units back as the release of an order does, also into a fenced bucket."""
        pk, sk = StockBucket.address(self.tenant_id, campaign.offers[0].offer_id, 0)
        tx = Transaction()
        tx.update(
            "stock",
            StockBucket,
            pk,
            sk,
            actions=[StockBucket.free.add(units), StockBucket.sold.add(-units)],
            condition=StockBucket.sold >= units,
        )
        tx.commit()


def deliver_due(brand: Brand, campaign: CampaignRecord, now: datetime) -> str | None:
    """Hands the worker what the sweep would find due at ``now``; answers with its kind, None when nothing is due."""
    stored = brand.read(campaign)
    if stored.due_kind is None or stored.due_at > now:
        return None
    data = {"pk": stored.pk, "sk": stored.sk, "due_at": sortable(stored.due_at)}
    consumer.handle(Message("due", stored.due_kind, brand.tenant_id, stored.due_at, data), now)
    return str(stored.due_kind)


def deliver_events(brand: Brand, campaign: CampaignRecord, now: datetime) -> list[str]:
    """Hands the worker the events of the campaign's last write, as the relay would; answers with their types."""
    events = brand.read(campaign).outbox or []
    for event in events:
        if event["t"] in consumer.event_types:
            consumer.handle(Message(event["i"], event["t"], brand.tenant_id, now, event["d"]), now)
    return [event["t"] for event in events]


def brand_named(slug: str) -> Brand:
    """Signs a brand up and gives it products; the caller opens the tenant's scope."""
    form = SignUp("Orchard", slug, f"owner@{slug}.example", "Asia/Shanghai", "CNY", "zh")
    tenant, key = sign_up(form, "127.0.0.1", NOW)
    by = Principal("staff", tenant.id, "", frozenset({"owner"}))
    brand = Brand(tenant.id, slug, key.secret, by)
    with tenant_scope(tenant.id):
        for sku, price_minor in (("pears", 1_000), ("plums", 250)):
            details = ProductDetails(title=sku.title(), category="fruit")
            change = SkuChange(code=sku.upper(), title="2 kg", price=Money(price_minor, "CNY"))
            product = catalog.create_product(tenant.id, details, [change], by, NOW)
            brand.skus[sku] = product.skus[0].sku_id
        point = create_pickup_point(tenant.id, PickupPointDetails("Gate 3", "Nanjing Road 1"), by, NOW)
        brand.point_id = point.id
    return brand


def target(value: int, on_miss: OnMiss, extend_hours: int = 24) -> Target:
    """So many units, or else."""
    return Target(Measure.QUANTITY, value, on_miss, extend_hours)
