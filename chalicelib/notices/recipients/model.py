"""A person with where they are reached, what they read, and what they asked for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Literal

from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person

Channel = Literal["email", "sms", "official_account"]
"""A medium that leaves the product; the inbox is the other one, and always gets a notice."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local wall time in which nothing that can wait arrives; over midnight where it ends before it begins."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Digest:
    """What can wait leaves together, at a local wall time: each day, or on one weekday (0 is Monday)."""

    at: time
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person asked for; what they did not say follows the brand's settings.

    ``channels`` is their order of preference, None the brand's. ``declined`` are categories that they do not want:
    service or news. News needs ``marketing`` as well, their consent to it.
    """

    channels: tuple[Channel, ...] | None = None
    declined: frozenset[Category] = frozenset()
    marketing: bool = False
    quiet_hours: QuietHours | None = None
    digests: Mapping[Category, Digest] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cap:
    """So many messages of a category in so many days, counted back from each."""

    most: int
    days: int


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """What a brand has decided for whoever asked for nothing else.

    ``prices`` are what a part costs by medium, as exact decimals in the brand's currency; None where it is not said.
    """

    channels: tuple[Channel, ...] = ("official_account", "email", "sms")
    quiet_hours: QuietHours | None = QuietHours(time(22), time(8))
    caps: Mapping[Category, Cap] = field(
        default_factory=lambda: {Category.NEWS: Cap(2, 7), Category.SERVICE: Cap(6, 1)}
    )
    prices: Mapping[Channel, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a notice can be told. ``timezone`` is theirs if they said one, else the brand's; ``roles`` a staff's."""

    person: Person
    locale: str
    timezone: str
    email: str | None = None
    phone: str | None = None
    open_id: str | None = None
    name: str | None = None
    roles: frozenset[str] = frozenset()
    preferences: Preferences = Preferences()
    own_timezone: bool = False

    @property
    def addresses(self) -> dict[Channel, str]:
        """Where the person is reached, by medium."""
        known: dict[Channel, str | None] = {
            "email": self.email, "sms": self.phone, "official_account": self.open_id,
        }  # fmt: skip
        return {channel: address for channel, address in known.items() if address}
