"""Identifiers and secrets."""

import hashlib
import re
import secrets
from datetime import datetime

from ulid import ULID

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def new_id(now: datetime) -> str:
    """A fresh ULID (26 characters) whose first 48 bits are ``now``: ids of one kind sort by creation."""
    return str(ULID.from_datetime(now))


def derived_id(*parts: str) -> str:
    """An id that the same parts always give: 128 bits of SHA-256 over the length-prefixed parts, written as a ULID.

    It carries no time. Two lists of parts never collide by their boundaries (``a, bc`` and ``ab, c`` differ).
    """
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode()
        digest.update(len(raw).to_bytes(4, "big"))
        digest.update(raw)
    return str(ULID.from_bytes(digest.digest()[:16]))


def dated_id(now: datetime, *parts: str) -> str:
    """An id that the same instant and parts always give: it sorts by the instant, as a new one does."""
    drawn = ULID.parse(derived_id(*parts)).bytes[6:]
    return str(ULID.from_bytes(int(now.timestamp() * 1000).to_bytes(6, "big") + drawn))


def id_made_at(made: str) -> datetime:
    """The instant (UTC) that an id of :func:`new_id` or :func:`dated_id` carries."""
    return ULID.from_str(made).datetime


def is_id(text: str) -> bool:
    """Whether the text has the form of an id of ours."""
    return _ULID.fullmatch(text) is not None


def secret_token(nbytes: int = 32) -> str:
    """A URL-safe secret of ``nbytes`` random bytes."""
    return secrets.token_urlsafe(nbytes)


def secret_hash(secret: str) -> str:
    """How an API key's secret is stored. The secret has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digits_code(length: int = 6) -> str:
    """A one-time code of decimal digits, leading zeros kept."""
    return str(secrets.randbelow(10**length)).zfill(length)
