"""Keys for tests of what is signed, without a place where secrets are kept."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.kernel.keys import Key, key_of


class Ring:
    """The keys of these secrets, the current one first."""

    def __init__(self, *secrets: bytes) -> None:
        self._secrets = secrets

    @property
    def current(self) -> Key:
        return key_of(self._secrets[0], "a test")

    def find(self, key_id: str) -> Key | None:
        return next((key for key in (key_of(each, "a test") for each in self._secrets) if key.id == key_id), None)

    def secrets(self) -> Iterable[bytes]:
        return self._secrets
