"""How a sign-in code is limited and kept, and how long a token lasts. Pure."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.kernel.errors import TooManyRequests, Unauthenticated
from chalicelib.kernel.keys import Key
from chalicelib.members.model.identities import Identity

Audience = Literal["staff", "member"]

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODES_A_WINDOW = 5
CODE_WINDOW = timedelta(minutes=15)
"""Five codes of five tries each in a quarter of an hour: 25 guesses at a million."""

STAFF_TOKEN_SECONDS = 3600
MEMBER_TOKEN_SECONDS = 24 * 3600
"""A member's token lasts a day's browsing; a staff token, which reads everybody's data, an hour."""


class BadCode(Unauthenticated):
    """The sign-in code is wrong, used up, expired, or was never asked for. Never says which."""

    code, title, title_zh = "bad_code", "The code is wrong or has expired", "验证码错误或已过期"


class TooManyCodes(TooManyRequests):
    """More sign-in codes were asked for than an address may receive; the same for people who do not exist."""

    code, title, title_zh = "too_many_codes", "Too many codes were requested", "验证码请求过于频繁"


def code_digest(key: bytes, sign_in: str, code: str) -> bytes:
    """What is stored of a sign-in code.

    Keyed with the server's secret: a plain hash of six digits is undone by trying all million.
    """
    return hmac.digest(key, f"sign-in code\0{sign_in}\0{code}".encode(), hashlib.sha256)


def sign_in_key(key: Key, audience: Audience, slug: str, identity: Identity) -> str:
    """Names a sign-in in the PlatformTable without naming the person; it begins with the id of the key."""
    parts = "\0".join(("sign-in", audience, slug, identity.kind, identity.value))
    return f"{key.id}.{hmac.digest(key.value, parts.encode(), hashlib.sha256).hex()}"


def window_start(now: datetime) -> int:
    """The rate-limit window that ``now`` is in, as the epoch second at which it began."""
    seconds = int(CODE_WINDOW.total_seconds())
    return int(now.timestamp()) // seconds * seconds
