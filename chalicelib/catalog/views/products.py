"""What the catalogue answers. The public views have no field for a cost."""

from collections.abc import Mapping
from typing import Any, Self

from chalicelib.catalog.model.contents import Allergen, Content, Unit, unit_price
from chalicelib.catalog.model.listing import CardSku
from chalicelib.catalog.model.products import Sku, Supply
from chalicelib.catalog.model.stock import Kind, Loss
from chalicelib.catalog.records import ProductRecord, SkuRecord, StandingRecord, StockEntryRecord
from chalicelib.catalog.views.ratings import RatingView
from chalicelib.kernel.percent import rate_text
from chalicelib.web import Instant, MoneyField, UlidStr, View


class StockView(View):
    """Units of a SKU on the shelf; ``allocated`` units are set aside for campaigns. None was ever there until it is
    ``tracked``.
    """

    tracked: bool
    free: int
    allocated: int


class AfterSaleView(View):
    """For how many days after pickup each is granted; 0 means it is not offered."""

    return_days: int
    exchange_days: int
    repair_days: int


class ContentView(View):
    """How much of it one unit of a SKU holds."""

    quantity: str
    unit: Unit


class UnitPriceView(View):
    """What a kilogram, a litre, a metre or a piece costs: computed exactly, then rounded half up to a minor unit."""

    amount: MoneyField
    per: Unit

    @classmethod
    def of(cls, price_minor: int, currency: str, content: Content | None) -> Self | None:
        found = unit_price(price_minor, content)
        return cls(amount=MoneyField.of(found.amount_minor, currency), per=Unit(found.per)) if found else None


class StoreSkuView(View):
    """A SKU as shoppers see it. ``content`` and ``unit_price`` are null where the brand has not said how much it holds,
    the latter also where a minor unit is too coarse to say it.
    """

    id: UlidStr
    code: str
    title: str
    price: MoneyField
    content: ContentView | None
    unit_price: UnitPriceView | None

    @classmethod
    def shown(cls, sku: Sku | CardSku, currency: str) -> "StoreSkuView":
        """For shoppers, whatever else is known of it."""
        return StoreSkuView(**_of_sku(sku, currency))


def _of_sku(sku: Sku | CardSku, currency: str) -> dict[str, Any]:
    return {
        "id": sku.sku_id, "code": sku.code, "title": sku.title, "price": MoneyField.of(sku.price_minor, currency),
        "content": _content(sku.content),
        "unit_price": UnitPriceView.of(sku.price_minor, currency, sku.content),
    }  # fmt: skip


def _content(content: Content | None) -> ContentView | None:
    return ContentView(quantity=content.quantity, unit=Unit(content.unit)) if content else None


class SkuView(StoreSkuView):
    """A SKU with what only the team sees. ``tax_rate`` is its own, in per cent; null where that of your settings is."""

    cost: MoneyField | None
    tax_rate: str | None
    supply: Supply
    stock: StockView


class SkuStockView(SkuView):
    """A SKU on its own."""

    product_id: UlidStr
    product_title: str
    status: str
    after_sale: AfterSaleView

    @classmethod
    def of(cls, sku: SkuRecord) -> Self:
        return cls(
            id=sku.sku_id, code=sku.code, title=sku.title, status=sku.status,
            price=MoneyField.of(int(sku.price_minor), sku.currency), cost=_cost(sku.cost, sku.currency),
            content=_content(sku.content), unit_price=UnitPriceView.of(int(sku.price_minor), sku.currency, sku.content),
            tax_rate=rate_text(sku.tax_bps), supply=Supply(sku.supply), stock=stock_of(sku),
            product_id=sku.product_id, product_title=sku.product_title,
            after_sale=AfterSaleView.model_validate(sku),
        )  # fmt: skip


