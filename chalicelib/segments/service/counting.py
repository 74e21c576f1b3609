"""Long work on segments: deciding for every member after a rule has changed, and the looks of each night."""

import time
from contextlib import suppress
from datetime import date, datetime
from functools import partial

from chalicelib.db import Transaction, change, delete_many
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.segments.model.membership import depending_on
from chalicelib.segments.model.rules import conditions
from chalicelib.segments.records import COUNTING, NIGHT, ChunkRecord, LookRecord, SegmentRecord, SegmentsRecord
from chalicelib.segments.service.evaluating import Look, decide_all, look_at
from chalicelib.segments.service.reading import all_segments, ordinals_after
from chalicelib.segments.service.scoring import score_for_count
from chalicelib.tenants.service.brand import get_tenant

MESSAGE_SECONDS = 20.0
SLICE = 400
"""Members between two commits of a job."""


def new_count(segment: SegmentRecord, by: str, locale: str, now: datetime) -> JobRecord:
    """The job that decides for all members, not stored yet; the segment names it from now on."""
    params = {"segment_id": segment.id, "locale": locale, "contacts": False}
    job = jobs.new_job(segment.tenant_id, COUNTING, by, now, status=Status.QUEUED, params=params)
    job.cursor = {"next": 0}
    job.total = ordinals_given(segment.tenant_id)
    job.enqueue(COUNTING, now)
    segment.counting = job.id
    return job


def count_anew(tenant_id: str, field: str, now: datetime) -> None:
    """Begins to decide for all members in each segment whose rule asks for a field that means something else by now."""
    for asking in all_segments(tenant_id):
        if asking.rule is not None and any(each.field == field for each in conditions(asking.rule)):
            place = SegmentRecord.address(tenant_id, asking.id)
            change(partial(SegmentRecord.fetch, *place, consistent=True), partial(_count_anew, now=now))


def _count_anew(segment: SegmentRecord | None, tx: Transaction, *, now: datetime) -> None:
    if segment is not None and not segment.deleting:
        tx.create("job", new_count(segment, "classes", "en", now))
        tx.replace("segment", segment)


def count_on(tenant_id: str, job_id: str, now: datetime) -> None:
    """Decides for the next members. A message that comes twice, late or after a crash decides the same again."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    segment = SegmentRecord.fetch(*SegmentRecord.address(tenant_id, job.params["segment_id"]), consistent=True)
    with suppress(jobs.Overtaken):
        if segment is None or segment.counting != job.id:  # deleted by now, or another job counts by a newer rule
            _finish(job, now)
        elif segment.deleting:
            _empty(job, segment, now)
        else:
            _count(job, segment, now)


def _count(job: JobRecord, segment: SegmentRecord, now: datetime) -> None:
    tenant_id = job.tenant_id
    segments = all_segments(tenant_id)
    affected = depending_on((each.defined for each in segments), segment.id)
    score_for_count(tenant_id, [each for each in segments if each.id in affected], now)
    ends = time.monotonic() + MESSAGE_SECONDS
    while (start := int(job.cursor["next"])) < int(job.total):
        end = min(start + SLICE, int(job.total))
        decide_all(tenant_id, range(start, end), Look(now, only=affected))
        job.cursor, job.done = {"next": end}, end
        if not _goes_on(job, ends, now):
            return
    _note_counted(tenant_id, segment.id, job.id, now)
    _finish(job, now)


def _goes_on(job: JobRecord, ends: float, now: datetime) -> bool:
    """Commits how far the job is; False where the next message is to go on."""
    job.status, job.stalls = Status.RUNNING.value, 0
    hands_over = time.monotonic() >= ends
    if hands_over:
        job.enqueue(COUNTING if job.kind == COUNTING.name else NIGHT, now)
    jobs.save(job)
    return not hands_over


def _finish(job: JobRecord, now: datetime) -> None:
    job.finish(Status.DONE, now)
    jobs.save(job)


def _note_counted(tenant_id: str, segment_id: str, job_id: str, now: datetime) -> None:
    def decide(segment: SegmentRecord | None, tx: Transaction) -> None:
        if segment is not None and segment.counting == job_id:
            segment.counting, segment.counted_at = None, now
            tx.replace("segment", segment)

    place = SegmentRecord.address(tenant_id, segment_id)
    change(lambda: SegmentRecord.fetch(*place, consistent=True), decide)


def _empty(job: JobRecord, segment: SegmentRecord, now: datetime) -> None:
    """Takes everybody out of a segment that is deleted, then the segment."""
    tenant_id, only = job.tenant_id, frozenset({segment.id})
    ends = time.monotonic() + MESSAGE_SECONDS
    while ordinals := ordinals_after(tenant_id, segment.id, -1, SLICE):
        decide_all(tenant_id, ordinals, Look(now, only=only))
        job.done += len(ordinals)
        job.total = max(int(job.total), int(job.done))
        if not _goes_on(job, ends, now):
            return
    for chunk in ChunkRecord.of_segment(tenant_id, segment.id):
        tx = Transaction()
        tx.delete("bits", ChunkRecord, str(chunk.pk), str(chunk.sk), ChunkRecord.rev == int(chunk.rev))
        tx.commit()
    _remove(tenant_id, segment.id)
    _finish(job, now)


def _remove(tenant_id: str, segment_id: str) -> None:
    place = SegmentRecord.address(tenant_id, segment_id)

    def decide(read: tuple[SegmentRecord | None, SegmentsRecord], tx: Transaction) -> None:
        segment, head = read
        if segment is not None:
            tx.delete("segment", SegmentRecord, *place, SegmentRecord.rev == int(segment.rev))
            head.segments -= 1
            tx.replace("segments", head)

    change(lambda: (SegmentRecord.fetch(*place, consistent=True), SegmentsRecord.at(tenant_id)), decide)


def begin_night(tenant_id: str, now: datetime) -> None:
    """Begins the looks of the day that has begun, if there are any: one read where there are none. A second message
    begins a second job, which finds nothing left to do.
    """
    if _due(tenant_id, _today(tenant_id, now), 1):
        job = jobs.new_job(tenant_id, NIGHT, "night", now, status=Status.QUEUED, params={"contacts": False})
        job.enqueue(NIGHT, now)
        jobs.store(job)


def look_on(tenant_id: str, job_id: str, now: datetime) -> None:
    """Looks at the next members for whom a rule may turn by today. What was looked at is forgotten afterwards, so that
    a crash in between looks once more.
    """
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    ends = time.monotonic() + MESSAGE_SECONDS
    with suppress(jobs.Overtaken):
        while due := _due(tenant_id, _today(tenant_id, now), SLICE):
            look_at(tenant_id, [each.ordinal for each in due], now)
            delete_many((LookRecord, str(each.pk), str(each.sk)) for each in due)
            job.done += len(due)
            if not _goes_on(job, ends, now):
                return
        _finish(job, now)


def _due(tenant_id: str, today: date, most: int) -> list[LookRecord]:
    span = "0000", f"{today.isoformat()}#~"
    return LookRecord.page(LookRecord.partition(tenant_id), between=span, limit=most, consistent=True).items


def _today(tenant_id: str, now: datetime) -> date:
    return local_date(now, zone(get_tenant(tenant_id).timezone))
