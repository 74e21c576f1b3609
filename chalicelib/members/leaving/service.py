"""Use cases of leaving: it takes effect at once and takes nothing away, and who comes back has all of it again."""

from collections.abc import Iterator
from datetime import date, datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.members.consents import service as consents
from chalicelib.members.leaving.model import LeaveReason, MemberLeft
from chalicelib.members.leavings.model import CameBack
from chalicelib.members.leavings.records import LEFT, REJOINED, LeavingRecord
from chalicelib.members.model.profiles import consent_after
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.notices.telling.service import tell_member
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def leave(
    tenant_id: str, member_id: str, reason: LeaveReason, note: str | None, now: datetime, by: Principal | None = None
) -> MemberRecord:
    """Has a member leave: news end by withdrawing the consent ``marketing`` where it was given. Of who has left
    already nothing changes. ``by`` is somebody of the team to whom they said so. Raises NotFound.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        if member.left_at is not None:
            return member
        member.left_at, member.left_reason = now, reason.value
        if member.agrees_to_news:
            consent = member.consent
            member.consent = consent_after(consent, {"marketing": False}, now)
            consents.note(tx, member, consent, consents.BY_LEAVING)
        on = _day(tenant_id, now)
        place = LeavingRecord.address(tenant_id, on, now, int(member.ordinal))
        tx.create("leaving", LeavingRecord(
            *place, ordinal=int(member.ordinal), left_on=on, left_at=now, reason=reason.value, note=note,
            by="staff" if by else "member",
        ))  # fmt: skip
        member.emit(LEFT, now, member_id=member.id, reason=reason.value)
        tx.replace("member", member)
        if by is not None:
            audit(tx, tenant_id, by, LEFT, f"member:{member.id}", now, {"reason": reason.value})
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def rejoin(
    tenant_id: str, member_id: str, how: CameBack, now: datetime, by: Principal | None = None,
    *, returned_at: datetime | None = None,
) -> MemberRecord:  # fmt: skip
    """Has a member who left be with the brand again; of one who did not, nothing changes. What they agreed to before is
    asked anew. ``returned_at`` is when they did what brings them back, where that is told of later: who left after
    that has left. Raises NotFound.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        if member.left_at is None or (returned_at is not None and member.left_at > returned_at):
            return member
        left_at: datetime = member.left_at
        place = LeavingRecord.address(tenant_id, _day(tenant_id, left_at), left_at, int(member.ordinal))
        actions = [LeavingRecord.back_at.set(now), LeavingRecord.back_by.set(how.value), LeavingRecord.rev.add(1)]
        tx.update("leaving", LeavingRecord, *place, actions=actions, condition=LeavingRecord.pk.exists())
        member.left_at = member.left_reason = None
        member.emit(REJOINED, now, member_id=member.id, reason=how.value)
        tx.replace("member", member)
        if by is not None:
            audit(tx, tenant_id, by, REJOINED, f"member:{member.id}", now)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def leavings(tenant_id: str, from_on: date, to_on: date) -> Iterator[LeavingRecord]:
    """Each time that somebody left on a range of local days, both included, by time: a request for each month."""
    month = from_on.replace(day=1)
    while month <= to_on:
        for each in LeavingRecord.every(LeavingRecord.partition(tenant_id, month), consistent=True):
            if from_on <= each.left_on <= to_on:
                yield each
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def tell(tenant_id: str, member_id: str, event_id: str, now: datetime) -> None:
    """Tells a member that they have left, and what becomes of what is theirs."""
    notice = MemberLeft(get_tenant(tenant_id).name)
    tell_member(tenant_id, member_id, notice, ("member-left", event_id), now, subject_id=member_id)


def _day(tenant_id: str, at: datetime) -> date:
    return local_date(at, zone(get_tenant(tenant_id).timezone))
