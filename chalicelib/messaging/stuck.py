"""What could not be handled in spite of every try, noted in the brand's name when its last delivery fails.

People of the platform are called by an alarm on the dead letters themselves, also where nothing could be noted here.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.db import Refused, TenantRecord, Transaction, key, tenant_scope
from chalicelib.messaging.message import Message

MOST_DELIVERIES = 5
"""So often a queue delivers a message before it becomes a dead letter: ``maxReceiveCount`` in infra/resources.yaml."""

NOTED = frozenset(
    {"campaigns", "orders", "payments", "fulfilment", "settlement", "service", "imports", "rollup", "notify"}
)
"""Queues whose dead letters a brand may notice. Its webhooks have a log of their own, and figures are made anew."""

_KEPT = timedelta(days=15)
"""A dead letter is kept for 14 days."""


class StuckRecord(TenantRecord):
    """That something of a queue was not carried out on a day (UTC): noted once, however much it is."""

    @staticmethod
    def address(tenant_id: str, queue: str, at: datetime) -> tuple[str, str]:
        """The key of a queue's day."""
        return key(tenant_id, "stuck", queue), f"{at:%Y-%m-%d}"


def note_stuck(queue: str, message: Message, now: datetime) -> None:
    """Notes that a message becomes a dead letter, and emits the event of the first of a day."""
    with tenant_scope(message.tenant_id), suppress(Refused):
        expires_at = int((now + _KEPT).timestamp())
        stuck = StuckRecord(*StuckRecord.address(message.tenant_id, queue, now), expires_at=expires_at)
        stuck.emit("work.stuck", now, queue=queue)
        tx = Transaction()
        tx.create("stuck", stuck)
        tx.commit()
