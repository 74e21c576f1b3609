"""Segments and who is in them, read. The number and the list come from the same bits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from chalicelib.db import Page
from chalicelib.kernel import bits
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.segments.model.rules import asks_scores
from chalicelib.segments.records import CHUNK_MEMBERS, ChunkRecord, ScoringRecord, SegmentRecord, united_bits
from chalicelib.segments.service.evaluating import Look, decide_all


@dataclass(frozen=True, slots=True)
class Counted:
    """A segment with the number of its members, as of ``as_of``: the instant of reading. Where its rule asks for
    scores, ``scored_on`` is the day as of which members have theirs; None until they were counted once.
    """

    segment: SegmentRecord
    count: int
    as_of: datetime
    scored_on: date | None = None


def get_segment(tenant_id: str, segment_id: str) -> SegmentRecord:
    """A segment as last committed. Raises NotFound, also for one that is being deleted."""
    found = SegmentRecord.fetch(*SegmentRecord.address(tenant_id, segment_id), consistent=True)
    if found is None or found.deleting:
        raise NotFound("There is no such segment.", detail_zh="没有该人群。")
    return found


def all_segments(tenant_id: str) -> list[SegmentRecord]:
    """All of a brand, oldest first; not those that are being deleted. Fifty at most."""
    return [each for each in SegmentRecord.of_tenant(tenant_id) if not each.deleting]


def known_ids(tenant_id: str) -> dict[str, str]:
    """The titles of a brand's segments, by id."""
    return {each.id: str(each.title) for each in all_segments(tenant_id)}


def members_of(tenant_id: str, segment_id: str) -> int:
    """Who is in a segment, as bits by ordinal; see ``insight.model.bitmaps``."""
    return united_bits(ChunkRecord.of_segment(tenant_id, segment_id))


def counted(segment: SegmentRecord, now: datetime) -> Counted:
    """A segment with its number."""
    return all_counted([segment], now)[0]


def all_counted(segments: Sequence[SegmentRecord], now: datetime) -> list[Counted]:
    """Segments of one brand with their numbers."""
    asking = [each for each in segments if each.rule is not None and asks_scores(each.rule)]
    scored_on = ScoringRecord.at(asking[0].tenant_id).as_of if asking else None
    return [
        Counted(each, members_of(each.tenant_id, each.id).bit_count(), now, scored_on if each in asking else None)
        for each in segments
    ]


def list_segments(tenant_id: str, limit: int, cursor: dict[str, Any] | None, now: datetime) -> Page[Any]:
    """Segments with their numbers, newest first."""
    page = SegmentRecord.page(
        SegmentRecord.partition(tenant_id), limit=limit, cursor=cursor, newest_first=True, consistent=True,
        keep=lambda each: not each.deleting,
    )  # fmt: skip
    return Page(all_counted(page.items, now), page.last_key)


def ordinals_after(tenant_id: str, segment_id: str, after: int, most: int) -> list[int]:
    """The next of a segment's members, by ordinal, ascending: of those above ``after``, -1 for all."""
    return list(islice(_ordinals(tenant_id, segment_id, after), most))


def _ordinals(tenant_id: str, segment_id: str, after: int) -> Iterator[int]:
    first = (after + 1) // CHUNK_MEMBERS
    span = f"{segment_id}#{first:06d}", f"{segment_id}#~"
    for record in ChunkRecord.every(ChunkRecord.partition(tenant_id), between=span, consistent=True, limit=2):
        base = record.chunk * CHUNK_MEMBERS
        yield from (base + place for place in bits.places(record.members) if base + place > after)


def list_members(
    tenant_id: str, segment_id: str, limit: int, cursor: dict[str, Any] | None, now: datetime
) -> Page[MemberRecord]:
    """The members of a segment, longest with the brand first: bits are decoded and members read by ordinal, so a page
    costs one request for each. Somebody removed at this moment goes out of the segment, so that its number follows.
    """
    get_segment(tenant_id, segment_id)
    found: list[MemberRecord] = []
    after = int(cursor["after"]) if cursor else -1
    while len(found) < limit:
        ordinals = ordinals_after(tenant_id, segment_id, after, limit - len(found) + 1)
        page = ordinals[: limit - len(found)]
        members = _still_in(tenant_id, segment_id, page, now)
        found += members
        if len(ordinals) <= len(page):
            return Page(found, None)
        after = page[-1]
    return Page(found, {"after": after})


def _still_in(tenant_id: str, segment_id: str, ordinals: Sequence[int], now: datetime) -> list[MemberRecord]:
    members = [each for each in members_by_ordinal(tenant_id, ordinals) if each.united_with is None]
    gone = set(ordinals) - {int(each.ordinal) for each in members}
    if gone:
        decide_all(tenant_id, gone, Look(now, only=frozenset({segment_id})))
    return members
