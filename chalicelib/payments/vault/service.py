"""Keeps the stores' provider keys so that whoever reads the database cannot use them.

AES-256-GCM under a key derived from the payment secret, which lives outside the database and seals nothing else. Each
text is bound to its place (tenant and provider), so it cannot be moved to another store either.
"""

import base64
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from chalicelib.kernel.keys import Key
from chalicelib.secret_versions import KeyRing
from chalicelib.settings import secret

_NONCE_BYTES = 12


def seal(value: Any, *place: str) -> str:
    """Encrypts a JSON value for a place; the text begins with the id of its key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 30 ms, which only payments should pay

    key, nonce = _keys().current, secrets.token_bytes(_NONCE_BYTES)
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = AESGCM(key.value).encrypt(nonce, plain, _bound(place))
    return f"{key.id}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(text: str, *place: str) -> Any:
    """What was sealed for this place. Raises cryptography's InvalidTag for any other place, a changed text, or a key
    that no longer counts.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    raw = base64.b64decode(text.rpartition(".")[2])
    nonce, sealed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    for key in _keys_of(text):
        with suppress(InvalidTag):
            return json.loads(AESGCM(key.value).decrypt(nonce, sealed, _bound(place)))
    raise InvalidTag


def unseal_or_none(text: str, *place: str) -> Any:
    """What was sealed for this place, or None where it does not open: its key no longer counts."""
    from cryptography.exceptions import InvalidTag

    try:
        return unseal(text, *place)
    except InvalidTag:
        return None


def sealed_anew(text: str, *place: str) -> str:
    """The text sealed with the current key; as it is where it is so already, or does not open."""
    if _key_id(text) == _keys().current.id:
        return text
    value = unseal_or_none(text, *place)
    return text if value is None else seal(value, *place)


def _keys() -> KeyRing:
    return secret("payments vault")


def _keys_of(text: str) -> Iterable[Key]:
    """The key that a text names; for one from before keys had ids, all that count."""
    key_id = _key_id(text)
    found = _keys().find(key_id) if key_id else None
    return [found] if found else _keys().every() if not key_id else []


def _key_id(text: str) -> str:
    return text.rpartition(".")[0]


def _bound(place: tuple[str, ...]) -> bytes:
    return json.dumps(place, separators=(",", ":")).encode()
