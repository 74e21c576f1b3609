"""The rules of membership: what identifies a member, what a profile may say, how a sign-in code is kept. Pure."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import Forbidden, TooManyRequests, Unauthenticated
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.unnamed import UNNAMED, Unnamed, named

Audience = Literal["staff", "member"]

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODES_A_WINDOW = 5
CODE_WINDOW = timedelta(minutes=15)
"""Five codes of five tries each in a quarter of an hour: 25 guesses at a million."""

STAFF_TOKEN_SECONDS = 3600
MEMBER_TOKEN_SECONDS = 24 * 3600
"""A member's token lasts a day's browsing; a staff token, which reads everybody's data, an hour."""


class AgeBand(StrEnum):
    """Age in years, both ends included."""

    UNDER_18 = "under_18"
    FROM_18 = "18_24"
    FROM_25 = "25_34"
    FROM_35 = "35_44"
    FROM_45 = "45_54"
    FROM_55 = "55_64"
    FROM_65 = "65_plus"


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


class Status(StrEnum):
    """A blocked member still reads their own data, but cannot order."""

    ACTIVE = "active"
    BLOCKED = "blocked"


PROFILE_FIELDS = ("age_band", "gender", "occupation", "income_band", "interests")
CONSENTS = ("marketing", "analytics", "personalisation")


class BadCode(Unauthenticated):
    """The sign-in code is wrong, used up, expired, or was never asked for. Never says which."""

    code, title, title_zh = "bad_code", "The code is wrong or has expired", "验证码错误或已过期"


class TooManyCodes(TooManyRequests):
    """More sign-in codes were asked for than an address may receive; the same for people who do not exist."""

    code, title, title_zh = "too_many_codes", "Too many codes were requested", "验证码请求过于频繁"


class MemberBlocked(Forbidden):
    """The brand has blocked the member: they may look, not order."""

    code, title, title_zh = "member_blocked", "This membership is blocked", "该会员已被限制下单"


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a member unique in a tenant: an e-mail in lower case, an E.164 number, the brand's own reference."""

    kind: Literal["email", "phone", "ref"]
    value: str

    @property
    def digest(self) -> str:
        """Stands for the identity in keys, so that no address shows where keys are logged."""
        return derived_id("identity", self.kind, self.value)


def member_id(tenant_id: str, ordinal: int) -> str:
    """The id of a tenant's n-th member (from 0).

    Derived, so that a list of ordinals (a cell of a retention table) turns into members without an index.
    """
    return derived_id(tenant_id, "member", str(ordinal))


def search_identities(text: str) -> list[Identity]:
    """The identities that a search text may be: the brand's own reference, an e-mail or a phone number, exactly."""
    found = [Identity("ref", text)]
    if "@" in text:
        found.append(Identity("email", text.lower()))
    number = "".join(character for character in text if character not in " -()")
    if number.startswith("+") and number[1:].isdecimal():
        found.append(Identity("phone", number))
    return found


def code_digest(secret: bytes, sign_in: str, code: str) -> bytes:
    """What is stored of a sign-in code.

    Keyed with the server's secret: a plain hash of six digits is undone by trying all million.
    """
    return hmac.digest(secret, f"sign-in code\0{sign_in}\0{code}".encode(), hashlib.sha256)


def sign_in_key(secret: bytes, audience: Audience, slug: str, identity: Identity) -> str:
    """Names a sign-in in the PlatformTable without naming the person."""
    parts = "\0".join(("sign-in", audience, slug, identity.kind, identity.value))
    return hmac.digest(secret, parts.encode(), hashlib.sha256).hex()


def window_start(now: datetime) -> int:
    """The rate-limit window that ``now`` is in, as the epoch second at which it began."""
    seconds = int(CODE_WINDOW.total_seconds())
    return int(now.timestamp()) // seconds * seconds


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What a member says of themselves. What is ``UNNAMED`` stays, None clears."""

    name: str | Unnamed | None = UNNAMED
    age_band: str | Unnamed | None = UNNAMED
    gender: str | Unnamed | None = UNNAMED
    occupation: str | Unnamed | None = UNNAMED
    income_band: str | Unnamed | None = UNNAMED
    interests: Sequence[str] | Unnamed | None = UNNAMED


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """What members change of what is kept of them. ``consent`` has the purposes that they agree or object to."""

    profile: ProfileChanges = field(default_factory=ProfileChanges)
    consent: Mapping[str, bool] = field(default_factory=dict)
    locale: str | None = None


def profile_after(before: Mapping[str, Any], changes: ProfileChanges) -> dict[str, Any]:
    """A profile with what is named set, or cleared where None. The name is kept apart from it."""
    after = {**before, **named(changes)}
    return {name: after[name] for name in PROFILE_FIELDS if after.get(name) not in (None, [])}


def consent_after(before: Mapping[str, Any], given: Mapping[str, bool], now: datetime) -> dict[str, Any]:
    """Consents with the newly given or withdrawn ones. Each keeps the instant at which its answer last changed."""
    after = dict(before)
    for purpose, granted in given.items():
        if after.get(purpose, {}).get("granted") is not granted:
            after[purpose] = {"granted": granted, "at": instant(now)}
    return after


_HIDDEN = "**"


_DIGITS_SHOWN = 4


def masked_name(name: str | None) -> str:
    """The first character and no more: ``王**`` for 王小明, ``A**`` for Ada; ``**`` for someone without a name."""
    return f"{name.strip()[:1]}{_HIDDEN}" if name else _HIDDEN


def masked_phone(phone: str | None) -> str | None:
    """The last four digits, which is what people say at a counter: ``****8000``. None where there is no number."""
    return f"****{phone[-_DIGITS_SHOWN:]}" if phone else None
