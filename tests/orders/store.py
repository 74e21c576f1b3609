"""A store on the engine, set up through the use cases, for tests that need no HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.lifecycle.service import advancing, closing
from chalicelib.campaigns.model.campaign import FROM_LOCK, FROM_PICKUP
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.progress.service import counted
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.catalog.model.products import ProductDetails, SkuChange
from chalicelib.catalog.service.products import create_product
from chalicelib.db import Refused, Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import find_or_create_by_ref
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.counting.service import counting
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.model import OWED, Line, Status
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.service import list_refunds
from chalicelib.orders.service.listing import Filter, list_orders
from chalicelib.orders.service.reading import get_order
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from chalicelib.tenants.service.sign_up import SignUp, sign_up
from tests.builders import Remembering
from tests.campaigns.terms import terms_of
from tests.memory import plainly

BODY_HASH = "0123456789abcdef0123456789abcdef"
"""As long as a real one: it counts in the size of an order."""


@dataclass
class Store:
    """One tenant with a product, a pickup point with its leader, and as many campaigns as a test publishes."""

    tenant_id: str
    staff: Principal
    skus: list[str]
    point_id: str
    leader_id: str
    members: list[str] = field(default_factory=list)
    brought: set[str] = field(default_factory=set)
    remembered: Remembering = field(default=plainly, repr=False)

    def publish(self, *quantities: int, peak: int = 1, hours: float = 12, **terms: Any) -> CampaignRecord:
        """A campaign with an offer for each quantity in ``peak`` buckets, at 12.50 each; open at once without
        ``opens_at``.
        """
        step = f"publish {quantities} {peak} {hours} {terms}"
        remembered = plainly if "datetime" in step else self.remembered
        return remembered(step, lambda: self._published(quantities, peak, hours, terms))

    def _published(self, quantities: Sequence[int], peak: int, hours: float, terms: dict[str, Any]) -> CampaignRecord:
        now, terms = clock.now(), dict(terms)
        limit = terms.pop("limit", None)
        price = terms.pop("price_minor", 1_250)
        methods = terms.pop("payment_methods", ["pickup", "test"] if peak == 1 else ["pickup"])
        deposit = Money(terms.pop("deposit_minor"), "CNY") if "deposit_minor" in terms else None
        offers = [
            OfferTerms(sku_id, Money(price, "CNY"), quantity, limit, deposit=deposit)
            for sku_id, quantity in zip(self.skus, quantities, strict=False)
        ]
        closes_at = terms.get("opens_at", now) + timedelta(hours=hours)
        drafted = campaigns.create_campaign(
            self.tenant_id,
            terms_of(
                {
                    "title": "秋梨 🍐",
                    "offers": offers,
                    "pickup_point_ids": [self.point_id],
                    "closes_at": closes_at,
                    "peak_orders_per_second": peak * (125 if "test" in methods and peak > 1 else 250),
                    "payment_methods": methods,
                    **terms,
                }
            ),
            self.staff,
            now,
        )
        return campaigns.publish_campaign(self.tenant_id, drafted.id, self.staff, now)

    def again(self, campaign: CampaignRecord) -> CampaignRecord:
        """The campaign as it stands."""
        return get_campaign(self.tenant_id, campaign.id, consistent=True)

    def member(self, n: int = 0) -> str:
        """The nth member."""
        while len(self.members) <= n:
            start = len(self.members)
            self.members += self.remembered(f"members from {start}", lambda start=start: self.join(start, 50))
        return self.members[n]

    def join(self, start: int, count: int) -> list[str]:
        refs = [f"ref-{n}" for n in range(start, start + count)]
        found = find_or_create_by_ref(self.tenant_id, refs, clock.now(), None)
        return [found[ref].id for ref in refs]

    def wish(self, campaign: CampaignRecord, *quantities: int, **more: Any) -> Wish:
        """So many of each offer; zero leaves the offer out."""
        lines = tuple(
            (offer.offer_id, quantity) for offer, quantity in zip(campaign.offers, quantities, strict=False) if quantity
        )
        return Wish(campaign.id, lines, more.pop("pickup_point_id", self.point_id), **more)

    def place(
        self,
        campaign: CampaignRecord,
        *quantities: int,
        member: int = 0,
        key: str = "key-1",
        now: datetime | None = None,
        **more: Any,
    ) -> OrderRecord:
        wish = self.wish(campaign, *quantities, **more)
        return placing.place(self.tenant_id, self.member(member), wish, key, BODY_HASH, now or clock.now())

    def hold(self, campaign: CampaignRecord, *quantities: int, **more: Any) -> OrderRecord:
        """An order that waits for its payment by the test provider; publish with ``payment_methods``."""
        return self.place(campaign, *quantities, payment_method="test", **more)

    def pay(self, order: OrderRecord, amount_minor: int | None = None, now: datetime | None = None) -> bool:
        """A payment arrives, of what the order waits for where nothing else is said; as payments do, until it is in."""
        for _ in range(5):
            stored = get_order(self.tenant_id, order.id, consistent=True)
            amount = stored.first_charge_minor if amount_minor is None else amount_minor
            tx = Transaction()
            if not payment.capture(tx, stored, "01J9ZQ0W7N8RXC5B2M4T6V8Y0P", amount, now or clock.now()):
                return False
            try:
                tx.commit()
            except Refused:
                continue
            return True
        raise AssertionError("the payment was not booked")

    def order(self, order: OrderRecord) -> OrderRecord:
        """The order as it stands."""
        return get_order(self.tenant_id, order.id, consistent=True)

    def refunds(self, order: OrderRecord) -> dict[str, int]:
        """What was asked to go back, by cause."""
        found = list_refunds(self.tenant_id, order.id, 100, None).items
        return {refund.cause: int(refund.amount_minor) for refund in found}

    def refund_ids(self, order: OrderRecord) -> list[str]:
        """The ids of these refunds."""
        return [refund.id for refund in list_refunds(self.tenant_id, order.id, 100, None).items]

    def lock(self, campaign: CampaignRecord) -> None:
        """Closes the campaign when its time has come, and decides it; the clock is not moved."""
        assert campaign.closes_at is not None
        closing.close_campaign(self.tenant_id, campaign.id, campaign.closes_at)
        counting.decide_closed(self.tenant_id, campaign.id, campaign.closes_at)

    def hand_over(self, order: OrderRecord, code: str | None = None, **more: Any) -> OrderRecord:
        by, key = more.get("by", self.staff), more.get("key", "")
        point_id = more.get("pickup_point_id", self.point_id)
        now = more.get("now") or clock.now()
        self.bring(order, now)
        code, lines = code or order.pickup_code, more.get("lines")
        return pickup.hand_over(self.tenant_id, order.id, code, point_id, by, key, now, lines)

    def bring(self, order: OrderRecord, now: datetime) -> None:
        """The goods of a locked campaign of the order are at the pickup points; what follows of that does not yet."""
        if order.campaign_id in self.brought:
            return
        campaign = get_campaign(self.tenant_id, order.campaign_id, consistent=True)
        if campaign.status in FROM_LOCK - FROM_PICKUP:
            advancing.advance(self.tenant_id, campaign.id, CampaignStatus.AT_PICKUP, self.staff, now)
            self.brought.add(campaign.id)

    def buckets(self, campaign: CampaignRecord) -> list[StockBucket]:
        return [b for of in campaign_stock.read([campaign], consistent=True).values() for b in of]

    def free(self, campaign: CampaignRecord) -> int:
        return sum(int(bucket.free) for bucket in self.buckets(campaign))

    def orders(self, campaign: CampaignRecord) -> list[OrderRecord]:
        found, cursor = [], None
        while True:
            page = list_orders(self.tenant_id, Filter(campaign_id=campaign.id), 100, cursor)
            found += page.items
            cursor = page.last_key
            if cursor is None:
                return found

    def progress(self, campaign: CampaignRecord) -> tuple[int, int, int, int]:
        """Orders, participants, units and revenue as the campaign's progress has them."""
        found = counted(campaign)
        return found.orders, found.participants, found.units, found.revenue_minor

    def check_stock(self, campaign: CampaignRecord) -> None:
        """I1, I2 and I3: nothing is negative, nothing is lost, what is held and what is sold is what orders
        have that wait or are sold, by bucket, and no order gives back more than it was paid.
        """
        held: dict[str, int] = {}
        sold: dict[str, int] = {}
        for order in self.orders(campaign):
            self.check_money(order)
            for line in order.lines if order.status in OWED and order.origin is None else ():
                _add(sold if order.is_sold else held, line)
            for added in (order.pending or {}).get("added", ()):
                _add(held, Line.from_json(added))
        offered = {goods.offer_id: goods.quantity for goods in campaign.goods}
        for bucket in self.buckets(campaign):
            _, _, offer_id, n = str(bucket.pk).split("#")
            assert bucket.free >= 0
            assert bucket.held == held.get(f"{offer_id}:{n}", 0)
            assert bucket.sold == sold.get(f"{offer_id}:{n}", 0)
            offered[offer_id] -= int(bucket.free + bucket.held + bucket.sold)
        assert set(offered.values()) == {0}

    def check_money(self, order: OrderRecord) -> None:
        """I1: the refunds are what the order says, never more than was paid; what ended keeps nothing unasked."""
        assert sum(self.refunds(order).values()) == order.refunded_minor
        assert 0 <= (order.returned_minor or 0) <= order.refunded_minor <= order.paid_minor
        assert order.kept_minor >= 0
        if order.status == Status.EXPIRED:
            assert order.refundable_minor == 0