class _Product(View):
    """``allergens`` is null where the brand has said nothing of them, and empty where there are none."""

    id: UlidStr
    title: str
    category: str
    tags: list[str]
    description: str
    images: list[str]
    image_alts: dict[str, str]
    brand: str
    origin: str
    product_line: str
    after_sale: AfterSaleView
    allergens: list[Allergen] | None
    allergen_note: str
    how_to_use: str
    cautions: str
    video_url: str


class StoreProductView(_Product):
    """A product as shoppers see it; ``rating`` is null without a review."""

    skus: list[StoreSkuView]
    rating: RatingView | None

    @classmethod
    def of(cls, product: ProductRecord, standing: StandingRecord | None = None) -> Self:
        skus = [StoreSkuView.shown(sku, product.currency) for sku in product.skus]
        return cls(**_described(product), skus=skus, rating=RatingView.of(standing.ratings) if standing else None)


class ProductView(_Product):
    """A product as the team sees it."""

    status: str
    skus: list[SkuView]
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, product: ProductRecord, stock: Mapping[str, SkuRecord]) -> Self:
        """``stock`` holds the SKU records by id; a SKU that is not in it is new, so not tracked."""
        currency = product.currency
        skus = [
            SkuView(
                **_of_sku(sku, currency),
                cost=_cost(sku.cost_minor, currency), tax_rate=rate_text(sku.tax_bps), supply=Supply(sku.supply),
                stock=stock_of(stock.get(sku.sku_id)),
            )
            for sku in product.skus
        ]  # fmt: skip
        return cls(
            **_described(product), status=product.status, skus=skus,
            created_at=product.created_at, updated_at=product.updated_at,
        )  # fmt: skip


def _cost(cost_minor: int | None, currency: str) -> MoneyField | None:
    return None if cost_minor is None else MoneyField.of(cost_minor, currency)


def _described(product: ProductRecord) -> dict[str, Any]:
    names = (
        "title", "category", "tags", "description", "images", "brand", "origin", "product_line", "allergens",
        "allergen_note", "how_to_use", "cautions", "video_url",
    )  # fmt: skip
    after_sale = AfterSaleView.model_validate(product)
    said = {name: getattr(product, name) for name in names}
    return {"id": product.product_id, "after_sale": after_sale, "image_alts": product.image_alts or {}, **said}


def stock_of(sku: SkuRecord | None) -> StockView:
    """A SKU's stock; that of a SKU never stocked without a record."""
    if sku is None:
        return StockView(tracked=False, free=0, allocated=0)
    return StockView(tracked=sku.tracked, free=int(sku.free), allocated=int(sku.allocated))


class AdjustmentView(View):
    """A correction in a SKU's stock ledger; ``free`` is what was free after it, ``by`` who made it."""

    id: UlidStr
    sku_id: UlidStr
    delta: int
    reason: str
    free: int
    at: Instant
    by: str

    @classmethod
    def of(cls, entry: StockEntryRecord) -> Self:
        return cls(
            id=entry.entry_id, sku_id=entry.sku_id, delta=int(entry.delta), reason=entry.reason,
            free=int(entry.free_after), at=entry.at, by=entry.by,
        )  # fmt: skip


class MovementView(View):
    """An entry of a SKU's stock ledger: ``delta`` units of free stock came or went; the sum of all is what is free.

    ``cause`` names what moved them, such as a campaign; ``free`` is what was free afterwards, where the entry knows.
    """

    id: UlidStr
    sku_id: UlidStr
    kind: Kind
    delta: int
    reason: str
    loss: Loss | None
    cause: str | None
    free: int | None
    at: Instant
    by: str

    @classmethod
    def of(cls, entry: StockEntryRecord) -> Self:
        return cls(
            id=entry.entry_id, sku_id=entry.sku_id, kind=Kind(entry.kind), delta=int(entry.delta), reason=entry.reason,
            loss=Loss(entry.loss) if entry.loss else None, cause=entry.cause, at=entry.at, by=entry.by,
            free=entry.known_free,
        )  # fmt: skip
