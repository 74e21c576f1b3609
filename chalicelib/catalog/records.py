"""Products, the cards that list them, SKUs with their stock, the codes taken, the stock ledger: with their keys."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.catalog.model.contents import Content
from chalicelib.catalog.model.listing import Card, CardSku
from chalicelib.catalog.model.prices import PriceChange
from chalicelib.catalog.model.products import EXCHANGE_DAYS, REPAIR_DAYS, RETURN_DAYS, Sku, Supply
from chalicelib.catalog.model.ratings import Ratings
from chalicelib.catalog.model.stock import Kind, Movement
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.folding import fold

ACTIVE, ARCHIVED = "active", "archived"
_TITLE_BYTES = 900
"""A sort key holds 1,024 bytes; the product's id follows the title."""


class ProductRecord(TenantRecord):
    """A product with all its SKUs, private cost included. Lists are read from the cards, never from here.

    ``return_days``, ``exchange_days`` and ``repair_days`` count from the pickup; 0 means not offered.
    ``allergens`` is absent where nothing is said of them, and empty where there are none. ``image_alts`` has the
    alternative texts of pictures by their addresses. ``brought_rev`` is the revision at which one that was brought in
    still is as it was then (1 where it is absent), ``leaving_with`` the job that is about to take it back.
    """

    product_id = UnicodeAttribute()
    title = UnicodeAttribute()
    category = UnicodeAttribute(default="")
    tags = JsonAttribute(default=list)
    description = UnicodeAttribute(default="")
    images = JsonAttribute(default=list)
    image_alts = optional(JsonAttribute(null=True))
    brand = UnicodeAttribute(default="")
    origin = UnicodeAttribute(default="")
    product_line = UnicodeAttribute(default="")
    status = UnicodeAttribute()
    currency = UnicodeAttribute()
    sku_rows = JsonAttribute()
    return_days = NumberAttribute(default=RETURN_DAYS)
    exchange_days = NumberAttribute(default=EXCHANGE_DAYS)
    repair_days = NumberAttribute(default=REPAIR_DAYS)
    allergens = JsonAttribute(null=True)
    allergen_note = UnicodeAttribute(default="")
    how_to_use = UnicodeAttribute(default="")
    cautions = UnicodeAttribute(default="")
    video_url = UnicodeAttribute(default="")
    brought_rev = optional(NumberAttribute(null=True))
    leaving_with = optional(UnicodeAttribute(null=True))
    created_at = InstantAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, product_id: str) -> tuple[str, str]:
        """Where a product is kept."""
        return key(tenant_id, "product", product_id), "product"

    @property
    def untouched(self) -> bool:
        """Whether nobody has changed one that was brought in."""
        return int(self.rev) == int(self.brought_rev or 1)

    def stays_untouched(self) -> None:
        """Notes that the coming write is none of somebody's who works with it."""
        if self.untouched:
            self.brought_rev = int(self.rev) + 1

    @property
    def skus(self) -> list[Sku]:
        """The product's SKUs, in the order in which they were added."""
        return [Sku.from_json(row) for row in self.sku_rows]

    @skus.setter
    def skus(self, skus: Sequence[Sku]) -> None:
        self.sku_rows = [sku.to_json() for sku in skus]


