"""What came of a request to an endpoint. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.webhooks.model.retries import asked_for

Status = Literal["pending", "sent", "dead"]

Reason = Literal[
    "status", "redirect", "gone", "timeout", "refused", "connection_lost", "certificate", "tls", "not_http",
    "unreachable", "not_resolved", "target_refused", "secret_unreadable",
]  # fmt: skip
"""Why an attempt failed: by the answer's status, before there was an answer, or before anything was connected."""

DeadReason = Literal["failed", "endpoint_disabled", "endpoint_deleted", "waited_too_long"]
"""Why a delivery was given up: every attempt failed, or there was no endpoint, or it was failing for days."""

DisabledReason = Literal["failing", "gone", "by_hand"]
"""Why an endpoint is disabled: nothing was delivered for days, it answered 410, or somebody did it."""

GONE = 410
BUSY = frozenset({429, 503})
"""With these a receiver may say when to come back (RFC 6585, section 4; RFC 9110, section 15.6.4)."""

MOST_KEPT = 30
"""Attempts that a delivery's log keeps, the latest ones: it may be sent again by hand over and over."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: the answer's status where there was one, and the reason where it was not delivered.

    ``retry_after`` is what a receiver that is busy asks for. Nothing of an answer but its status goes into the log:
    what a receiver writes may be anything.
    """

    status: int | None
    reason: Reason | None
    duration_ms: int
    retry_after: str = ""

    @property
    def delivered(self) -> bool:
        return self.reason is None

    def asked(self, begun: datetime) -> datetime | None:
        """The instant before which the receiver wants no further request, of one that was ``begun`` then."""
        return asked_for(self.retry_after, begun + timedelta(milliseconds=self.duration_ms))

    @classmethod
    def answered(cls, status: int, duration_ms: int, retry_after: str = "") -> Self:
        """By the status: 2xx is delivered, and nothing else is; a redirect is followed nowhere."""
        if 200 <= status < 300:
            return cls(status, None, duration_ms)
        if status == GONE:
            return cls(status, "gone", duration_ms)
        if status in BUSY:
            return cls(status, "status", duration_ms, retry_after)
        return cls(status, "redirect" if 300 <= status < 400 else "status", duration_ms)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An outcome, and when the request was begun."""

    at: datetime
    outcome: Outcome

    def as_json(self) -> dict[str, Any]:
        found = {"at": sortable(self.at), "ms": self.outcome.duration_ms}
        if self.outcome.status is not None:
            found["status"] = self.outcome.status
        if self.outcome.reason is not None:
            found["reason"] = self.outcome.reason
        return found

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        return cls(parse_instant(raw["at"]), Outcome(raw.get("status"), raw.get("reason"), raw["ms"]))
