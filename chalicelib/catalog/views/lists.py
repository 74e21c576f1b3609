"""What the catalogue answers of several products: lists, counts by value, a comparison."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from chalicelib.catalog.records import CardRecord, ProductRecord, StandingRecord
from chalicelib.catalog.views.products import StoreProductView, StoreSkuView, UnitPriceView
from chalicelib.catalog.views.ratings import StarsView
from chalicelib.web import Instant, MoneyField, UlidStr, View


class StoreCardView(View):
    """A product in a shopper's list; ``price_from`` is its lowest price, ``rating`` null without a review."""

    id: UlidStr
    title: str
    category: str
    tags: list[str]
    brand: str
    origin: str
    product_line: str
    image: str | None
    price_from: MoneyField
    skus: list[StoreSkuView]
    rating: StarsView | None

    @classmethod
    def of(cls, record: CardRecord, standing: StandingRecord | None = None) -> Self:
        return cls(**_shown(record, standing))


class CardView(StoreCardView):
    """A product in the team's list; costs and stock are in the single product. ``sold`` are units of the last twelve
    weeks.
    """

    status: str
    created_at: Instant
    sold: int

    @classmethod
    def of(cls, record: CardRecord, standing: StandingRecord | None = None) -> Self:
        sold = int(standing.sold) if standing else 0
        return cls(**_shown(record, standing), status=record.status, created_at=record.created_at, sold=sold)


def _shown(record: CardRecord, standing: StandingRecord | None) -> dict[str, Any]:
    currency = record.currency
    skus = [StoreSkuView.shown(sku, currency) for sku in record.card.skus]
    return {
        "id": record.product_id, "title": record.title, "category": record.category, "tags": record.tags,
        "brand": record.brand, "origin": record.origin or "", "product_line": record.product_line,
        "image": record.image or None, "skus": skus,
        "price_from": MoneyField.of(record.card.price_from_minor, currency),
        "rating": StarsView.of(standing.ratings) if standing else None,
    }  # fmt: skip


class FacetView(View):
    """A value, and how many products have it."""

    value: str
    count: int


class FacetsView(View):
    """How many products have each value, the most frequent first, at most fifty. Not ``complete`` where a brand has
    more than 5,000 products: the newest of them were counted.
    """

    category: list[FacetView]
    brand: list[FacetView]
    origin: list[FacetView]
    product_line: list[FacetView]
    tag: list[FacetView]
    complete: bool

    @classmethod
    def of(cls, counted: Mapping[str, list[tuple[str, int]]], *, complete: bool) -> Self:
        values = {
            name: [FacetView(value=value, count=count) for value, count in found] for name, found in counted.items()
        }
        return cls(**values, complete=complete)


class AttributeView(View):
    """One attribute of products that stand side by side, a value for each in their order."""

    name: str
    values: list[MoneyField | UnitPriceView | int | str | list[str] | None]
    differs: bool


class ComparisonView(View):
    """Products side by side, in the order asked for, and in what they differ."""

    products: list[StoreProductView]
    attributes: list[AttributeView]

    @classmethod
    def of(cls, products: Sequence[ProductRecord], known: Mapping[str, StandingRecord]) -> Self:
        """``known`` is how they stand, by id."""
        rows: dict[str, list[Any]] = {
            "price_from": [_price(product, min) for product in products],
            "price_to": [_price(product, max) for product in products],
            "unit_price_from": [_unit_price(product) for product in products],
        }
        rows |= {name: [getattr(product, name) for product in products] for name in _COMPARED}
        rows |= {name: [int(getattr(product, name)) for product in products] for name in _COMPARED_DAYS}
        attributes = [
            AttributeView(name=name, values=values, differs=any(value != values[0] for value in values))
            for name, values in rows.items()
        ]
        return cls(
            products=[StoreProductView.of(product, known.get(product.product_id)) for product in products],
            attributes=attributes,
        )


_COMPARED = ("brand", "origin", "product_line", "category", "tags", "allergens")
_COMPARED_DAYS = ("return_days", "exchange_days", "repair_days")


def _price(product: ProductRecord, which: Callable[[list[int]], int]) -> MoneyField:
    return MoneyField.of(which([sku.price_minor for sku in product.skus]), product.currency)


def _unit_price(product: ProductRecord) -> UnitPriceView | None:
    """The lowest, where all SKUs have one and by the same measure."""
    found = [UnitPriceView.of(sku.price_minor, product.currency, sku.content) for sku in product.skus]
    known = [each for each in found if each is not None]
    if len(known) < len(found) or len({each.per for each in known}) > 1:
        return None
    return min(known, key=lambda each: each.amount.amount_minor)
