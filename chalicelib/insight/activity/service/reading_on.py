"""What was stored before something was kept of it is read once more, step by step, a while a message.

Each step is committed with how far it has come, so a message that comes twice, late or after a crash does no harm. What
ended among the dead letters goes on by the sweep.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.db import Refused, TenantRecord, Transaction, change

MESSAGE_SECONDS = 20.0

_OVERDUE = timedelta(hours=3)
"""Longer than the queues deliver a message again before they give it up."""

S = TypeVar("S", bound=TenantRecord)


def begin(state: TenantRecord, message: str, now: datetime, *, waits: bool = True) -> None:
    """Begins, once; nothing is to be read unless something ``waits``."""
    if waits:
        state.emit(message, now)
        state.schedule(now + _OVERDUE, message, "imports")
    tx = Transaction()
    tx.create("state", state)
    with suppress(Refused):  # another delivery of the same message was faster
        tx.commit()


def read_on(read: Callable[[], S | None], step: Callable[[S], bool | None], message: str, now: datetime) -> None:
    """Does step after step for a while, then hands over to the next message. ``step`` notes in the state how far it has
    come and answers whether more is to be done, None where nothing was.
    """
    ends = time.monotonic() + MESSAGE_SECONDS
    while _step(read, step, message, now, hands_over=time.monotonic() >= ends):
        pass


def _step(
    read: Callable[[], S | None], step: Callable[[S], bool | None], message: str, now: datetime, *, hands_over: bool
) -> bool:
    """Whether the same message is to go on."""

    def decide(state: S | None, tx: Transaction) -> bool:
        more = None if state is None else step(state)
        if state is None or more is None:
            return False
        state.schedule(now + _OVERDUE if more else None, message, "imports")
        if more and hands_over:
            state.emit(message, now)
        tx.replace("state", state)
        return more and not hands_over

    return change(read, decide)
