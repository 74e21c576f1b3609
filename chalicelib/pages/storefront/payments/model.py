"""Where a payer stands with an order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.orders.model import SOLD, Status
from chalicelib.payments.model import OPEN, PROVIDERS, State


class Standing(StrEnum):
    """``wanted``: a payment is to be started. ``begun``: one is open, and leads on. ``undecided``: the time is up and
    the provider has not said yet what was paid. ``lapsed``: of an order that stands, a change or the rest was not paid
    in time, and nothing is open that may have paid it. ``over``: it wants nothing, since it was never to be paid
    online, or has ended.
    """

    WANTED = "wanted"
    BEGUN = "begun"
    UNDECIDED = "undecided"
    LAPSED = "lapsed"
    PAID = "paid"
    EXPIRED = "expired"
    AT_PICKUP = "at_pickup"
    OVER = "over"


class Purpose(StrEnum):
    """What an order wants money for."""

    ORDER = "order"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment of the order. ``leads_on`` says that a page can finish it."""

    id: str
    state: State
    amount_minor: int
    held_until: datetime
    leads_on: bool


@dataclass(frozen=True, slots=True)
class Wants:
    """What of an order its payments are judged by; ``wanted_minor`` is what it wants to be paid online now.
    It ``waits`` for a change or a rest that is not paid, whether there is still time or not; that ``lapses`` with the
    time, but for a rest whose group buy is not decided yet.
    """

    method: str
    status: str
    wanted_minor: int
    paid_minor: int
    waits: bool
    lapses: bool


def standing(order: Wants, attempts: Sequence[Attempt], now: datetime) -> tuple[Standing, Attempt | None]:
    """Where the payer stands, and the attempt by which they go on or are waiting; ``attempts`` are oldest first."""
    if order.method not in PROVIDERS:
        return Standing.AT_PICKUP, None
    is_open = [each for each in attempts if each.state in OPEN]
    if order.wanted_minor:
        begun = [each for each in is_open if _goes_on(each, order.wanted_minor, now)]
        return (Standing.BEGUN, begun[-1]) if begun else (Standing.WANTED, None)
    if (order.status == Status.HELD or order.waits) and is_open:
        return Standing.UNDECIDED, is_open[-1]
    if order.status in (Status.HELD, Status.EXPIRED):
        return Standing.EXPIRED, None
    if order.status in SOLD and order.waits:
        return (Standing.LAPSED if order.lapses else Standing.OVER), None
    return (Standing.PAID if order.status in SOLD and order.paid_minor else Standing.OVER), None


def was_declined(attempts: Sequence[Attempt]) -> bool:
    """Whether the last attempt came to nothing at the payer's bank."""
    return bool(attempts) and attempts[-1].state is State.FAILED


def leads_on(client: dict[str, Any], *, in_wechat: bool) -> bool:
    """Whether a page can finish what the payer's device needs for: what is signed for WeChat, inside WeChat alone."""
    return "page_url" in client or "code_url" in client or ("paySign" in client and in_wechat)


def _goes_on(attempt: Attempt, wanted_minor: int, now: datetime) -> bool:
    return attempt.leads_on and attempt.amount_minor == wanted_minor and now < attempt.held_until
