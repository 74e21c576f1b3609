"""Members by what they said of themselves, as bits by ordinal. Pure."""

import json
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from operator import or_
from typing import Any, Self

from chalicelib.kernel import bits

CHUNK_MEMBERS = 2**14
"""Members in one chunk. What each of 16,384 answered takes 50 to 120 KB, of the 400 that an item may have."""

MOST_VALUES = 100
"""Different answers of one field that a chunk keeps apart; further ones count as :data:`OTHER`."""

OTHER = "other_answers"

UNKNOWN, NOT_AGREED, SMALL = "unknown", "not_agreed", "small_groups"
"""Rows of members without an answer, of those who do not agree that theirs are counted, and of groups not shown."""

_EPOCH = date(1970, 1, 1)
_LAST = 2**16 - 1


class Field(StrEnum):
    """What members are counted by. All but the last two are answers, which are counted while the member agrees to the
    purpose ``analytics``; how messages reach somebody and by which way they came is known of everybody.
    """

    AGE = "age_band"
    GENDER = "gender"
    HOUSEHOLD = "household"
    OCCUPATION = "occupation"
    INCOME = "income_band"
    POINT = "favourite_point_id"
    INTERESTS = "interests"
    MEDIA = "media"
    ORIGIN = "origin"


ANSWERS = (
    Field.AGE, Field.GENDER, Field.HOUSEHOLD, Field.OCCUPATION, Field.INCOME, Field.POINT, Field.INTERESTS,
)  # fmt: skip
"""The fields that are answers of a profile, by their names there."""

SEVERAL = frozenset({Field.INTERESTS, Field.MEDIA})
"""Fields of which a member may have several values."""


@dataclass(frozen=True, slots=True)
class Persona:
    """What one member is counted by: since when they are a member, whether they agree to be counted by their answers,
    and their values.
    """

    joined_on: date
    agrees: bool
    values: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> list[Any]:
        """As it is stored."""
        return [
            self.joined_on.isoformat(),
            self.agrees,
            {name: list(self.values[name]) for name in sorted(self.values)},
        ]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        """Reads what ``as_json`` wrote."""
        joined, agrees, values = stored
        return cls(date.fromisoformat(joined), agrees, {Field(name): tuple(each) for name, each in values.items()})


