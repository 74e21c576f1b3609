"""Segments, who is in them, and the brand's tags, as they are stored, with their keys."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InsightRecord, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.jobs.model import Kind as JobKind
from chalicelib.kernel.bits import as_bytes
from chalicelib.segments.model import scores
from chalicelib.segments.model.membership import Defined
from chalicelib.segments.model.rules import Rule, read_rule

CHUNK_MEMBERS = scores.CHUNK_MEMBERS
"""Members in one chunk of a segment: 4,096 bytes of bits. One member who changes costs a write of that much at most."""

ENTERED, LEFT = "segment.entered", "segment.left"

SCORED = "segments.scored"
"""Scores of members in a ``chunk`` have changed: those who wait there are to be looked at."""

COUNTING = JobKind("segment_count", "segments.counting", "rollup")
"""Deciding for every member whether they are in a segment whose rule is new, or who is in one that is deleted."""

NIGHT = JobKind("segment_night", "segments.night", "rollup")
"""Looking at those members for whom a rule may turn today by the passing of days."""

LISTING = JobKind("segment_members", "segments.listing", "rollup")
"""Taking members whom a file names into a list, or giving tags to all who are in a segment."""

JOBS = (COUNTING, NIGHT, LISTING)


class SegmentRecord(TenantRecord):
    """A segment: its ``stored_rule``, or none where it is a list. ``counting`` names the job that decides who is in it;
    ``counted_at`` is when that was last done for all members. One that is ``deleting`` has nobody in it any more;
    ``listing`` is the job that last took members into a list by a file.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    stored_rule = optional(JsonAttribute(attr_name="rule", null=True))
    tag = optional(UnicodeAttribute(null=True))
    created_at = InstantAttribute()
    updated_at = InstantAttribute()
    counting = optional(UnicodeAttribute(null=True))
    counted_at = optional(InstantAttribute(null=True))
    deleting = optional(NumberAttribute(null=True))
    listing = optional(UnicodeAttribute(null=True))

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all segments of a brand, oldest first."""
        return key(tenant_id, "segments")

    @classmethod
    def address(cls, tenant_id: str, segment_id: str) -> tuple[str, str]:
        return cls.partition(tenant_id), segment_id

    @classmethod
    def of_tenant(cls, tenant_id: str) -> list[Self]:
        """All of a brand as last committed, also those that are being deleted."""
        return list(cls.every(cls.partition(tenant_id), consistent=True))

    @property
    def rule(self) -> Rule | None:
        return None if self.stored_rule is None else read_rule(self.stored_rule)

    @property
    def is_list(self) -> bool:
        return self.stored_rule is None

    @property
    def defined(self) -> Defined:
        return Defined(self.id, self.rule, self.tag)


class SegmentsRecord(TenantRecord):
    """What a brand has of segments together: how many, the ``tags`` that there are, and the ``edition`` of all rules,
    which rises with each change of what is decided: who has decided by an older one decides again.
    """

    segments = NumberAttribute(default=0)
    edition = NumberAttribute(default=0)
    tags = JsonAttribute(default=list)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "segments-of-all"), "segments"

    @classmethod
    def at(cls, tenant_id: str) -> Self:
        """As last committed; a new one, of revision 0, where nothing is stored."""
        place = cls.address(tenant_id)
        return cls.fetch(*place, consistent=True) or cls(*place, rev=0)


class ChunkRecord(TenantRecord):
    """Those of 32,768 members, by ordinal, who are in a segment: bits, compressed. The truth about a segment; what a
    member shows is written with it.
    """

    bits = BinaryAttribute(legacy_encoding=False)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with the chunks of all segments."""
        return key(tenant_id, "segment-bits")

    @classmethod
    def address(cls, tenant_id: str, segment_id: str, chunk: int) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{segment_id}#{chunk:06d}"

    @property
    def segment_id(self) -> str:
        return str(self.sk).partition("#")[0]

    @property
    def chunk(self) -> int:
        return int(str(self.sk).partition("#")[2])

    @property
    def members(self) -> int:
        """The set of members, as bits from the chunk's first ordinal on."""
        return _unpacked(self.bits) if self.bits else 0

    @members.setter
    def members(self, members: int) -> None:
        self.bits = _packed(members)

    @classmethod
    def of_segment(cls, tenant_id: str, segment_id: str) -> Iterator[Self]:
        """The chunks of a segment, in the order of ordinals."""
        return cls.every(cls.partition(tenant_id), begins_with=f"{segment_id}#", consistent=True)


