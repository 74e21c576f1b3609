"""What an entry of a member's ledger of points counts for, and what of points is outstanding. Pure."""

from collections.abc import Mapping
from datetime import date

from chalicelib.insight.effects.model.figures import EXPIRED, SPENDING, Figures, Kind, Subject
from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.model.lots import Holding
from chalicelib.loyalty.points.model.rules import SpendRule

NEVER, DEBT = "never", "debt"
"""Where points stand that have no end, and those of which members have less than none."""

_TAKEN_BACK: Mapping[CauseType, str] = {
    CauseType.REFUND: CauseType.ORDER.value,
    CauseType.PARTICIPATION_ENDED: CauseType.PARTICIPATION.value,
    CauseType.REFERRAL_BACK: CauseType.REFERRAL.value,
    CauseType.REVIEW_BACK: CauseType.REVIEW.value,
    CauseType.SPENDING_RETURNED: SPENDING,
}
"""Causes that undo what another one did."""

_TAKEN = frozenset({SPENDING, EXPIRED})
"""What takes points from members to begin with; everything else gives them some."""


def flow_of(cause: CauseType, delta: int) -> tuple[Subject, Figures] | None:
    """What an entry counts for; None for points that only go along where two members are one person."""
    if cause is CauseType.MERGE:
        return None
    undone = _TAKEN_BACK.get(cause)
    subject = Subject(Kind.POINTS, undone or cause.value)
    takes = subject.id in _TAKEN
    if undone is not None or (delta < 0) is not takes:
        return subject, Figures(points_back=abs(delta))
    return subject, Figures(times=1, points=abs(delta))


def outstanding(holding: Holding) -> dict[str, int]:
    """A member's points by the month of the brand's calendar in which they expire."""
    held: dict[str, int] = {DEBT: holding.debt} if holding.debt else {}
    for lot in holding.lots:
        month = month_of(lot.expires_on)
        held[month] = held.get(month, 0) + lot.points
    return held


def month_of(expires_on: date | None) -> str:
    """The month of a last day, such as ``2026-11``."""
    return NEVER if expires_on is None else f"{expires_on:%Y-%m}"


def worth_minor(points: int, rule: SpendRule | None) -> int | None:
    """What so many points pay, rounded down; None where a brand's points pay nothing."""
    return None if rule is None else points * rule.worth_minor // rule.points
