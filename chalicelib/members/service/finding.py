"""Finds members for the brand's people: by a part of the name, the end of the number, the beginning of the address."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.db import Page
from chalicelib.members.enrolment.service import find_ordinals
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.model.searching import Asked, asked
from chalicelib.members.records import EntryRecord, MemberRecord
from chalicelib.members.search import service as search
from chalicelib.members.service.members import members_by_ordinal

_MOST_READS = 5
"""Reads of entries for a page. Where they found too few, a short page has a next cursor."""


def find_members(
    tenant_id: str, text: str, limit: int, cursor: Mapping[str, Any] | None, *, contacts: bool = True
) -> Page[MemberRecord]:
    """Members whom a text may mean: the one with this reference first, then by name, e-mail and number, each in
    alphabetical order. Only with ``contacts`` do numbers and addresses lead to them.

    A page takes at most five reads of entries, and as many of members.
    """
    searches = asked(text, contacts=contacts)
    found = [] if cursor else _of_reference(tenant_id, text, contacts=contacts)
    at, after = (cursor["at"], cursor["after"]) if cursor else (0, None)
    for _ in range(_MOST_READS):
        if at == len(searches) or len(found) >= limit:
            break
        page = search.find(tenant_id, searches[at], limit - len(found), after)
        found += [each for each in _members(tenant_id, page.items, searches, at) if not _has_reference(each, text)]
        after = page.last_key
        at += after is None
    return Page(found, {"at": at, "after": after} if at < len(searches) else None)


def _of_reference(tenant_id: str, text: str, *, contacts: bool) -> list[MemberRecord]:
    found = exactly(tenant_id, [Identity("ref", text)])
    return [each for each in found if contacts or shown_reference(text, each.identities)]


def exactly(tenant_id: str, identities: Sequence[Identity]) -> list[MemberRecord]:
    """The one member who has all of these identities, if there is."""
    found = find_ordinals(tenant_id, identities)
    ordinals = set(found.values())
    return members_by_ordinal(tenant_id, list(ordinals)) if len(found) == len(identities) and len(ordinals) == 1 else []


def is_meant(member: MemberRecord, text: str, *, contacts: bool = True) -> bool:
    """Whether a search for the text finds the member."""
    by_part = any(search.first_of(member.called) for search in asked(text, contacts=contacts))
    return by_part or _has_reference(member, text)


def _has_reference(member: MemberRecord, text: str) -> bool:
    """Also by one that came with a member whose history is theirs now."""
    return Identity("ref", text) in member.identities


def _members(tenant_id: str, entries: Sequence[EntryRecord], searches: Sequence[Asked], at: int) -> list[MemberRecord]:
    """The members behind entries, each once: by the first entry that finds them in the first search that does."""
    members = members_by_ordinal(tenant_id, [int(entry.ordinal) for entry in entries])
    by_ordinal = {int(member.ordinal): member for member in members}
    return [
        member
        for entry in entries
        if (member := by_ordinal.get(int(entry.ordinal))) is not None
        and searches[at].first_of(member.called) == entry.text
        and not any(search.first_of(member.called) for search in searches[:at])
    ]