def united_bits(chunks: Iterable[ChunkRecord]) -> int:
    """The set of all members in the chunks of one segment."""
    found = 0
    for each in chunks:
        found |= each.members << (each.chunk * CHUNK_MEMBERS)
    return found


class LinesRecord(TenantRecord):
    """Some lines of a text that names members, by e-mail addresses and phone numbers, too: gone when the job that takes
    them into a list is over, or after some days where it never is.
    """

    lines = JsonAttribute()

    _KEPT = timedelta(days=7)

    @classmethod
    def address(cls, tenant_id: str, job_id: str, start: int) -> tuple[str, str]:
        """The key of the lines from one on, counted from 0."""
        return key(tenant_id, "segment-lines", job_id), f"{start:06d}"

    @classmethod
    def of(cls, tenant_id: str, job_id: str, start: int, lines: Sequence[str], now: datetime) -> Self:
        """Lines that are kept from now on."""
        place = cls.address(tenant_id, job_id, start)
        return cls(*place, lines=list(lines), expires_at=int((now + cls._KEPT).timestamp()))


class LookRecord(InsightRecord):
    """That a member, by ordinal, is to be looked at on a local day: by then a rule may turn though nothing was done."""

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "segment-looks")

    @classmethod
    def of(cls, tenant_id: str, on: date, ordinal: int) -> Self:
        return cls(cls.partition(tenant_id), f"{on.isoformat()}#{ordinal:012d}")

    @property
    def ordinal(self) -> int:
        return int(str(self.sk).partition("#")[2])


class ScoringRecord(TenantRecord):
    """As of which of the brand's days members are scored for rules; None until they were once. ``edition`` rises when
    scoring begins: of two who score at once only the one who began last writes.
    """

    as_of = optional(DateAttribute(null=True))
    edition = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "member-scoring"), "state"

    @classmethod
    def at(cls, tenant_id: str) -> Self:
        """As last committed; a new one, of revision 0, where nothing is stored."""
        place = cls.address(tenant_id)
        return cls.fetch(*place, consistent=True) or cls(*place, rev=0)


class ScoresRecord(TenantRecord):
    """What 32,768 members score, by ordinal: a byte each, compressed. ``edition`` rises when scores change, and with
    nothing else: who has decided by those of before decides again. ``waiting`` are those who are still to be looked at
    since theirs have changed, as bits: written with the scores, so that no crash forgets them.
    """

    stored = BinaryAttribute(legacy_encoding=False, attr_name="scores")
    edition = NumberAttribute(default=0)
    waiting = optional(BinaryAttribute(legacy_encoding=False, null=True))

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all chunks."""
        return key(tenant_id, "member-scores")

    @classmethod
    def address(cls, tenant_id: str, chunk: int) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{chunk:06d}"

    @classmethod
    def empty(cls, tenant_id: str, chunk: int) -> Self:
        """A chunk of which nothing is stored yet, of revision 0."""
        return cls(*cls.address(tenant_id, chunk), rev=0, stored=scores.compressed(b""))

    @property
    def chunk(self) -> int:
        return int(self.sk)

    @property
    def scores(self) -> bytes:
        """A byte a member, from the chunk's first ordinal on."""
        return scores.decompressed(self.stored)

    @property
    def members_waiting(self) -> int:
        """Who is to be looked at, as bits from the chunk's first ordinal on."""
        return _unpacked(self.waiting) if self.waiting else 0

    @members_waiting.setter
    def members_waiting(self, members: int) -> None:
        self.waiting = _packed(members) if members else None

    @classmethod
    def of_tenant(cls, tenant_id: str) -> list[Self]:
        """All chunks of a brand as last committed."""
        return list(cls.every(cls.partition(tenant_id), consistent=True))


def _packed(members: int) -> bytes:
    return zlib.compress(as_bytes(members), 9)


def _unpacked(bits: bytes) -> int:
    return int.from_bytes(zlib.decompress(bits), "little")
