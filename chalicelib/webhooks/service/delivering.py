"""One attempt at a delivery, by whichever worker claims it first.

A claim is taken before the request and given up with its outcome. A second worker finds it taken and does nothing;
where the first one ended in between, the claim runs out and the delivery falls due again. What may double: the receiver
had the event, and the worker ended before it wrote that down. It is sent again then, under the same ``webhook-id``.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.db import Contended, Transaction, beginning_with, change, fetch_many
from chalicelib.kernel.ids import new_id
from chalicelib.telemetry import count, logger
from chalicelib.webhooks.errors import SecretUnreadable
from chalicelib.webhooks.model.attempts import MOST_KEPT, Attempt, DeadReason, Outcome
from chalicelib.webhooks.model.retries import LIFE, next_try
from chalicelib.webhooks.model.standing import WELL, Standing, admit, after
from chalicelib.webhooks.records import DeliveryRecord, EndpointRecord, EventBody, StandingRecord
from chalicelib.webhooks.service.posting import post
from chalicelib.webhooks.service.signing import headers
from chalicelib.webhooks.service.standings import note_outcome, put_standing
from chalicelib.webhooks.service.vault import secrets_of

LEASE = timedelta(seconds=60)
"""Longer than an attempt takes, with the look at the name and the writes around it."""

_SPREAD = timedelta(seconds=30)
"""What is put off comes back spread over so long, not all at once."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A delivery with what decides whether it may go out."""

    delivery: DeliveryRecord | None
    endpoint: EndpointRecord | None
    standing: StandingRecord | None
    body: EventBody | None

    @property
    def stands(self) -> Standing:
        return self.standing.standing if self.standing else WELL


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What a worker has for itself ``until`` then."""

    delivery: DeliveryRecord
    endpoint: EndpointRecord
    body: str
    until: datetime
    stands: Standing


def deliver(tenant_id: str, delivery_id: str, now: datetime) -> None:
    """Tries a delivery that is due; does nothing where it is not, or another worker has it."""
    found = DeliveryRecord.fetch(*DeliveryRecord.address(tenant_id, delivery_id), consistent=True)
    if found is None or not _is_due(found, now):
        return
    claimed = _claim(found, now)
    if claimed is None:
        return
    outcome = _attempt(claimed, now)
    # Counted in the log by its reason, never by what the receiver said.
    logger.info("webhook_attempted", status=outcome.status, reason=outcome.reason, duration_ms=outcome.duration_ms)
    count("WebhooksDelivered" if outcome.delivered else "WebhooksFailed", 1)
    _write_down(claimed, outcome, now)
    if claimed.stands == WELL == after(WELL, outcome, now):
        return
    try:
        note_outcome(claimed.endpoint, outcome, now, claimed.until)
    except Contended:
        # Many requests to one endpoint ended at once: those that were counted say how it does.
        logger.warning("webhook_standing_contended")


def _is_due(delivery: DeliveryRecord, now: datetime) -> bool:
    return delivery.status == "pending" and delivery.try_at is not None and delivery.try_at <= now


def _claim(first: DeliveryRecord, now: datetime) -> _Claimed | None:
    """Takes the delivery for this worker; None where it has ended, is put off, or is another's."""
    tenant_id, claim, until = first.tenant_id, new_id(now), now + LEASE

    def read() -> _Found:
        return _Found(
            *fetch_many(
                [
                    (DeliveryRecord, *DeliveryRecord.address(tenant_id, first.id)),
                    (EndpointRecord, *EndpointRecord.address(tenant_id, first.endpoint_id)),
                    (StandingRecord, *StandingRecord.address(tenant_id, first.endpoint_id)),
                    (EventBody, *EventBody.address(tenant_id, first.event_id)),
                ],
                consistent=True,
            )
        )

    def decide(found: _Found, tx: Transaction) -> _Claimed | None:
        delivery, endpoint, body = found.delivery, found.endpoint, found.body
        if delivery is None or not _is_due(delivery, now):
            return None
        if endpoint is None or body is None or not endpoint.active:
            _give_up(tx, delivery, "endpoint_disabled" if endpoint and body else "endpoint_deleted")
            return None
        admission = admit(found.stands, now, until)
        if admission.wait_until is not None:
            _put_off(tx, delivery, admission.wait_until, now)
            return None
        if admission.standing != found.stands:
            put_standing(tx, found.standing, admission.standing)
        delivery.claim, delivery.try_at = claim, until
        tx.replace("delivery", delivery)
        return _Claimed(delivery, endpoint, str(body.text), until, found.stands)

    return change(read, decide)


def _give_up(tx: Transaction, delivery: DeliveryRecord, reason: DeadReason) -> None:
    delivery.end("dead", reason)
    tx.replace("delivery", delivery)


def _put_off(tx: Transaction, delivery: DeliveryRecord, until: datetime, now: datetime) -> None:
    """Waits for the endpoint, without an attempt of its own, but not for ever."""
    if now >= delivery.queued_at + LIFE:
        _give_up(tx, delivery, "waited_too_long")
        return
    delivery.try_at = until + _SPREAD * random.random()
    tx.replace("delivery", delivery)


def _attempt(claimed: _Claimed, now: datetime) -> Outcome:
    endpoint = claimed.endpoint
    try:
        secrets = secrets_of(endpoint).signing(now)
    except SecretUnreadable:
        logger.error("webhook_secret_unreadable", endpoint_id=endpoint.id)
        return Outcome(None, "secret_unreadable", 0)
    return post(endpoint.url, headers(secrets, claimed.delivery.event_id, claimed.body, now), claimed.body)


def _write_down(claimed: _Claimed, outcome: Outcome, now: datetime) -> None:
    """Enters the attempt in the delivery's log, and what follows from it.

    Where the claim ran out meanwhile, another worker decides what follows from a failure; a success is always one.
    """
    address, claim = (claimed.delivery.pk, claimed.delivery.sk), claimed.delivery.claim

    def decide(delivery: DeliveryRecord | None, tx: Transaction) -> None:
        if delivery is None:
            return
        delivery.attempts = [*delivery.attempts, Attempt(now, outcome).as_json()][-MOST_KEPT:]
        if outcome.delivered and delivery.status != "sent":
            delivery.end("sent")
        elif delivery.claim == claim:
            _after_failure(delivery, outcome, now)
        tx.replace("delivery", delivery)

    def read() -> DeliveryRecord | None:
        return DeliveryRecord.fetch(*address, consistent=True)

    known: DeliveryRecord | None = claimed.delivery
    change(beginning_with(known, read), decide)


def _after_failure(delivery: DeliveryRecord, outcome: Outcome, now: datetime) -> None:
    delivery.failed = int(delivery.failed) + 1
    delivery.claim = None
    delivery.try_at = next_try(delivery.failed, now, random.random(), outcome.asked(now))
    if outcome.reason == "gone":
        delivery.end("dead", "endpoint_disabled")
    elif delivery.try_at is None or delivery.try_at > delivery.queued_at + LIFE:
        delivery.end("dead", "failed")
