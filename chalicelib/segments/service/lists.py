"""Lists: who is in them is said by hand, by id or by a file of references, e-mail addresses and phone numbers. And what
is done with all members of a segment at once: tags.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib.db import Transaction, change
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import ERRORS_SHOWN, Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import find_ordinals
from chalicelib.members.model.addresses import identity_named
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_members, members_by_ordinal
from chalicelib.segments.errors import NotAList
from chalicelib.segments.model.membership import MOST_MEMBER_TAGS, Wish
from chalicelib.segments.records import LISTING, LinesRecord, SegmentRecord
from chalicelib.segments.service.evaluating import Look, decide_all
from chalicelib.segments.service.reading import get_segment, members_of, ordinals_after
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

MESSAGE_SECONDS = 20.0
SLICE = 400
MOST_LINES = 5_000
LONGEST_LINE = 254


def change_list(
    tenant_id: str, segment_id: str, add: Sequence[str], remove: Sequence[str], by: Principal, now: datetime
) -> SegmentRecord:
    """Takes members, by id, into a list and out of it. Who is both named stays out. Raises NotFound, NotAList, and
    Invalid for a member who does not exist.
    """
    segment = _list(tenant_id, segment_id)
    known = {member.id: member for member in get_members(tenant_id, {*add, *remove})}
    for name, ids in (("add", add), ("remove", remove)):
        for at, each in enumerate(ids):
            if each not in known:
                raise Invalid.at(
                    f"/{name}/{at}", "There is no such member; choose from the list of members.",
                    "没有该会员，请从会员列表中选择。",
                )  # fmt: skip
    only = frozenset({segment_id})
    coming = [int(known[each].ordinal) for each in dict.fromkeys(add) if each not in remove]
    going = [int(known[each].ordinal) for each in dict.fromkeys(remove)]
    tx = Transaction()
    told = {"joining": len(coming), "leaving": len(going)}
    audit(tx, tenant_id, by, "segment.members_changed", f"segment:{segment_id}", now, told)
    tx.commit()
    decide_all(tenant_id, coming, Look(now, wish=Wish(joins=only)))
    decide_all(tenant_id, going, Look(now, wish=Wish(quits=only)))
    return segment


def _list(tenant_id: str, segment_id: str) -> SegmentRecord:
    segment = get_segment(tenant_id, segment_id)
    if not segment.is_list:
        raise NotAList(
            "Who is in this segment follows from its rule; change the rule, or make a list.",
            detail_zh="该人群成员由规则决定；请修改规则，或新建名单。",
        )
    return segment


def new_work(tenant_id: str, what: Mapping[str, Any], total: int, by: str, locale: str, now: datetime) -> JobRecord:
    """A job that goes through members, not stored yet."""
    params = {**what, "locale": locale, "contacts": "lines" in what}
    job = jobs.new_job(tenant_id, LISTING, by, now, status=Status.QUEUED, params=params)
    job.cursor, job.total = {"after": -1, "line": 0}, total
    job.enqueue(LISTING, now)
    return job


def start_import(tenant_id: str, segment_id: str, text: str, locale: str, by: Principal, now: datetime) -> JobRecord:
    """The job that takes into a list whom a text names: in each line a reference, e-mail address or phone number.
    Raises NotFound, NotAList, and Invalid for no line, or more than are taken at once.
    """
    _list(tenant_id, segment_id)
    lines = [each.strip().strip('"').strip()[:LONGEST_LINE] for each in text.lstrip("\ufeff").splitlines()]
    lines = lines[: len(lines) - next((n for n, each in enumerate(reversed(lines)) if each), len(lines))]
    if not lines or len(lines) > MOST_LINES:
        raise Invalid.at(
            "/text", f"Name 1 to {MOST_LINES} members, each in a line of its own; these are {len(lines)}.",
            f"请填写 1 至 {MOST_LINES} 行，每行一位会员；当前为 {len(lines)} 行。",
        )  # fmt: skip

    def decide(segment: SegmentRecord, tx: Transaction) -> JobRecord:
        job = new_work(tenant_id, {"segment_id": segment_id, "lines": len(lines)}, len(lines), by.label, locale, now)
        segment.listing = job.id
        tx.replace("segment", segment)
        tx.create("job", job)
        for at in range(0, len(lines), SLICE):
            tx.create(f"lines from {at}", LinesRecord.of(tenant_id, job.id, at, lines[at : at + SLICE], now))
        told = {"lines": len(lines), "job": job.id}
        audit(tx, tenant_id, by, "segment.members_imported", f"segment:{segment_id}", now, told)
        return job

    return change(lambda: _list(tenant_id, segment_id), decide)


def start_tagging(
    tenant_id: str,
    segment_id: str,
    add: Sequence[str],
    remove: Sequence[str],
    locale: str,
    by: Principal,
    now: datetime,
) -> JobRecord:
    """The job that gives tags to all who are in a segment when it comes to them, and takes some from them. Raises
    NotFound, and Invalid where nothing is asked for.
    """
    get_segment(tenant_id, segment_id)
    if not add and not remove:
        raise Invalid.at("/add", "Name one tag at least.", "请至少选择一个标签。")
    what = {"segment_id": segment_id, "add": list(add), "remove": list(remove)}
    total = members_of(tenant_id, segment_id).bit_count()
    job = new_work(tenant_id, what, total, by.label, locale, now)
    tx = Transaction()
    told = {"added": list(add), "removed": list(remove), "job": job.id}
    audit(tx, tenant_id, by, "segment.tagged", f"segment:{segment_id}", now, told)
    return jobs.store(job, tx)


def work_on(tenant_id: str, job_id: str, now: datetime) -> None:
    """Goes through the next members, or lines. A message that comes twice, late or after a crash does nothing twice."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    ends = time.monotonic() + MESSAGE_SECONDS
    with suppress(jobs.Overtaken, NotFound):
        while _slice(job, now):
            job.status, job.stalls = Status.RUNNING.value, 0
            hands_over = time.monotonic() >= ends
            if hands_over:
                job.enqueue(LISTING, now)
            jobs.save(job)
            if hands_over:
                return
    _forget_lines(job)
    with suppress(jobs.Overtaken):
        job.finish(Status.DONE, now)
        jobs.save(job)


