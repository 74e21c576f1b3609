"""Who has left the community, from when until when: beside what is counted by ordinals, for classes as of any day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.db import delete_many, put_many
from chalicelib.insight.model import bitmaps
from chalicelib.insight.records import LeaveRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.tenants.service.brand import get_tenant

_TRIES = 8


def note_leave(tenant_id: str, member_id: str, now: datetime) -> None:
    """Notes that a member has left, or is back, as their record says now: whichever message told of it, and however
    often. Raises NotFound.

    The record is read again once that is written: so whoever writes last has seen that it stands as written. A worker
    that dies before it has looked gets its message again.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    known = get_member(tenant_id, member_id, consistent=True)
    for _ in range(_TRIES):
        _write(tenant_id, int(known.ordinal), local_date(known.left_at, tz) if known.left_at else None, now, tz)
        written, known = known, get_member(tenant_id, member_id, consistent=True)
        if known.ordinal != written.ordinal:
            note_united(tenant_id, written.id, now)
            return
        if known.left_at == written.left_at:
            return
    raise Unavailable("The member keeps leaving and coming back; the message will come again.")


def note_united(tenant_id: str, gone_id: str, now: datetime) -> None:
    """A member has become another: when they had left is the other's from now on, who is back unless they have left.
    Repeated, it changes nothing. Raises NotFound.
    """
    gone = MemberRecord.at(tenant_id, gone_id, consistent=True)
    if gone is None or gone.united_with is None:
        return
    old = list(LeaveRecord.of_member(tenant_id, int(gone.ordinal)))
    if not old:
        return
    ordinal = int(get_member(tenant_id, gone_id, consistent=True).ordinal)
    own = {each.left_on for each in LeaveRecord.of_member(tenant_id, ordinal)}
    put_many(
        LeaveRecord(*LeaveRecord.address(tenant_id, ordinal, each.left_on), back_on=each.back_on)
        for each in old
        if each.left_on not in own
    )
    delete_many((LeaveRecord, str(each.pk), str(each.sk)) for each in old)
    note_leave(tenant_id, gone_id, now)


def _write(tenant_id: str, ordinal: int, left_on: date | None, now: datetime, tz: ZoneInfo) -> None:
    leaves = list(LeaveRecord.of_member(tenant_id, ordinal))
    changed = [each for each in leaves if each.back_on is None and each.left_on != left_on]
    for each in changed:
        each.back_on = local_date(now, tz)
    if left_on is not None and not any(each.left_on == left_on and each.back_on is None for each in leaves):
        changed.append(LeaveRecord(*LeaveRecord.address(tenant_id, ordinal, left_on)))
    put_many(changed)


class Leave(NamedTuple):
    """That a member left on a local day, and when they came back, as it is looked at for many days."""

    ordinal: int
    left_on: date
    back_on: date | None


def leaves_of(tenant_id: str) -> list[Leave]:
    """Each time that anybody left."""
    return [Leave(each.ordinal, each.left_on, each.back_on) for each in LeaveRecord.of_tenant(tenant_id)]


def left_by(leaves: Iterable[Leave | LeaveRecord], on: date) -> int:
    """Who had left by the end of a local day and was not back, as bits by ordinal."""
    return bitmaps.of(
        each.ordinal for each in leaves if each.left_on <= on and (each.back_on is None or each.back_on > on)
    )
