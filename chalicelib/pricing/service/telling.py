"""The team hears once that a price needs a look, and once that it does not any more."""

from datetime import datetime

from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.kernel.money import Money
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_team
from chalicelib.pricing.model.notices import (
    CompetitorIsCheaper,
    CompetitorNoCheaper,
    PriceAboveFloor,
    PriceBelowFloor,
)
from chalicelib.pricing.model.policies import percent
from chalicelib.pricing.model.watching import Finding, Kind
from chalicelib.pricing.service.watching import get_watch
from chalicelib.tenancy import brand_of


def tell_began(tenant_id: str, product_id: str, incident_id: str, now: datetime) -> None:
    """Tells that an incident has begun, with its figures as they are by now."""
    _tell(tenant_id, product_id, incident_id, now, over=False)


def tell_ended(tenant_id: str, product_id: str, incident_id: str, now: datetime) -> None:
    """Tells that an incident is over."""
    _tell(tenant_id, product_id, incident_id, now, over=True)


def _tell(tenant_id: str, product_id: str, incident_id: str, now: datetime, *, over: bool) -> None:
    watch = get_watch(tenant_id, product_id)
    incident = next((each for each in watch.incidents if each.id == incident_id), None) if watch else None
    if watch is None or incident is None:
        return
    finding = incident.finding
    sku = get_skus(tenant_id, [finding.sku_id]).get(finding.sku_id)
    goods = sku.full_title if sku else str(watch.title)
    told = _notice(finding, brand_of(tenant_id).name, goods, watch.currency, over=over)
    tell_team(tenant_id, told, (incident_id, told.template), now, subject_id=product_id)


def _notice(found: Finding, brand: str, goods: str, currency: str, *, over: bool) -> Notice:
    if found.kind is Kind.BELOW_FLOOR:
        if over:
            return PriceAboveFloor(brand, goods)
        return PriceBelowFloor(brand, goods, Money(found.ours_minor, currency), Money(found.theirs_minor, currency))
    if over:
        return CompetitorNoCheaper(brand, goods, found.competitor)
    theirs, ours = Money(found.theirs_minor, currency), Money(found.ours_minor, currency)
    return CompetitorIsCheaper(brand, goods, found.competitor, theirs, ours, percent(found.below_bps))
