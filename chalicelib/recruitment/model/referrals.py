"""The life of a referral, and how many friends a member is rewarded for. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.members.model.identities import Identity, person_of
from chalicelib.recruitment.model.rules import ReferralTerms

MONTHS_KEPT = 3
"""Months of which it is known for how many friends a member was rewarded: an order is refunded that late seldom, and
then the reward goes back all the same."""


class State(StrEnum):
    """``joined``: the friend is a member; ``rewarded``: their first order earned the reward; ``reversed``: that order
    was refunded wholly and none stands that they have collected, so that a later one may earn it; ``unrewarded``: their
    first order came when members invited nobody, or beyond the cap; ``void``: friend and referrer turned out to be one
    person.
    """

    JOINED = "joined"
    REWARDED = "rewarded"
    REVERSED = "reversed"
    UNREWARDED = "unrewarded"
    VOID = "void"


OPEN = frozenset({State.JOINED, State.REVERSED})
"""States in which an order may earn the reward."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A reward that went back: the order that had earned it, and the batches of its coupons, to who brought the friend
    and to the friend.
    """

    order_id: str
    batch_id: str | None = None
    friend_batch_id: str | None = None


def one_person(some: Iterable[Identity], others: Iterable[Identity]) -> bool:
    """Whether two lists of identities are one person's: they share one, or a mailbox (``ann@x`` and ``ann+2@x``)."""
    return not {_person(each) for each in some}.isdisjoint(_person(each) for each in others)


def _person(identity: Identity) -> tuple[str, str]:
    return identity.kind, person_of(identity)


def month_of(day: date) -> str:
    """The month of a local day, as it is counted by."""
    return f"{day:%Y-%m}"


def has_room(terms: ReferralTerms, rewarded: int, by_month: Mapping[str, int], month: str) -> bool:
    """Whether a member is rewarded for one more friend in a month."""
    in_all = terms.most_in_all is None or rewarded < terms.most_in_all
    return in_all and (terms.most_a_month is None or by_month.get(month, 0) < terms.most_a_month)


def counted(by_month: Mapping[str, int], month: str, by: int) -> dict[str, int]:
    """The friends rewarded by month after one more, or one fewer, of the latest months that are kept."""
    after = {**by_month, month: max(0, by_month.get(month, 0) + by)}
    return {name: after[name] for name in sorted(after)[-MONTHS_KEPT:] if after[name]}
