"""HTTP routes of the catalogue: products and stock for the team, single ones for shoppers; lists are in the campaigns'
assortment, which knows what is on sale."""

from chalicelib.catalog.forms import (
    Adjustment,
    Comparison,
    NewProduct,
    ProductEdit,
    product_details,
    sku_changes,
)
from chalicelib.catalog.model.products import DuplicateSkuCode, InsufficientStock, WrongCurrency
from chalicelib.catalog.service import ledger, products, set_aside
from chalicelib.catalog.service.standings import standings
from chalicelib.catalog.views.lists import ComparisonView
from chalicelib.catalog.views.products import (
    AdjustmentView,
    ProductView,
    SkuStockView,
    StoreProductView,
)
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

_EDITORS = staff("manager", "editor")
_READERS = staff("manager", "editor", "planner", "service", "analyst")


@routes.post(
    "/v1/products", allow=_EDITORS, body=NewProduct, answer=ProductView, status=201, tag="catalogue",
    summary="Create a product", errors=(DuplicateSkuCode, WrongCurrency),
)  # fmt: skip
def create_product(call: Call[NewProduct]) -> Answer:
    details = product_details(call.body)
    product = products.create_product(call.tenant_id, details, sku_changes(call.body.skus), call.principal, call.now)
    return Answer(ProductView.of(product, {}), etag=int(product.rev))


@routes.get(
    "/v1/products/{id}", allow=_READERS, answer=ProductView, tag="catalogue",
    summary="Read a product with its SKUs, costs and stock", errors=(NotFound,),
)  # fmt: skip
def get_product(call: Call[None]) -> Answer:
    product = products.get_product(call.tenant_id, call.path["id"])
    stock = set_aside.get_skus(call.tenant_id, [sku.sku_id for sku in product.skus])
    return Answer(ProductView.of(product, stock), etag=int(product.rev))


@routes.patch(
    "/v1/products/{id}", allow=_EDITORS, body=ProductEdit, answer=ProductView, tag="catalogue",
    summary="Change a product; add and change SKUs", errors=(NotFound, Stale, DuplicateSkuCode, WrongCurrency),
)  # fmt: skip
def edit_product(call: Call[ProductEdit]) -> Answer:
    details = product_details(call.body)
    product = products.edit_product(
        call.tenant_id, call.path["id"], details, sku_changes(call.body.skus), call.if_match, call.principal, call.now
    )
    stock = set_aside.get_skus(call.tenant_id, [sku.sku_id for sku in product.skus])
    return Answer(ProductView.of(product, stock), etag=int(product.rev))


@routes.get(
    "/v1/skus/{id}", allow=_READERS, answer=SkuStockView, tag="catalogue",
    summary="Read a SKU with its stock", errors=(NotFound,),
)  # fmt: skip
def get_sku(call: Call[None]) -> SkuStockView:
    return SkuStockView.of(set_aside.get_sku(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/skus/{id}/adjustments", allow=_EDITORS, body=Adjustment, answer=AdjustmentView, status=201, tag="catalogue",
    summary="Correct a SKU's stock", errors=(NotFound, InsufficientStock, IdempotencyMismatch), idempotency=True,
)  # fmt: skip
def adjust_stock(call: Call[Adjustment]) -> AdjustmentView:
    entry = ledger.adjust_stock(
        call.tenant_id, call.path["id"], call.body.delta, call.body.reason, call.idempotency_key, call.body_hash,
        call.principal, call.now,
    )  # fmt: skip
    return AdjustmentView.of(entry)


@routes.get(
    "/v1/skus/{id}/adjustments", allow=_READERS, answer=AdjustmentView, paged=True, tag="catalogue",
    summary="List the corrections of a SKU's stock, newest first", errors=(NotFound,),
)  # fmt: skip
def list_adjustments(call: Call[None]) -> Paged:
    page = ledger.list_adjustments(call.tenant_id, call.path["id"], call.limit, call.cursor)
    return Paged([AdjustmentView.of(entry) for entry in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/products/compare", allow=anyone(), query=Comparison, answer=ComparisonView, tag="storefront",
    summary="Compare products side by side", errors=(NotFound,),
)  # fmt: skip
def compare_products(call: Call[None]) -> ComparisonView:
    found = products.get_shown(call.tenant_id, call.query.ids)
    return ComparisonView.of(found, standings(call.tenant_id, call.query.ids))


@routes.get(
    "/v1/stores/{slug}/products/{id}", allow=anyone(), answer=StoreProductView, tag="storefront",
    summary="Read a product as shoppers see it", errors=(NotFound,),
)  # fmt: skip
def show_product(call: Call[None]) -> StoreProductView:
    [product] = products.get_shown(call.tenant_id, [call.path["id"]])
    return StoreProductView.of(product, standings(call.tenant_id, [product.product_id]).get(product.product_id))
