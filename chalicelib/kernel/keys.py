"""Keys made of a secret: one for each purpose, each with an id that may be shown. Pure."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Key:
    """32 bytes for one purpose. ``id`` names the key in what it signs or seals, and tells nothing of it."""

    id: str
    value: bytes = field(repr=False)


class Keys(Protocol):
    """The keys of one purpose that count at present."""

    @property
    def current(self) -> Key:
        """The key to sign or seal with."""

    def find(self, key_id: str) -> Key | None:
        """The key of that id while it counts, else None."""

    def secrets(self) -> Iterable[bytes]:
        """The secrets that they are made of: what was made before keys had ids was signed with these."""


def derived(secret: bytes, *info: str) -> bytes:
    """32 bytes for one use of a secret, by HKDF-SHA256 (RFC 5869) without salt; ``info`` names the use."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    named = json.dumps(info, ensure_ascii=True, separators=(",", ":")).encode()
    return hmac.new(extracted, named + b"\x01", hashlib.sha256).digest()


@lru_cache(maxsize=32)
def key_of(secret: bytes, purpose: str) -> Key:
    """The key that a secret gives for a purpose. Its id follows from the secret, so nothing has to be numbered."""
    return Key(derived(secret, purpose, "id")[:_ID_BYTES].hex(), derived(secret, purpose))
