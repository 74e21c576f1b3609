"""What is known of members changes: whoever counts them counts them anew."""

from collections.abc import Iterable, Sequence

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.insight.personas.model import ANSWERS, Field, Persona
from chalicelib.insight.personas.records import ChangedRecord, FoldState
from chalicelib.members.records import MemberRecord, RemovedRecord

PURPOSE = "analytics"


def note(tenant_id: str, member_ids: Sequence[str]) -> None:
    """Notes what members are counted by as they stand now, whichever message told of them, and however often. Of those
    whom no night has begun to read nothing is noted.

    Written for the revision of what was noted before, and read after it: so no older state outlives a newer one.
    """
    state = FoldState.at(tenant_id)
    claimed = int(state.claimed) if state else 0
    note_ordinals(tenant_id, [each for each in _ordinals(tenant_id, member_ids) if each < claimed] if claimed else ())


def note_ordinals(tenant_id: str, ordinals: Iterable[int]) -> None:
    """The same of members, by ordinal, whom a night has read."""
    for ordinal in ordinals:
        _note(tenant_id, ordinal)


def persona_of(member: MemberRecord | None) -> Persona | None:
    """What a member is counted by: of their answers those that they let the purpose of figures use, and none of
    somebody whom the brand alone has named. None for who is no member any more, or has become another.
    """
    if member is None or member.united_with is not None:
        return None
    agrees = not member.unclaimed and (member.consent or {}).get(PURPOSE, {}).get("granted") is True
    answers = member.usable(PURPOSE) if agrees else {}
    values = {name: _values(answers[name]) for name in ANSWERS if name in answers}
    values[Field.MEDIA] = _media(member)
    if member.came:
        values[Field.ORIGIN] = (member.came,)
    return Persona(member.joined_on, agrees, {name: each for name, each in values.items() if each})


def _values(answer: object) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(map(str, answer)))) if isinstance(answer, list) else (str(answer),)


def _media(member: MemberRecord) -> tuple[str, ...]:
    """The media in which messages reach them, by their addresses and what they asked for."""
    has = {"email": member.email, "sms": member.phone, "official_account": member.open_id}
    wished = (member.stored_wishes or {}).get("channels")
    return tuple(sorted(name for name, address in has.items() if address and (wished is None or name in wished)))


def _ordinals(tenant_id: str, member_ids: Sequence[str]) -> list[int]:
    """The ordinals of members, and of those who are no more; of one who became another, also the other's."""
    ids = list(dict.fromkeys(member_ids))
    members = [(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids]
    removed = [(RemovedRecord, *RemovedRecord.address(tenant_id, each)) for each in ids]
    found = [each for each in fetch_many([*members, *removed], consistent=True) if each is not None]
    others = [each.united_with for each in found if isinstance(each, MemberRecord) and each.united_with is not None]
    return sorted({int(each.ordinal) for each in found} | {int(each) for each in others})


def _note(tenant_id: str, ordinal: int) -> None:
    place = ChangedRecord.address(tenant_id, ordinal)

    def decide(known: ChangedRecord | None, tx: Transaction) -> None:
        member = MemberRecord.fetch(*MemberRecord.address_of_ordinal(tenant_id, ordinal), consistent=True)
        persona = persona_of(member)
        said = None if persona is None else persona.as_json()
        if known is None:
            tx.create("changed", ChangedRecord(*place, said=said))
        elif known.said != said:
            known.said = said
            tx.replace("changed", known)

    change(lambda: ChangedRecord.fetch(*place, consistent=True), decide)
