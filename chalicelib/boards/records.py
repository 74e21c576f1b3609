"""What leaderboards are made of and kept as, and awards, with their keys."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Self

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.boards.model.awards import Award, Winner
from chalicelib.boards.model.awards import from_json as winners_from_json
from chalicelib.boards.model.boards import Period
from chalicelib.boards.model.ranking import Part
from chalicelib.db import DateAttribute, InsightRecord, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms

COUNTING_QUEUE = "rollup"
"""The queue whose worker counts what a request may not wait for."""

COUNTING = "boards.counting"
"""Asks for a board that takes longer to count than a request may."""

PERIOD_OVER, DECIDED = "award.period_over", "award.decided"
"""What is due of an award, and that it was decided for a period: winners get theirs, so many at a time."""

_EVERYTHING = 100_000
_KEPT_DAYS = 40
_MOST_BYTES = 300_000


class DeedRecord(InsightRecord):
    """Something that a member did on a local day beside ordering: points that it earned, or that were taken back of
    what that day had earned; a member whom they brought; an answer or a check-in. Written again it stays the same.
    """

    ordinal = NumberAttribute(attr_name="o")
    points = NumberAttribute(attr_name="p", default=0)
    referrals = NumberAttribute(attr_name="f", default=0)
    took_part = BooleanAttribute(attr_name="t", default=False)

    @staticmethod
    def partition(tenant_id: str, on: date) -> str:
        return key(tenant_id, "deeds", on.isoformat())

    @classmethod
    def address(cls, tenant_id: str, on: date, kind: str, what: str) -> tuple[str, str]:
        """The key of a deed: of a kind, by what it is known by there."""
        return cls.partition(tenant_id, on), f"{kind}#{what}"

    @classmethod
    def of_day(cls, tenant_id: str, on: date) -> Iterator[Self]:
        return cls.every(cls.partition(tenant_id, on), limit=_EVERYTHING, consistent=True)


class NotedPointsRecord(TenantRecord):
    """Up to which entry, by number, a member's ledger was noted as deeds."""

    through = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key, one for each member."""
        return key(tenant_id, "noted-points", member_id), "points"


class ReferralNoteRecord(TenantRecord):
    """What is known of the reward for a member who was brought, by their order: whose it is, on which local day, and
    whether it was taken back. Either may be heard of first.
    """

    ordinal = optional(NumberAttribute(null=True))
    on = optional(DateAttribute(null=True))
    reversed = BooleanAttribute(default=False)

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key, one for each order that was rewarded so."""
        return key(tenant_id, "referral-note", order_id), "referral"


class DayRecord(InsightRecord):
    """What a day came to, packed, in so many ``parts`` as it takes items: made of the day as it was with this mark. The
    ``version`` follows from what they say together, since two may write different ones at once.
    """

    mark = UnicodeAttribute(attr_name="m")
    version = UnicodeAttribute(attr_name="v")
    parts = NumberAttribute(attr_name="n")
    packed = BinaryAttribute(attr_name="d", legacy_encoding=False)

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "board-days")

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk)[:10])

    @classmethod
    def of(cls, tenant_id: str, on: date, mark: str, packed: bytes) -> list[Self]:
        """The records of a day."""
        pieces = [packed[at : at + _MOST_BYTES] for at in range(0, len(packed), _MOST_BYTES)]
        version, day = hashlib.sha256(packed).hexdigest()[:16], f"{on.isoformat()}#"
        return [
            cls(cls.partition(tenant_id), f"{day}{n:03d}", mark=mark, version=version, parts=len(pieces), packed=piece)
            for n, piece in enumerate(pieces)
        ]

    @classmethod
    def in_days(cls, tenant_id: str, from_on: date, to_on: date, marks: Mapping[date, str]) -> dict[date, bytes]:
        """Of the days from one to the other, both included, those that are stored as they are with these marks."""
        found: dict[date, list[DayRecord]] = {}
        for each in cls.every(cls.partition(tenant_id), between=(from_on.isoformat(), f"{to_on.isoformat()}#~")):
            if each.mark == marks.get(each.on):
                found.setdefault(each.on, []).append(each)
        whole = {on: pieces for on, pieces in found.items() if cls._is_whole(pieces)}
        return {on: b"".join(bytes(piece.packed) for piece in pieces) for on, pieces in whole.items()}

    @staticmethod
    def _is_whole(pieces: "Sequence[DayRecord]") -> bool:
        return len(pieces) == int(pieces[0].parts) and len({str(each.version) for each in pieces}) == 1


