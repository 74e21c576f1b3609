"""What stands in a member's ledger of points: one entry for each cause. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from chalicelib.loyalty.points.model.rules import Action


class CauseType(StrEnum):
    """Why points were given or taken. The first five are the actions that earn; the ``id`` of a cause is

    - ``order``, ``spending``, ``spending_returned``: of the order that was handed over, or paid with points;
    - ``participation``, ``participation_ended``: of the campaign, and of the one of which nothing was kept;
    - ``check_in``, ``expiry``: the local day, and the last day on which the points could be used;
    - ``referral``, ``referral_back``: of the order of the friend that earned it, and that was refunded wholly;
    - ``review``, ``review_back``: of the review that earned it, and that was deleted, or its purchase paid back;
    - ``birthday``: the year; ``survey``: of the invitation; ``refund``: of the refund of an order;
    - ``suggestion``: of the suggestion that was adopted;
    - ``staff``: of the request of somebody of the team; ``merge``: of the other membership of the same person;
    - ``award``: of the award and the period that it was won for; ``journey``: of the member's step in a journey.
    """

    ORDER = "order"
    PARTICIPATION = "participation"
    CHECK_IN = "check_in"
    SURVEY = "survey"
    BIRTHDAY = "birthday"
    REVIEW = "review"
    REVIEW_BACK = "review_back"
    SUGGESTION = "suggestion"
    REFERRAL = "referral"
    REFUND = "refund"
    REFERRAL_BACK = "referral_back"
    PARTICIPATION_ENDED = "participation_ended"
    JOURNEY = "journey"
    STAFF = "staff"
    EXPIRY = "expiry"
    MERGE = "merge"
    SPENDING = "spending"
    SPENDING_RETURNED = "spending_returned"
    AWARD = "award"


@dataclass(frozen=True, slots=True)
class Cause:
    """What one entry comes from; no second one comes from it."""

    type: CauseType
    id: str

    @classmethod
    def of(cls, action: Action, subject_id: str) -> Self:
        """That an action was done, such as the handover of the order with an id."""
        return cls(CauseType(action.value), subject_id)

    def __str__(self) -> str:
        return f"{self.type.value}:{self.id}"
