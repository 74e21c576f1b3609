"""A board that takes longer to count than somebody may wait for is counted in the background."""

from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.boards.model.boards import Board
from chalicelib.boards.records import COUNTING, CountingRecord
from chalicelib.db import Refused, Transaction

_ASKED_AGAIN = timedelta(minutes=2)


def ask_to_count(tenant_id: str, board: Board, now: datetime) -> None:
    """Has a board counted in the background, once in a while however many look."""
    record = CountingRecord(*CountingRecord.address(tenant_id, board.name), asked_at=now)
    days = [board.period.from_on.isoformat(), board.period.to_on.isoformat()]
    event = CountingRecord.emission(
        COUNTING, now, by=board.by.value, days=days, places=[board.campaign_id, board.pickup_point_id]
    )
    stored = CountingRecord.asked_at
    tx = Transaction()
    tx.update(
        "counting", CountingRecord, str(record.pk), str(record.sk), actions=[stored.set(now), event],
        condition=CountingRecord.pk.does_not_exist() | (stored < now - _ASKED_AGAIN),
    )  # fmt: skip
    with suppress(Refused):  # somebody has asked a moment ago
        tx.commit()
