"""Two members turn out to be one person: the cases of the one are the other's from then on."""

from contextlib import suppress
from typing import Any

from chalicelib.cases.records import MemberCase
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member


def hand_on(kind: type[MemberCase], tenant_id: str, gone_id: str) -> None:
    """Hands on all cases of a kind that a member has whose history is another's, each in one write: a crash in between,
    or doing it again, leaves none behind and changes none twice.
    """
    for each in kind.every(kind.of_member(tenant_id, gone_id), index="gsi2"):
        hand_on_one(each)


def hand_on_one(case: MemberCase) -> None:
    """Hands one case on, if its member is another by now. It becomes theirs only while they are nobody else's."""

    def read() -> tuple[Any, MemberRecord | None]:
        found = type(case).fetch(str(case.pk), str(case.sk), consistent=True)
        return found, get_member(case.tenant_id, found.member_id, consistent=True) if found else None

    def decide(found: tuple[Any, MemberRecord | None], tx: Transaction) -> None:
        own, stays = found
        if own is None or stays is None or own.member_id == stays.id:
            return
        own.first_member_id, own.member_id = own.first_member_id or own.member_id, stays.id
        address = MemberRecord.address(case.tenant_id, stays.id)
        tx.check("stays", MemberRecord, *address, MemberRecord.united_with.does_not_exist())
        tx.replace("case", own)

    with suppress(NotFound):  # who was erased has no cases
        change(read, decide)
