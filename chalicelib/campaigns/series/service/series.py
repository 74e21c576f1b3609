"""Use cases of recurring campaigns: set a series up, change, pause, end it. ``series_making`` makes its campaigns."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.campaigns.forms.campaigns import CampaignTerms
from chalicelib.campaigns.series.model import Rule, check_rule, upcoming
from chalicelib.campaigns.series.records import ACTIVE, ENDED, PAUSED, SeriesRecord, series_list
from chalicelib.campaigns.service.planning import check_terms
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


class SeriesEnded(Conflict):
    """The series has ended; nothing of it can be changed any more."""

    code, title, title_zh = "series_ended", "The series has ended", "该系列已结束"


def terms_of(template: Mapping[str, Any]) -> dict[str, Any]:
    """A stored template as the use cases of campaigns take terms. It is kept as the API takes it, and so read by it."""
    return CampaignTerms.model_validate_json(json.dumps(template)).terms()


def get_series(tenant_id: str, series_id: str, *, consistent: bool = False) -> SeriesRecord:
    """A series in any state. Raises NotFound."""
    found = SeriesRecord.fetch(*SeriesRecord.address(tenant_id, series_id), consistent=consistent)
    if found is None:
        raise NotFound(f"There is no series {series_id}.", detail_zh=f"活动系列 {series_id} 不存在。")
    return found


def list_series(tenant_id: str, *, limit: int = 20, cursor: dict[str, Any] | None = None) -> Page[SeriesRecord]:
    """The tenant's series, newest first."""
    return SeriesRecord.page(series_list(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True)


def create_series(
    tenant_id: str, template: Mapping[str, Any], rule: Rule, plan: Mapping[str, Any], by: Principal, now: datetime
) -> SeriesRecord:
    """Sets a series up; the first campaign is made when its time has come. ``plan`` may hold ``hours_ahead``,
    ``publish``.

    Raises what a campaign of these terms would, StartsTooFarAhead, NoOccurrence, LocalTimeMissing, LocalTimeAmbiguous.
    """
    series_id = new_id(now)
    series = SeriesRecord(
        *SeriesRecord.address(tenant_id, series_id),
        id=series_id,
        title=template["title"],
        status=ACTIVE,
        timezone=get_tenant(tenant_id).timezone,
        template=dict(template),
        stored_rule=rule.as_json(),
        hours_ahead=plan.get("hours_ahead", 24),
        publish=plan.get("publish", True),
        by_kind=by.kind,
        by_id=by.id,
        by_name=by.name or None,
        created_at=now,
    )
    _check(series, now)
    series.note("created", now, by.label)
    series.plan(now)
    tx = Transaction()
    tx.create("series", series)
    audit(tx, tenant_id, by, "series.created", f"series:{series_id}", now)
    tx.commit()
    return series


def edit_series(
    tenant_id: str, series_id: str, changes: Mapping[str, Any], by: Principal, now: datetime, if_match: int | None
) -> SeriesRecord:
    """Changes the campaigns that are still to be made; those that were made stay as they are.

    ``changes`` may hold ``template`` (fields to merge), ``rule``, ``hours_ahead``, ``publish`` and ``status`` (active
    or paused). What would have opened while the series was paused is not made up for, and a day for which a campaign
    was made gets no second one. Raises what ``create_series`` does, SeriesEnded, NotFound, Stale.
    """

    def decide(series: SeriesRecord, tx: Transaction) -> SeriesRecord:
        check_revision(series, if_match)
        _refuse_ended(series)
        if not changes:
            return series
        series.template = {**series.template, **changes.get("template", {})}
        series.title = series.template["title"]
        series.rule = changes.get("rule", series.rule)
        for name in ("hours_ahead", "publish", "status"):
            setattr(series, name, changes.get(name, getattr(series, name)))
        if changes.keys() & {"template", "rule"}:
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
    check_terms(series.tenant_id, terms_of(series.template), first.closes_at, now)


def _happened(changes: Mapping[str, Any]) -> str:
    return {PAUSED: "paused", ACTIVE: "resumed"}.get(changes.get("status", ""), "changed")


def _refuse_ended(series: SeriesRecord) -> None:
    if series.status == ENDED:
        message = "The series has ended; set up a new one."
        raise SeriesEnded(message, detail_zh="该系列已结束，请新建系列。")
