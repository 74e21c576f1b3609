"""What a campaign is and how it moves: its states, its offers, and the decision at its close. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.campaigns.model.offers import Offer
from chalicelib.kernel.errors import Conflict, NotFound


class Status(StrEnum):
    """Where a campaign stands. ``extended`` takes orders as ``open`` does, up to its second and last close."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSING = "closing"
    EXTENDED = "extended"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    LOCKED = "locked"
    PURCHASING = "purchasing"
    RECEIVED = "received"
    SORTED = "sorted"
    AT_PICKUP = "at_pickup"
    COMPLETED = "completed"
    SETTLED = "settled"


_S = Status
MOVES: Mapping[Status, tuple[Status, ...]] = {
    _S.DRAFT: (_S.SCHEDULED, _S.CANCELLED),
    _S.SCHEDULED: (_S.OPEN, _S.CANCELLED),
    _S.OPEN: (_S.CLOSING, _S.CANCELLED),
    _S.CLOSING: (_S.EXTENDED, _S.CANCELLED, _S.LOCKED),
    _S.EXTENDED: (_S.OPEN, _S.CLOSING, _S.CANCELLED),
    _S.CANCELLED: (_S.REFUNDING,),
    _S.REFUNDING: (_S.REFUNDED,),
    _S.REFUNDED: (),
    _S.LOCKED: (_S.PURCHASING,),
    _S.PURCHASING: (_S.RECEIVED,),
    _S.RECEIVED: (_S.SORTED,),
    _S.SORTED: (_S.AT_PICKUP,),
    _S.AT_PICKUP: (_S.COMPLETED,),
    _S.COMPLETED: (_S.SETTLED,),
    _S.SETTLED: (),
}
"""Every move there is. What is not listed is refused by :func:`move`."""

ACCEPTING = frozenset({Status.OPEN, Status.EXTENDED})
"""The states in which members may order, as :func:`effective_status` tells them."""

FROM_LOCK = frozenset({_S.LOCKED, _S.PURCHASING, _S.RECEIVED, _S.SORTED, _S.AT_PICKUP, _S.COMPLETED, _S.SETTLED})
"""The states from the lock on: what was ordered stands, and is bought, sorted and handed over."""

FROM_PICKUP = frozenset({_S.AT_PICKUP, _S.COMPLETED, _S.SETTLED})
"""The states from the moment on when the goods wait at the pickup points."""

ON_SHOW = frozenset({Status.SCHEDULED, Status.OPEN, Status.EXTENDED})
"""The states in which a campaign stands in the storefront's list: open, or coming."""

ORDINARY_LATENESS = timedelta(minutes=15)
"""A decision this soon after the close extends from the announced hour; a later one from the decision itself."""


class MoveRefused(Conflict):
    """The campaign's state has no such move; ``extra`` carries the state and the moves it does have."""

    code, title, title_zh = "campaign_move_refused", "The campaign cannot make this move", "当前状态不允许此操作"


def no_campaign(campaign_id: str) -> NotFound:
    """The refusal of a campaign that the tenant does not have."""
    return NotFound(f"There is no campaign {campaign_id}.", detail_zh=f"团购活动 {campaign_id} 不存在。")


def move(current: Status, to: Status) -> Status:
    """The state after a move. Raises MoveRefused, naming both states and what is possible instead."""
    possible = MOVES[current]
    if to in possible:
        return to
    instead = f"it can become {' or '.join(possible)}" if possible else "this state is final"
    raise MoveRefused(
        f"A campaign that is {current} cannot become {to}; {instead}.",
        detail_zh=f"状态为 {current} 的团购活动不能变为 {to}。",
        extra={"campaign_status": current.value, "possible": [state.value for state in possible]},
    )


