"""A brand's rules of prices, what is decided of a product's, and what is known of them, with their keys."""

import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.catalog.model.contents import Content
from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.ids import derived_id
from chalicelib.pricing.model.floors import Floor
from chalicelib.pricing.model.history import Span
from chalicelib.pricing.model.policies import PriceRules
from chalicelib.pricing.model.stages import Stage, week_of
from chalicelib.pricing.model.watching import Incident, Seen

RULES_CHANGED, PRICING_CHANGED, COMPETITOR_SEEN = "prices.rules_changed", "prices.changed", "prices.competitor_seen"
BEGAN, ENDED = "price_alert.began", "price_alert.ended"

MONDAY = 0

WEEK_PARTS = 8
"""A week of a SKU is in parts, since in a rush each of the workers' batches adds to one."""

_DAYS = tuple(f"d{n}" for n in range(7))


class PriceRulesRecord(TenantRecord):
    """What a brand has set of its rules of prices."""

    stored_rules = terms(PriceRules.from_json, attr_name="rules")
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "price-rules"), "price-rules"

    @property
    def rules(self) -> PriceRules:
        return self.stored_rules or PriceRules()


class ProductPricingRecord(TenantRecord):
    """What people have decided of a product's prices: its own floor, None where the brand's holds, and its stage with
    who confirmed it when, and whether they set aside what was suggested.
    """

    floor = terms(Floor.from_json)
    stored_stage = optional(UnicodeAttribute(attr_name="stage", null=True))
    stage_by = optional(UnicodeAttribute(null=True))
    stage_at = optional(InstantAttribute(null=True))
    suggested = optional(UnicodeAttribute(null=True))
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, product_id: str) -> tuple[str, str]:
        """The key of a product's."""
        return key(tenant_id, "product-pricing", product_id), "pricing"

    @classmethod
    def none_yet(cls, tenant_id: str, product_id: str) -> Self:
        """Before anything was decided."""
        return cls(*cls.address(tenant_id, product_id), rev=0)

    @property
    def product_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def stage(self) -> Stage | None:
        return Stage(self.stored_stage) if self.stored_stage else None


class OfferedPriceRecord(TenantRecord):
    """For what a SKU was to be had in a campaign that was open to everybody, from its opening to its close, as far as
    that is known. ``final_minor`` is what all of its buyers paid in the end, where that was less. ``campaign_rev`` is
    the campaign's revision, so that nothing older comes over it. ``reduced`` where it was less than the list price.
    """

    campaign_id = UnicodeAttribute()
    campaign_rev = NumberAttribute()
    title = UnicodeAttribute()
    sku_id = UnicodeAttribute()
    from_at = InstantAttribute()
    until_at = InstantAttribute()
    price_minor = NumberAttribute()
    final_minor = optional(NumberAttribute(null=True))
    reduced = BooleanAttribute(default=False)

    @staticmethod
    def partition(tenant_id: str, product_id: str) -> str:
        """The partition with all of a product, by opening."""
        return key(tenant_id, "offered-prices", product_id)

    @classmethod
    def address(cls, tenant_id: str, product_id: str, campaign_id: str, offer_id: str) -> tuple[str, str]:
        """The key of an offer's: campaigns stand by their creation."""
        return cls.partition(tenant_id, product_id), f"{campaign_id}#{offer_id}"

    @property
    def minor(self) -> int:
        """What everybody could have it for."""
        final = self.final_minor
        return int(self.price_minor) if final is None else min(int(final), int(self.price_minor))

    @property
    def span(self) -> Span:
        """As the rules see it."""
        return Span(self.from_at, self.until_at, self.minor, bool(self.reduced))


class SoldWeekRecord(TenantRecord):
    """A part of the units of a SKU that were sold on each day of a week and kept: seven counters, from Monday on,
    whatever day the brand's weeks begin on. Orders add to it and take from it in place, with the marker of what each
    has added; a part may be below zero.
    """

    d0 = NumberAttribute(default=0)
    d1 = NumberAttribute(default=0)
    d2 = NumberAttribute(default=0)
    d3 = NumberAttribute(default=0)
    d4 = NumberAttribute(default=0)
    d5 = NumberAttribute(default=0)
    d6 = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str, product_id: str) -> str:
        """The partition with all weeks of a product."""
        return key(tenant_id, "sold-weeks", product_id)

    @classmethod
    def address(cls, tenant_id: str, product_id: str, sku_id: str, day: date, part: int) -> tuple[str, str]:
        """The key of a part of the week that a day is in."""
        return cls.partition(tenant_id, product_id), f"{week_of(day, MONDAY)}#{sku_id}#{part}"

    @classmethod
    def adding(cls, units: Iterable[tuple[date, int]]) -> list[Action]:
        """The part of an update in place that adds units to days of its week."""
        return [getattr(cls, _DAYS[day.weekday()]).add(count) for day, count in units]

    @property
    def sku_id(self) -> str:
        return str(self.sk).split("#")[1]

    @property
    def monday(self) -> date:
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @property
    def units(self) -> list[int]:
        """Of each day, from Monday on."""
        return [int(getattr(self, name) or 0) for name in _DAYS]


