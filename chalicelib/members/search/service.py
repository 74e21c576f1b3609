"""Entries follow the member's record, in its own transaction."""

from collections.abc import Mapping
from typing import Any

from chalicelib.db import Page, Transaction
from chalicelib.members.model.searching import Asked, entries_of
from chalicelib.members.records import EntryRecord, MemberRecord


def index(tx: Transaction, member: MemberRecord) -> None:
    """Adds to a transaction that the member is found by what they are called now, and by nothing else any more.

    Called for each write of a record whose name or addresses may have changed, before it is added to the transaction.
    """
    tenant_id, ordinal = member.tenant_id, int(member.ordinal)
    stood, stand = entries_of(member.found_as), entries_of(member.called)
    for at, entry in enumerate(sorted(stand - stood, key=str)):
        place = EntryRecord.address(tenant_id, entry, ordinal)
        tx.put(f"entry:{ordinal}:{at}", EntryRecord(*place, ordinal=ordinal))
    for at, entry in enumerate(sorted(stood - stand, key=str)):
        tx.delete(f"gone:{ordinal}:{at}", EntryRecord, *EntryRecord.address(tenant_id, entry, ordinal))
    called = member.called
    member.indexed = [called.name, called.email, called.phone] if stand else None


def unindex(tx: Transaction, member: MemberRecord) -> None:
    """Adds to the transaction that deletes a member that nothing finds them any more."""
    tenant_id, ordinal = member.tenant_id, int(member.ordinal)
    for at, entry in enumerate(sorted(entries_of(member.found_as), key=str)):
        tx.delete(f"gone:{ordinal}:{at}", EntryRecord, *EntryRecord.address(tenant_id, entry, ordinal))


def is_indexed(member: MemberRecord) -> bool:
    """Whether the entries of a record as it was read are those of what it says."""
    return entries_of(member.found_as) == entries_of(member.called)


def find(tenant_id: str, asked: Asked, limit: int, cursor: Mapping[str, Any] | None) -> Page[EntryRecord]:
    """Entries that begin with what is asked for, in one request; a member may have several of them."""
    partition = EntryRecord.partition(tenant_id, asked.kind, asked.text)
    return EntryRecord.page(
        partition, begins_with=asked.text, limit=limit, cursor=dict(cursor) if cursor else None, consistent=True
    )
