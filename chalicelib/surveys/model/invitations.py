"""The rules of an invitation: one for each order, for how long it is open, and the token of its link. Pure."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import derived_id, is_id
from chalicelib.surveys.errors import AlreadyAnswered, InvitationExpired
from chalicelib.surveys.model.questions import Trigger

INVITATION_DAYS = 30


def invitation_id(tenant_id: str, trigger: Trigger, order_id: str) -> str:
    """One invitation for a trigger and an order, whatever survey is in force when a message is delivered again."""
    return derived_id(tenant_id, "invitation", trigger, order_id)


def answer_fault(answered: bool, expires_at: datetime, now: datetime) -> Conflict | None:
    """Why the invitation takes no answer any more, or None while it does."""
    if answered:
        return AlreadyAnswered("This invitation has been answered; thank you.", detail_zh="该问卷已填写，谢谢。")
    if expires_at <= now:
        return InvitationExpired(
            f"The invitation was open for {INVITATION_DAYS} days.",
            detail_zh=f"问卷邀请的有效期为 {INVITATION_DAYS} 天。",
        )
    return None


def expiry(created_at: datetime) -> datetime:
    """When an invitation ends (UTC)."""
    return created_at + timedelta(days=INVITATION_DAYS)


def token_of(secret: bytes, tenant_id: str, invitation: str) -> str:
    """The secret part of an invitation's link: its id, and 144 bits of HMAC-SHA-256 over tenant and id.

    Nothing is stored, so whoever reads the database cannot answer; a new server secret ends all open invitations.
    """
    mac = hmac.digest(secret, b"survey-invitation\0" + f"{tenant_id}/{invitation}".encode(), hashlib.sha256)[:18]
    return invitation + base64.urlsafe_b64encode(mac).decode()


def invitation_of(secret: bytes, tenant_id: str, token: str) -> str | None:
    """The invitation that a token opens in that tenant, or None for a token that is not ours. Constant time."""
    invitation = token[:26]
    if not is_id(invitation) or not token.isascii():
        return None
    return invitation if hmac.compare_digest(token, token_of(secret, tenant_id, invitation)) else None
