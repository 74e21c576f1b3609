"""Use cases of recurring campaigns: set a series up, change, pause, end it. ``making`` makes its campaigns."""

from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.series.model.edit import SeriesEdit
from chalicelib.campaigns.series.model.recurrence import Rule, check_rule, upcoming
from chalicelib.campaigns.series.records import ACTIVE, ENDED, PAUSED, SeriesRecord, series_list
from chalicelib.campaigns.service.planning import check_terms
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, fields_set
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


class SeriesEnded(Conflict):
    """The series has ended; nothing of it can be changed any more."""

    code, title, title_zh = "series_ended", "The series has ended", "该系列已结束"


def get_series(tenant_id: str, series_id: str, *, consistent: bool = False) -> SeriesRecord:
    """A series in any state. Raises NotFound."""
    found = SeriesRecord.fetch(*SeriesRecord.address(tenant_id, series_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such series.", detail_zh="该活动系列不存在。")
    return found


def list_series(tenant_id: str, *, limit: int = 20, cursor: dict[str, Any] | None = None) -> Page[SeriesRecord]:
    """The tenant's series, newest first."""
    return SeriesRecord.page(series_list(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True)


def create_series(
    tenant_id: str,
    terms: CampaignTerms,
    rule: Rule,
    by: Principal,
    now: datetime,
    *,
    hours_ahead: int = 24,
    arrives_after_days: int | None = None,
    publish: bool = True,
) -> SeriesRecord:
    """Sets a series up: campaigns of these terms, which have a title, each made ``hours_ahead`` of its opening.

    Raises what a campaign of these terms would, StartsTooFarAhead, NoOccurrence, LocalTimeMissing, LocalTimeAmbiguous.
    """
    series_id = new_id(now)
    series = SeriesRecord(
        *SeriesRecord.address(tenant_id, series_id),
        id=series_id,
        status=ACTIVE,
        timezone=get_tenant(tenant_id).timezone,
        stored_rule=rule.as_json(),
        hours_ahead=hours_ahead,
        arrives_after_days=arrives_after_days,
        publish=publish,
        by_kind=by.kind,
        by_id=by.id,
        by_name=by.name or None,
        created_at=now,
    )
    series.terms = terms
    _check(series, now)
    series.note("created", now, by.label)
    series.plan(now)
    tx = Transaction()
    tx.create("series", series)
    audit(tx, tenant_id, by, "series.created", f"series:{series_id}", now)
    tx.commit()
    return series


def edit_series(
    tenant_id: str, series_id: str, changes: SeriesEdit, by: Principal, now: datetime, if_match: int | None
) -> SeriesRecord:
    """Changes the campaigns that are still to be made; those that were made stay as they are.

    What would have opened while the series was paused is not made up for, and a day for which a campaign was made gets
    no second one. Raises what ``create_series`` does, SeriesEnded, NotFound, Stale.
    """

    def decide(series: SeriesRecord, tx: Transaction) -> SeriesRecord:
        check_revision(series, if_match)
        _refuse_ended(series)
        if changes == SeriesEdit():
            return series
        series.terms = series.terms.changed_by(changes.campaign)
        if changes.rule is not UNSET:
            series.rule = changes.rule
        for name in fields_set(changes).keys() & {"hours_ahead", "arrives_after_days", "publish", "status"}:
            setattr(series, name, getattr(changes, name))
        if changes.campaign.named or changes.rule is not UNSET:
            _check(series, now)
        series.note(_happened(changes), now, by.label)
        series.plan(now)
        tx.replace("series", series)
        audit(tx, tenant_id, by, "series.changed", f"series:{series_id}", now)
        return series

    return change(partial(get_series, tenant_id, series_id, consistent=True), decide)


def end_series(
    tenant_id: str, series_id: str, by: Principal, now: datetime, if_match: int | None = None
) -> SeriesRecord:
    """Ends a series: no campaign is made any more. Those that were made stay. Ended already, it answers the same."""

    def decide(series: SeriesRecord, tx: Transaction) -> SeriesRecord:
        if series.status == ENDED:
            return series
        check_revision(series, if_match)
        series.status = ENDED
        series.note("ended", now, by.label)
        series.plan(now)
        tx.replace("series", series)
        audit(tx, tenant_id, by, "series.ended", f"series:{series_id}", now)
        return series

    return change(partial(get_series, tenant_id, series_id, consistent=True), decide)


def _check(series: SeriesRecord, now: datetime) -> None:
    check_rule(series.rule, series.zone, now)
    (first,) = upcoming(series.rule, series.zone, now, 1)
    check_terms(series.tenant_id, series.terms, first.closes_at, now)


def _happened(changes: SeriesEdit) -> str:
    if changes.status is UNSET:
        return "changed"
    return "paused" if changes.status == PAUSED else "resumed"


def _refuse_ended(series: SeriesRecord) -> None:
    if series.status == ENDED:
        message = "The series has ended; set up a new one."
        raise SeriesEnded(message, detail_zh="该系列已结束，请新建系列。")
