"""How many units of a product were sold and kept, by SKU and local day."""

from collections.abc import Mapping
from datetime import date, timedelta

from chalicelib.pricing.model.stages import WEEKS_LOOKED_AT, week_of
from chalicelib.pricing.records import MONDAY, SoldWeekRecord

BySku = Mapping[str, Mapping[date, int]]
"""Units of local days, by SKU; days without any may be left out."""


def sold_days(tenant_id: str, product_id: str, today: date) -> BySku:
    """The units of the last year, in one request for most products."""
    first = week_of(today, MONDAY) - timedelta(weeks=WEEKS_LOOKED_AT + 1)
    span = f"{first}", "~"
    found: dict[str, dict[date, int]] = {}
    for week in SoldWeekRecord.every(SoldWeekRecord.partition(tenant_id, product_id), between=span):
        days = found.setdefault(week.sku_id, {})
        for n, units in enumerate(week.units):
            if units:
                day = week.monday + timedelta(days=n)
                days[day] = days.get(day, 0) + units
    return found


def together(by_sku: BySku) -> dict[date, int]:
    """The units of all SKUs, by day."""
    days: dict[date, int] = {}
    for each in by_sku.values():
        for day, units in each.items():
            days[day] = days.get(day, 0) + units
    return days
