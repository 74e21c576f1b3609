"""Seals what the database keeps for us and whoever reads it must not be able to use, such as keys and secrets.

AES-256-GCM under a key derived from a secret that lives outside the database. Each text is bound to its place, such as
tenant and provider, so it cannot be moved to another one either.
"""

import base64
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.keys import Key
from chalicelib.secret_versions import KeyRing
from chalicelib.settings import Purpose, secret

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Vault:
    """What is sealed with the keys of one purpose."""

    purpose: Purpose

    def seal(self, value: Any, *place: str) -> str:
        """Encrypts a JSON value for a place; the text begins with the id of its key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 30 ms, which only those who seal should pay

        key, nonce = self._keys.current, secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = AESGCM(key.value).encrypt(nonce, plain, _bound(place))
        return f"{key.id}.{base64.b64encode(nonce + sealed).decode()}"

    def unseal(self, text: str, *place: str) -> Any:
        """What was sealed for this place. Raises cryptography's InvalidTag for any other place, a changed text, or a
        key that no longer counts.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = base64.b64decode(text.rpartition(".")[2])
        nonce, sealed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        for key in self._keys_of(text):
            with suppress(InvalidTag):
                return json.loads(AESGCM(key.value).decrypt(nonce, sealed, _bound(place)))
        raise InvalidTag

    def unseal_or_none(self, text: str, *place: str) -> Any:
        """What was sealed for this place, or None where it does not open: its key no longer counts."""
        from cryptography.exceptions import InvalidTag

        try:
            return self.unseal(text, *place)
        except InvalidTag:
            return None

    def sealed_anew(self, text: str, *place: str) -> str:
        """The text sealed with the current key; as it is where it is so already, or does not open."""
        if _key_id(text) == self._keys.current.id:
            return text
        value = self.unseal_or_none(text, *place)
        return text if value is None else self.seal(value, *place)

    @property
    def _keys(self) -> KeyRing:
        return secret(self.purpose)

    def _keys_of(self, text: str) -> Iterable[Key]:
        """The key that a text names; for one from before keys had ids, all that count."""
        key_id = _key_id(text)
        found = self._keys.find(key_id) if key_id else None
        return [found] if found else self._keys.every() if not key_id else []


def _key_id(text: str) -> str:
    return text.rpartition(".")[0]


def _bound(place: tuple[str, ...]) -> bytes:
    return json.dumps(place, separators=(",", ":")).encode()
