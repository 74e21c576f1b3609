"""How an order's pickup code is drawn and compared, and how often it may be guessed at. Pure."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from chalicelib.kernel.typed_codes import ALPHABET, read_code
from chalicelib.orders.errors import CodeImpossible

CODE_LENGTH = 10

MOST_WRONG_CODES = 10
"""So many wrong codes lock an order for a while."""

LOCKED_FOR = timedelta(minutes=15)
"""Ten guesses a quarter of an hour at a code of 50 bits: a year of guessing at one order, day and night, succeeds with
a probability of 3 in 10 billion (350,640 of 2**50 codes)."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong codes tried on an order since the last lock, and until when it is locked, if it is."""

    wrong: int = 0
    locked_until: datetime | None = None

    def seconds_locked(self, now: datetime) -> int:
        """For how many more whole seconds nothing is handed over; 0 where the order is not locked."""
        if self.locked_until is None or now >= self.locked_until:
            return 0
        return -int((now - self.locked_until) // timedelta(seconds=1))

    def after_wrong_code(self, now: datetime) -> Self:
        """Counts one more wrong code; the tenth locks the order and starts the count afresh."""
        wrong = self.wrong + 1
        return type(self)(wrong, None) if wrong < MOST_WRONG_CODES else type(self)(0, now + LOCKED_FOR)


TRIES_WITHIN = timedelta(minutes=15)
"""In so long a person may try ``MOST_WRONG_CODES`` codes at a pickup point where only the code is said. It is looked
for among all that wait there: with a thousand parcels, a year of guessing, day and night, succeeds with a probability
of 3 in 10 million (350,640 times 1,000 of 2**50 codes)."""


@dataclass(frozen=True, slots=True)
class RecentTries:
    """Codes that a person tried at a pickup point, from ``since`` on. Each is counted before it is looked at, and taken
    back out when it was right; so however many come at once, ten wrong ones are the most.
    """

    count: int = 0
    since: datetime | None = None

    def seconds_locked(self, now: datetime) -> int:
        """For how many more whole seconds no code is looked at; 0 where one may be tried."""
        if self.since is None or self.count < MOST_WRONG_CODES or now >= self.since + TRIES_WITHIN:
            return 0
        return -int((now - self.since - TRIES_WITHIN) // timedelta(seconds=1))

    def with_one_more(self, now: datetime) -> Self:
        """Counts a code; the first after a quarter of an hour starts afresh."""
        if self.since is None or now >= self.since + TRIES_WITHIN:
            return type(self)(1, now)
        return type(self)(self.count + 1, self.since)

    def with_one_less(self, counted: Self) -> Self:
        """Takes a code that was right back out, unless the count in which it stood is over."""
        return type(self)(max(0, self.count - 1), self.since) if self.since == counted.since else self


def same_code(given: str, code: str, order_id: str) -> bool:
    """Compares in constant time, as people type a code (``read_code``). Who scans the QR code gives the order's id and
    a colon before it.
    """
    named, scanned, rest = given.rpartition(":")
    plain = read_code(rest if scanned and named.strip().upper() == order_id else given)
    return hmac.compare_digest(plain.encode(), code.encode())


def is_possible(given: str) -> bool:
    """Whether what was typed, or scanned, can be a pickup code at all."""
    plain = read_code(given.rpartition(":")[2])
    return len(plain) == CODE_LENGTH and set(plain) <= set(ALPHABET)


def check_possible(given: str) -> None:
    """Raises CodeImpossible for what can be no pickup code."""
    if not is_possible(given):
        raise CodeImpossible.at(
            "/code",
            f"A pickup code has {CODE_LENGTH} letters and digits; write all of them.",
            f"取货码共 {CODE_LENGTH} 位字母和数字，请完整填写。",
        )


def new_pickup_code() -> str:
    """Ten characters of Crockford's base 32 (50 bits): no I, L, O or U to misread at a pickup point.

    Among a million codes of one tenant, two are equal with a probability of 0.04 %; a code counts only together with
    its order or its pickup point, so such a pair is harmless.
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
