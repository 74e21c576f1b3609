"""An official account's id leads to one member of the brand, as an e-mail or a phone number does.

It is no address that anybody proves by signing in: the account names it when somebody follows.
"""

from pynamodb.expressions.condition import Condition

from chalicelib.db import Refused, Transaction
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import IdentityRecord, MemberRecord

_CLAIM, _RELEASE = "open_id", "open_id_before"


def follow(tx: Transaction, member: MemberRecord, open_id: str | None) -> None:
    """Has an id lead to the member in the place of the one they had, or none. The commit is refused where it leads to
    somebody already, see :func:`follower_met`.
    """
    if member.open_id is not None:
        tx.delete(_RELEASE, IdentityRecord, *_address(member, member.open_id), condition=_leads_to(member))
    member.open_id = open_id
    if open_id is not None:
        tx.create(_CLAIM, IdentityRecord(*_address(member, open_id), ordinal=int(member.ordinal)))


def follower_met(refusal: Refused) -> int | None:
    """The ordinal of the member to whom the id leads by which a commit was refused; None where that is not why."""
    met = refusal.item(_CLAIM, IdentityRecord)
    return int(met.ordinal) if met else None


def hand_over(tx: Transaction, gone: MemberRecord, stays: MemberRecord) -> None:
    """The id of one member becomes another's who has none; else it leads to nobody any more."""
    if gone.open_id is None:
        return
    address = _address(gone, gone.open_id)
    if stays.open_id is None:
        actions = [IdentityRecord.ordinal.set(int(stays.ordinal)), IdentityRecord.rev.add(1)]
        tx.update(_CLAIM, IdentityRecord, *address, actions=actions, condition=_leads_to(gone))
        stays.open_id = gone.open_id
    else:
        tx.delete(_RELEASE, IdentityRecord, *address, condition=_leads_to(gone))
    gone.open_id = None


def _address(member: MemberRecord, open_id: str) -> tuple[str, str]:
    return IdentityRecord.address(member.tenant_id, Identity("open_id", open_id))


def _leads_to(member: MemberRecord) -> Condition:
    return IdentityRecord.ordinal == int(member.ordinal)
