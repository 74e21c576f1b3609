"""The rules of membership: what identifies a member, what a profile may say, how a sign-in code is kept. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import Conflict, FieldError, Forbidden, Invalid, TooManyRequests, Unauthenticated
from chalicelib.kernel.ids import derived_id

Audience = Literal["staff", "member"]

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODES_A_WINDOW = 5
CODE_WINDOW = timedelta(minutes=15)
"""Five codes of five tries each in a quarter of an hour: 25 guesses at a million."""

STAFF_TOKEN_SECONDS = 3600
MEMBER_TOKEN_SECONDS = 24 * 3600
"""A member's token outlives a day's browsing; a staff token, which reads everybody's data, lives an hour."""


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
    """A blocked member still reads his own data, but cannot order."""

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


class IdentityInvalid(Invalid):
    """An e-mail address, phone number or external reference that cannot be one."""

    code, title, title_zh = "identity_invalid", "The e-mail or phone number is not valid", "邮箱或手机号无效"


class MemberBlocked(Forbidden):
    """The brand has blocked the member: he may look, not order."""

    code, title, title_zh = "member_blocked", "This membership is blocked", "该会员已被限制下单"


class TooBusy(Conflict):
    """So many people joined at the same moment that a number could not be drawn; the request may be sent again."""

    code, title, title_zh = "too_busy", "Too many people are joining at once", "加入人数过多，请稍后再试"


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a member unique in his tenant: a normalised e-mail, an E.164 number, or the brand's own reference."""

    kind: Literal["email", "phone", "ref"]
    value: str

    @classmethod
    def email(cls, text: str, pointer: str = "/email") -> Self:
        """An address, wholly in lower case: no mail service in use tells two people apart by case.

        Raises IdentityInvalid. Whether the domain exists is not asked: that would take a DNS request.
        """
        from email_validator import EmailNotValidError, validate_email

        try:
            checked = validate_email(text, check_deliverability=False, test_environment=True)
        except EmailNotValidError as wrong:
            raise _not_an_identity(pointer, f"'{text}' is not an e-mail address: {wrong}") from wrong
        return cls("email", checked.normalized.lower())

    @classmethod
    def phone(cls, text: str, pointer: str = "/phone") -> Self:
        """A number with its country code (``+86 138 0013 8000``), kept as E.164. Raises IdentityInvalid."""
        import phonenumbers

        try:
            number = phonenumbers.parse(text)
        except phonenumbers.NumberParseException as wrong:
            raise _not_an_identity(pointer, f"'{text}' needs its country code, such as +86 138 0013 8000") from wrong
        if not phonenumbers.is_possible_number(number):
            raise _not_an_identity(pointer, f"'{text}' has too many or too few digits for its country")
        return cls("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    @classmethod
    def ref(cls, text: str) -> Self:
        """The brand's own number or name for the member, as it is but for surrounding blanks."""
        return cls("ref", text.strip())

    @property
    def digest(self) -> str:
        """Stands for the identity in keys, so that no address shows where keys are logged."""
        return derived_id("identity", self.kind, self.value)


def member_id(tenant_id: str, ordinal: int) -> str:
    """The id of a tenant's n-th member (from 0).

    Derived, so that a list of ordinals (a cell of a retention table) turns into members without an index.
    """
    return derived_id(tenant_id, "member", str(ordinal))


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
    """The rate-limit window that ``now`` lies in, as the epoch second at which it began."""
    seconds = int(CODE_WINDOW.total_seconds())
    return int(now.timestamp()) // seconds * seconds


def consent_after(before: Mapping[str, Any], given: Mapping[str, bool], now: datetime) -> dict[str, Any]:
    """Consents with the newly given or withdrawn ones. Each keeps the instant at which its answer last changed."""
    after = dict(before)
    for purpose, granted in given.items():
        if after.get(purpose, {}).get("granted") is not granted:
            after[purpose] = {"granted": granted, "at": instant(now)}
    return after


def _not_an_identity(pointer: str, message: str) -> IdentityInvalid:
    return IdentityInvalid(message, errors=(FieldError(pointer, message),))
