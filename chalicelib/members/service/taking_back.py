"""A member whom an import made, and who has neither signed in nor ordered since, is taken back.

They leave in two steps: marked first, so that nobody orders for them any more, then deleted, when an order that had
begun before would be seen by now. Their ordinal is never given out again: a bit that says them can say nobody else.
"""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.members.birthdays.service import standing as birthdays
from chalicelib.members.records import IdentityRecord, MemberRecord, RemovedRecord
from chalicelib.members.search.service import unindex


def leave(tenant_id: str, member_id: str, source: str) -> None:
    """Marks a member whom nobody has changed. Repeated, it changes nothing."""

    def decide(member: MemberRecord | None, tx: Transaction) -> None:
        if member is None or not member.untouched or member.leaving_with is not None:
            return
        member.leaving_with = source
        member.stays_untouched()
        tx.replace("member", member)

    change(lambda: MemberRecord.at(tenant_id, member_id, consistent=True), decide)


def stay(tenant_id: str, member_id: str) -> None:
    """Takes the mark from a member who stays."""

    def decide(member: MemberRecord | None, tx: Transaction) -> None:
        if member is None or member.leaving_with is None:
            return
        member.leaving_with = None
        member.stays_untouched()
        tx.replace("member", member)

    change(lambda: MemberRecord.at(tenant_id, member_id, consistent=True), decide)


def take_back(member: MemberRecord, source: str, now: datetime) -> None:
    """Deletes a member with all that leads to them, in one transaction. Raises Refused where they have changed since
    they were read.
    """
    tenant_id, ordinal = member.tenant_id, int(member.ordinal)
    tx = Transaction()
    tx.delete("member", MemberRecord, str(member.pk), str(member.sk), condition=MemberRecord.rev == int(member.rev))
    for at, identity in enumerate(member.identities):
        own = IdentityRecord.ordinal == ordinal
        tx.delete(f"identity:{at}", IdentityRecord, *IdentityRecord.address(tenant_id, identity), condition=own)
    unindex(tx, member)
    birthdays.forget(tx, member)
    removed = RemovedRecord(
        *RemovedRecord.address(tenant_id, member.id), ordinal=ordinal, removed_at=now, source=source
    )  # fmt: skip
    removed.emit("member.removed", now, member_id=member.id)
    tx.create("removed", removed)
    tx.commit()