class CardRecord(TenantRecord):
    """A product's card in the tenant's list.

    The table itself sorts cards by product id, which is by creation; while the product is active, ``gsi1`` sorts by
    lowest price and ``gsi2`` by title. So every order a shopper may ask for is one query, and no list reads a cost.
    ``origin`` is absent where the card was last written before cards had it.
    """

    product_id = UnicodeAttribute()
    title = UnicodeAttribute()
    category = UnicodeAttribute()
    tags = JsonAttribute()
    brand = UnicodeAttribute()
    image = UnicodeAttribute()
    status = UnicodeAttribute()
    currency = UnicodeAttribute()
    sku_rows = JsonAttribute()
    """Of each SKU: id, code, title, price in minor units and, where it is stated, quantity and unit of its content."""
    origin = optional(UnicodeAttribute(null=True))
    product_line = UnicodeAttribute(default="")
    created_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, product_id: str) -> tuple[str, str]:
        """Where a card is kept."""
        return key(tenant_id, "shelf"), product_id

    @staticmethod
    def partition(tenant_id: str, index: str | None) -> str:
        """The partition that lists the tenant's cards in the table (by creation) or an index (active ones only)."""
        return key(tenant_id, {None: "shelf", "gsi1": "shelf-price", "gsi2": "shelf-title"}[index])

    @classmethod
    def of(cls, product: ProductRecord) -> "CardRecord":
        """The card of a product as it now is."""
        tenant_id, product_id = product.tenant_id, str(product.product_id)
        pk, sk = cls.address(tenant_id, product_id)
        return cls(
            pk, sk, product_id=product_id, title=product.title, category=product.category, tags=product.tags,
            brand=product.brand, image=product.images[0] if product.images else "", status=product.status,
            currency=product.currency, created_at=product.created_at, origin=product.origin,
            product_line=product.product_line,
            sku_rows=[_row(sku) for sku in product.skus],
        )  # fmt: skip

    def arrange(self) -> None:
        if self.status != ACTIVE:
            self.gsi1pk = self.gsi1sk = self.gsi2pk = self.gsi2sk = None
            return
        self.gsi1pk, self.gsi2pk = (self.partition(self.tenant_id, index) for index in ("gsi1", "gsi2"))
        self.gsi1sk = f"{self.card.price_from_minor:016d}#{self.product_id}"
        self.gsi2sk = f"{self.sorted_by(self.title)}{self.product_id}"

    @staticmethod
    def sorted_by(title: str) -> str:
        """With what the sort key of a title begins."""
        # A tab sorts below every printable character, so that "Tea" comes before "Tea pot".
        return f"{_sortable(title)}\t"

    @property
    def card(self) -> Card:
        """What filters look at."""
        return Card(
            self.product_id, self.title, self.category, tuple(self.tags), self.brand, self.image, self.status,
            tuple(_of_row(row) for row in self.sku_rows), self.origin or "", self.product_line,
        )  # fmt: skip


RECOUNT_DUE = "product.sales_due"
"""That sales of a product are to be counted again."""


class StandingRecord(TenantRecord):
    """How a product stands with those who buy it: what its reviews say and, in the last weeks, the units ``sold``.

    There is one once somebody has reviewed or ordered it. ``gsi1`` sorts those with a review by their stars, ``gsi2``
    those with sales by these, whether the shop shows them or not. ``counts_at`` is when sales are counted again.
    """

    product_id = UnicodeAttribute()
    stored_ratings = optional(JsonAttribute(attr_name="ratings", null=True))
    sold = NumberAttribute(default=0)
    counts_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, product_id: str) -> tuple[str, str]:
        """The key, one for each product."""
        return key(tenant_id, "standing", product_id), "standing"

    @staticmethod
    def partition(tenant_id: str, index: str) -> str:
        """The partition that lists them in an index, the worst first."""
        return key(tenant_id, {"gsi1": "shelf-rating", "gsi2": "shelf-sales"}[index])

    @classmethod
    def new(cls, tenant_id: str, product_id: str) -> "StandingRecord":
        """Of a product of which nothing is known yet."""
        return cls(*cls.address(tenant_id, product_id), product_id=product_id)

    @property
    def ratings(self) -> Ratings:
        return Ratings.from_json(self.stored_ratings)

    @ratings.setter
    def ratings(self, ratings: Ratings) -> None:
        self.stored_ratings = ratings.as_json()

    def stands_in(self, index: str) -> bool:
        """Whether that index lists it."""
        return bool(self.ratings.count if index == "gsi1" else self.sold)

    def arrange(self) -> None:
        self.gsi1pk = self.gsi1sk = self.gsi2pk = self.gsi2sk = None
        if self.stands_in("gsi1"):
            ratings = self.ratings
            self.gsi1pk = self.partition(self.tenant_id, "gsi1")
            self.gsi1sk = f"{ratings.weight:06d}#{ratings.count:012d}#{self.product_id}"
        if self.stands_in("gsi2"):
            self.gsi2pk = self.partition(self.tenant_id, "gsi2")
            self.gsi2sk = f"{int(self.sold):016d}#{self.product_id}"
        self.schedule(self.counts_at, RECOUNT_DUE, "service")


