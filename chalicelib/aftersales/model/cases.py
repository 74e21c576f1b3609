"""The rules of after-sale: kinds, the table of moves, windows, units that can be claimed, what they are worth. Pure.

Instants are UTC; amounts are minor units of the order's currency.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.aftersales.errors import (
    AfterSaleNotOffered,
    CaseEnded,
    HistoryFull,
    MoreThanClaimed,
    MoreThanReceived,
    MoveRefused,
    NothingReceived,
    RefundBeyondCase,
    WindowPassed,
)
from chalicelib.kernel.clock import instant
from chalicelib.orders.refunds.model import units_value

MAX_PHOTOS = 9
MOST_BEFORE_HAND_ON = 50
"""Entries in a history from which on a case is not handed on any more."""

RESTOCK, WRITE_OFF = "restock", "write_off"
"""What becomes of goods that came back: on the shelf again, or not."""


class Kind(StrEnum):
    """What the member asks for: the money back, another unit, or this one mended."""

    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"


class Status(StrEnum):
    """Where a case stands. ``received``: the goods are back with the brand."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RECEIVED = "received"
    COMPLETED = "completed"


S = Status
_TO_AND_FRO: Mapping[Status, tuple[Status, ...]] = {
    S.REQUESTED: (S.APPROVED, S.REJECTED, S.WITHDRAWN),
    S.APPROVED: (S.RECEIVED, S.COMPLETED),
    S.RECEIVED: (S.COMPLETED,),
    S.REJECTED: (),
    S.WITHDRAWN: (),
    S.COMPLETED: (),
}
MOVES: Mapping[Kind, Mapping[Status, tuple[Status, ...]]] = {
    Kind.RETURN: _TO_AND_FRO,
    Kind.EXCHANGE: _TO_AND_FRO,
    Kind.REPAIR: {**_TO_AND_FRO, S.APPROVED: (S.RECEIVED, S.WITHDRAWN)},
}
"""Every move there is. What spoils is not asked back, so a return or an exchange may end without its goods; nothing is
mended that was not brought, and until it was the member may withdraw."""

ENDED = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.COMPLETED})
"""The states in which nobody has anything left to do."""

GRANTED = frozenset({Status.APPROVED, Status.RECEIVED, Status.COMPLETED})
"""The states of a case that was decided for the member."""

_TIME_TO_ACT = {S.REQUESTED: timedelta(hours=48), S.APPROVED: timedelta(days=7), S.RECEIVED: timedelta(days=3)}
_TIME_TO_REPAIR = timedelta(days=14)


def check_move(kind: Kind, current: Status, to: Status) -> None:
    """Raises MoveRefused unless a case of this kind goes from one state to the other."""
    allowed = MOVES[kind][current]
    if to not in allowed:
        can = f"it can become {' or '.join(allowed)}" if allowed else "it is closed"
        raise MoveRefused(
            f"The {kind} is {current} and cannot become {to}; {can}.",
            detail_zh=f"售后单当前为 {current}，不能变为 {to}。",
            extra={"after_sale_status": current.value, "allowed": [each.value for each in allowed]},
        )


def check_hand_on(status: Status, entries: int) -> None:
    """Whether a case can get another owner. Raises CaseEnded, or HistoryFull where it went through too many hands."""
    if status in ENDED:
        raise CaseEnded(
            f"The case is {status}; nobody has anything left to do.",
            detail_zh="售后单已结束，无需再分配。",
            extra={"after_sale_status": status.value},
        )
    if entries >= MOST_BEFORE_HAND_ON:
        raise HistoryFull(
            f"The case has {entries} entries in its history; decide it instead of handing it on.",
            detail_zh="售后单记录已满，请直接处理。",
        )


def act_by(kind: Kind, status: Status, since: datetime) -> datetime | None:
    """Until when the owner has to act on a case that took its state at ``since``; None once it has ended."""
    if kind is Kind.REPAIR and status is Status.RECEIVED:
        return since + _TIME_TO_REPAIR
    allowed = _TIME_TO_ACT.get(status)
    return since + allowed if allowed else None


def needs_escalation(status: Status, escalated_at: datetime | None, due_at: datetime | None, now: datetime) -> bool:
    """Whether the case waits beyond its time and nobody above has been told yet."""
    return status not in ENDED and escalated_at is None and due_at is not None and due_at <= now


@dataclass(frozen=True, slots=True)
class Received:
    """A line of an order as it was handed over: ``units`` of them, and for how many days each kind is granted."""

    offer_id: str
    units: int
    days: Mapping[Kind, int]