def _slice(job: JobRecord, now: datetime) -> bool:
    """Does a slice of the work; False where nothing is left."""
    if "lines" in job.params:
        return _take_lines(job, now)
    if "untag" in job.params:
        start, end = int(job.done), min(int(job.done) + SLICE, int(job.total))
        tag = job.params["untag"]
        carrying = [each for each in members_by_ordinal(job.tenant_id, range(start, end)) if tag in (each.tags or ())]
        wish = Wish(loses=frozenset({tag}))
        decide_all(job.tenant_id, [int(each.ordinal) for each in carrying], Look(now, only=frozenset(), wish=wish))
        job.done = end
        return start < end
    segment_id = get_segment(job.tenant_id, job.params["segment_id"]).id
    ordinals = ordinals_after(job.tenant_id, segment_id, int(job.cursor["after"]), SLICE)
    if ordinals:
        _tag(job, ordinals, now)
        job.cursor = {**job.cursor, "after": ordinals[-1]}
        job.done += len(ordinals)
    return bool(ordinals)


def _tag(job: JobRecord, ordinals: Sequence[int], now: datetime) -> None:
    wish = Wish(gets=tuple(job.params["add"]), loses=frozenset(job.params["remove"]))
    members = members_by_ordinal(job.tenant_id, ordinals)
    fit = [each for each in members if len(wish.tags_after(each.own_tags or ())) <= MOST_MEMBER_TAGS]
    decide_all(job.tenant_id, [int(each.ordinal) for each in fit], Look(now, wish=wish))


_UNKNOWN = "nobody of yours has this reference, e-mail address or phone number", "没有会员使用该编号、邮箱或手机号"


def _take_lines(job: JobRecord, now: datetime) -> bool:
    start = int(job.done)
    place = LinesRecord.address(job.tenant_id, job.id, start)
    kept = LinesRecord.fetch(*place, consistent=True) if start < int(job.total) else None
    if kept is None:
        return False
    some = kept.lines
    segment = _list(job.tenant_id, job.params["segment_id"])
    region = get_tenant(job.tenant_id).country
    named = {at: identity_named(line, region) for at, line in enumerate(some, start + 1) if line}
    found = find_ordinals(job.tenant_id, list(dict.fromkeys(named.values())))
    wish = Wish(joins=frozenset({segment.id}))
    decide_all(job.tenant_id, set(found.values()), Look(now, wish=wish))
    missing = [at for at, identity in named.items() if identity not in found]
    room = max(0, ERRORS_SHOWN - len(job.errors))
    job.errors = [*job.errors, *([at, *_UNKNOWN] for at in missing[:room])]
    job.errors_total += len(missing)
    job.done = start + len(some)
    job.counts = {"imported": job.counts.get("imported", 0) + len(named) - len(missing)}
    return True


def _forget_lines(job: JobRecord) -> None:
    """Deletes the lines of a job that is over: whoever works on it still is overtaken by who was first."""
    if "lines" in job.params:
        tx = Transaction()
        for at in range(0, int(job.params["lines"]), SLICE):
            tx.delete(f"lines from {at}", LinesRecord, *LinesRecord.address(job.tenant_id, job.id, at))
        tx.commit()


def hand_on(tenant_id: str, gone_id: str, now: datetime) -> None:
    """A member's history has become another's, who comes into the lists and gets the tags of the one, as far as there
    is room. Done again, it changes nothing. ``gone_id`` is the id of the one.
    """
    gone = MemberRecord.at(tenant_id, gone_id, consistent=True)
    if gone is None or gone.united_with is None:
        return
    stays, lists, tags = int(gone.united_with), _lists(tenant_id, gone.segment_ids or ()), tuple(gone.own_tags or ())
    other = members_by_ordinal(tenant_id, [stays])
    if other and other[0].united_with is None:
        own = other[0].own_tags or ()
        gets = tuple(each for each in tags if each not in own)[: MOST_MEMBER_TAGS - len(own)]
        decide_all(tenant_id, [stays], Look(now, wish=Wish(joins=lists, gets=gets)))
    decide_all(tenant_id, [int(gone.ordinal)], Look(now, wish=Wish(quits=lists, loses=frozenset(tags))))


def _lists(tenant_id: str, ids: Sequence[str]) -> frozenset[str]:
    found = SegmentRecord.of_tenant(tenant_id) if ids else []
    return frozenset(each.id for each in found if each.id in ids and each.is_list and not each.deleting)
