"""HTTP routes of the lists of products: for the team, and for shoppers."""

from typing import Any

from chalicelib.campaigns.assortment.service import facets_of, list_assortment
from chalicelib.catalog.forms import Filter, ProductFilter, SortedFilter
from chalicelib.catalog.records import ACTIVE, CardRecord
from chalicelib.catalog.service.standings import standings
from chalicelib.catalog.views.lists import CardView, FacetsView, StoreCardView
from chalicelib.db import Page
from chalicelib.web import Call, Paged, Router, anyone, staff

routes = Router(__name__)


@routes.get(
    "/v1/products", allow=staff("manager", "editor", "planner", "service", "analyst"), query=ProductFilter,
    answer=CardView, paged=True, tag="catalogue", summary="List products",
)  # fmt: skip
def list_products(call: Call[None]) -> Paged:
    page = _page(call, call.query.model_dump())
    known = standings(call.tenant_id, [card.product_id for card in page.items])
    return Paged([CardView.of(card, known.get(card.product_id)) for card in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/products", allow=anyone(), query=SortedFilter, answer=StoreCardView, paged=True,
    tag="storefront", summary="Browse a store's products",
)  # fmt: skip
def browse_products(call: Call[None]) -> Paged:
    page = _page(call, {**call.query.model_dump(), "status": ACTIVE})
    known = standings(call.tenant_id, [card.product_id for card in page.items])
    return Paged([StoreCardView.of(card, known.get(card.product_id)) for card in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/products/facets", allow=anyone(), query=Filter, answer=FacetsView, tag="storefront",
    summary="Count a store's products by category, brand, origin, line and tag",
)  # fmt: skip
def count_facets(call: Call[None]) -> FacetsView:
    asked = {**call.query.model_dump(), "status": ACTIVE}
    counted, complete = facets_of(call.tenant_id, asked, asked.pop("available"), call.now)
    return FacetsView.of(counted, complete=complete)


def _page(call: Call[None], asked: dict[str, Any]) -> Page[CardRecord]:
    sort, available = asked.pop("sort"), asked.pop("available")
    return list_assortment(call.tenant_id, asked, sort, available, call.limit, call.cursor, call.now)
