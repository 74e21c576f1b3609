"""What a member wants, where a page shows whether they do."""

from dataclasses import dataclass

from chalicelib.db import fetch_many
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import check_signed_in
from chalicelib.wanting.model.lists import Kind
from chalicelib.wanting.records import KeptRecord


@dataclass(frozen=True, slots=True)
class Standing:
    """The ids of the products that a member keeps, and of those that they are told of."""

    favourites: frozenset[str] = frozenset()
    reminders: frozenset[str] = frozenset()


def standing_of(tenant_id: str, member_id: str) -> Standing:
    """What a member keeps and is told of, in one batch read with the member themselves; nothing of nobody. Raises
    Unauthenticated where the request came with their token and they have signed out since.
    """
    kept = [(KeptRecord, *KeptRecord.address(tenant_id, member_id, kind)) for kind in (Kind.FAVOURITES, Kind.REMINDERS)]
    member, *found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, member_id)), *kept])
    if member is None:
        return Standing()
    check_signed_in(member)
    favourites, reminders = (frozenset(each.stored) if each else frozenset() for each in found)
    return Standing(favourites, reminders)
