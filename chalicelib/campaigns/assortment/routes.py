"""HTTP routes of the lists of products: for the team, and for shoppers."""

from typing import Any

from chalicelib.campaigns.assortment.service import list_assortment
from chalicelib.catalog.forms import ProductFilter, StoreFilter
from chalicelib.catalog.records import ACTIVE, CardRecord
from chalicelib.catalog.views.products import CardView, StoreCardView
from chalicelib.db import Page
from chalicelib.web import Call, Paged, Router, anyone, staff

routes = Router(__name__)


@routes.get(
    "/v1/products", allow=staff("manager", "editor", "planner", "service", "analyst"), query=ProductFilter,
    answer=CardView, paged=True, tag="catalogue", summary="List products",
)  # fmt: skip
def list_products(call: Call[None]) -> Paged:
    page = _page(call, call.query.model_dump())
    return Paged([CardView.of(card) for card in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/products", allow=anyone(), query=StoreFilter, answer=StoreCardView, paged=True,
    tag="storefront", summary="Browse a store's products",
)  # fmt: skip
def browse_products(call: Call[None]) -> Paged:
    page = _page(call, {**call.query.model_dump(), "status": ACTIVE})
    return Paged([StoreCardView.of(card) for card in page.items], page.last_key)


def _page(call: Call[None], asked: dict[str, Any]) -> Page[CardRecord]:
    sort, available = asked.pop("sort"), asked.pop("available")
    return list_assortment(call.tenant_id, asked, sort, available, call.limit, call.cursor, call.now)
