"""The team is told of campaigns that missed their target, and of series that made no campaign."""

from datetime import date, datetime

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.target import measured
from chalicelib.campaigns.notices.model import (
    SeriesMadeNothing,
    SeriesMissed,
    SeriesNotPublished,
    TargetMissedCancelled,
    TargetMissedExtended,
    TargetMissedLocked,
    days,
    how_far,
)
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.series.records import SeriesRecord
from chalicelib.kernel.principal import SYSTEM
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_team


def tell_extended(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells that a campaign that missed its target takes orders longer; nothing where staff made it longer."""
    campaign = CampaignRecord.at(tenant_id, campaign_id, consistent=True)
    if campaign is None or campaign.extended_at is None or campaign.closes_at is None:
        return
    if (reached := _reached(campaign)) is not None:
        _tell(campaign, TargetMissedExtended(campaign.title, reached, campaign.closes_at), now)


def tell_cancelled(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells that a campaign was cancelled for its target; nothing where staff cancelled it, who know."""
    campaign = CampaignRecord.at(tenant_id, campaign_id, consistent=True)
    if campaign is None or not any((entry["type"], entry["by"]) == ("cancelled", SYSTEM) for entry in campaign.history):
        return
    if (reached := _reached(campaign)) is not None:
        _tell(campaign, TargetMissedCancelled(campaign.title, reached), now)


def tell_locked(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells that a campaign goes ahead although it missed its target."""
    campaign = CampaignRecord.at(tenant_id, campaign_id, consistent=True)
    if campaign is None or campaign.target is None or campaign.totals is None or campaign.status == Status.CANCELLED:
        return
    reached = _reached(campaign)
    if reached is not None and measured(campaign.target, campaign.totals) < campaign.target.value:
        _tell(campaign, TargetMissedLocked(campaign.title, reached), now)


def tell_series(
    tenant_id: str, series_id: str, happened: str, first: date, last: date, why: InWords | None, now: datetime
) -> None:
    """Tells which campaign a series did not make, or not publish, and why; or which it has missed."""
    series = SeriesRecord.fetch(*SeriesRecord.address(tenant_id, series_id), consistent=True)
    if series is None:
        return
    notice: Notice
    if why is None:
        notice = SeriesMissed(series.title, days(first, last))
    else:
        kind = SeriesNotPublished if happened == "not_published" else SeriesMadeNothing
        notice = kind(series.title, last, why)
    tell_team(tenant_id, notice, (series_id, notice.template, f"{last}"), now, subject_id=series_id)


def _reached(campaign: CampaignRecord) -> InWords | None:
    if campaign.target is None or campaign.totals is None:
        return None
    return how_far(campaign.target, campaign.totals, campaign.currency)


def _tell(campaign: CampaignRecord, notice: Notice, now: datetime) -> None:
    tell_team(campaign.tenant_id, notice, (campaign.id, notice.template), now, subject_id=campaign.id)
