"""A chunk of members by what they are counted by, against their records."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.insight.personas.model import CHUNK_MEMBERS, PersonaBits
from chalicelib.insight.personas.records import ChangedRecord, FoldState, PersonaBitsRecord
from chalicelib.insight.personas.service.noting import note_ordinals
from chalicelib.insight.recompute.model import members as sql
from chalicelib.insight.recompute.model.checks import Found, tables
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.recompute.service.looking import Checked, Look
from chalicelib.kernel import bits
from chalicelib.kernel.ids import id_made_at
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import members_by_ordinal

_ON_ITS_WAY = timedelta(minutes=15)
"""For so long a change of a member may be told and not noted yet."""

_AT_ONCE = 1024

MOST_NOTED = 2000


def every(tenant_id: str) -> list[str]:
    """The chunks in which a night has counted anybody, by number."""
    stored = PersonaBitsRecord.every(PersonaBitsRecord.partition(tenant_id), consistent=True)
    return [f"{each.chunk:06d}" for each in stored]


def check(look: Look, name: str) -> Checked:
    """Compares 16,384 members, but those of whom a change is noted or was told just now, and newcomers."""
    chunk, tenant_id = int(name), look.tenant_id
    first = chunk * CHUNK_MEMBERS
    record, noted = PersonaBitsRecord.at(tenant_id, chunk), _noted(tenant_id, chunk)
    state = FoldState.at(tenant_id)
    through, claimed = (int(state.through), int(state.claimed)) if state else (0, 0)
    through = min(first + CHUNK_MEMBERS, through)
    with Engine() as engine:
        engine.run([*tables(sql.TABLES.items()), *sql.VIEWS])
        stored = record.persona_bits
        engine.load("stored_bits", _stored(stored, first))
        engine.load("kept", ((field.value, value) for field, values in stored.groups.items() for value in values))
        moving = {*noted, *range(through, claimed)}
        for start in range(first, through, _AT_ONCE):
            people = members_by_ordinal(tenant_id, range(start, min(start + _AT_ONCE, through)))
            moving |= {int(each.ordinal) for each in people if _just_changed(each, look.now)}
            engine.load("people", (_row(each) for each in people if each.united_with is None))
        moving |= set(_noted(tenant_id, chunk))
        if int(PersonaBitsRecord.at(tenant_id, chunk).rev) != int(record.rev):
            return Checked(Found())
        engine.load("left_out", sql.periods_of(moving))
        return Checked(engine.compare([sql.CHECK]))


def wrong(_: str, found: Found) -> dict[str, bool]:
    """Whoever is counted otherwise than they are, as many as a job remembers: others are found by the next recount."""
    wrong_ones = sorted({period for periods in found.periods.values() for period in periods})
    return dict.fromkeys(wrong_ones[:MOST_NOTED], True)


def mend(tenant_id: str, periods: Mapping[str, bool], _: datetime) -> None:
    """Notes these members as they are: so they count from now on, and the night takes them in."""
    note_ordinals(tenant_id, [sql.member_of(period) for period in periods])


def _noted(tenant_id: str, chunk: int) -> list[int]:
    return [each.ordinal for each in ChangedRecord.of_chunk(tenant_id, chunk)]


def _just_changed(member: MemberRecord, now: datetime) -> bool:
    return any(id_made_at(event["i"]) > now - _ON_ITS_WAY for event in member.outbox or ())


def _stored(stored: PersonaBits, first: int) -> Iterator[tuple[int, str, int]]:
    for place in bits.places(stored.members):
        yield first + place, "member", 1
        yield first + place, "joined", stored.joined[place]
    yield from ((first + place, "agrees", 1) for place in bits.places(stored.agreed))
    for field, values in stored.groups.items():
        for value, people in values.items():
            yield from ((first + place, f"{field.value} {value}", 1) for place in bits.places(people))


def _row(member: MemberRecord) -> tuple[Any, ...]:
    reached = member.email, member.phone, member.open_id
    said: Iterable[Any] = (member.profile, member.consent, member.stored_wishes)
    return int(member.ordinal), member.joined_on, member.origin, *reached, *map(json.dumps, said)