def effective_status(status: str, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Status:
    """What a reader is shown at ``now``, even where the timer that moves the stored state is late.

    The window alone decides whether orders are taken: from ``opens_at`` on, and before ``closes_at``.
    """
    stored = Status(status)
    if stored not in ON_SHOW or closes_at is None:
        return stored
    if now >= closes_at:
        return Status.CLOSING
    if stored is Status.SCHEDULED and opens_at is not None and now >= opens_at:
        return Status.OPEN
    return stored


def has_come(moment: datetime | None, now: datetime) -> bool:
    """Whether an instant is reached; never where there is none."""
    return moment is not None and moment <= now


class Measure(StrEnum):
    """What a target measures: units ordered, members who ordered, or the goods' value in minor units."""

    QUANTITY = "quantity"
    PARTICIPANTS = "participants"
    AMOUNT = "amount"


class OnMiss(StrEnum):
    """What happens at the close when the target is missed."""

    CANCEL = "cancel"
    EXTEND = "extend"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Target:
    """What the orders must reach by the close; ``extend_hours`` matters only where a miss extends."""

    measure: Measure
    value: int
    on_miss: OnMiss
    extend_hours: int = 24

    def as_json(self) -> dict[str, Any]:
        """As the campaign's record stores it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            Measure(stored["measure"]), stored["value"], OnMiss(stored["on_miss"]), stored.get("extend_hours", 24)
        )


@dataclass(frozen=True, slots=True)
class CloseTotals:
    """What was ordered when the buckets were fenced: units, distinct members, goods' value in minor units."""

    quantity: int
    participants: int
    amount_minor: int


class Decision(StrEnum):
    """What becomes of a closed campaign."""

    LOCK = "lock"
    EXTEND = "extend"
    CANCEL = "cancel"


def measured(target: Target, totals: CloseTotals) -> int:
    """How far the orders came, in the target's own measure."""
    if target.measure is Measure.QUANTITY:
        return totals.quantity
    return totals.participants if target.measure is Measure.PARTICIPANTS else totals.amount_minor


def reached_bps(target: Target, totals: CloseTotals) -> int:
    """The part of the target that is reached, in basis points rounded down: 10000 and above is reached."""
    return measured(target, totals) * 10_000 // target.value


def at_final_prices(
    offers: Sequence[Offer], sold: Mapping[str, int], totals: CloseTotals
) -> tuple[list[Offer], CloseTotals]:
    """The offers with the final prices of their ladders, and the totals with the goods at those prices.

    ``sold`` has the units of each offer by its id. With the ladder 1 → ¥10.00, 20 → ¥9.00 and 23 units sold at ¥10.00,
    beside other goods of ¥50.00: the totals fall from ¥280.00 by 23 × ¥1.00 to ¥257.00.
    """
    final = [offer.closed_with(sold.get(offer.offer_id, 0)) for offer in offers]
    lower = sum(
        (offer.price_minor - offer.final_price_minor) * sold.get(offer.offer_id, 0)
        for offer in final
        if offer.final_price_minor is not None
    )
    return final, replace(totals, amount_minor=totals.amount_minor - lower)


def decision_at_close(target: Target | None, totals: CloseTotals, *, extendable: bool) -> Decision:
    """The decision at a close; a miss that may not extend the campaign any more cancels it."""
    if target is None or measured(target, totals) >= target.value or target.on_miss is OnMiss.LOCK:
        return Decision.LOCK
    if target.on_miss is OnMiss.EXTEND and extendable:
        return Decision.EXTEND
    return Decision.CANCEL


def extended_close(closes_at: datetime, hours: int, now: datetime) -> datetime:
    """The second and last close of an extended campaign.

    Members get the promised hours in full, also when the decision comes days late: then they run from ``now``,
    rounded up to the minute.
    """
    if now - closes_at <= ORDINARY_LATENESS:
        return closes_at + timedelta(hours=hours)
    whole_minute = now.replace(second=0, microsecond=0)
    started = whole_minute if whole_minute == now else whole_minute + timedelta(minutes=1)
    return started + timedelta(hours=hours)
