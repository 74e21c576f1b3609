"""The rules of an invitation: one for each order, for how long it is open, and the token of its link. Pure."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import derived_id, is_id
from chalicelib.kernel.keys import Keys
from chalicelib.surveys.errors import AlreadyAnswered, InvitationExpired
from chalicelib.surveys.model.questions import Trigger

INVITATION_DAYS = 30

_ID, _MAC = 26, 24
"""Letters of an invitation's id, and of the signature at the end of its token."""


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


def token_of(keys: Keys, tenant_id: str, invitation: str) -> str:
    """The secret part of an invitation's link: its id, a key's id, and 144 bits of HMAC-SHA-256 over tenant and id.

    Nothing is stored, so whoever reads the database cannot answer.
    """
    key = keys.current
    return invitation + key.id + _mac(key.value, tenant_id, invitation)


def invitation_of(keys: Keys, tenant_id: str, token: str) -> str | None:
    """The invitation that a token opens in that tenant, or None for a token that is not ours, or whose key no longer
    counts. Constant time.
    """
    invitation, key_id, mac = token[:_ID], token[_ID:-_MAC], token[-_MAC:]
    if not is_id(invitation) or not token.isascii():
        return None
    key = keys.find(key_id) if key_id else None
    # One from before keys had ids names none, and was signed with a secret itself.
    candidates = [key.value] if key else [] if key_id else keys.secrets()
    fits = any(hmac.compare_digest(mac, _mac(each, tenant_id, invitation)) for each in candidates)
    return invitation if fits else None


def _mac(key: bytes, tenant_id: str, invitation: str) -> str:
    mac = hmac.digest(key, b"survey-invitation\0" + f"{tenant_id}/{invitation}".encode(), hashlib.sha256)[:18]
    return base64.urlsafe_b64encode(mac).decode()
