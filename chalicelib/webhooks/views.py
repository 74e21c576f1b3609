"""What the API shows of webhook endpoints and of what was sent to them."""

from datetime import datetime
from typing import Any, Literal, Self

from chalicelib.web import Instant, View
from chalicelib.webhooks.model.attempts import DeadReason, DisabledReason, Outcome, Reason
from chalicelib.webhooks.model.standing import WELL, Standing
from chalicelib.webhooks.records import DeliveryRecord, EndpointRecord


class EndpointView(View):
    """Where events are sent. `event_types` is `["*"]` for every event. `disabled_reason` is `failing` after five days
    without a delivery, `gone` after an answer 410, else `by_hand`. `failing_since` is when the first attempt failed
    since the last delivery. Earlier secrets sign too until `old_secrets_end_at`.
    """

    id: str
    url: str
    event_types: list[str]
    description: str
    status: Literal["active", "disabled"]
    disabled_reason: DisabledReason | None
    disabled_at: Instant | None
    failing_since: Instant | None
    old_secrets_end_at: Instant | None
    created_at: Instant
    changed_at: Instant

    @classmethod
    def of(cls, record: EndpointRecord, standing: Standing, now: datetime) -> Self:
        """The endpoint as it is."""
        return cls(**_shown(record, standing, now))


class IssuedEndpointView(EndpointView):
    """An endpoint with the secret that signs what it gets from now on. The secret is shown this once."""

    secret: str

    @classmethod
    def issued(cls, record: EndpointRecord, secret: str, now: datetime) -> Self:
        """The endpoint with its new secret."""
        return cls(secret=secret, **_shown(record, WELL, now))


class AttemptView(View):
    """A request to an endpoint: the status of the answer, or why there was none. Nothing else of an answer is kept."""

    at: Instant
    delivered: bool
    status_code: int | None
    reason: Reason | None
    duration_ms: int

    @classmethod
    def of(cls, at: datetime, outcome: Outcome) -> Self:
        """What came of a request."""
        return cls(
            at=at,
            delivered=outcome.delivered,
            status_code=outcome.status,
            reason=outcome.reason,
            duration_ms=outcome.duration_ms,
        )


class DeliveryView(View):
    """An event on its way to an endpoint. `event_id` is its `webhook-id`. A `dead` one can be sent again by hand.
    `attempts` has the latest 30, the earliest of them first.
    """

    id: str
    event_id: str
    event_type: str
    status: Literal["pending", "sent", "dead"]
    dead_reason: DeadReason | None
    next_attempt_at: Instant | None
    created_at: Instant
    attempts: list[AttemptView]

    @classmethod
    def of(cls, record: DeliveryRecord) -> Self:
        """The delivery with its log."""
        return cls(
            id=record.id,
            event_id=record.event_id,
            event_type=record.event_type,
            status=record.status,
            dead_reason=record.dead_reason,
            next_attempt_at=record.try_at,
            created_at=record.created_at,
            attempts=[AttemptView.of(each.at, each.outcome) for each in record.log],
        )


def _shown(record: EndpointRecord, standing: Standing, now: datetime) -> dict[str, Any]:
    old_end = record.old_secrets_end_at
    return {
        "id": record.id,
        "url": record.url,
        "event_types": list(record.event_types),
        "description": record.description,
        "status": "active" if record.active else "disabled",
        "disabled_reason": record.disabled_reason,
        "disabled_at": record.disabled_at,
        "failing_since": standing.failing_since,
        "old_secrets_end_at": old_end if old_end is not None and old_end > now else None,
        "created_at": record.created_at,
        "changed_at": record.changed_at,
    }
