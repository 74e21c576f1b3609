"""Promotions are read, one or a list of them."""

from datetime import datetime
from typing import Any

from chalicelib.db import Page
from chalicelib.kernel.errors import NotFound
from chalicelib.promotions.model.promotion import Status
from chalicelib.promotions.records import PromotionRecord, promotion_list


def get_promotion(tenant_id: str, promotion_id: str, *, consistent: bool = False) -> PromotionRecord:
    """A promotion in any state. Raises NotFound."""
    found = PromotionRecord.fetch(*PromotionRecord.address(tenant_id, promotion_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such promotion.", detail_zh="该促销不存在。")
    return found


def list_promotions(
    tenant_id: str, status: Status | None, now: datetime, *, limit: int = 20, cursor: dict[str, Any] | None = None
) -> Page[PromotionRecord]:
    """The tenant's promotions, newest first: those of a state at ``now``, or all. Where few are of that state, a page
    may be short and still have a next one.
    """
    return PromotionRecord.page(
        promotion_list(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True,
        keep=(lambda each: each.shown_status(now) is status) if status else None,
    )  # fmt: skip
