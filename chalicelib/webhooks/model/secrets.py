"""The secrets that sign an endpoint's webhooks: the present one, and those that it replaced a short while ago. Pure."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from chalicelib.kernel.clock import parse_instant, sortable

PREFIX = "whsec_"
_BYTES = 32
"""Standard Webhooks asks for 24 to 64."""

MOST_OLD = 4
"""Old secrets that overlap. Each adds a signature to every request."""


def new_secret() -> str:
    """A fresh secret, spelled as Standard Webhooks has it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class Old:
    """A secret that was replaced, and until when it still signs."""

    secret: str = field(repr=False)
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Secrets:
    """The present secret and the old ones."""

    present: str = field(repr=False)
    old: tuple[Old, ...] = ()

    def signing(self, now: datetime) -> tuple[str, ...]:
        """Those that sign at an instant: the present one first, and beside it the old ones that have not ended."""
        return (self.present, *(each.secret for each in self.old if now < each.ends_at))

    def rotated(self, fresh: str, overlap: timedelta, now: datetime) -> Self:
        """With a fresh secret, beside which the present one signs for the overlap. Without one, all old ones end."""
        kept = tuple(each for each in self.old if now < each.ends_at) if overlap else ()
        return type(self)(fresh, (Old(self.present, now + overlap), *kept) if overlap else ())

    def old_end_at(self, now: datetime) -> datetime | None:
        """When the last of the old ones ends; None where none is left."""
        return max((each.ends_at for each in self.old if now < each.ends_at), default=None)

    def as_json(self) -> dict[str, Any]:
        return {"present": self.present, "old": [[each.secret, sortable(each.ends_at)] for each in self.old]}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        return cls(raw["present"], tuple(Old(secret, parse_instant(ends_at)) for secret, ends_at in raw["old"]))
