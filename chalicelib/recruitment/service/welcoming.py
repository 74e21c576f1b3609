"""What follows when somebody has joined: where they came from is kept, they are greeted, and get what was promised.

Each step finds on its own whether it was done, so that a message that comes twice, or after a crash, does the rest.
"""

from contextlib import suppress
from datetime import datetime

from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service.by_cause import coupon_in_words, give_coupon
from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.notices.telling.service import tell_member
from chalicelib.pricing.model import Words
from chalicelib.recruitment.model.notices import Welcomed
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.recruitment.prospects.service import prospecting
from chalicelib.recruitment.records import (
    InviteCodeRecord,
    OriginRecord,
    RecruitmentRecord,
    ReferralRecord,
    ReferrerRecord,
)
from chalicelib.tenants.service.brand import get_tenant


def joined(tenant_id: str, member_id: str, now: datetime) -> None:
    """Keeps where a new member came from, and welcomes them. Of whom the brand wrote down or imported, nothing, until
    they redeem a personal invitation.
    """
    member = MemberRecord.at(tenant_id, member_id, consistent=True)
    if member is None or member.joined_by is None or member.united_with is not None:
        return
    _keep_origin(member)
    prospecting.joined(member, now)
    if member.referred_by is not None:
        begin_referral(member, now)
    _welcome(member, now)


def begin_referral(friend: MemberRecord, now: datetime) -> None:
    """Notes that a member was brought by another, and counts it, once."""
    tenant_id, referrer_id = friend.tenant_id, str(friend.referred_by)
    tx = Transaction()
    tx.create("referral", ReferralRecord.of(tenant_id, friend.id, referrer_id, now))
    actions = [ReferrerRecord.joined.add(1), ReferrerRecord.rev.add(1)]
    tx.update("referrer", ReferrerRecord, *ReferrerRecord.address(tenant_id, referrer_id), actions=actions)
    with suppress(Refused):  # it is noted already
        tx.commit()


def _keep_origin(member: MemberRecord) -> None:
    by_code = [member.joined_by] if str(member.joined_by).startswith("invite:") else []
    for source in [*by_code, *([f"channel:{member.channel_id}"] if member.channel_id else [])]:
        place = OriginRecord.address(member.tenant_id, str(source), int(member.ordinal))
        tx = Transaction()
        tx.put("origin", OriginRecord(*place, member_id=member.id))
        tx.commit()


def _welcome(member: MemberRecord, now: datetime) -> None:
    tenant_id, joined_by = member.tenant_id, str(member.joined_by)
    found = RecruitmentRecord.fetch(*RecruitmentRecord.address(tenant_id))
    batch_id = _promised(tenant_id, joined_by)
    with suppress(NotFound):  # they are gone again
        if batch_id is not None:
            give_coupon(tenant_id, batch_id, member.id, joined_by, now)
        if found is not None and found.rules.welcome_batch_id is not None:
            give_coupon(tenant_id, found.rules.welcome_batch_id, member.id, "welcome", now)
    if found is not None and found.rules.welcome:
        tell_member(tenant_id, member.id, Welcomed(get_tenant(tenant_id).name), (member.id, "welcome"), now)


def promised(tenant_id: str, joined_by: str | None, now: datetime) -> list[Words]:
    """The coupons, in words, that who joins gets by it: that of their code or invitation, and everybody's."""
    found = RecruitmentRecord.fetch(*RecruitmentRecord.address(tenant_id))
    welcome = found.rules.welcome_batch_id if found is not None else None
    ids = [each for each in (_promised(tenant_id, str(joined_by)), welcome) if each is not None]
    batches = fetch_many([(BatchRecord, *BatchRecord.address(tenant_id, each)) for each in ids]) if ids else []
    return [words for each in batches if (words := coupon_in_words(each, now)) is not None]


def _promised(tenant_id: str, joined_by: str) -> str | None:
    """The batch of which who joined by an invite code, or by a personal invitation, gets a coupon."""
    by, _, id_ = joined_by.partition(":")
    found: InviteCodeRecord | ProspectRecord | None = None
    if by == "invite":
        found = InviteCodeRecord.fetch(*InviteCodeRecord.address(tenant_id, id_))
    elif by == "prospect":
        found = ProspectRecord.fetch(*ProspectRecord.address(tenant_id, id_))
    return None if found is None else found.batch_id
