"""What has changed of members goes into the chunks that all are counted from: at night, in slices.

Who joined is read in the order of ordinals, which have no gap; so members of before are taken in the first night, and
joining writes nothing. A chunk is written for the revision that was read, with what was noted of its members since;
the notes are removed afterwards, each only as it was read. A crash in between has them taken in once more, which
changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from chalicelib.db import Refused, Transaction, change
from chalicelib.insight.activity.service import reading_on
from chalicelib.insight.personas.model import CHUNK_MEMBERS, Persona
from chalicelib.insight.personas.records import FOLD_ON, ChangedRecord, FoldState, PersonaBitsRecord
from chalicelib.insight.personas.service.noting import persona_of
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import members_by_ordinal

SLICE_MEMBERS = 4096
"""Newcomers that are read for one write of a chunk."""

_REMOVED_AT_ONCE = 100


def begin(tenant_id: str, now: datetime) -> None:
    """Begins the night's work, where there is any."""

    def decide(state: FoldState | None, tx: Transaction) -> None:
        known = state or FoldState(*FoldState.address(tenant_id))
        if not _has_work(tenant_id, int(known.through)):
            return
        known.emit(FOLD_ON, now)
        if state is None:
            tx.create("state", known)
        else:
            tx.replace("state", known)

    change(lambda: FoldState.at(tenant_id), decide)


def fold_on(tenant_id: str, now: datetime) -> None:
    """Works for a while, then hands over to the next message. One that comes twice or late does no harm."""
    reading_on.read_on(lambda: FoldState.at(tenant_id), lambda state: _step(tenant_id, state), FOLD_ON, now)


def newcomers(members: Iterable[MemberRecord], ordinals: Sequence[int]) -> dict[int, Persona | None]:
    """What members with these ordinals are counted by; None for who is no member any more."""
    found: dict[int, Persona | None] = dict.fromkeys(ordinals)
    return found | {int(each.ordinal): persona_of(each) for each in members}


def _has_work(tenant_id: str, through: int) -> bool:
    return ordinals_given(tenant_id) > through or any(True for _ in islice(ChangedRecord.of_tenant(tenant_id), 1))


def _step(tenant_id: str, state: FoldState) -> bool | None:
    """Claims some newcomers, or takes those in who are claimed, or else the changes of one chunk; None where nothing is
    left. They are read after the claim is written: whoever changes one of them before it need not note that.
    """
    first, given = int(state.through), ordinals_given(tenant_id)
    if state.claimed > first:
        ordinals = range(first, int(state.claimed))
        _take_in(tenant_id, first // CHUNK_MEMBERS, newcomers(members_by_ordinal(tenant_id, ordinals), ordinals))
        state.through = state.claimed
        return True
    if first < given:
        state.claimed = min(given, first + SLICE_MEMBERS, (first // CHUNK_MEMBERS + 1) * CHUNK_MEMBERS)
        return True
    waiting = next(iter(ChangedRecord.of_tenant(tenant_id)), None)
    if waiting is None:
        return None
    _take_in(tenant_id, waiting.ordinal // CHUNK_MEMBERS, {})
    return True


def _take_in(tenant_id: str, chunk: int, joined: dict[int, Persona | None]) -> None:
    """Writes a chunk with newcomers, by ordinal, and with what is noted of its members."""

    def decide(record: PersonaBitsRecord, tx: Transaction) -> list[ChangedRecord]:
        noted = list(ChangedRecord.of_chunk(tenant_id, chunk))
        now = joined | {each.ordinal: each.persona for each in noted}
        changes = {ordinal - chunk * CHUNK_MEMBERS: each for ordinal, each in now.items()}
        persona_bits = record.persona_bits
        record.changes += len(persona_bits.differing(changes))
        record.persona_bits = persona_bits.with_changes(changes)
        if record.rev:
            tx.replace("bits", record)
        else:
            record.rev = 1
            tx.create("bits", record)
        return noted

    _remove(change(lambda: PersonaBitsRecord.at(tenant_id, chunk), decide))


def _remove(noted: Sequence[ChangedRecord]) -> None:
    """Removes notes that nothing has replaced since they were read."""
    for start in range(0, len(noted), _REMOVED_AT_ONCE):
        waiting = {str(each.sk): each for each in noted[start : start + _REMOVED_AT_ONCE]}
        while waiting:
            tx = Transaction()
            for name, each in waiting.items():
                unchanged = ChangedRecord.pk.does_not_exist() | (ChangedRecord.rev == each.rev)
                tx.delete(name, ChangedRecord, str(each.pk), str(each.sk), unchanged)
            try:
                tx.commit()
                break
            except Refused as refused:
                for name in refused.names:
                    waiting.pop(name)
