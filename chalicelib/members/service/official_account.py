"""Where a member follows the brand's official account, which is then a way to reach them."""

from datetime import datetime

from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.principal import Principal
from chalicelib.members.linking.service.following import follow, follower_met
from chalicelib.members.model.identities import FollowerTaken, member_id
from chalicelib.members.records import PROFILE_CHANGED, MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.tenants.service.audit import audit


def connect(tenant_id: str, member: str, open_id: str | None, by: Principal, now: datetime) -> MemberRecord:
    """Notes the id under which the official account knows a member; None takes it away. Raises NotFound, and
    FollowerTaken where it leads to another member.

    Repeated, it changes nothing.
    """

    def read() -> MemberRecord:
        return get_member(tenant_id, member, consistent=True)

    def decide(found: MemberRecord, tx: Transaction) -> MemberRecord:
        if found.open_id != open_id:
            follow(tx, found, open_id)
            found.emit(PROFILE_CHANGED, now, member_id=found.id)
            tx.replace("member", found)
            done = "connected" if open_id else "disconnected"
            audit(tx, tenant_id, by, f"member.official_account_{done}", f"member:{found.id}", now)
        return found

    def refused(refusal: Refused) -> None:
        met = follower_met(refusal)
        if met is not None and met != int(read().ordinal):
            raise _taken(member_id(tenant_id, met)) from refusal

    return change(read, decide, refused=refused)


def _taken(by: str) -> FollowerTaken:
    return FollowerTaken(
        "This id of the official account leads to another member; take it from them first, if it is not theirs.",
        detail_zh="该 OpenID 已关联其他会员；如有误，请先解除该会员的关联。",
        extra={"member_id": by},
    )
