"""Making a series' next campaign when its time has come: once, however often the message comes."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import cast

from chalicelib.campaigns.model.campaign import Status, has_come
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.series.model.recurrence import Occurrence, occurrences
from chalicelib.campaigns.series.records import ACTIVE, SeriesRecord
from chalicelib.campaigns.service.planning import create_campaign, publish_campaign
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.errors import Conflict, DomainError, Invalid, NotFound
from chalicelib.kernel.principal import SYSTEM, Kind, Principal

_FAULTS = (Invalid, Conflict, NotFound)
"""Faults of the template or its goods, which would be refused again: they are noted, and the next day is planned."""


def make_next(tenant_id: str, series_id: str, now: datetime) -> None:
    """Makes the campaign that is due, publishes it if the series says so, and plans the one after it.

    Campaigns whose windows have passed altogether, since no worker was there, are noted as missed; one whose opening
    has passed opens at once. What cannot be drafted or published is noted with its reason. Where the series is changed
    meanwhile, the campaign that is due then may be made already, and is found so.
    """

    def decide(series: SeriesRecord | None, tx: Transaction) -> None:
        if series is None or series.status != ACTIVE or series.next_on is None or not has_come(series.due_at, now):
            return
        coming = next(occurrences(series.rule, series.zone, series.next_on))
        if coming.closes_at <= now:
            _miss(series, now)
        else:
            happened, why = _make(series, coming, now)
            made = series.campaign_id(coming.on) if happened != "failed" else None
            series.made = int(series.made) + (made is not None)
            refusal = {"code": why.code, "detail": why.detail} if why else {}
            series.note(happened, now, SYSTEM, on=coming.on.isoformat(), campaign_id=made, **refusal)
            if why is not None:
                series.fail(happened, now, coming.on, coming.on, why={"en": why.detail, "zh": why.detail_zh})
            series.advance(coming.on, now)
        tx.replace("series", series)

    change(partial(SeriesRecord.fetch, *SeriesRecord.address(tenant_id, series_id), consistent=True), decide)


def _miss(series: SeriesRecord, now: datetime) -> None:
    """Notes what went by altogether; the next message makes what is open or ahead."""
    of_series = occurrences(series.rule, series.zone, series.next_on)
    passed = [*takewhile(lambda each: each.closes_at <= now, of_series)]
    for each in passed:
        series.note("missed", now, SYSTEM, on=each.on.isoformat())
        series.advance(each.on, now)
    series.fail("missed", now, passed[0].on, passed[-1].on)


def _make(series: SeriesRecord, coming: Occurrence, now: datetime) -> tuple[str, DomainError | None]:
    by = Principal(cast("Kind", series.by_kind), series.tenant_id, series.by_id, name=series.by_name or "")
    opens_at = coming.opens_at if coming.opens_at > now else None
    arrives_on = series.arrives_on(coming)
    terms = replace(series.terms, opens_at=opens_at, closes_at=coming.closes_at, arrives_on=arrives_on)
    campaign_id = series.campaign_id(coming.on)
    try:
        create_campaign(series.tenant_id, terms, by, now, campaign_id=campaign_id, series_id=series.id)
    except Refused:
        pass  # made by an earlier message
    except _FAULTS as refused:
        if CampaignRecord.at(series.tenant_id, campaign_id, consistent=True) is None:
            return "failed", refused
    return _publish(series, campaign_id, by, now) if series.publish else ("made", None)


def _publish(series: SeriesRecord, campaign_id: str, by: Principal, now: datetime) -> tuple[str, DomainError | None]:
    campaign = get_campaign(series.tenant_id, campaign_id, consistent=True)
    if campaign.status != Status.DRAFT:
        return "made", None
    try:
        publish_campaign(series.tenant_id, campaign_id, by, now)
    except _FAULTS as refused:
        return "not_published", refused
    return "made", None
