"""The rules of an invitation: one for each cause, for how long it is open, and the token of its link. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import derived_id, is_id
from chalicelib.kernel.keys import Keys
from chalicelib.surveys.errors import AlreadyAnswered, InvitationExpired
from chalicelib.surveys.model.questions import Trigger

INVITATION_DAYS = 30

_ID, _MAC = 26, 24
"""Letters of an invitation's id, and of the signature at the end of its token."""


@dataclass(frozen=True, slots=True)
class About:
    """What an invitation is about: by it the answers are told apart."""

    order_id: str | None = None
    campaign_id: str | None = None
    pickup_point_id: str | None = None
    sku_ids: tuple[str, ...] = ()
    closed_complaint_id: str | None = None
    wave: str | None = None

    def beside_the_order(self) -> Mapping[str, Any]:
        """The stored form of all but the order; what is not known is left out."""
        return {name: value for name, value in asdict(self).items() if value and name != "order_id"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why somebody is asked: what sent the survey, ``cause`` by which it is once, whom it asks, and since when."""

    trigger: Trigger
    cause: tuple[str, ...]
    member_id: str
    at: datetime
    about: About = About()

    def invitation_id(self, tenant_id: str) -> str:
        """One invitation for a trigger and a cause, whatever survey is in force when a message is delivered again."""
        return derived_id(tenant_id, "invitation", self.trigger, *self.cause)


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


_INVITATION, _LINK = b"survey-invitation", b"survey-link"


def token_of(keys: Keys, tenant_id: str, invitation: str) -> str:
    """The secret part of an invitation's link: its id, a key's id, and 144 bits of HMAC-SHA-256 over tenant and id.

    Nothing is stored, so whoever reads the database cannot answer.
    """
    return _token(keys, _INVITATION, tenant_id, invitation)


def link_token_of(keys: Keys, tenant_id: str, link_id: str) -> str:
    """The same of a link that is open to all."""
    return _token(keys, _LINK, tenant_id, link_id)


def _token(keys: Keys, what: bytes, tenant_id: str, subject: str) -> str:
    key = keys.current
    return subject + key.id + _mac(key.value, what, tenant_id, subject)


def invitation_of(keys: Keys, tenant_id: str, token: str) -> str | None:
    """The invitation that a token opens in that tenant, or None for a token that is not ours, or whose key no longer
    counts. Constant time.
    """
    return _subject_of(keys, _INVITATION, tenant_id, token)


def link_of(keys: Keys, tenant_id: str, token: str) -> str | None:
    """The link that is open to all, by its token, as :func:`invitation_of`."""
    return _subject_of(keys, _LINK, tenant_id, token)


def _subject_of(keys: Keys, what: bytes, tenant_id: str, token: str) -> str | None:
    invitation, key_id, mac = token[:_ID], token[_ID:-_MAC], token[-_MAC:]
    if not is_id(invitation) or not token.isascii():
        return None
    key = keys.find(key_id) if key_id else None
    # One from before keys had ids names none, and was signed with a secret itself.
    candidates = [key.value] if key else [] if key_id else keys.secrets()
    fits = any(hmac.compare_digest(mac, _mac(each, what, tenant_id, invitation)) for each in candidates)
    return invitation if fits else None


def _mac(key: bytes, what: bytes, tenant_id: str, subject: str) -> str:
    mac = hmac.digest(key, what + b"\0" + f"{tenant_id}/{subject}".encode(), hashlib.sha256)[:18]
    return base64.urlsafe_b64encode(mac).decode()
