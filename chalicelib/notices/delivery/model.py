"""Which media a notice leaves by, when it is tried again, and what becomes of it. Pure."""

from collections.abc import Collection, Mapping
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
    telling: Telling, to: Recipient, settings: MessageSettings, offered: Collection[Channel]
) -> tuple[Channel, ...]:
    """The media that a notice may leave by, in the order in which they are tried; none where the inbox has to do.

    Access, order and money reach a person wherever they can be reached. Service and news keep to the media that the
    person named, else the brand, and what is only to know costs no text unless the person named texts.
    """
    if not _wanted(telling.category, to):
        return ()
    own = to.preferences.channels
    if telling.category in (Category.SERVICE, Category.NEWS):
        order = own if own is not None else settings.channels
        if own is None and telling.urgency is Urgency.KNOW:
            order = tuple(channel for channel in order if channel != "sms")
    else:
        order = (*(own or ()), *settings.channels, *_MEDIA)
    return tuple(channel for channel in dict.fromkeys(order) if channel in offered and channel in to.addresses)


def _wanted(category: Category, to: Recipient) -> bool:
    if category is Category.NEWS and not to.preferences.marketing:
        return False
    return category not in (Category.SERVICE, Category.NEWS) or category not in to.preferences.declined


def in_common(media: Collection[tuple[Channel, ...]]) -> tuple[Channel, ...]:
    """The media by which several notices may leave together, in the order of the first."""
    first, *others = media
    return tuple(channel for channel in first if all(channel in other for other in others))


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
