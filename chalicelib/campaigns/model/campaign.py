"""The states of a campaign, and how it moves between them. Pure; ``target`` has the decision at its close."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

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

IN_WORDS: Mapping[Status, tuple[str, str]] = {
    _S.DRAFT: ("a draft", "草稿"), _S.SCHEDULED: ("announced", "待开始"), _S.OPEN: ("open", "进行中"),
    _S.CLOSING: ("closing", "结算目标中"), _S.EXTENDED: ("extended", "已延期"),
    _S.CANCELLED: ("cancelled", "已取消"), _S.REFUNDING: ("being refunded", "退款中"),
    _S.REFUNDED: ("refunded", "已退款"), _S.LOCKED: ("locked", "已成团"),
    _S.PURCHASING: ("being bought", "采购中"),
    _S.RECEIVED: ("received", "已到货"), _S.SORTED: ("sorted", "已分拣"),
    _S.AT_PICKUP: ("at the pickup points", "待取货"), _S.COMPLETED: ("completed", "已完成"),
    _S.SETTLED: ("settled", "已结清"),
}  # fmt: skip


def in_words(status: str) -> str:
    """A state as an English sentence says it after *the campaign is*."""
    return IN_WORDS[Status(status)][0]


def in_words_zh(status: str) -> str:
    """A state as a Chinese sentence says it."""
    return IN_WORDS[Status(status)][1]


ACCEPTING = frozenset({Status.OPEN, Status.EXTENDED})
"""The states in which members may order, as :func:`effective_status` tells them."""

FROM_LOCK = frozenset({_S.LOCKED, _S.PURCHASING, _S.RECEIVED, _S.SORTED, _S.AT_PICKUP, _S.COMPLETED, _S.SETTLED})
"""The states from the lock on: what was ordered stands, and is bought, sorted and handed over."""

ENDED = FROM_LOCK | {_S.CLOSING}
"""The states of a campaign that has closed and was not cancelled."""

FROM_PICKUP = frozenset({_S.AT_PICKUP, _S.COMPLETED, _S.SETTLED})
"""The states from the moment on when the goods wait at the pickup points."""

ON_SHOW = frozenset({Status.SCHEDULED, Status.OPEN, Status.EXTENDED})
"""The states in which a campaign stands in the storefront's list: open, or coming."""


class MoveRefused(Conflict):
    """The campaign's state has no such move; ``extra`` carries the state and the moves it does have."""

    code, title, title_zh = "campaign_move_refused", "The campaign cannot make this move", "当前状态不允许此操作"


def no_campaign(campaign_id: str) -> NotFound:
    """The refusal of a campaign that the tenant does not have."""
    return NotFound("There is no such campaign.", detail_zh="该团购活动不存在。")


def move(current: Status, to: Status) -> Status:
    """The state after a move. Raises MoveRefused, naming both states and what is possible instead."""
    possible = MOVES[current]
    if to in possible:
        return to
    instead = f"it can become {' or '.join(map(in_words, possible))}" if possible else "this state is final"
    raise MoveRefused(
        f"A campaign that is {in_words(current)} cannot become {in_words(to)}; {instead}.",
        detail_zh=f"团购活动{in_words_zh(current)}，不能变为{in_words_zh(to)}。",
        extra={"campaign_status": current.value, "possible": [state.value for state in possible]},
    )


_ON_THE_WAY = (_S.LOCKED, _S.PURCHASING, _S.RECEIVED, _S.SORTED, _S.AT_PICKUP)


def way(current: Status, to: Status) -> tuple[Status, ...]:
    """The moves that lead from one state to another: from the lock up to the pickup points as many as it takes,
    elsewhere one. Raises MoveRefused where there is no way.
    """
    if current in _ON_THE_WAY and to in _ON_THE_WAY:
        passed = _ON_THE_WAY[_ON_THE_WAY.index(current) + 1 : _ON_THE_WAY.index(to) + 1]
        if passed:
            return passed
    return (move(current, to),)


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