def _row(sku: Sku) -> list[Any]:
    return [sku.sku_id, sku.code, sku.title, sku.price_minor, *_content_row(sku.content)]


def _content_row(content: Content | None) -> list[str]:
    return [content.quantity, content.unit] if content else []


def _of_row(row: Sequence[Any]) -> CardSku:
    sku_id, code, title, price_minor, *content = row
    return CardSku(sku_id, code, title, price_minor, Content(*content) if content else None)


def _sortable(title: str) -> str:
    """The folded title, cut to what a sort key holds: one character may fold into many."""
    return fold(title).encode()[:_TITLE_BYTES].decode(errors="ignore")


class SkuRecord(TenantRecord):
    """A SKU with its stock. ``free`` and ``allocated`` hold only once ``tracked``; ``free`` is the ledger's sum.
    ``supply`` is where a campaign's units come from.

    Once it is tracked, ``gsi1`` lists it among the tenant's stocked SKUs. ``brought_as`` is what it was, and when, if
    it was brought in beside SKUs that stood.

    The after-sale days repeat the product's, so that an offer can copy them.
    """

    sku_id = UnicodeAttribute()
    product_id = UnicodeAttribute()
    code = UnicodeAttribute()
    title = UnicodeAttribute()
    product_title = UnicodeAttribute()
    price_minor = NumberAttribute()
    cost_minor = NumberAttribute(null=True)
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    return_days = NumberAttribute(default=RETURN_DAYS)
    exchange_days = NumberAttribute(default=EXCHANGE_DAYS)
    repair_days = NumberAttribute(default=REPAIR_DAYS)
    supply = UnicodeAttribute(default=Supply.BOTH.value)
    stored_content = JsonAttribute(attr_name="content", null=True)
    tax_bps = optional(NumberAttribute(attr_name="tax", null=True))
    brought_as = JsonAttribute(null=True)
    tracked = BooleanAttribute(default=False)
    free = NumberAttribute(default=0)
    allocated = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, sku_id: str) -> tuple[str, str]:
        """Where a SKU is kept."""
        return key(tenant_id, "sku", sku_id), "sku"

    @property
    def full_title(self) -> str:
        """The product and its variant; a product with one nameless variant is called by its own title."""
        return self.product_title if self.title in ("", self.product_title) else f"{self.product_title} · {self.title}"

    @property
    def cost(self) -> int | None:
        """The cost in minor units, or None where the tenant stated none."""
        stored: Any = self.cost_minor
        return None if stored is None else int(stored)

    @property
    def content(self) -> Content | None:
        """How much of it one unit holds; None where the tenant has not said."""
        return Content(*self.stored_content) if self.stored_content else None

    @classmethod
    def of(cls, product: ProductRecord, sku: Sku) -> "SkuRecord":
        """A new SKU of a product, its stock not yet tracked."""
        pk, sk = cls.address(product.tenant_id, sku.sku_id)
        return cls(
            pk, sk, sku_id=sku.sku_id, product_id=product.product_id, code=sku.code, title=sku.title,
            product_title=product.title, price_minor=sku.price_minor, cost_minor=sku.cost_minor,
            currency=product.currency, status=product.status, return_days=product.return_days,
            exchange_days=product.exchange_days, repair_days=product.repair_days, supply=sku.supply,
            stored_content=_content_row(sku.content) or None, tax_bps=sku.tax_bps,
        )  # fmt: skip


