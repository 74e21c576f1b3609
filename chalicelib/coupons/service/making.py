"""The single codes of a batch are drawn in the background, some at a time; work that is repeated draws the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.coupons.model.codes import drawn, folded
from chalicelib.coupons.model.work import MAKING
from chalicelib.coupons.records import BatchRecord, CodeRecord, CodesRecord
from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Status

SLICE = 20
"""Records of codes that one message makes: 1,800 codes."""


@dataclass(frozen=True, slots=True)
class Code:
    """A single code of a batch with its number, and who has entered it."""

    number: int
    code: str
    member_id: str | None = None
    entered_at: datetime | None = None


def begin_making(tx: Transaction, batch: BatchRecord, locale: str, now: datetime) -> None:
    """Adds the job that draws a batch's codes."""
    params = {"batch_id": batch.id, "locale": locale, "contacts": False}
    job = jobs.new_job(batch.tenant_id, MAKING, batch.created_by, now, status=Status.QUEUED, params=params)
    job.total = int(batch.code_count or 0)
    job.enqueue(MAKING, now)
    batch.job_id = job.id
    tx.create("job", job)


def make_some(tenant_id: str, job_id: str, now: datetime) -> None:
    """Draws the next codes of a job. A message that comes twice, late or after a crash draws none twice."""
    job = jobs.unfinished(tenant_id, job_id)
    if job is None:
        return
    batch = BatchRecord.fetch(*BatchRecord.address(tenant_id, job.params["batch_id"]), consistent=True)
    if batch is None:
        return
    size, count = CodesRecord.PER_RECORD, int(batch.code_count or 0)
    first = int(job.done) // size
    last = min(first + SLICE, -(-count // size))
    for n in range(first, last):
        _make(batch, n, range(n * size, min((n + 1) * size, count)))
    job.done = min(last * size, count)
    if job.done >= count:
        job.finish(Status.DONE, now)
    else:
        job.status = Status.RUNNING.value
        job.enqueue(MAKING, now)
    jobs.save(job)


def _make(batch: BatchRecord, n: int, numbers: range) -> None:
    """Writes one record of codes, unless an earlier attempt has; a code that another batch has is drawn anew."""
    attempts = dict.fromkeys(numbers, 0)
    place = CodesRecord.address(batch.tenant_id, batch.id, n)

    def decide(found: CodesRecord | None, tx: Transaction) -> None:
        if found is not None:
            return
        codes = {number: drawn(str(batch.seed), number, attempt) for number, attempt in attempts.items()}
        tx.create("codes", CodesRecord(*place, codes=list(codes.values())))
        for number, code in codes.items():
            record = CodeRecord(*CodeRecord.address(batch.tenant_id, code), batch_id=batch.id, number=number)
            tx.create(f"code:{number}", record)

    def draw_anew(refusal: Refused) -> None:
        for number in attempts:
            attempts[number] += f"code:{number}" in refusal.names

    change(lambda: CodesRecord.fetch(*place, consistent=True), decide, refused=draw_anew)


def list_codes(batch: BatchRecord, limit: int, start: int) -> list[Code]:
    """Up to ``limit`` of the codes that there are, from a number on, with who has entered them."""
    size = CodesRecord.PER_RECORD
    end = min(start + limit, int(batch.code_count or 0))
    places = [CodesRecord.address(batch.tenant_id, batch.id, n) for n in range(start // size, -(-end // size))]
    records = fetch_many([(CodesRecord, *place) for place in places]) if places else []
    known = {int(str(each.sk)) * size + at: code for each in records if each for at, code in enumerate(each.codes)}
    numbers = [number for number in range(start, end) if number in known]
    places = [CodeRecord.address(batch.tenant_id, folded(known[number])) for number in numbers]
    found = fetch_many([(CodeRecord, *place) for place in places]) if places else []
    return [
        Code(number, known[number], entry.member_id, entry.entered_at)
        for number, entry in zip(numbers, found, strict=True)
        if entry is not None
    ]


def every_code(batch: BatchRecord) -> Iterable[tuple[int, str]]:
    """All codes of a batch with their numbers, in order."""
    partition = CodesRecord.partition(batch.tenant_id, batch.id)
    for record in CodesRecord.every(partition):
        first = int(str(record.sk)) * CodesRecord.PER_RECORD
        yield from enumerate(record.codes, first)
