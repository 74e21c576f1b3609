"""Open cases get their due times anew after the calendar or the targets were changed: slice by slice, and resumable.

How far it is stands on a record of its own, which each slice moves on in one write with the message of the next: a
crash repeats a slice, which changes nothing twice, and a newer change begins anew.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.cases.records import RetimingRecord
from chalicelib.db import Page, Transaction, change
from chalicelib.messaging import Message

SLICE = 25
"""Cases that one message gives their due times."""


def begin_retiming(message: Message, of: str, now: datetime) -> None:
    """Begins to look at all open cases of a package (``of``), once for each change."""
    address = RetimingRecord.address(message.tenant_id, of)

    def decide(found: RetimingRecord | None, tx: Transaction) -> None:
        record = found or RetimingRecord(*address, rev=0)
        if found is not None and found.cause == message.id:
            return
        record.cause, record.cursor, record.slice = message.id, None, 0
        record.go_on(now)
        if found is None:
            record.rev = 1
            tx.create("retiming", record)
        else:
            tx.replace("retiming", record)

    change(lambda: RetimingRecord.fetch(*address, consistent=True), decide)


def retime_slice(
    message: Message,
    of: str,
    page: Callable[[str, dict[str, Any] | None, int], Page[Any]],
    retime: Callable[[str, str], None],
    now: datetime,
) -> None:
    """Gives the next cases their due times; a message of an earlier change, or of a slice that is done, does
    nothing.
    """
    address = RetimingRecord.address(message.tenant_id, of)
    record = RetimingRecord.fetch(*address, consistent=True)
    if record is None or not record.awaits(message.data):
        return
    found = page(message.tenant_id, record.cursor, SLICE)
    for each in found.items:
        retime(message.tenant_id, each.id)

    def decide(record: RetimingRecord | None, tx: Transaction) -> None:
        if record is None or not record.awaits(message.data):
            return
        record.cursor, record.slice = found.last_key, int(record.slice) + 1
        if found.last_key is not None:
            record.go_on(now)
        tx.replace("retiming", record)

    change(lambda: RetimingRecord.fetch(*address, consistent=True), decide)
