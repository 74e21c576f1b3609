"""Who is new to a brand: a person, whichever of their addresses they use.

``ann+1@x`` and ``ann+2@x`` reach one mailbox, so they are one person, though two members. Which members share a mailbox
is noted when they join; whether somebody has ordered is asked of the orders, which stand above this package.
"""

from collections.abc import Callable, Iterable
from typing import cast

from chalicelib.coupons.records import PersonRecord, persons
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.mailboxes import mailbox
from chalicelib.loading import provided
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.records import IdentityRecord, MemberRecord

_MOST_NOTED = 50
"""Members noted of one person: whoever makes more has proved the point."""


def note_people(tenant_id: str, member_ids: Iterable[str]) -> None:
    """Notes members' mailboxes where they are not the addresses themselves. Done again, it changes nothing. Members are
    read together: an import brings thousands.
    """
    places = [(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in dict.fromkeys(member_ids)]
    for member in fetch_many(places, consistent=True):
        if member is not None:
            _note_person(tenant_id, member.id, member.email)


def _note_person(tenant_id: str, member_id: str, email: str | None) -> None:
    if email is None or mailbox(email) == email:
        return
    place = PersonRecord.address(tenant_id, mailbox(email))

    def decide(found: PersonRecord | None, tx: Transaction) -> None:
        if found is None:
            tx.create("person", PersonRecord(*place, member_ids=[member_id]))
        elif member_id not in found.member_ids and len(found.member_ids) < _MOST_NOTED:
            found.member_ids = [*found.member_ids, member_id]
            tx.replace("person", found)

    change(lambda: PersonRecord.fetch(*place, consistent=True), decide)


def has_ordered(member: MemberRecord) -> bool:
    """Whether the person has ordered, as this member or another; not counting what was cancelled or never paid."""
    asks = cast("Callable[[MemberRecord], bool]", provided("has_ordered"))
    return any(asks(each) for each in (member, *_others(member)))


def _others(member: MemberRecord) -> list[MemberRecord]:
    """The other members who are the same person."""
    tenant_id = member.tenant_id
    boxes = [each for each in persons(member.identities) if "@" in each]
    if not boxes:
        return []
    noted = fetch_many([(PersonRecord, *PersonRecord.address(tenant_id, each)) for each in boxes])
    identities = [Identity("email", each) for each in boxes]
    plain = fetch_many([(IdentityRecord, *IdentityRecord.address(tenant_id, each)) for each in identities])
    ids = {each for record in noted if record for each in record.member_ids}
    ids |= {member_id(tenant_id, int(record.ordinal)) for record in plain if record}
    others = sorted(ids - {member.id})
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in others]) if others else []
    return [each for each in found if each is not None]
