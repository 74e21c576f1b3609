"""Coupons are given to members by name, in the background, each member once for each request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.coupons.errors import EnoughCoupons, OnlyForNewMembers, TermsRefused
from chalicelib.coupons.model.work import GRANTING
from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service.batches import get_batch
from chalicelib.coupons.service.handing_out import Owned, check_may_have, check_open, count, give, paused, read_owned
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import ERRORS_SHOWN, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.members.model.identities import member_id as id_of
from chalicelib.members.records import MemberRecord
from chalicelib.segments.service.reading import known_ids, members_of, ordinals_after
from chalicelib.tenants.service.audit import audit

TOGETHER = 20
"""Members whose coupons are written in one transaction; half as many where each of their addresses is written, too."""

SLICE = 100
"""Members that one message looks at."""


@dataclass(frozen=True, slots=True)
class _Missed:
    """A member who got nothing, by their place in the request, and why in both languages."""

    place: int
    message: str
    message_zh: str


def start_granting(
    tenant_id: str,
    batch_id: str,
    member_ids: Sequence[str],
    segment_id: str | None,
    locale: str,
    by: Principal,
    now: datetime,
) -> JobRecord:
    """The job that gives each of these members a coupon, or each who is in a segment when it comes to them. Raises
    NotFound, BatchPaused, TermsRefused for a batch that has ended, and Invalid for a member or a segment that does not
    exist.
    """
    batch = get_batch(tenant_id, batch_id, consistent=True)
    if batch.paused:
        raise paused()
    if batch.validity.over(now):
        raise TermsRefused(
            "These coupons have ended, so nobody can use one any more; make a new batch.",
            detail_zh="该批次优惠券已过期，请新建批次。",
        )
    named = list(dict.fromkeys(member_ids))
    _check_known(tenant_id, named)
    params = {"batch_id": batch_id, "member_ids": named, "locale": locale, "contacts": False}
    total = len(named)
    if segment_id is not None:
        total = _check_segment(tenant_id, segment_id)
        params |= {"segment_id": segment_id}
    job = jobs.new_job(tenant_id, GRANTING, by.label, now, status=Status.QUEUED, params=params)
    job.total, job.cursor = total, {"after": -1}
    job.enqueue(GRANTING, now)
    tx = Transaction()
    audited = {"members": total, "job": job.id} | ({"segment": segment_id} if segment_id else {})
    audit(tx, tenant_id, by, "coupon_batch.granted", f"coupon_batch:{batch_id}", now, audited)
    return jobs.store(job, tx)


def _check_known(tenant_id: str, member_ids: Sequence[str]) -> None:
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in member_ids])
    if unknown := [place for place, member in enumerate(found) if member is None]:
        raise Invalid.at(
            f"/member_ids/{unknown[0]}", "There is no such member; choose from the list of members.",
            "没有该会员，请从会员列表中选择。",
        )  # fmt: skip


def _check_segment(tenant_id: str, segment_id: str) -> int:
    """How many are in it now."""
    if segment_id not in known_ids(tenant_id):
        raise Invalid.at(
            "/segment_id", "There is no such segment; choose from your segments.", "没有该人群，请从人群列表中选择。"
        )
    return members_of(tenant_id, segment_id).bit_count()


def grant_some(tenant_id: str, job_id: str, now: datetime) -> None:
    """Gives the next members their coupons. A message that comes twice, late or after a crash gives nobody two."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    batch = get_batch(tenant_id, job.params["batch_id"], consistent=True)
    if batch.paused or batch.validity.over(now):
        job.finish(Status.FAILED, now, _OVER[job.params["locale"]])
        jobs.save(job)
        return
    start = int(job.done)
    named, more = _next(job, start)
    missed: list[_Missed] = []
    together = TOGETHER // 2 if batch.first_order_only else TOGETHER
    for at in range(0, len(named), together):
        missed += _grant(batch, named[at : at + together], start + at, job.id, now, job.params.get("segment_id"))
    _note(job, missed)
    job.done = start + len(named)
    job.total = max(int(job.total), int(job.done))
    if not more:
        job.finish(Status.DONE, now)
    else:
        job.status = Status.RUNNING.value
        job.enqueue(GRANTING, now)
    jobs.save(job)


