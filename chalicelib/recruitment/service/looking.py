"""What is said of an invite code before anybody signs in with it."""

from datetime import datetime
from typing import Literal

from chalicelib.channels.records import ShareLinkRecord
from chalicelib.db import Transaction
from chalicelib.kernel.ids import is_id
from chalicelib.members.records import MemberRecord
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import give_back, take
from chalicelib.recruitment.model.codes import folded
from chalicelib.recruitment.prospects.model import OPEN
from chalicelib.recruitment.prospects.service.prospects import by_code
from chalicelib.recruitment.records import InviteUses
from chalicelib.recruitment.service.rules import rules_of

Seen = Literal["lets_in", "personal", "brought", "refused"]
"""``lets_in``: the brand's, and good; ``personal``: good for one address alone; ``brought``: a member's who invites;
``refused``: it lets nobody in, and never why.
"""


def look_at_code(tenant_id: str, typed: str, source: str, now: datetime) -> Seen | None:
    """What a code is, for who has it from a link. None, of right ones too, once too many were looked at from one place:
    the link tells no more codes apart than joining does. A right one is given back: it was no guess.
    """
    budgets = [Budget.of("invite_links_a_source", source)]
    try:
        take(budgets, now)
    except LimitReached:
        return None
    seen = _seen(tenant_id, folded(typed), now)
    if seen != "refused":
        tx = Transaction()
        give_back(tx, budgets, now)
        tx.commit()
    return seen


def is_personal(tenant_id: str, typed: str, now: datetime) -> bool:
    """Whether a code, which nobody guesses, is that of a personal invitation that is open still."""
    found = by_code(tenant_id, folded(typed))
    return found is not None and found.code == folded(typed) and found.state_at(now) in OPEN


def _seen(tenant_id: str, code: str, now: datetime) -> Seen:
    uses = InviteUses.fetch(*InviteUses.address(tenant_id, code))
    if uses is not None:
        return "lets_in" if uses.status(now) == "active" else "refused"
    if is_personal(tenant_id, code, now):
        return "personal"
    return "brought" if is_id(code) and _invites(tenant_id, code) else "refused"


def _invites(tenant_id: str, code: str) -> bool:
    link = ShareLinkRecord.fetch(*ShareLinkRecord.address(tenant_id, code))
    if link is None or rules_of(tenant_id).referral is None:
        return False
    member = MemberRecord.at(tenant_id, str(link.member_id))
    return member is not None and not member.blocked and member.united_with is None
