"""What the catalogue answers. The public views have no field for a cost."""

from collections.abc import Mapping
from typing import Any, Self

from chalicelib.catalog.model.products import Supply
from chalicelib.catalog.model.stock import Kind, Loss
from chalicelib.catalog.records import ProductRecord, SkuRecord, StockEntryRecord
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


class StoreSkuView(View):
    """A SKU as shoppers see it."""

    id: UlidStr
    code: str
    title: str
    price: MoneyField


class SkuView(StoreSkuView):
    """A SKU with what only the team sees."""

    cost: MoneyField | None
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
            supply=Supply(sku.supply), stock=stock_of(sku), product_id=sku.product_id, product_title=sku.product_title,
            after_sale=AfterSaleView.model_validate(sku),
        )  # fmt: skip


class _Product(View):
    id: UlidStr
    title: str
    category: str
    tags: list[str]
    description: str
    images: list[str]
    brand: str
    origin: str
    product_line: str
    after_sale: AfterSaleView


class StoreProductView(_Product):
    """A product as shoppers see it."""

    skus: list[StoreSkuView]

    @classmethod
    def of(cls, product: ProductRecord) -> Self:
        skus = [
            StoreSkuView(
                id=sku.sku_id, code=sku.code, title=sku.title, price=MoneyField.of(sku.price_minor, product.currency)
            )
            for sku in product.skus
        ]
        return cls(**_described(product), skus=skus)


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
                id=sku.sku_id, code=sku.code, title=sku.title, price=MoneyField.of(sku.price_minor, currency),
                cost=_cost(sku.cost_minor, currency), supply=Supply(sku.supply), stock=stock_of(stock.get(sku.sku_id)),
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
    names = ("title", "category", "tags", "description", "images", "brand", "origin", "product_line")
    after_sale = AfterSaleView.model_validate(product)
    return {"id": product.product_id, "after_sale": after_sale, **{name: getattr(product, name) for name in names}}


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