class PriceChangeRecord(TenantRecord):
    """What SKUs of a product cost from an instant on, and before it, in the shop and to the brand: written with each
    change of theirs and never changed. SKUs that were new then are not in it.
    """

    product_id = UnicodeAttribute()
    at = InstantAttribute()
    stored_changes = JsonAttribute(attr_name="changes")

    @staticmethod
    def partition(tenant_id: str, product_id: str) -> str:
        """The partition with all changes of a product, by time."""
        return key(tenant_id, "price-changes", product_id)

    @classmethod
    def of(cls, product: ProductRecord, changes: Sequence[PriceChange]) -> "PriceChangeRecord":
        """The changes that a product's present revision made; they tell those who watch prices."""
        tenant_id, product_id, at = product.tenant_id, str(product.product_id), product.updated_at
        place = cls.partition(tenant_id, product_id), f"{sortable(at)}#{int(product.rev):09d}"
        made = cls(*place, product_id=product_id, at=at, stored_changes=[list(astuple(each)) for each in changes])
        made.emit("product.priced", at, product_id=product_id)
        return made

    @property
    def changes(self) -> list[PriceChange]:
        """Of each SKU that changed."""
        return [PriceChange(*each) for each in self.stored_changes]


class CodeRecord(TenantRecord):
    """The claim of a SKU code: while it stands, no other SKU of the tenant takes the code."""

    sku_id = UnicodeAttribute()
    product_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, folded_code: str) -> tuple[str, str]:
        """Where the claim of a code (folded) is kept."""
        return key(tenant_id, "sku-code", folded_code), "claim"

    @classmethod
    def of(cls, tenant_id: str, folded_code: str, sku_id: str, product_id: str) -> "CodeRecord":
        """A new claim."""
        pk, sk = cls.address(tenant_id, folded_code)
        return cls(pk, sk, sku_id=sku_id, product_id=product_id)


class StockEntryRecord(TenantRecord):
    """One change of a SKU's free stock: a line of its ledger, never changed, and the marker of its cause.

    ``free_after`` is what was free after it, where the write knew; ``loss`` what became of wasted units.
    """

    entry_id = UnicodeAttribute()
    sku_id = UnicodeAttribute()
    kind = UnicodeAttribute(default=Kind.ADJUSTMENT.value)
    delta = NumberAttribute()
    reason = UnicodeAttribute()
    cause = UnicodeAttribute(null=True)
    loss = UnicodeAttribute(null=True)
    free_after = NumberAttribute(null=True)
    at = InstantAttribute()
    by = UnicodeAttribute()
    body_hash = UnicodeAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, sku_id: str, entry_id: str) -> tuple[str, str]:
        """Where an entry is kept: with its SKU."""
        return key(tenant_id, "sku", sku_id), f"entry#{entry_id}"

    @staticmethod
    def partition(tenant_id: str, sku_id: str) -> str:
        """The partition of ``gsi1`` that lists a SKU's entries by time."""
        return key(tenant_id, "sku-entries", sku_id)

    @staticmethod
    def journal(tenant_id: str) -> str:
        """The partition of ``gsi2`` that lists the entries of all SKUs by time."""
        return key(tenant_id, "stock-entries")

    def arrange(self) -> None:
        self.gsi1pk, self.gsi2pk = self.partition(self.tenant_id, self.sku_id), self.journal(self.tenant_id)
        self.gsi1sk = self.gsi2sk = f"{sortable(self.at)}#{self.entry_id}"

    @property
    def known_free(self) -> int | None:
        """What was free after it; None where the write did not know."""
        stored: Any = self.free_after
        return None if stored is None else int(stored)

    @property
    def movement(self) -> Movement:
        """The entry as the rules see it."""
        return Movement(Kind(self.kind), int(self.delta))


def stocked_skus(tenant_id: str) -> str:
    """The gsi1 partition of the SKUs whose stock is tracked, by id."""
    return key(tenant_id, "stocked-skus")
