"""Personal invitations: the states that one goes through, and when it is told and brought to mind. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from chalicelib.members.model.identities import Identity, person_of
from chalicelib.members.sign_in.model import Store
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import MessageSettings, Recipient
from chalicelib.notices.restraint.model import awake_at, let_at, remembered
from chalicelib.rate_limits.model import Budget

MOST_AT_ONCE = 200
"""People who are invited by one request."""

LONGEST = timedelta(days=180)
"""Until when somebody who is invited now may join at most."""

REMINDS_BEFORE = timedelta(days=3)
"""How long before the end an invitation is brought to mind."""

LEFT_ALONE = timedelta(days=2)
"""How long after it was told it is not brought to mind."""

KEPT = timedelta(days=365)
"""How long an invitation that led to nothing is kept."""

MOST_HEARD = 100
"""Instants that are known of messages to one address: a cap is of so many at most."""


class State(StrEnum):
    """``waiting``: it leaves next; ``told``: it has left; ``joined``: they are a member; ``expired``: its last day is
    over; ``withdrawn``: by the brand, or since it blocked them or they left; ``declined``: they want none, ever again;
    ``unreachable``: their address takes no mail.
    """

    WAITING = "waiting"
    TOLD = "told"
    JOINED = "joined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"


OPEN = frozenset({State.WAITING, State.TOLD})
"""States in which somebody may join by an invitation."""

Outcome = Literal["invited", "invited_before", "member", "declined", "unreachable", "repeated"]
"""What became of one who was to be invited: ``repeated`` stood in the list before."""


def state_at(state: State, until_at: datetime, now: datetime) -> State:
    """What an invitation is at ``now``: its end is exclusive, and counts before anybody has noted it."""
    return State.EXPIRED if state in OPEN and now >= until_at else state


@dataclass(frozen=True, slots=True)
class Course:
    """How far an invitation has come: until when it is good, when it was told and brought to mind, and when invitations
    left for the address, earlier ones among them (UTC).
    """

    until_at: datetime
    told_at: datetime | None = None
    reminded_at: datetime | None = None
    heard: tuple[datetime, ...] = ()


def leaves_at(course: Course, now: datetime, to: Recipient, settings: MessageSettings) -> datetime | None:
    """When its next message leaves, from ``now`` on: outside the brand's quiet hours and within its cap of news. None
    where none does any more before the end: there is the invitation, one reminder, and nothing else.
    """
    if course.reminded_at is not None:
        return None
    earliest = now
    if course.told_at is not None:
        earliest = max(now, course.until_at - REMINDS_BEFORE, course.told_at + LEFT_ALONE)
    free = let_at(Category.NEWS, earliest, settings, remembered(course.heard, Category.NEWS, earliest, settings))
    if free >= course.until_at:
        return None
    at = awake_at(free, to, settings)
    return at if at < course.until_at else None


def budgets_of(identity: Identity, store: Store, country: str | None) -> list[Budget]:
    """What one message takes of what invitations of a store may be, and of those of all stores to one person;
    ``country`` is the phone's. They are apart from those of sign-in codes: who is invited is to get one, too.
    """
    recipient = Budget.of("messages_to_prospects_a_recipient", identity.kind, person_of(identity))
    if identity.kind == "email":
        return [Budget.of("emails_to_prospects_a_store", store.id), recipient]
    kind = "texts_to_prospects_a_store" if store.confirmed else "texts_to_prospects_a_new_store"
    texts = [Budget.of(kind, store.id), recipient]
    if store.is_abroad(country):
        texts.append(Budget.of("texts_to_prospects_abroad_a_store_and_country", store.id, country or ""))
    return texts
