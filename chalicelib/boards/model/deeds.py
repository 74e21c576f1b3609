"""Which entries of a ledger of points say what a member earned, and which of them takes what back. Pure."""

from chalicelib.loyalty.points.model.entries import Cause, CauseType

_NOT_EARNED = frozenset(
    {
        CauseType.SPENDING,
        CauseType.SPENDING_RETURNED,
        CauseType.EXPIRY,
        CauseType.STAFF,
        CauseType.AWARD,
        CauseType.MERGE,
    }
)
"""What is paid with points and comes back, what expires, what somebody gives by hand or an award brings, and what only
goes along where two members are one person.
"""


def is_earned(cause: CauseType) -> bool:
    """Whether an entry of this cause says what a member earned, or takes it back."""
    return cause not in _NOT_EARNED


def undone(cause: Cause, order_id: str | None) -> Cause | None:
    """The cause of the entry that one takes back; None for one that gives."""
    if cause.type is CauseType.REFUND and order_id is not None:
        return Cause(CauseType.ORDER, order_id)
    if cause.type is CauseType.REFERRAL_BACK:
        return Cause(CauseType.REFERRAL, cause.id)
    if cause.type is CauseType.REVIEW_BACK:
        return Cause(CauseType.REVIEW, cause.id)
    if cause.type is CauseType.PARTICIPATION_ENDED:
        return Cause(CauseType.PARTICIPATION, cause.id)
    return None
