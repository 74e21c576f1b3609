"""Two members turn out to be one person, of whom one had left: what becomes of it."""

from datetime import date, datetime

from chalicelib.db import Transaction
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.consents import service as consents
from chalicelib.members.leavings.model import CameBack, came_back
from chalicelib.members.leavings.records import LEFT, LeavingRecord
from chalicelib.members.model.profiles import consent_after
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.service.brand import get_tenant


def hand_on(tx: Transaction, gone: MemberRecord, stays: MemberRecord, now: datetime) -> None:
    """Adds what becomes of a leaving of the one: the other has left since then, with its reason, unless they have come
    back by what they did since. News end with it, and they hear of it.

    To be called before anything else is handed on. Where the other has left, too, each leaving stays as it was noted.
    """
    if gone.left_at is None or stays.left_at is not None:
        return
    left_at: datetime = gone.left_at
    on = local_date(left_at, zone(get_tenant(gone.tenant_id).timezone))
    how = _came_back(stays, left_at, on)
    place = LeavingRecord.address(gone.tenant_id, on, left_at, int(gone.ordinal))
    if how is not None:
        actions = [LeavingRecord.back_at.set(now), LeavingRecord.back_by.set(how.value), LeavingRecord.rev.add(1)]
        tx.update("leaving", LeavingRecord, *place, actions=actions, condition=LeavingRecord.pk.exists())
        return
    _move(tx, place, stays)
    stays.left_at, stays.left_reason = left_at, gone.left_reason
    if stays.agrees_to_news:
        before = stays.consent
        stays.consent = consent_after(before, {"marketing": False}, now)
        consents.note(tx, stays, before, consents.BY_LEAVING)
    stays.emit(LEFT, now, member_id=stays.id, reason=gone.left_reason)


def _came_back(stays: MemberRecord, left_at: datetime, on: date) -> CameBack | None:
    said = [each["at"] for each in (stays.consent or {}).values() if each.get("granted") is True]
    return came_back(
        left_at, on, joined_on=None if stays.unclaimed else stays.joined_on, ordered_on=stays.last_ordered_on,
        agreed_at=[datetime.fromisoformat(each) for each in said],
    )  # fmt: skip


def _move(tx: Transaction, place: tuple[str, str], stays: MemberRecord) -> None:
    """The note of the leaving stands where it is looked for when the other comes back."""
    noted = LeavingRecord.fetch(*place, consistent=True)
    if noted is None:
        return
    tx.delete("leaving", LeavingRecord, *place)
    there = LeavingRecord.address(stays.tenant_id, noted.left_on, noted.left_at, int(stays.ordinal))
    tx.create("leaving of the other", LeavingRecord(
        *there, ordinal=int(stays.ordinal), left_on=noted.left_on, left_at=noted.left_at, reason=noted.reason,
        note=noted.note, by=noted.by,
    ))  # fmt: skip
