"""Keeps the stores' provider keys so that whoever reads the database cannot use them.

AES-256-GCM under a key derived from the payment secret, which lives outside the database and seals nothing else. Each
text is bound to its place (tenant and provider), so it cannot be moved to another store either.
"""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from chalicelib.settings import payment_secret

_NONCE_BYTES = 12


def derived_key(purpose: str, *context: str) -> bytes:
    """32 bytes for one purpose, by HKDF-SHA256 (RFC 5869) from the payment secret, without salt."""
    extracted = hmac.digest(bytes(32), payment_secret(), "sha256")
    info = json.dumps([purpose, *context], ensure_ascii=True, separators=(",", ":")).encode()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def seal(value: Any, *place: str) -> str:
    """Encrypts a JSON value for a place."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 30 ms, which only payments should pay

    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = AESGCM(derived_key("payments vault")).encrypt(nonce, plain, _bound(place))
    return base64.b64encode(nonce + sealed).decode()


def unseal(text: str, *place: str) -> Any:
    """What was sealed for this place. Raises cryptography's InvalidTag for any other place, key or a changed text."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    raw = base64.b64decode(text)
    nonce, sealed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    return json.loads(AESGCM(derived_key("payments vault")).decrypt(nonce, sealed, _bound(place)))


def unseal_or_none(text: str, *place: str) -> Any:
    """What was sealed for this place, or None where it does not open: the payment secret has been replaced since."""
    from cryptography.exceptions import InvalidTag

    try:
        return unseal(text, *place)
    except InvalidTag:
        return None


def _bound(place: tuple[str, ...]) -> bytes:
    return json.dumps(place, separators=(",", ":")).encode()
