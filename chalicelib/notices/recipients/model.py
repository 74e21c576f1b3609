"""A person with where they are reached, what they read, and what they asked for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Literal, Self

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person

Channel = Literal["email", "sms", "official_account"]
"""A medium that leaves the product; the inbox is the other one, and always gets a notice."""

HOLDS_SEVERAL: frozenset[Channel] = frozenset({"email", "sms"})
"""Media by which several notices leave as one letter; an official account shows one by a template of its own."""

CHOSEN = (Category.SERVICE, Category.NEWS)
"""Categories that a person may decline or have gathered in a digest; the others always go, and at once."""


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
class Wishes:
    """What a person has asked for, as it is kept on their own record. Whether they want news is no part of it: that is
    their consent ``marketing``, which is kept once.

    ``timezone`` is an IANA name; what is None or absent follows the brand. ``left`` are the categories that a link in a
    message took them out of, with the instant (UTC): who opens the same link may undo it for a while.
    """

    timezone: str | None = None
    channels: tuple[Channel, ...] | None = None
    declined: frozenset[Category] = frozenset()
    quiet_hours: QuietHours | None = None
    digests: Mapping[Category, Digest] = field(default_factory=dict)
    left: Mapping[Category, datetime] = field(default_factory=dict)

    def preferences(self, *, marketing: bool) -> Preferences:
        """The same as those read it who tell people something; ``marketing`` is the consent that is given now."""
        return Preferences(self.channels, self.declined, marketing, self.quiet_hours, self.digests)

    def as_json(self) -> dict[str, Any]:
        """As it is stored: without what was not asked for."""
        quiet = self.quiet_hours
        every = {
            "timezone": self.timezone,
            "channels": None if self.channels is None else list(self.channels),  # none at all is a wish, too
            "declined": sorted(self.declined) or None,
            "quiet_hours": None if quiet is None else [_wall(quiet.begins), _wall(quiet.ends)],
            "digests": {name: [_wall(digest.at), digest.weekday] for name, digest in self.digests.items()} or None,
            "left": {name: sortable(at) for name, at in self.left.items()} or None,
        }
        return {name: value for name, value in every.items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Reads what ``as_json`` wrote."""
        quiet, channels = stored.get("quiet_hours"), stored.get("channels")
        return cls(
            timezone=stored.get("timezone"),
            channels=None if channels is None else tuple(channels),
            declined=frozenset(map(Category, stored.get("declined", ()))),
            quiet_hours=None if quiet is None else QuietHours(*map(time.fromisoformat, quiet)),
            digests={
                Category(name): Digest(time.fromisoformat(at), weekday)
                for name, (at, weekday) in stored.get("digests", {}).items()
            },
            left={Category(name): parse_instant(at) for name, at in stored.get("left", {}).items()},
        )


def _wall(at: time) -> str:
    return at.isoformat("minutes")


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
    """Whom a notice can be told. ``timezone`` is theirs if they said one, else the brand's; ``roles`` a staff's;
    ``proved`` says that they have signed in to the store with these addresses.
    """

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
    proved: bool = False

    @property
    def addresses(self) -> dict[Channel, str]:
        """Where the person is reached, by medium."""
        known: dict[Channel, str | None] = {
            "email": self.email, "sms": self.phone, "official_account": self.open_id,
        }  # fmt: skip
        return {channel: address for channel, address in known.items() if address}