def check_claim(
    kind: Kind,
    wanted: Iterable[tuple[str, int]],
    received: Mapping[str, Received],
    claimed: Mapping[str, int],
    picked_up_at: datetime | None,
    now: datetime,
) -> None:
    """Whether ``wanted`` units (by offer id, each in the order) can be claimed now.

    A window of n days ends n times 24 hours after the pickup, that instant included; it does not run before the whole
    order was picked up. ``claimed`` are units that other cases hold. Raises NothingReceived, AfterSaleNotOffered,
    WindowPassed, MoreThanReceived; the first fault counts.
    """
    if not any(line.units for line in received.values()):
        raise NothingReceived(
            "Nothing of this order was picked up yet; until the cutoff it can be cancelled.",
            detail_zh="订单尚未取货，不能申请售后；截止前可取消订单。",
        )
    for index, (offer_id, units) in enumerate(wanted):
        line = received[offer_id]
        _check_window(kind, line, picked_up_at, now, f"/lines/{index}/offer_id")
        _check_units(line, units, claimed.get(offer_id, 0), f"/lines/{index}/quantity")


def _check_window(kind: Kind, line: Received, picked_up_at: datetime | None, now: datetime, pointer: str) -> None:
    days = line.days[kind]
    if days == 0:
        raise AfterSaleNotOffered.at(pointer, f"There is no {kind} of this product.", "该商品不支持此类售后。")
    until = (picked_up_at or now) + timedelta(days=days)
    if now > until:
        refusal = WindowPassed.at(
            pointer,
            f"A {kind} can be asked for within {days} days of the pickup; that ended at {instant(until)}.",
            f"取货后 {days} 天内可申请，期限已过。",
        )
        refusal.extra = {"days": days, "until": instant(until)}
        raise refusal


def _check_units(line: Received, units: int, claimed: int, pointer: str) -> None:
    left = line.units - claimed
    if units > left:
        refusal = MoreThanReceived.at(
            pointer,
            f"Handed over: {line.units}; in other cases: {claimed}. At most {left} can be claimed.",
            f"已取 {line.units} 件，其中 {claimed} 件已在售后中，最多可申请 {left} 件。",
        )
        refusal.extra = {"received": line.units, "claimed": claimed, "left": left}
        raise refusal


def check_refunded_units(case: Mapping[str, int], refunded: Mapping[str, int]) -> None:
    """Raises RefundBeyondCase when a decision pays back more of an offer than can be paid back of the case."""
    for index, (offer_id, units) in enumerate(refunded.items()):
        if units > case.get(offer_id, 0):
            raise RefundBeyondCase.at(
                f"/refund/lines/{index}/quantity",
                f"Of this offer the case can pay back {case.get(offer_id, 0)}, not {units}.",
                f"该售后单中此商品最多可退 {case.get(offer_id, 0)} 件，不能退 {units} 件。",
            )


def check_arrived(case: Mapping[str, int], arrived: Sequence[tuple[str, int, str]]) -> None:
    """Raises MoreThanClaimed when more of an offer comes back than the case is about, all its lines together."""
    total: Counter[str] = Counter()
    for index, (offer_id, units, _) in enumerate(arrived):
        total[offer_id] += units
        if total[offer_id] > case.get(offer_id, 0):
            raise MoreThanClaimed.at(
                f"/lines/{index}/quantity",
                f"The case is about {case.get(offer_id, 0)} of this offer; {total[offer_id]} cannot come back.",
                f"该售后单仅涉及 {case.get(offer_id, 0)} 件，不能收回 {total[offer_id]} 件。",
            )


def without(case: Mapping[str, int], refunded: Mapping[str, int]) -> dict[str, int]:
    """The units of a case that were not paid back: those an exchange replaces."""
    left = {offer_id: units - refunded.get(offer_id, 0) for offer_id, units in case.items()}
    return {offer_id: units for offer_id, units in left.items() if units}


@dataclass(frozen=True, slots=True)
class Worth:
    """A line's money: what it was paid with, what of that can still go back, and for how many units some went back."""

    quantity: int
    share_minor: int
    rest_minor: int
    settled: int

    def of(self, units: int) -> int:
        """What so many more units pay back.

        All units of a line together pay back its share to the last minor unit, however they come; what was given back
        as a plain amount before is not given twice.
        """
        before = max(0, min(self.settled, self.quantity - units))
        return min(units_value(self.share_minor, self.quantity, before, units), self.rest_minor)