class BoardRecord(InsightRecord):
    """The head of a board as it was counted last: from days with the ``marks`` of that time, which have ``read``
    records. Its rows and values are in parts of their own, those of its ``version``, which follows from what they say:
    whoever counts the same at the same time writes the same. ``held`` are the numbers of the parts with values.
    """

    version = UnicodeAttribute()
    marks = UnicodeAttribute()
    as_of = InstantAttribute()
    size = NumberAttribute()
    read = NumberAttribute(default=0)
    stored_parts = JsonAttribute(attr_name="parts")
    held = JsonAttribute()

    @staticmethod
    def partition(tenant_id: str, board: str) -> str:
        return key(tenant_id, "board", board)

    @classmethod
    def address(cls, tenant_id: str, board: str) -> tuple[str, str]:
        return cls.partition(tenant_id, board), "head"

    @property
    def parts(self) -> list[Part]:
        return [Part(*each) for each in self.stored_parts]

    @staticmethod
    def said(parts: Iterable[Part]) -> list[list[int]]:
        """Parts as they are stored."""
        return [[each.rank, each.value, each.ordinal, each.before] for each in parts]

    @staticmethod
    def lasting(now: datetime) -> int:
        """When a board that nobody has counted again is forgotten, in seconds since 1970: it can be counted anew."""
        return int((now + timedelta(days=_KEPT_DAYS)).timestamp())


class BoardPartRecord(InsightRecord):
    """A part of a board of one version: rows by rank, or values by ordinal."""

    packed = BinaryAttribute(attr_name="d", legacy_encoding=False)

    @classmethod
    def rows(cls, tenant_id: str, board: str, version: str, n: int) -> tuple[str, str]:
        """The key of the nth part of the rows."""
        return BoardRecord.partition(tenant_id, board), f"{version}#rows#{n:06d}"

    @classmethod
    def values(cls, tenant_id: str, board: str, version: str, n: int) -> tuple[str, str]:
        """The key of the nth part of the values."""
        return BoardRecord.partition(tenant_id, board), f"{version}#values#{n:06d}"

    @staticmethod
    def pack(pairs: Sequence[tuple[int, int]]) -> bytes:
        return zlib.compress(json.dumps(pairs, separators=(",", ":")).encode())

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Members, by ordinal, with their values."""
        return [(ordinal, value) for ordinal, value in json.loads(zlib.decompress(bytes(self.packed)))]


class CountingRecord(TenantRecord):
    """That a board was asked for which takes longer to count, so that it is counted in the background."""

    asked_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, board: str) -> tuple[str, str]:
        return key(tenant_id, "board-counting", board), "counting"


class AwardRecord(TenantRecord):
    """An award, and the period that it is decided for next. ``gsi1`` lists all by creation. An ended one is decided no
    more.
    """

    id = UnicodeAttribute()
    stored_award = terms(Award.from_json, attr_name="award")
    period = UnicodeAttribute()
    from_on = DateAttribute()
    to_on = DateAttribute()
    decides_at = InstantAttribute()
    ended_at = optional(InstantAttribute(null=True))
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()

    @staticmethod
    def partition(tenant_id: str, award_id: str) -> str:
        return key(tenant_id, "award", award_id)

    @classmethod
    def address(cls, tenant_id: str, award_id: str) -> tuple[str, str]:
        """The key of an award, beside its results."""
        return cls.partition(tenant_id, award_id), "award"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all awards."""
        return key(tenant_id, "awards")

    @property
    def award(self) -> Award:
        if self.stored_award is None:
            raise ValueError("an award has terms")
        return self.stored_award

    @property
    def next_period(self) -> Period:
        return Period(self.period, self.from_on, self.to_on)

    @next_period.setter
    def next_period(self, period: Period) -> None:
        self.period, self.from_on, self.to_on = period.name, period.from_on, period.to_on

    def arrange(self) -> None:
        """Stands in the list of all, and is due when its period can be decided."""
        self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), self.id
        self.schedule(self.decides_at if self.ended_at is None else None, PERIOD_OVER, COUNTING_QUEUE)


class ResultRecord(TenantRecord):
    """Who has won an award for a period, by the award as it was then: it stays, whatever comes back later. ``handed``
    winners have got theirs, ``missed`` of them no coupon or points, with the reason in both languages by ordinal.
    ``gsi1`` lists the results of all awards by the end of the period.
    """

    award_id = UnicodeAttribute()
    stored_award = terms(Award.from_json, attr_name="award")
    period = UnicodeAttribute()
    from_on = DateAttribute()
    to_on = DateAttribute()
    stored_winners = JsonAttribute(attr_name="winners")
    handed = NumberAttribute(default=0)
    missed = JsonAttribute(default=dict)
    decided_at = InstantAttribute()

    @classmethod
    def address(cls, tenant_id: str, award_id: str, to_on: date) -> tuple[str, str]:
        """The key, one for each award and period, which ends on a day of its own."""
        return AwardRecord.partition(tenant_id, award_id), f"result#{to_on.isoformat()}"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with the results of all awards."""
        return key(tenant_id, "award-results")

    @property
    def award(self) -> Award:
        if self.stored_award is None:
            raise ValueError("a result has the terms of its award")
        return self.stored_award

    @property
    def winners(self) -> list[Winner]:
        return winners_from_json(self.stored_winners)

    @winners.setter
    def winners(self, winners: Sequence[Winner]) -> None:
        self.stored_winners = [each.as_json() for each in winners]

    def arrange(self) -> None:
        """Stands in the list of all results, where anybody has won."""
        self.gsi1pk = self.of_tenant(self.tenant_id) if self.stored_winners else None
        self.gsi1sk = f"{self.to_on.isoformat()}#{self.award_id}" if self.stored_winners else None
