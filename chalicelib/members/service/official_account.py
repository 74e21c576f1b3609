"""Where a member follows the brand's official account, which is then a way to reach them."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import Principal
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.tenants.service.audit import audit


def connect(tenant_id: str, member_id: str, open_id: str | None, by: Principal, now: datetime) -> MemberRecord:
    """Notes the id under which the official account knows a member; None takes it away. Raises NotFound.

    Repeated, it changes nothing.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        if member.open_id != open_id:
            member.open_id = open_id
            tx.replace("member", member)
            done = "connected" if open_id else "disconnected"
            audit(tx, tenant_id, by, f"member.official_account_{done}", f"member:{member.id}", now)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)
