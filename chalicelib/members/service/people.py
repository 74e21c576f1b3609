"""Members and staff as they can be told something, for those who were there before it was kept of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.members.model.identities import member_id
from chalicelib.members.records import MemberRecord
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.records import RecipientRecord
from chalicelib.tenants.records import StaffRecord


@dataclass(slots=True)
class _Found:
    """A person's own record, and what is kept of them as a recipient."""

    own: MemberRecord | StaffRecord | None
    kept: RecipientRecord | None


def keep(tenant_id: str, person: Person) -> RecipientRecord | None:
    """Keeps somebody as a recipient, as they are now, unless they are; None for nobody, and for whoever has left. Of
    one whose history is another's, the other: what was told of it before, and of its orders, is theirs to hear.

    What changes them meanwhile wins. Who has no address is told in the product alone, and is not kept.
    """

    def decide(found: _Found, tx: Transaction) -> RecipientRecord | None:
        own = found.own
        if found.kept is not None or own is None:
            return found.kept
        if isinstance(own, MemberRecord) and own.united_with is not None:
            return keep(tenant_id, Person.member(member_id(tenant_id, int(own.united_with))))
        recipient = own.recipient if isinstance(own, MemberRecord) else own.copy()
        if own.copy() is not None and recipient is not None:
            tx.check("own", type(own), str(own.pk), str(own.sk), type(own).rev == int(own.rev))
            tx.create("recipient", recipient)
        return recipient

    return change(lambda: _read(tenant_id, person), decide)


def team(tenant_id: str) -> Iterator[RecipientRecord]:
    """Everybody on the brand's staff, longest serving first."""
    return (each.copy() for each in StaffRecord.every(StaffRecord.partition(tenant_id), consistent=True))


def _read(tenant_id: str, person: Person) -> _Found:
    kept = (RecipientRecord, *RecipientRecord.address(tenant_id, person))
    if person.kind == "staff":
        own: tuple[type[MemberRecord | StaffRecord], str, str] = (
            StaffRecord, *StaffRecord.address(tenant_id, person.id)
        )  # fmt: skip
    else:
        own = (MemberRecord, *MemberRecord.address(tenant_id, person.id))
    return _Found(*fetch_many([own, kept], consistent=True))
