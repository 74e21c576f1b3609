"""A member hears of another tier."""

from datetime import datetime

from chalicelib.loyalty.tiers.model.notices import TierEnded, TierLowered, TierReached
from chalicelib.loyalty.tiers.service.setting import get_tiers
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_member
from chalicelib.tenants.service.brand import get_tenant


def tell_tier(
    tenant_id: str, member_id: str, tier: str | None, before: str | None, event_id: str, now: datetime, *, rose: bool
) -> None:
    """Tells which tier the member has now, once for each change. A tier that the brand has no more by now is not
    spoken of.
    """
    tiers, _ = get_tiers(tenant_id)
    now_has, had = tiers.named(tier), tiers.named(before)
    brand = get_tenant(tenant_id).name
    notice: Notice
    if now_has and (rose or had is None):
        notice = TierReached(brand, now_has.title)
    elif now_has and had:
        notice = TierLowered(brand, now_has.title, had.title)
    elif had:
        notice = TierEnded(brand, had.title)
    else:
        return
    tell_member(tenant_id, member_id, notice, ("tier", event_id), now, subject_id=member_id)
