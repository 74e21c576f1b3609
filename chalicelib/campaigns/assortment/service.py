"""Lists of products, by what they are and by whether they can be had now."""

from datetime import datetime
from typing import Any, Literal

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.records import CampaignRecord, shop_window
from chalicelib.catalog.model.listing import Wanted
from chalicelib.catalog.records import CardRecord
from chalicelib.catalog.service.listing import count_facets, list_products, skus_in_stock
from chalicelib.catalog.service.standings import SORTS, list_by_standing, standing_so
from chalicelib.db import Page
from chalicelib.kernel.clock import sortable

Available = Literal["on_sale", "in_stock"]


def list_assortment(
    tenant_id: str,
    asked: dict[str, Any],
    sort: str,
    available: Available | None,
    limit: int,
    cursor: dict[str, Any] | None,
    now: datetime,
) -> Page[CardRecord]:
    """Products that pass a filter (the arguments of ``Wanted.asked``, ``min_rating`` and ``min_sold``), in the order
    asked for. Which can be had is looked up anew for each page. Raises Invalid for a range of prices that is upside
    down.
    """
    wanted = _wanted(tenant_id, asked, available, now)
    listed = list_by_standing if sort in SORTS else list_products
    return listed(tenant_id, wanted, sort, limit, cursor)


def facets_of(
    tenant_id: str, asked: dict[str, Any], available: Available | None, now: datetime
) -> tuple[dict[str, list[tuple[str, int]]], bool]:
    """How many products of such a list have each category, brand, origin, line and tag; and whether all were counted.

    Raises Invalid for a range of prices that is upside down.
    """
    return count_facets(tenant_id, _wanted(tenant_id, asked, available, now))


def skus_on_sale(tenant_id: str, now: datetime) -> frozenset[str]:
    """The SKUs that campaigns offer which take orders at ``now``, by id. One query of a sparse index."""
    ahead = (sortable(now) + "~", "~")
    return frozenset(
        goods.sku_id
        for campaign in CampaignRecord.every(shop_window(tenant_id), index="gsi2", between=ahead)
        if campaign.shown_status(now) in ACCEPTING and campaign.closed_early_at is None
        for goods in campaign.goods
    )


def _wanted(tenant_id: str, asked: dict[str, Any], available: Available | None, now: datetime) -> Wanted:
    asked = dict(asked)
    least = asked.pop("min_rating", None), asked.pop("min_sold", None)
    if any(each is not None for each in least):
        asked["product_ids"] = standing_so(tenant_id, *least)
    if available is None:
        return Wanted.asked(**asked)
    sku_ids = skus_on_sale(tenant_id, now) if available == "on_sale" else skus_in_stock(tenant_id)
    return Wanted.asked(**asked, sku_ids=sku_ids)