def _add(sold: dict[str, int], line: Line) -> None:
    for stock, takes in line.sources:
        assert sum(take.units for take in takes) == line.quantity
        for take in takes:
            name = f"{stock}:{take.bucket}"
            sold[name] = sold.get(name, 0) + take.units


def open_store(
    slug: str = "lilac",
    titles: Sequence[str] = ("Pears", "Eggs", "Oil"),
    locale: str = "zh",
    remembered: Remembering = plainly,
) -> Store:
    """Signs a tenant up. The caller opens its scope before anything else."""
    store = remembered(f"store {slug} {titles} {locale}", lambda: _opened(slug, titles, locale))
    store.remembered = remembered
    return store


def _opened(slug: str, titles: Sequence[str], locale: str) -> Store:
    from chalicelib.db import tenant_scope

    now = clock.now()
    tenant, _ = sign_up(SignUp("Lilac", slug, "owner@lilac.example", "Asia/Shanghai", "CNY", locale), "127.0.0.1", now)
    staff = Principal("staff", tenant.id, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", frozenset({"owner"}), "Owner", slug)
    with tenant_scope(tenant.id):
        leader_id = find_or_create_by_ref(tenant.id, ["leader"], now, None)["leader"].id
        skus = [SkuChange(code=f"C{n}", title=title, price=Money(1_500, "CNY")) for n, title in enumerate(titles)]
        product = create_product(tenant.id, ProductDetails("Autumn", "fruit"), skus, staff, now)
        point = pickup_points.create_pickup_point(
            tenant.id, PickupPointDetails("East gate", "1 Lilac Road", leader_id), staff, now
        )
    return Store(tenant.id, staff, [sku.sku_id for sku in product.skus], point.id, leader_id)
