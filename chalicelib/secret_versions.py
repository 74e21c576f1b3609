"""Secrets with the version that is current and the one before it, and the keys that are made of them.

Secrets Manager keeps both under the labels ``AWSCURRENT`` and ``AWSPREVIOUS``. The current one signs; the previous one
still opens what it signed while the overlap lasts. docs/rotation.md says how a secret is replaced.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.kernel import clock
from chalicelib.kernel.keys import Key, key_of
from chalicelib.telemetry import logger

READ_AGAIN_SECONDS = 300
"""How old what a function knows of a secret may be: within five minutes every one signs with the new version."""

ASK_AGAIN_SECONDS = 10
"""How often at most an unknown key id has the secret read: anybody can send one."""

_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a secret; ``made_at`` (UTC) is None for one of the environment, which has no other."""

    secret: bytes = field(repr=False)
    made_at: datetime | None = None


class StoredSecret:
    """A secret as this process knows it: given by the environment, else read from Secrets Manager when needed."""

    def __init__(self, given: str, arn: str) -> None:
        self._given = Version(given.encode()) if given else None
        self._arn = arn
        self._lock = threading.Lock()
        self._current: Version | None = None
        self._previous: Version | None = None
        self._knows_previous = False
        self._read_at = self._asked_at = float("-inf")

    def current(self) -> Version:
        """The version that signs, at most five minutes old. What is known stays while it cannot be read."""
        if self._given is not None:
            return self._given
        with self._lock:
            known = self._current
            if known is None or time.monotonic() - self._read_at > READ_AGAIN_SECONDS:
                known = self._read()
            return known

    def previous(self) -> Version | None:
        """The version before, read only when something names another key than the current one. What is known stays
        while it cannot be read.
        """
        if self._given is not None:
            return None
        with self._lock:
            if not self._knows_previous:
                try:
                    self._previous = self._stored_before()
                except (BotoCoreError, ClientError):
                    if self._previous is None:
                        raise
                    logger.exception("secret_not_read_again")
                self._knows_previous = True
            return self._previous

    def ask_again(self) -> bool:
        """Reads the secret anew because a key is unknown; False where that was done a moment ago."""
        if self._given is not None:
            return False
        with self._lock:
            if time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS:
                return False
            self._asked_at = time.monotonic()
            self._read()
            return True

    def _read(self) -> Version:
        known = self._current
        try:
            known = self._stored(_CURRENT)
            self._current, self._knows_previous = known, False
        except (BotoCoreError, ClientError):
            if known is None:
                raise
            logger.exception("secret_not_read_again")
        self._read_at = time.monotonic()
        return known

    def _stored_before(self) -> Version | None:
        try:
            return self._stored(_PREVIOUS)
        except ClientError as fault:
            if fault.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return None

    def _stored(self, label: str) -> Version:
        from chalicelib.aws import client

        found = client("secretsmanager").get_secret_value(SecretId=self._arn, VersionStage=label)
        return Version(found["SecretString"].encode(), found["CreatedDate"])


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of one purpose: the current one signs, the previous one opens what it signed for ``overlap`` after it
    was replaced (None: as long as it is kept).
    """

    purpose: str
    stored: StoredSecret
    overlap: timedelta | None

    @property
    def current(self) -> Key:
        """The key to sign or seal with."""
        return key_of(self.stored.current().secret, self.purpose)

    def find(self, key_id: str) -> Key | None:
        """The key of that id while it counts, else None. One that is not known may be newer than what is known here."""
        found = self._of(key_id)
        if found is None and self.stored.ask_again():
            found = self._of(key_id)
        return found

    def every(self) -> Iterator[Key]:
        """The keys that count, the current one first."""
        for secret in self.secrets():
            yield key_of(secret, self.purpose)

    def every_and_newer(self) -> Iterator[Key]:
        """The keys that count and then, for who takes none of these, one that is newer than what is known here."""
        known = list(self.every())
        yield from known
        if self.stored.ask_again():
            yield from (key for key in self.every() if key not in known)

    def secrets(self) -> Iterator[bytes]:
        """The secrets themselves, the current one first: what was made before keys had ids was signed with them."""
        current = self.stored.current()
        yield current.secret
        previous = self.stored.previous()
        if previous is not None and self._counts(current, previous):
            yield previous.secret

    def _of(self, key_id: str) -> Key | None:
        return next((key for key in self.every() if key.id == key_id), None)

    def _counts(self, current: Version, previous: Version) -> bool:
        """By the newer of the two: after a replacement was taken back, that is the previous one."""
        if self.overlap is None:
            return True
        replaced_at = max(each.made_at for each in (current, previous) if each.made_at is not None)
        return clock.now() < replaced_at + self.overlap
