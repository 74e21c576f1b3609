"""The one way to change what is stored: read, decide, write; and again where another write came between."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from chalicelib.db.records import PlatformRecord
from chalicelib.db.tenant_records import TenantRecord
from chalicelib.db.transaction import Refused, Transaction
from chalicelib.kernel.errors import Stale, Unavailable

MOST_TRIES = 12
"""Ten wrong pickup codes at once are all counted on one order: each of them may have to wait for all the others."""

_PAUSE_SECONDS = 0.005

S = TypeVar("S")
T = TypeVar("T")


class ReadAgain(Exception):
    """Raised by a decision that cannot be made on what was read: it has made way in a transaction of its own first."""


class Contended(Unavailable):
    """Others changed the same thing each time; a message comes again, a person sends the request again."""


def change(
    read: Callable[[], S],
    decide: Callable[[S, Transaction], T],
    *,
    refused: Callable[[Refused], None] | None = None,
) -> T:
    """Reads, decides, and commits; answers what ``decide`` answers.

    ``decide`` changes the records it is given and adds every operation to the transaction, with ``replace`` for what
    was read, so that it holds for that revision only. Where it adds none, nothing is written. Where another
    write came between, all of it is done again, at most twelve times: ``read`` reads consistently, and ``decide`` keeps
    nothing from an earlier try. ``refused`` sees each refusal first and raises where it means something to the caller,
    such as a code that is taken.

    Raises what the three raise; Contended where others keep changing the same thing.
    """
    for attempt in range(MOST_TRIES):
        tx = Transaction()
        try:
            answer = decide(read(), tx)
            if len(tx):
                tx.commit()
        except ReadAgain:
            continue
        except Refused as refusal:
            if refused is not None:
                refused(refusal)
            time.sleep(random.uniform(0, _PAUSE_SECONDS * attempt))
            continue
        return answer
    raise Contended(
        "Others are changing the same thing; please send the request again.",
        detail_zh="内容正被他人修改，请稍后重试。",
        retry_after=1,
    )


def beginning_with(known: S, read: Callable[[], S]) -> Callable[[], S]:
    """A reading for :func:`change` that begins with what was read already; it reads only where another write came
    between.
    """
    at_hand = [known]
    return lambda: at_hand.pop() if at_hand else read()


def check_revision(record: TenantRecord | PlatformRecord, expected: int | None) -> None:
    """Raises Stale where a caller expects another revision than the stored one; None expects nothing."""
    if expected is not None and expected != record.rev:
        raise Stale(
            f"This has changed since you read it: it is at revision {record.rev}, not {expected}; read it again.",
            detail_zh="内容已被修改，请重新读取后再提交。",
        )
