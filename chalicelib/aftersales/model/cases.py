"""The rules of a case: its kind, its states and the moves between them, and when it waits for its member. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.aftersales.errors import CaseEnded, HistoryFull, MoveRefused
from chalicelib.cases.model.clocks import Kind as Targeted
from chalicelib.kernel.counting import counted

MAX_PHOTOS = 9
MOST_BEFORE_HAND_ON = 50
"""Entries in a history from which on a case is not handed on any more."""


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

_IN_WORDS: Mapping[Status, tuple[str, str]] = {
    S.REQUESTED: ("asked for", "待处理"), S.APPROVED: ("approved", "已通过"), S.REJECTED: ("rejected", "已拒绝"),
    S.WITHDRAWN: ("withdrawn", "已撤回"), S.RECEIVED: ("received", "已收货"), S.COMPLETED: ("completed", "已完结"),
}  # fmt: skip


def in_words(status: Status) -> str:
    """A state as an English sentence says it after *the case is*."""
    return _IN_WORDS[status][0]


def in_words_zh(status: Status) -> str:
    """A state as a Chinese sentence says it."""
    return _IN_WORDS[status][1]


ENDED = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.COMPLETED})
"""The states in which nobody has anything left to do."""

GRANTED = frozenset({Status.APPROVED, Status.RECEIVED, Status.COMPLETED})
"""The states of a case that was decided for the member."""


def check_move(kind: Kind, current: Status, to: Status) -> None:
    """Raises MoveRefused unless a case of this kind goes from one state to the other."""
    allowed = MOVES[kind][current]
    if to not in allowed:
        can = f"it can become {' or '.join(map(in_words, allowed))}" if allowed else "it is closed"
        raise MoveRefused(
            f"The {kind} is {in_words(current)} and cannot become {in_words(to)}; {can}.",
            detail_zh=f"售后单{in_words_zh(current)}，不能变为{in_words_zh(to)}。",
            extra={"after_sale_status": current.value, "allowed": [each.value for each in allowed]},
        )


def check_hand_on(status: Status, entries: int) -> None:
    """Whether a case can get another owner. Raises CaseEnded, or HistoryFull where it went through too many hands."""
    if status in ENDED:
        raise CaseEnded(
            f"The case is {in_words(status)}; nobody has anything left to do.",
            detail_zh="售后单已结束，无需再分配。",
            extra={"after_sale_status": status.value},
        )
    if entries >= MOST_BEFORE_HAND_ON:
        raise HistoryFull(
            f"The case has {counted(entries, 'entry', 'entries')} in its history; decide it instead of handing it on.",
            detail_zh="售后单记录已满，请直接处理。",
        )


def targets_of(kind: Kind) -> Targeted:
    """By which targets of the brand a case is counted: what is mended takes longer."""
    return Targeted.REPAIR if kind is Kind.REPAIR else Targeted.AFTER_SALE


def awaits_goods(kind: Kind, status: Status, still_expected: int) -> bool:
    """Whether a case waits for its member, who is to bring goods. What is mended is worked on from its first part."""
    states = (Status.APPROVED,) if kind is Kind.REPAIR else (Status.APPROVED, Status.RECEIVED)
    return status in states and still_expected > 0


@dataclass(frozen=True, slots=True)
class CaseLine:
    """Units of an offer, or of a bundle's part, that a case is about; ``per`` of them are in each bundle."""

    offer_id: str
    sku_id: str
    title: str
    units: int
    per: int = 1

    @property
    def quantity(self) -> int:
        """Its units, as a line of an order has them."""
        return self.units