def _next(job: JobRecord, start: int) -> tuple[list[str], bool]:
    """The next members, by id, and whether there are further ones. Those of a segment are who is in it by now."""
    segment_id = job.params.get("segment_id")
    if segment_id is None:
        named: list[str] = job.params["member_ids"]
        return named[start : start + SLICE], start + SLICE < len(named)
    ordinals = ordinals_after(job.tenant_id, segment_id, int(job.cursor["after"]), SLICE)
    if ordinals:
        job.cursor = {"after": ordinals[-1]}
    return [id_of(job.tenant_id, each) for each in ordinals], len(ordinals) == SLICE


_OVER = {
    "en": "The batch was paused, or has ended. Who has a coupon already keeps it; grant the others theirs again.",
    "zh": "该批次已暂停或已过期。已获得者保留优惠券，其余会员请重新发放。",
}


def _note(job: JobRecord, missed: Sequence[_Missed]) -> None:
    """Rows are counted from 1, as the request names them."""
    room = max(0, ERRORS_SHOWN - len(job.errors))
    job.errors = [*job.errors, *([each.place + 1, each.message, each.message_zh] for each in missed[:room])]
    job.errors_total += len(missed)


def _grant(
    batch: BatchRecord, member_ids: Sequence[str], first: int, job_id: str, now: datetime, segment_id: str | None
) -> list[_Missed]:
    cause = f"grant:{job_id}"

    def read() -> tuple[list[Owned], list[_Missed]]:
        members, absent = _members(batch.tenant_id, member_ids, first)
        inside = [each for each in members if segment_id is None or segment_id in (each.segment_ids or ())]
        return read_owned(batch, inside), absent

    def decide(found: tuple[list[Owned], list[_Missed]], tx: Transaction) -> list[_Missed]:
        owned, missed = found
        missed, given = list(missed), 0
        for each in owned:
            if each.caused_by(cause) is not None:
                continue
            try:
                place = check_may_have(batch, each)
            except (EnoughCoupons, OnlyForNewMembers) as refusal:
                missed.append(_why(first + member_ids.index(each.member.id), refusal))
                continue
            give(tx, batch, each, place, cause, now, tells=True)
            given += 1
        if given:
            count(tx, batch, given, f"{job_id}{first}")
        return missed

    return change(read, decide, refused=check_open)


def _members(tenant_id: str, member_ids: Sequence[str], first: int) -> tuple[list[MemberRecord], list[_Missed]]:
    """Those of the members who can have coupons, and those who cannot."""
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in member_ids], consistent=True)
    members: list[MemberRecord] = []
    missed: list[_Missed] = []
    for place, member in enumerate(found, first):
        if member is None:
            missed.append(_Missed(place, "There is no such member.", "没有该会员。"))
        elif member.united_with is not None:
            missed.append(_Missed(place, "This member's history has become another's.", "该会员已合并至其他会员。"))
        elif member.blocked:
            missed.append(_Missed(place, "This member is blocked from ordering.", "该会员已被限制下单。"))
        else:
            members.append(member)
    return members, missed


_SAID: Iterable[tuple[type[DomainError], str, str]] = (
    (EnoughCoupons, "This member has had as many of these coupons as one person may.", "该会员已达每人领取上限。"),
    (OnlyForNewMembers, "This member has ordered before, or has this coupon under another address.",
     "该会员已下过单，或已用其他邮箱领取。"),
)  # fmt: skip


def _why(place: int, refusal: DomainError) -> _Missed:
    """What the team is told of a refusal that is worded for the member."""
    en, zh = next((en, zh) for kind, en, zh in _SAID if isinstance(refusal, kind))
    return _Missed(place, en, zh)