@dataclass(frozen=True, slots=True)
class PersonaBits:
    """Members as bits: all of them, those who agree to be counted by their answers, and those of each value of each
    field. ``joined`` has the day of joining by place, in days since 1970.
    """

    members: int = 0
    agreed: int = 0
    groups: Mapping[Field, Mapping[str, int]] = field(default_factory=dict)
    joined: "array[int]" = field(default_factory=lambda: array("H"))

    def joined_by(self, on: date) -> int:
        """The members who had joined by the end of a local day."""
        day = _day(on)
        if not self.joined or max(self.joined) <= day:
            return self.members
        late = bytearray(len(self.joined) // 8 + 1)
        for place, joined in enumerate(self.joined):
            if joined > day:
                late[place >> 3] |= 1 << (place & 7)
        return self.members & ~int.from_bytes(late, "little")

    def joined_between(self, days: Sequence[date]) -> list[int]:
        """For each of some ascending days, the members who joined after the one before it and by its end."""
        ends = [_day(on) for on in days]
        found = [bytearray(len(self.joined) // 8 + 1) for _ in ends]
        for place, joined in enumerate(self.joined):
            at = bisect_left(ends, joined)
            if 0 < at < len(ends):
                found[at][place >> 3] |= 1 << (place & 7)
        later = [self.members & int.from_bytes(each, "little") for each in found[1:]]
        return [self.joined_by(days[0]), *later] if days else []

    def persona(self, place: int) -> Persona | None:
        """What the member at a place is counted by; None where there is none."""
        bit = 1 << place
        if not self.members & bit:
            return None
        values = {
            name: tuple(value for value, people in sorted(values.items()) if people & bit)
            for name, values in self.groups.items()
        }
        joined_on = _EPOCH + timedelta(days=self.joined[place])
        return Persona(joined_on, bool(self.agreed & bit), {name: each for name, each in values.items() if each})

    def with_changes(self, changes: Mapping[int, Persona | None]) -> "PersonaBits":
        """The same with members, by place, as they are now; None for who is no member any more."""
        if not changes:
            return self
        stays = ~_bits(changes)
        groups = {name: {v: people & stays for v, people in values.items()} for name, values in self.groups.items()}
        joined = self.joined[:]
        joined.extend([0] * (max(changes) + 1 - len(joined)))
        for place, persona in sorted(changes.items()):
            joined[place] = _day(persona.joined_on) if persona else 0
            for name, values in persona.values.items() if persona else ():
                known = groups.setdefault(name, {})
                for value in values:
                    kept = value if value in known or len(known) < MOST_VALUES else OTHER
                    known[kept] = known.get(kept, 0) | 1 << place
        return PersonaBits(
            self.members & stays | _bits(place for place, each in changes.items() if each),
            self.agreed & stays | _bits(place for place, each in changes.items() if each and each.agrees),
            {name: {v: people for v, people in values.items() if people} for name, values in groups.items()},
            joined,
        )

    def differing(self, changes: Mapping[int, Persona | None]) -> list[int]:
        """The places at which these members are counted otherwise by now."""
        return [place for place, each in sorted(changes.items()) if not _same(self.persona(place), each)]

    def pack(self) -> bytes:
        """The chunk in one piece; equal known_bits give equal bytes."""
        named = [
            (name, value, bits.as_bytes(people))
            for name in sorted(self.groups)
            for value, people in sorted(self.groups[name].items())
        ]
        every = [("", "members", bits.as_bytes(self.members)), ("", "agreed", bits.as_bytes(self.agreed)), *named]
        days = _swapped(self.joined).tobytes()
        header = json.dumps([[name, value, len(raw)] for name, value, raw in every], ensure_ascii=False).encode()
        return zlib.compress(len(header).to_bytes(4, "little") + header + b"".join(raw for *_, raw in every) + days, 9)

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Reads what :meth:`pack` wrote."""
        raw = zlib.decompress(packed)
        at = 4 + int.from_bytes(raw[:4], "little")
        found: dict[str, dict[str, int]] = {}
        for name, value, length in json.loads(raw[4:at]):
            found.setdefault(name, {})[value] = int.from_bytes(raw[at : at + length], "little")
            at += length
        joined = _swapped(array("H", raw[at:]))
        whole = found.pop("", {})
        groups = {Field(name): values for name, values in found.items()}
        return cls(whole.get("members", 0), whole.get("agreed", 0), groups, joined)


def united(chunks: Mapping[int, PersonaBits]) -> PersonaBits:
    """All members of a brand from its chunks by number."""
    groups: dict[Field, dict[str, int]] = {}
    members = agreed = 0
    for number, persona_bits in sorted(chunks.items()):
        shift = number * CHUNK_MEMBERS
        members |= persona_bits.members << shift
        agreed |= persona_bits.agreed << shift
        for name, values in persona_bits.groups.items():
            known = groups.setdefault(name, {})
            for value, people in values.items():
                known[value] = known.get(value, 0) | people << shift
    return PersonaBits(members, agreed, groups)


def members_on(chunks: Mapping[int, PersonaBits], on: date) -> int:
    """Who had joined by the end of a local day and is a member still, as bits by ordinal."""
    found = 0
    for number, persona_bits in chunks.items():
        found |= persona_bits.joined_by(on) << (number * CHUNK_MEMBERS)
    return found


def members_at(chunks: Mapping[int, PersonaBits], days: Sequence[date]) -> Iterator[int]:
    """The same for each of some ascending days, from one look at every member."""
    joined = [0] * len(days)
    for number, persona_bits in chunks.items():
        for at, newcomers in enumerate(persona_bits.joined_between(days)):
            joined[at] |= newcomers << (number * CHUNK_MEMBERS)
    yield from accumulate(joined, or_)


def _swapped(days: "array[int]") -> "array[int]":
    """Between the machine's order of bytes and the stored one, which is the lowest first."""
    found = days[:]
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _same(before: Persona | None, now: Persona | None) -> bool:
    return (before and before.as_json()) == (now and now.as_json())


def _bits(places: Iterable[int]) -> int:
    found = 0
    for place in places:
        found |= 1 << place
    return found


def _day(on: date) -> int:
    return min(max((on - _EPOCH).days, 0), _LAST)
