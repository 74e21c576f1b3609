"""A member gets a further identity: an address that a file of earlier days held, or one that the brand writes beside
what it knew."""

from dataclasses import dataclass

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.members.enrolment.service import attribute_of, identity_record
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import IdentityRecord, MemberRecord
from chalicelib.members.search.service import index


@dataclass(slots=True)
class _Found:
    """What an identity leads to so far, and the member who is to have it."""

    identity: IdentityRecord | None
    member: MemberRecord | None


def give(tenant_id: str, ordinal: int, identity: Identity, *, claimed: bool = False, brought_by: str = "") -> bool:
    """Has an identity that is nobody's lead to a member; to one who has claimed theirs only with ``claimed``, and then
    it is not shown, nor written to. ``brought_by`` names the row of an import that says so. Whether it leads to the
    member now.
    """

    def decide(found: _Found, tx: Transaction) -> bool:
        member = found.member
        if found.identity is not None or member is None or member.united_with is not None:
            return found.identity is not None and int(found.identity.ordinal) == ordinal
        if not member.unclaimed and not claimed:
            return False
        keep(member, identity)
        if member.made_by(brought_by):
            member.stays_untouched()
        index(tx, member)
        tx.create("identity", identity_record(tenant_id, identity, ordinal, named=True))
        tx.replace("member", member)
        return True

    addresses = [
        (IdentityRecord, *IdentityRecord.address(tenant_id, identity)),
        (MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, ordinal)),
    ]
    return change(lambda: _Found(*fetch_many(addresses, consistent=True)), decide)


def keep(member: MemberRecord, identity: Identity) -> None:
    """Notes on a record that an identity leads to it: where it is shown, else among the further ones."""
    shown = identity.kind == "ref" or member.unclaimed
    if shown and getattr(member, attribute_of(identity)) is None:
        setattr(member, attribute_of(identity), identity.value)
    else:
        member.further = [*(member.further or ()), [identity.kind, identity.value]]
