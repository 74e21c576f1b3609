"""Who is let in: asked by the sign-in of everybody who is no member yet.

A use of an invite code is counted in the transaction in which the member is made, on the condition that it still lets
people in: of many at once no more join than it admits.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.channels.records import ShareLinkRecord
from chalicelib.channels.service import led_by
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.counting import counted
from chalicelib.kernel.ids import is_id
from chalicelib.members.enrolment.errors import (
    ApplicationDeclined,
    ApplicationNeeded,
    ApplicationPending,
    InviteCodeNeeded,
    InviteCodeRefused,
    OwnInvitation,
    TooManyInviteCodes,
)
from chalicelib.members.enrolment.model import Admission, Arrival
from chalicelib.members.records import MemberRecord
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import give_back, take
from chalicelib.recruitment.model.codes import folded
from chalicelib.recruitment.model.referrals import one_person
from chalicelib.recruitment.model.rules import Joining, Rules
from chalicelib.recruitment.prospects.model import OPEN
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.recruitment.prospects.service.prospects import by_code
from chalicelib.recruitment.records import ApplicationRecord, InviteCodeRecord, InviteUses
from chalicelib.recruitment.service.rules import rules_of


def admit(tenant_id: str, arrival: Arrival, now: datetime) -> Admission:
    """How somebody new joins a store. Raises what ``members.enrolment.errors`` names where they may not."""
    rules = rules_of(tenant_id)
    if arrival.invite_code:
        return _by_code(tenant_id, rules, arrival, arrival.invite_code, now)
    return _by_link(tenant_id, rules, arrival, now)


def _by_code(tenant_id: str, rules: Rules, arrival: Arrival, typed: str, now: datetime) -> Admission:
    budgets = [
        Budget.of("invite_codes_a_source", arrival.source),
        Budget.of("invite_codes_an_address", tenant_id, arrival.identity.kind, arrival.identity.value),
    ]
    try:
        take(budgets, now)
    except LimitReached as reached:
        raise _too_many(reached) from reached
    code = folded(typed)
    admission = (
        _of_brand(tenant_id, code, now)
        or _of_prospect(tenant_id, arrival, code, now)
        or _of_member(tenant_id, rules, arrival, code, now)
    )
    if admission is None:
        raise refused_code()
    counted_by_code = admission.along

    def along(tx: Transaction) -> None:
        counted_by_code(tx)
        give_back(tx, budgets, now)  # it was no guess

    return replace(admission, along=along)


def _of_brand(tenant_id: str, code: str, now: datetime) -> Admission | None:
    place = InviteUses.address(tenant_id, code)
    uses = InviteUses.fetch(*place, consistent=True)
    if uses is None or uses.status(now) != "active":
        return None
    invite = InviteCodeRecord.fetch(*InviteCodeRecord.address(tenant_id, uses.code_id))
    if invite is None:
        return None

    def use(tx: Transaction) -> None:
        tx.update("invite", InviteUses, *place, actions=[InviteUses.uses.add(1)], condition=InviteUses.lets_in(now))

    def refused(refusal: Refused) -> None:
        if "invite" in refusal.names:
            raise refused_code() from refusal

    return Admission(
        origin=f"invite:{invite.code}", joined_by=f"invite:{invite.id}", channel_id=invite.channel_id, along=use,
        refused=refused,
    )  # fmt: skip


def redeem(tenant_id: str, arrival: Arrival, member_id: str, now: datetime) -> Admission | None:
    """The personal invitation that somebody redeems as they become a member whom the brand has named; no other code
    changes anything for them.
    """
    code = arrival.invite_code and folded(arrival.invite_code)
    return _of_prospect(tenant_id, arrival, code, now, member_id) if code else None


def _of_prospect(
    tenant_id: str, arrival: Arrival, code: str, now: datetime, member_id: str | None = None
) -> Admission | None:
    """By a personal invitation, from the address alone that it was sent to; ``member_id`` is of whom the brand had
    named by the address.
    """
    found = by_code(tenant_id, code)
    if found is None or found.identity != arrival.identity or found.code != code or found.state_at(now) not in OPEN:
        return None
    place = str(found.pk), str(found.sk)

    def use(tx: Transaction) -> None:
        lets_in = ProspectRecord.lets_in(code, now)
        joins = ProspectRecord.joins(tenant_id, now, member_id)
        tx.update("prospect", ProspectRecord, *place, actions=joins, condition=lets_in)

    def refused(refusal: Refused) -> None:
        if "prospect" in refusal.names:
            raise refused_code() from refusal

    return Admission(origin="invite", joined_by=f"prospect:{found.id}", along=use, refused=refused)


def _of_member(tenant_id: str, rules: Rules, arrival: Arrival, code: str, now: datetime) -> Admission | None:
    """By the code of a member who invites; where the store is joined by application, that alone lets nobody in."""
    if rules.referral is None or not is_id(code):
        return None
    link = ShareLinkRecord.fetch(*ShareLinkRecord.address(tenant_id, code))
    brought = _brought(tenant_id, arrival, link.member_id) if link else None
    if brought is None:
        return None
    if brought.referred_by is None:
        raise OwnInvitation.at(
            "/invite_code", "This code is your own; leave it out, or join by somebody else's.",
            "这是您自己的邀请码，请留空或使用他人的邀请码。",
        )  # fmt: skip
    return _applied(tenant_id, arrival, brought, now) if rules.joining is Joining.APPLICATION else brought


def _by_link(tenant_id: str, rules: Rules, arrival: Arrival, now: datetime) -> Admission:
    """By the link that led to the shop, if there is one, as far as the store lets people in without a code."""
    came = of_link(tenant_id, rules, arrival)
    if rules.joining is Joining.APPLICATION:
        return _applied(tenant_id, arrival, came, now)
    if rules.joining is Joining.CODE and came.referred_by is None:
        raise InviteCodeNeeded(
            "New members join this store with an invite code; ask the store or a member for one.",
            detail_zh="本店新会员需凭邀请码加入，请向商家或会员索取。",
        )
    return came


def of_link(tenant_id: str, rules: Rules, arrival: Arrival) -> Admission:
    """What is kept of whose link led somebody to the shop: a channel's, or a member's who invites."""
    via = led_by(tenant_id, arrival.link) if arrival.link else None
    if via is not None and via.channel_id:
        return Admission(joined_by=f"channel:{via.channel_id}", channel_id=via.channel_id)
    if via is not None and via.sharer_id and rules.referral is not None:
        return _brought(tenant_id, arrival, via.sharer_id) or Admission()
    return Admission()


def _brought(tenant_id: str, arrival: Arrival, referrer_id: str) -> Admission | None:
    """That a member brought somebody; of one who brings themselves, nothing but that they joined. None where that
    member is blocked, or nobody any more.
    """
    found = MemberRecord.at(tenant_id, referrer_id)
    if found is None or found.blocked or found.united_with is not None:
        return None
    if one_person(found.identities, [arrival.identity]):
        return Admission()
    return Admission(origin="referral", joined_by=f"member:{found.id}", referred_by=found.id)


def _applied(tenant_id: str, arrival: Arrival, came: Admission, now: datetime) -> Admission:
    """Who applied joins once they are approved, with what brought them now or when they applied."""
    place = ApplicationRecord.address(tenant_id, ApplicationRecord.id_of(tenant_id, arrival.identity))
    application = ApplicationRecord.fetch(*place, consistent=True)
    if application is None:
        raise ApplicationNeeded(
            "This store asks new members some questions first; answer them, and it decides.",
            detail_zh="本店新会员需先提交入会申请，由商家审核。",
        )
    _check_approved(application)

    def joined(tx: Transaction) -> None:
        decided = ApplicationRecord.status.is_in("approved", "joined")
        joins = ApplicationRecord.joins(tenant_id, now)
        tx.update("application", ApplicationRecord, *place, actions=joins, condition=decided)

    def refused(refusal: Refused) -> None:
        if "application" in refusal.names:  # decided otherwise at this moment
            _applied(tenant_id, arrival, came, now)

    return Admission(
        origin="application", joined_by=f"application:{application.id}", along=joined, refused=refused,
        referred_by=came.referred_by or application.referred_by, channel_id=came.channel_id or application.channel_id,
    )  # fmt: skip


def _check_approved(application: ApplicationRecord) -> None:
    if application.status == "pending":
        raise ApplicationPending(
            "Your application has arrived and the store is looking at it. You are told as soon as it has decided.",
            detail_zh="您的入会申请已提交，商家正在审核，结果会及时通知您。",
        )
    if application.status == "declined":
        raise ApplicationDeclined(
            f"The store has declined your application: {application.reason} Ask the store if you think that is wrong.",
            detail_zh=f"您的入会申请未通过：{application.reason} 如有疑问，请联系商家。",
            extra={"reason": application.reason},
        )


def refused_code() -> InviteCodeRefused:
    """The one answer to every invite code that lets nobody in."""
    return InviteCodeRefused.at(
        "/invite_code",
        "This invite code cannot be used: it is unknown, over or used up. Check it, or ask for another one.",
        "该邀请码不可用：不存在、已过期或已用完。请核对，或重新索取。",
    )


def _too_many(reached: LimitReached) -> TooManyInviteCodes:
    minutes = -(-(reached.retry_after or 1) // 60)
    return TooManyInviteCodes(
        f"Too many invite codes were tried; try again in {counted(minutes, 'minute')}.",
        detail_zh=f"邀请码尝试次数过多，请在 {minutes} 分钟后重试。",
        retry_after=reached.retry_after,
    )
