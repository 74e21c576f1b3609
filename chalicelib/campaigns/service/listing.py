"""Lists of campaigns: all of them for staff, those on show for shoppers."""

from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.model.campaign import ON_SHOW, Status
from chalicelib.campaigns.records import CampaignRecord, campaign_list, gift_list, past_campaigns, shop_window
from chalicelib.db import Page
from chalicelib.kernel.clock import sortable


def list_campaigns(
    tenant_id: str,
    now: datetime,
    *,
    status: Status | None = None,
    kind: str | None = None,
    limit: int = 20,
    cursor: dict[str, Any] | None = None,
) -> Page[CampaignRecord]:
    """The tenant's campaigns, newest first, by the status that a reader is shown at ``now``."""
    wanted = [_shown_as(status, now)] if status else []
    wanted += [CampaignRecord.kind == kind] if kind else []
    where = None if not wanted else wanted[0] if len(wanted) == 1 else wanted[0] & wanted[1]
    return CampaignRecord.page(
        campaign_list(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True, where=where
    )


def list_on_show(
    tenant_id: str, now: datetime, *, limit: int = 20, cursor: dict[str, Any] | None = None
) -> Page[CampaignRecord]:
    """The campaigns that are open or coming, the next to close first. One query of a sparse index."""
    ahead = (sortable(now) + "~", "~")
    return CampaignRecord.page(shop_window(tenant_id), index="gsi2", between=ahead, limit=limit, cursor=cursor)


def list_gifts_on_show(
    tenant_id: str, now: datetime, *, limit: int = 20, cursor: dict[str, Any] | None = None
) -> Page[CampaignRecord]:
    """The gifts that can be had or are coming, the next to end first."""
    ahead = (sortable(now) + "~", "~")
    shown = CampaignRecord.status.is_in(*sorted(each.value for each in ON_SHOW))
    return CampaignRecord.page(
        gift_list(tenant_id), index="gsi2", between=ahead, limit=limit, cursor=cursor, where=shown
    )  # fmt: skip


def list_gifts(tenant_id: str, *, limit: int = 20, cursor: dict[str, Any] | None = None) -> Page[CampaignRecord]:
    """Every gift, the last to end first."""
    return CampaignRecord.page(gift_list(tenant_id), index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def list_past(tenant_id: str, *, limit: int = 20, cursor: dict[str, Any] | None = None) -> Page[CampaignRecord]:
    """The campaigns that closed and were not cancelled, the last to close first. One query of a sparse index."""
    return CampaignRecord.page(past_campaigns(tenant_id), index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def _shown_as(status: Status, now: datetime) -> Condition:
    """The stored campaigns which :func:`effective_status` shows as ``status`` at ``now``."""
    before_close = CampaignRecord.closes_at > now
    stored = CampaignRecord.status == status.value
    shown: Condition = stored
    if status is Status.OPEN:
        begun = (CampaignRecord.status == Status.SCHEDULED.value) & (CampaignRecord.opens_at <= now)
        shown = (stored | begun) & before_close
    elif status is Status.SCHEDULED:
        shown = stored & before_close & (CampaignRecord.opens_at > now)
    elif status is Status.EXTENDED:
        shown = stored & before_close
    elif status is Status.CLOSING:
        on_show = CampaignRecord.status.is_in(*(each.value for each in ON_SHOW))
        shown = stored | (on_show & (CampaignRecord.closes_at <= now))
    return shown
