"""What an attempt says of its endpoint: that it is well, in trouble, or given up."""

from datetime import datetime
from typing import Any

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.webhooks.model.attempts import DisabledReason, Outcome
from chalicelib.webhooks.model.standing import WELL, Standing, after, given_up
from chalicelib.webhooks.records import EndpointBook, EndpointRecord, StandingRecord
from chalicelib.webhooks.service.endpoints import note

_Stored = tuple[EndpointRecord | None, StandingRecord | None, EndpointBook | None]

DISABLED = "webhook_endpoint.disabled"
"""The event of an endpoint that the product has disabled, for whoever tells its owner."""


def note_outcome(endpoint: EndpointRecord, outcome: Outcome, now: datetime, until: datetime) -> None:
    """Notes how an attempt went, that might have been under way ``until`` then. Disables the endpoint where it says
    that it is gone, or nothing has been delivered for days. Of an endpoint that is well nothing is written.

    Raises Contended.
    """
    tenant_id = endpoint.tenant_id

    def read() -> list[Any]:
        return fetch_many(
            [
                (EndpointRecord, *EndpointRecord.address(tenant_id, endpoint.id)),
                (StandingRecord, *StandingRecord.address(tenant_id, endpoint.id)),
                (EndpointBook, *EndpointBook.address(tenant_id)),
            ],
            consistent=True,
        )

    def decide(found: list[Any], tx: Transaction) -> None:
        stored: _Stored = (found[0], found[1], found[2])
        present, standing, book = stored
        if present is None or not present.active or present.url != endpoint.url:
            return  # whoever changed it has begun a new account
        before = standing.standing if standing else WELL
        stands = after(before, outcome, now, until)
        gone = outcome.reason == "gone"
        if book is not None and (gone or given_up(stands, now)):
            _disable(tx, present, book, stands, "gone" if gone else "failing", now)
        elif stands != before:
            put_standing(tx, standing, stands, of=present)

    change(read, decide)


def put_standing(
    tx: Transaction, stored: StandingRecord | None, standing: Standing, of: EndpointRecord | None = None
) -> None:
    """Stores a standing; that of an endpoint that is well is the absence of any."""
    if stored is not None and standing == WELL:
        condition = StandingRecord.rev == int(stored.rev)
        tx.delete("standing", StandingRecord, stored.pk, stored.sk, condition=condition)
    elif stored is not None:
        stored.stand(standing)
        tx.replace("standing", stored)
    elif of is not None:
        fresh = StandingRecord(*StandingRecord.address(of.tenant_id, of.id))
        fresh.stand(standing)
        tx.create("standing", fresh)


def _disable(
    tx: Transaction,
    endpoint: EndpointRecord,
    book: EndpointBook,
    stands: Standing,
    reason: DisabledReason,
    now: datetime,
) -> None:
    endpoint.stored_disabled_reason, endpoint.disabled_at, endpoint.changed_at = reason, now, now
    since = stands.failing_since or now
    named = {"url": endpoint.url, "description": endpoint.description}
    endpoint.emit(DISABLED, now, endpoint_id=endpoint.id, **named, reason=reason, since=since.isoformat())
    tx.replace("endpoint", endpoint)
    tx.delete("standing", StandingRecord, *StandingRecord.address(endpoint.tenant_id, endpoint.id))
    note(tx, book, endpoint)
