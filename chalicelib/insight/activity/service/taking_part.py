"""Who took part on a local day beside ordering: answered a survey, or checked in. It is kept whether or not the brand
counts it, so that a brand that begins to counts the days before as well.
"""

from datetime import date, datetime

from chalicelib.db import put_many
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.records import TookPartRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.service.members import get_member, note_took_part
from chalicelib.surveys.service.invitations import get_invitation
from chalicelib.tenants.service.brand import get_tenant


def note(tenant_id: str, member_id: str, on: date, now: datetime) -> None:
    """Notes that a member took part on a local day; the next rollup counts it. To note it again is harmless. Raises
    NotFound.
    """
    ordinal = int(get_member(tenant_id, member_id).ordinal)
    put_many([TookPartRecord(*TookPartRecord.address(tenant_id, on, ordinal))])
    mark_dirty(tenant_id, [on])  # after it, so that a rollup which has not seen it leaves the mark
    note_took_part(tenant_id, ordinal, on, now)


def note_answer(tenant_id: str, invitation_id: str, now: datetime) -> None:
    """Notes that the member of an invitation took part on the local day of their answer. Raises NotFound."""
    invitation = get_invitation(tenant_id, invitation_id)
    if invitation.answered_at is not None:
        on = local_date(invitation.answered_at, zone(get_tenant(tenant_id).timezone))
        note(tenant_id, invitation.member_id, on, now)