class CountedOrderRecord(TenantRecord):
    """What an order has added to the weeks of its goods, at which of its revisions: what makes every message about it
    count once. ``units`` is by SKU.
    """

    day = DateAttribute()
    order_rev = NumberAttribute()
    units = JsonAttribute(default=dict)

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key of an order's."""
        return key(tenant_id, "sold-by-order", order_id), "sold"


class CompetitorPriceRecord(TenantRecord):
    """What a competitor asks for a SKU, as somebody of the team saw it on a day. ``gsi1`` lists all of a brand by the
    time of recording, ``gsi2`` those of a product; who looks at a product's prices reads its own partition.
    """

    id = UnicodeAttribute()
    product_id = UnicodeAttribute()
    sku_id = UnicodeAttribute()
    title = UnicodeAttribute()
    competitor = UnicodeAttribute()
    price_minor = NumberAttribute()
    currency = UnicodeAttribute()
    stored_content = optional(JsonAttribute(attr_name="content", null=True))
    link = optional(UnicodeAttribute(null=True))
    seen_on = DateAttribute()
    recorded_at = InstantAttribute()
    recorded_by = UnicodeAttribute()

    @staticmethod
    def partition(tenant_id: str, product_id: str) -> str:
        """The partition with all of a product, by id."""
        return key(tenant_id, "competitor-prices", product_id)

    @classmethod
    def address(cls, tenant_id: str, product_id: str, price_id: str) -> tuple[str, str]:
        """The key of one."""
        return cls.partition(tenant_id, product_id), price_id

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all of a brand."""
        return key(tenant_id, "competitor-prices")

    @staticmethod
    def of_product(tenant_id: str, product_id: str) -> str:
        """The partition of ``gsi2`` with those of a product."""
        return key(tenant_id, "competitor-prices-of", product_id)

    def arrange(self) -> None:
        self.gsi1pk, self.gsi2pk = self.of_tenant(self.tenant_id), self.of_product(self.tenant_id, self.product_id)
        self.gsi1sk = self.gsi2sk = f"{sortable(self.recorded_at)}#{self.id}"

    @property
    def content(self) -> Content | None:
        """What a pack of theirs holds, where that was said."""
        return Content(*self.stored_content) if self.stored_content else None

    @property
    def seen(self) -> Seen:
        """As the rules see it."""
        recorded = f"{sortable(self.recorded_at)}#{self.id}"
        return Seen(self.competitor, int(self.price_minor), self.seen_on, recorded, self.content)


class CompetitorKeyRecord(TenantRecord):
    """Which price was recorded under an Idempotency-Key. ``body_hash`` tells whether another request is the same."""

    product_id = UnicodeAttribute()
    price_id = UnicodeAttribute()
    body_hash = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, idempotency_key: str) -> tuple[str, str]:
        """The key of one."""
        return key(tenant_id, "competitor-price-key", derived_id(idempotency_key)), "key"


class PriceWatchRecord(TenantRecord):
    """The incidents of a product, the open ones first. Each look writes it anew, so that none that saw less comes over
    one that saw more. ``sku_titles`` are those of its SKUs, by id. ``gsi1`` lists the products of a brand that have
    open ones, by the latest that began.
    """

    title = UnicodeAttribute()
    sku_titles = JsonAttribute(default=dict)
    currency = UnicodeAttribute()
    stored_incidents = JsonAttribute(attr_name="incidents", default=list)
    looked_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, product_id: str) -> tuple[str, str]:
        """The key of a product's."""
        return key(tenant_id, "price-watch", product_id), "watch"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with the products that have open incidents."""
        return key(tenant_id, "price-alerts")

    @property
    def product_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def incidents(self) -> list[Incident]:
        return [Incident.from_json(each) for each in self.stored_incidents]

    @incidents.setter
    def incidents(self, incidents: Sequence[Incident]) -> None:
        self.stored_incidents = [each.as_json() for each in incidents]

    def arrange(self) -> None:
        began: list[datetime] = [each.began_at for each in self.incidents if each.ended_at is None]
        self.gsi1pk = self.of_tenant(self.tenant_id) if began else None
        self.gsi1sk = f"{sortable(max(began))}#{self.product_id}" if began else None


def week_part(seed: str) -> int:
    """The part of weeks that a batch of orders adds to."""
    return zlib.crc32(seed.encode()) % WEEK_PARTS
