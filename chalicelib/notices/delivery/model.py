"""Which media a notice leaves by, when it is tried again, and what becomes of it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, get_args

from chalicelib.notices.model.notices import Category, Telling, Told, Urgency
from chalicelib.notices.recipients.model import Channel, MessageSettings, Recipient

LEASE = timedelta(seconds=60)
"""Longer than the providers' calls with their retries, shorter than the queue's patience."""

FALL_BACK_AFTER = timedelta(minutes=15)
"""How long a provider fails until what cannot wait leaves by the next medium."""

GIVE_UP_AFTER = timedelta(days=3)

_MEDIA: tuple[Channel, ...] = get_args(Channel)
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(minutes=60)


class Status(StrEnum):
    """What became of a message: ``held`` for a time that suits its reader, ``waiting`` for a provider, ``inbox`` where
    it went no further, ``joined`` where it left with another in one letter.
    """

    SENDING = "sending"
    HELD = "held"
    WAITING = "waiting"
    SENT = "sent"
    JOINED = "joined"
    INBOX = "inbox"
    DROPPED = "dropped"
    WITHHELD = "withheld"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Item:
    """A notice that leaves, by itself or with others."""

    message_id: str
    told: Told

    def as_json(self) -> dict[str, Any]:
        return {"id": self.message_id, "told": self.told.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["id"], Told.from_json(stored["told"]))


def media_for(
    telling: Telling, to: Recipient, settings: MessageSettings, offered: frozenset[Channel]
) -> tuple[Channel, ...]:
    """The media that a notice may leave by, in the order in which they are tried; none where the inbox has to do.

    A brand's messages leave by the media that it named. Order and money reach a person by any of those, and what
    concerns access by any at all; service and news keep to what the person named too, and what is only to know costs no
    text unless the person named texts.
    """
    if not _wanted(telling.category, to):
        return ()
    own, brands = to.preferences.channels, settings.channels
    if telling.category is Category.ACCESS:
        brands = (*brands, *_MEDIA)
    if telling.category not in (Category.SERVICE, Category.NEWS):
        order = (*(own or ()), *brands)
    elif own is not None:
        order = own
    else:
        order = tuple(channel for channel in brands if channel != "sms" or telling.urgency is Urgency.ACT)
    reaching = offered & to.addresses.keys() & set(brands)
    return tuple(channel for channel in dict.fromkeys(order) if channel in reaching)


def _wanted(category: Category, to: Recipient) -> bool:
    if category is Category.NEWS and not to.preferences.marketing:
        return False
    return category not in (Category.SERVICE, Category.NEWS) or category not in to.preferences.declined


def in_common(media: Collection[tuple[Channel, ...]]) -> tuple[Channel, ...]:
    """The media by which several notices may leave together, in the order of the first."""
    first, *others = media
    return tuple(channel for channel in first if all(channel in other for other in others))


def unsubscribed_by(categories: Sequence[Category]) -> Category:
    """What one press of a button declines, of a letter that tells of several: news rather than anything else."""
    return Category.NEWS if Category.NEWS in categories else categories[0]


def is_pressing(category: Category) -> bool:
    """Whether a notice leaves by another medium while the provider of its first one fails for long."""
    return category not in (Category.SERVICE, Category.NEWS)


def may_fall_back(category: Category, failing_since: datetime | None, now: datetime) -> bool:
    return is_pressing(category) and failing_since is not None and now - failing_since >= FALL_BACK_AFTER


def next_try(category: Category, attempts: int, failing_since: datetime, now: datetime, chance: float) -> datetime:
    """When to try again after so many attempts failed; ``chance`` from 0 to 1 spreads those that failed together."""
    pause = min(_LONGEST, _SHORTEST * (1 << min(attempts - 1, 10)))
    at = now + pause * (0.5 + chance / 2)
    fall_back = failing_since + FALL_BACK_AFTER
    return min(at, fall_back) if is_pressing(category) and now < fall_back else at
