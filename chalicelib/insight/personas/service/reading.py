"""All members by what they are counted by, as they stand now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.insight.activity.service.leaves import leaves_of, left_by
from chalicelib.insight.personas.model import CHUNK_MEMBERS, Persona, PersonaBits, members_at, members_on, united
from chalicelib.insight.personas.records import ChangedRecord, FoldState, PersonaBitsRecord
from chalicelib.insight.personas.service.folding import newcomers
from chalicelib.insight.records import LeaveRecord
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.service.members import members_by_ordinal

MOST_READ = 2000
"""Newcomers since the last night who are read one by one, so that they count at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """The members of a brand by chunk. ``waiting`` is how many joined since the last night and are not counted yet:
    only the first two thousand are. ``changes`` rises when anybody is counted otherwise.
    """

    tenant_id: str
    chunks: Mapping[int, PersonaBits]
    waiting: int
    changes: int

    @property
    def persona_bits(self) -> PersonaBits:
        return united(self.chunks)

    def members(self, on: date) -> int:
        """Who is a member at the end of a local day: enrolled by then and not left; as bits by ordinal."""
        return members_on(self.chunks, on) & ~left_by(LeaveRecord.of_tenant(self.tenant_id), on)

    def members_at(self, days: Sequence[date]) -> Iterator[int]:
        """The same for each of some ascending days."""
        leaves = leaves_of(self.tenant_id)
        for on, joined in zip(days, members_at(self.chunks, days), strict=True):
            yield joined & ~left_by(leaves, on)


def known_members(tenant_id: str) -> Known:
    """Reads one item for each 16,384 members, one for each whose answers changed since the last night, and at most two
    thousand who joined since.
    """
    state = FoldState.at(tenant_id)
    through, given = int(state.through) if state else 0, ordinals_given(tenant_id)
    ordinals = range(through, min(given, through + MOST_READ))
    live = newcomers(members_by_ordinal(tenant_id, ordinals), ordinals)
    # Notes are read before the chunks that they are taken into: one that is gone meanwhile stands in its chunk.
    changed = {each.ordinal: each.persona for each in ChangedRecord.of_tenant(tenant_id)} | live
    records = {
        each.chunk: each for each in PersonaBitsRecord.every(PersonaBitsRecord.partition(tenant_id), consistent=True)
    }
    known_bits = {number: each.persona_bits for number, each in records.items()}
    changes = sum(int(each.changes) for each in records.values())
    for number, places in _by_chunk(changed).items():
        persona_bits = known_bits.get(number, PersonaBits())
        changes += len(persona_bits.differing(places))
        known_bits[number] = persona_bits.with_changes(places)
    return Known(tenant_id, known_bits, given - ordinals.stop, changes)


def _by_chunk(changed: Mapping[int, Persona | None]) -> dict[int, dict[int, Persona | None]]:
    found: dict[int, dict[int, Persona | None]] = {}
    for ordinal, persona in changed.items():
        found.setdefault(ordinal // CHUNK_MEMBERS, {})[ordinal % CHUNK_MEMBERS] = persona
    return found
