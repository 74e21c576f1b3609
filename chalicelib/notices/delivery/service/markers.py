"""The marker of a message: claimed before it leaves, closed after it.

What may still double: the provider took the message, and the process ended before it closed the marker; then the claim
runs out and the message leaves again. Losing it instead would keep people uninformed.
"""

import random
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib.db import Refused, Transaction
from chalicelib.notices.delivery.model import GIVE_UP_AFTER, LEASE, Status, next_try
from chalicelib.notices.model.notices import Category, Told
from chalicelib.notices.recipients.model import Channel
from chalicelib.notices.records import KEPT, NoticeRecord
from chalicelib.telemetry import count, logger


class BeingSent(Exception):
    """Another worker holds the message's claim; the queue delivers it again later."""


def marker(tenant_id: str, message_id: str, now: datetime, status: Status = Status.SENDING) -> NoticeRecord:
    """A new marker, claimed for this worker."""
    return NoticeRecord(
        *NoticeRecord.address(tenant_id, message_id), status=status, lease_until=now + LEASE, changed_at=now,
        expires_at=int((now + KEPT).timestamp()),
    )  # fmt: skip


def of_told(tenant_id: str, message_id: str, told: Told, told_at: datetime, status: Status) -> NoticeRecord:
    """A new marker of a notice to a person."""
    record = marker(tenant_id, message_id, told_at, status)
    record.person, record.template, record.subject_id = str(told.person), told.template, told.subject_id or None
    record.told_at = told_at
    return record


def taken_over(found: NoticeRecord, now: datetime) -> NoticeRecord | None:
    """A marker that another delivery made, claimed for this worker where that one did not end; None where it is done,
    or will be brought by the sweep. Raises BeingSent.
    """
    if found.status != Status.SENDING or found.due_at is not None:
        return None
    if found.lease_until > now:
        raise BeingSent(found.message_id)
    claim_again(found, now)
    return found


def left_to_sweep(found: NoticeRecord, **contents: Any) -> None:
    """Has the sweep bring a message, should the worker that holds its claim never close it: the queue gives up after
    five times, which may be long before that claim runs out. Whoever closes the marker meanwhile writes this over.

    Raises BeingSent where the marker was changed meanwhile.
    """
    found.contents = contents
    found.try_at(found.lease_until)
    unchanged = (NoticeRecord.rev == int(found.rev)) & (NoticeRecord.status == Status.SENDING.value)
    names = ("contents", "due_at", "due_shard", "due_kind", "due_queue")
    tx = Transaction()
    tx.update(
        "notice", NoticeRecord, str(found.pk), str(found.sk),
        actions=[getattr(NoticeRecord, name).set(getattr(found, name)) for name in names], condition=unchanged,
    )  # fmt: skip
    try:
        tx.commit()
    except Refused:
        raise BeingSent(found.message_id) from None


def claim_again(found: NoticeRecord, now: datetime) -> None:
    """Claims a marker that was read. Raises BeingSent where another worker is faster.

    Where an attempt had begun and never ended, or ended without an answer of the provider, the message may leave twice:
    that is counted, and noted on the marker.
    """
    begun = found.status == Status.SENDING and found.changed_at is not None and found.lease_until > found.changed_at
    found.status, found.lease_until, found.changed_at = Status.SENDING, now + LEASE, now
    twice = begun or bool(found.unsure)
    found.repeated, found.unsure = twice or found.repeated or None, None
    if found.due_at is not None:
        found.try_at(found.lease_until)
    try:
        replace(found)
    except Refused:
        raise BeingSent(found.message_id) from None
    if twice:
        logger.warning("message_repeated", message_id=found.message_id, template=found.template)
        count("MessagesRepeated", 1)


def give_back(record: NoticeRecord, now: datetime) -> None:
    """Ends a claim at once, so that the next delivery need not wait for it to run out."""
    record.lease_until = record.changed_at = now
    with suppress(Refused):  # the claim ran out, and another worker has it now
        replace(record)


def close(record: NoticeRecord, status: Status, now: datetime, medium: Channel | None = None) -> None:
    """Says what became of a message that leaves no more."""
    record.status, record.medium, record.changed_at, record.contents = status, medium, now, None
    record.try_at(None)
    with suppress(Refused):  # the claim ran out, and another worker has it now
        replace(record)


def wait(record: NoticeRecord, category: Category, now: datetime, **contents: Any) -> None:
    """Has a message wait for its provider, with what it needs to leave; one that failed for days is dead."""
    record.attempts = int(record.attempts) + 1
    record.failing_since = record.failing_since or now
    if now - record.failing_since >= GIVE_UP_AFTER:
        give_up(record, now)
        return
    postpone(record, next_try(category, record.attempts, record.failing_since, now, random.random()), now, **contents)


def give_up(record: NoticeRecord, now: datetime) -> None:
    """Says of a message that it leaves no more, whatever it was waiting for."""
    logger.error("message_dead", message_id=record.message_id, template=record.template, attempts=int(record.attempts))
    count("MessagesDead", 1)  # an alarm watches this
    close(record, Status.DEAD, now)


def postpone(record: NoticeRecord, until: datetime, now: datetime, **contents: Any) -> None:
    """Has the sweep bring a message again, with what it needs to leave."""
    record.status, record.changed_at, record.contents = Status.WAITING, now, contents
    record.try_at(until)
    with suppress(Refused):  # the claim ran out, and another worker has it now
        replace(record)


def replace(record: NoticeRecord) -> None:
    tx = Transaction()
    tx.replace("notice", record)
    tx.commit()
