"""Which promotions gave everybody a price, and when: such a price is one that goods were to be had for."""

from datetime import datetime, timedelta

from chalicelib.kernel.clock import sortable
from chalicelib.promotions.model.promotion import Run
from chalicelib.promotions.records import PromotionRecord, public_prices

LOOKS_BACK = timedelta(days=180)
"""A reduction that grows without a break is followed back so far."""


def public_runs(tenant_id: str, now: datetime) -> list[Run]:
    """Every time, in the last half year or to come, in which a promotion lowered prices for everybody."""
    span = sortable(now - LOOKS_BACK), "~"
    found = PromotionRecord.every(public_prices(tenant_id), index="gsi2", between=span)
    return [run for promotion in found for run in promotion.runs]
