"""Members are scored for rules, once a night and when a rule begins to ask. Only those whose scores change are looked
at.

What they score is counted above, from what was spent, and handed down whole. Who waits to be looked at is written with
the scores that have changed: no crash, and no message that comes twice or late, forgets anybody.
"""

import time
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from itertools import islice

from chalicelib.db import Refused, Transaction, beginning_with, change
from chalicelib.kernel import bits
from chalicelib.kernel.errors import Unavailable
from chalicelib.segments.model.rules import asks_scores
from chalicelib.segments.model.scores import changed, compressed, packed
from chalicelib.segments.records import CHUNK_MEMBERS, SCORED, ScoresRecord, ScoringRecord, SegmentRecord
from chalicelib.segments.service.evaluating import look_at
from chalicelib.segments.service.reading import all_segments
from chalicelib.segments.service.scores import are_of_last_day, latest

MESSAGE_SECONDS = 20.0
SLICE = 400
"""Members between two commits of who still waits."""


class Overtaken(Unavailable):
    """Members are being scored by another, who began later."""


def score_for_night(tenant_id: str, now: datetime) -> None:
    """Scores the members of a brand whose rules ask for it, as of the day that is over; of any other one query is all.
    Raises Overtaken: the message comes again, whatever becomes of the other.
    """
    if ask_scores(all_segments(tenant_id)):
        edition, _ = _begun(tenant_id)
        _score(tenant_id, edition, now, told=True)


def score_for_count(tenant_id: str, segments: Iterable[SegmentRecord], now: datetime) -> None:
    """Scores members before all of them are decided for these segments, where a rule asks and nothing is kept that is
    as of the last day. Whoever asks for the first scores has all members decided afterwards, so nobody waits for that.
    Raises Overtaken.
    """
    if ask_scores(segments) and not are_of_last_day(ScoringRecord.at(tenant_id), now):
        edition, as_of = _begun(tenant_id)
        _score(tenant_id, edition, now, told=as_of is not None)


def ask_scores(segments: Iterable[SegmentRecord]) -> bool:
    """Whether a rule of these segments asks for scores."""
    return any(each.rule is not None and asks_scores(each.rule) for each in segments)


def _begun(tenant_id: str) -> tuple[int, date | None]:
    """The edition of a scoring that begins, and as of which day members are scored so far: whoever began before writes
    nothing any more.
    """

    def decide(scoring: ScoringRecord, tx: Transaction) -> tuple[int, date | None]:
        scoring.edition += 1
        _put(tx, scoring)
        return int(scoring.edition), scoring.as_of

    return change(lambda: ScoringRecord.at(tenant_id), decide)


def _put(tx: Transaction, scoring: ScoringRecord) -> None:
    if scoring.rev:
        tx.replace("scoring", scoring)
    else:
        scoring.rev = 1
        tx.create("scoring", scoring)


def _score(tenant_id: str, edition: int, now: datetime, *, told: bool) -> None:
    """Counts, and writes the chunks in which anybody's scores have changed; ``told`` has these members looked at."""
    scored = latest(tenant_id, now)
    kept = {each.chunk: each for each in ScoresRecord.of_tenant(tenant_id)}
    right = packed(scored.scores)
    for number in sorted(kept.keys() | right.keys()):
        known = kept.get(number) or ScoresRecord.empty(tenant_id, number)
        place = partial(_chunk, tenant_id, number)
        decide = partial(_keep, scores=right.get(number, b""), edition=edition, now=now, told=told)
        change(beginning_with(known, place), decide, refused=_overtaken)

    def finish(scoring: ScoringRecord, tx: Transaction) -> None:
        if int(scoring.edition) != edition:
            raise _by_another()
        if scoring.as_of != scored.as_of:
            scoring.as_of = scored.as_of
            tx.replace("scoring", scoring)

    change(lambda: ScoringRecord.at(tenant_id), finish)


def _chunk(tenant_id: str, number: int) -> ScoresRecord:
    place = ScoresRecord.address(tenant_id, number)
    return ScoresRecord.fetch(*place, consistent=True) or ScoresRecord.empty(tenant_id, number)


def _keep(
    record: ScoresRecord, tx: Transaction, *, scores: bytes, edition: int, now: datetime, told: bool
) -> None:  # fmt: skip
    moved = changed(record.scores, scores)
    if moved:
        record.stored = compressed(scores)
        record.edition += 1
    waiting = record.members_waiting | (moved if told else 0)
    if not moved and not waiting:
        return
    record.members_waiting = waiting
    if waiting:
        record.emit(SCORED, now, chunk=record.chunk)
    place = ScoringRecord.address(record.tenant_id)
    tx.check("scoring", ScoringRecord, *place, ScoringRecord.edition == edition)
    if record.rev:
        tx.replace("scores", record)
    else:
        record.rev = 1
        tx.create("scores", record)


def _overtaken(refusal: Refused) -> None:
    if "scoring" in refusal.names:
        raise _by_another()


def _by_another() -> Overtaken:
    return Overtaken("Members are being scored already; this is done again.", retry_after=60)


def look_on(tenant_id: str, chunk: int, now: datetime) -> None:
    """Looks for a while at those of a chunk whose scores have changed, then hands over to the next message. Who was
    looked at waits no more, unless they changed once more meanwhile. A message that comes twice or late finds nobody.
    """
    ends, more = time.monotonic() + MESSAGE_SECONDS, True
    while more:
        more = _look_at_some(tenant_id, chunk, hands_over=time.monotonic() >= ends, now=now)


def _look_at_some(tenant_id: str, number: int, *, hands_over: bool, now: datetime) -> bool:
    """Looks at some who wait, and notes it; whether the same message is to look at the next."""

    def decide(record: ScoresRecord, tx: Transaction) -> bool:
        waiting = record.members_waiting
        places = list(islice(bits.places(waiting), SLICE))
        if not places:
            return False
        look_at(tenant_id, [number * CHUNK_MEMBERS + each for each in places], now)
        record.members_waiting = waiting & ~sum(1 << each for each in places)
        more = record.waiting is not None
        if more and hands_over:
            record.emit(SCORED, now, chunk=number)
        tx.replace("scores", record)
        return more and not hands_over

    return change(partial(_chunk, tenant_id, number), decide)
