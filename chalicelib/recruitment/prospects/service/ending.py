"""An invitation ends before its time: the brand withdraws it, or who was invited declines for ever."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import Principal
from chalicelib.recruitment.model.codes import folded
from chalicelib.recruitment.prospects.errors import InvitationOver
from chalicelib.recruitment.prospects.model import OPEN, State
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.recruitment.prospects.service.prospects import by_code, find_prospect, get_prospect
from chalicelib.tenants.service.audit import audit


def withdraw(tenant_id: str, prospect_id: str, by: Principal, now: datetime) -> ProspectRecord:
    """Lets nobody join by an invitation any more, and tells them nothing further. Done again, it changes nothing.
    Raises NotFound, InvitationOver.
    """

    def decide(found: ProspectRecord, tx: Transaction) -> ProspectRecord:
        if found.state == State.WITHDRAWN:
            return found
        if found.state_at(now) not in OPEN:
            raise InvitationOver(
                "The invitation is over already: they have joined or declined, or its last day has passed.",
                detail_zh="该邀请已结束：对方已加入、已谢绝，或已过期。",
            )
        found.end(State.WITHDRAWN, now)
        tx.replace("prospect", found)
        audit(tx, tenant_id, by, "prospect.withdrawn", f"prospect:{prospect_id}", now)
        return found

    return change(lambda: get_prospect(tenant_id, prospect_id), decide)


def decline(tenant_id: str, code: str, now: datetime) -> None:
    """Who was invited wants no more of it: nobody invites them again, at no address of their mailbox. A code that leads
    nowhere changes nothing.
    """

    def read() -> tuple[ProspectRecord | None, ProspectRecord | None]:
        found = by_code(tenant_id, folded(code))
        if found is None or found.identity is None:
            return found, None
        return found, find_prospect(tenant_id, ProspectRecord.id_of(tenant_id, found.identity))

    def decide(invited: tuple[ProspectRecord | None, ProspectRecord | None], tx: Transaction) -> None:
        found, of_mailbox = invited
        if found is None or found.state in (State.JOINED, State.DECLINED):
            return
        if found.identity is not None and (of_mailbox is None or of_mailbox.id != found.id):
            _decline_mailbox(tx, found, of_mailbox, ProspectRecord.id_of(tenant_id, found.identity), now)
        found.end(State.DECLINED, now)
        tx.replace("prospect", found)

    change(read, decide)


def _decline_mailbox(
    tx: Transaction, found: ProspectRecord, known: ProspectRecord | None, mailbox_id: str, now: datetime
) -> None:  # fmt: skip
    """Who was invited by their address, by an earlier edition, wants none at any address of the mailbox."""
    of_mailbox = known or found.of_mailbox(mailbox_id)
    of_mailbox.end(State.DECLINED, now)
    if known is None:
        tx.create("mailbox", of_mailbox)
    else:
        tx.replace("mailbox", of_mailbox)
