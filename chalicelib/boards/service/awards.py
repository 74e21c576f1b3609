"""A brand defines its awards, changes them, and ends them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.boards.model.awards import Award, Reward, Titled
from chalicelib.boards.model.boards import Period, period_of
from chalicelib.boards.records import AwardRecord, ResultRecord
from chalicelib.boards.service.boards import week_begins
from chalicelib.coupons.records import BatchRecord
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Conflict, Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset, fields_set
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.audit import audit

_HOUR = 9
"""Winners hear of it in the morning."""


class AwardEnded(Conflict):
    """The award is decided no more."""

    code, title, title_zh = "award_ended", "The award has ended", "该奖项已结束"


@dataclass(frozen=True, slots=True)
class AwardChanges:
    """What of an award is to change; what is ``UNSET`` stays. It holds from the next decision on."""

    title: Titled | Unset = UNSET
    top: int | Unset | None = UNSET
    at_least: int | Unset | None = UNSET
    reward: Reward | Unset = UNSET
    grace_days: int | Unset = UNSET


def get_award(tenant_id: str, award_id: str, *, consistent: bool = False) -> AwardRecord:
    """An award. Raises NotFound."""
    found = AwardRecord.fetch(*AwardRecord.address(tenant_id, award_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such award.", detail_zh="没有该奖项。")
    return found


def list_awards(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[AwardRecord]:
    """The brand's awards, newest first."""
    return AwardRecord.page(
        AwardRecord.of_tenant(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True
    )


def create_award(tenant_id: str, award: Award, by: Principal, now: datetime) -> AwardRecord:
    """Makes an award; the running period is the first that it is decided for. Raises Invalid for an award that nobody
    could win or everybody, and for a batch of coupons that there is not.
    """
    _check(tenant_id, award)
    award_id, tz = new_id(now), zone(brand_of(tenant_id).timezone)
    record = AwardRecord(
        *AwardRecord.address(tenant_id, award_id), id=award_id, stored_award=award, created_at=now, created_by=by.label
    )
    _wait_for(record, period_of(local_date(now, tz), award.every, week_begins(tenant_id)))
    tx = Transaction()
    tx.create("award", record)
    audit(tx, tenant_id, by, "award.created", f"award:{award_id}", now, award.as_json())
    tx.commit()
    return record


def edit_award(
    tenant_id: str, award_id: str, changes: AwardChanges, if_match: int | None, by: Principal, now: datetime
) -> AwardRecord:
    """Changes an award: what it is decided for stays. Raises NotFound, Stale, AwardEnded, Invalid."""

    def decide(record: AwardRecord, tx: Transaction) -> AwardRecord:
        check_revision(record, if_match)
        _check_runs(record)
        before = record.award
        after = replace(before, **fields_set(changes))
        if after == before:
            return record
        _check(tenant_id, after)
        record.stored_award = after
        _wait_for(record, record.next_period)
        tx.replace("award", record)
        told = {"from": before.as_json(), "to": after.as_json()}
        audit(tx, tenant_id, by, "award.changed", f"award:{award_id}", now, told)
        return record

    return change(partial(get_award, tenant_id, award_id, consistent=True), decide)


def end_award(tenant_id: str, award_id: str, if_match: int | None, by: Principal, now: datetime) -> AwardRecord:
    """Ends an award: it is decided no more, also not for the running period. Ended again, it stays as it is. Raises
    NotFound, Stale.
    """

    def decide(record: AwardRecord, tx: Transaction) -> AwardRecord:
        check_revision(record, if_match)
        if record.ended_at is None:
            record.ended_at = now
            tx.replace("award", record)
            audit(tx, tenant_id, by, "award.ended", f"award:{award_id}", now)
        return record

    return change(partial(get_award, tenant_id, award_id, consistent=True), decide)


def move_on(record: AwardRecord) -> None:
    """Makes the period after the one that was decided the next. Where the brand's weeks begin on another day by now,
    that one begins where the last has ended.
    """
    last, award = record.next_period, record.award
    following = period_of(last.to_on + timedelta(days=1), award.every, week_begins(record.tenant_id))
    first: date = max(following.from_on, last.to_on + timedelta(days=1))
    _wait_for(record, Period(following.name, first, following.to_on))


def get_result(tenant_id: str, award_id: str, to_on: date) -> ResultRecord:
    """Who won an award for the period that ended on a local day. Raises NotFound."""
    found = ResultRecord.fetch(*ResultRecord.address(tenant_id, award_id, to_on), consistent=True)
    if found is None:
        raise NotFound("This award was not decided for such a period.", detail_zh="该奖项在该周期没有结果。")
    return found


def list_results(tenant_id: str, award_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ResultRecord]:
    """What an award was decided for, the latest period first. Raises NotFound."""
    get_award(tenant_id, award_id)
    return ResultRecord.page(
        AwardRecord.partition(tenant_id, award_id), begins_with="result#", limit=limit, cursor=cursor, newest_first=True
    )


def list_all_results(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ResultRecord]:
    """The results of all awards that somebody has won, the latest period first."""
    return ResultRecord.page(
        ResultRecord.of_tenant(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True
    )


def _wait_for(record: AwardRecord, period: Period) -> None:
    record.next_period = period
    on = period.to_on + timedelta(days=1 + record.award.grace_days)
    at = datetime(on.year, on.month, on.day, _HOUR)  # noqa: DTZ001 - a wall clock's
    record.decides_at = to_instant(at, zone(brand_of(record.tenant_id).timezone), ANYHOW, "")


def _check_runs(record: AwardRecord) -> None:
    if record.ended_at is not None:
        raise AwardEnded("The award has ended; make a new one.", detail_zh="该奖项已结束，请新建奖项。")


def _check(tenant_id: str, award: Award) -> None:
    if award.top is None and award.at_least is None:
        raise Invalid.at(
            "/top", "Say how many of the first ranks win, or what must be reached.", "请填写获奖名次数或需达到的数值。"
        )
    batch_id = award.reward.batch_id
    if batch_id is not None and BatchRecord.fetch(*BatchRecord.address(tenant_id, batch_id)) is None:
        raise Invalid.at(
            "/reward/coupon_batch_id", "There is no such batch of coupons; choose from the list.",
            "没有该批次的优惠券，请从列表中选择。",
        )  # fmt: skip
