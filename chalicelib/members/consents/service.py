"""Answers are noted beside the member, in the transaction that gives them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.db import Page, Transaction
from chalicelib.kernel.clock import parse_instant
from chalicelib.members.records import ConsentRecord, MemberRecord

BY_MEMBER, BY_LINK, BY_LEAVING, BY_STAFF = "member", "link", "leaving", "staff"


def note(tx: Transaction, member: MemberRecord, before: Mapping[str, Any] | None, by: str = BY_MEMBER) -> bool:
    """Adds to a transaction what a member has answered since ``before``, their consents as they were read; whether
    there is anything.

    Called for each write of a record whose consents may have changed.
    """
    answers = {name: said for name, said in (member.consent or {}).items() if said != (before or {}).get(name)}
    for purpose, said in answers.items():
        at = parse_instant(said["at"])
        answer = ConsentRecord(
            *ConsentRecord.address(member.tenant_id, member.id, at, purpose),
            purpose=purpose, granted=said["granted"], at=at, words=said.get("words", 0), by=by,
        )  # fmt: skip
        tx.put(f"consent:{int(member.ordinal)}:{purpose}", answer)
    return bool(answers)


def history(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ConsentRecord]:
    """What a member answered, the latest first. Answers from before they were kept stand on the member alone."""
    return ConsentRecord.page(
        ConsentRecord.partition(tenant_id, member_id), begins_with=ConsentRecord.PREFIX, newest_first=True,
        limit=limit, cursor=cursor, consistent=True,
    )  # fmt: skip
