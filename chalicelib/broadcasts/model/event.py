"""What a public event is, and what it is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """A public event and what it means. ``emitted`` is the type under which records emit it, where that is another."""

    type: str
    meaning: str
    meaning_zh: str
    emitted: str = ""

    @property
    def internal(self) -> str:
        """The type under which records emit it."""
        return self.emitted or self.type


@dataclass(frozen=True, slots=True)
class Entity:
    """What events are about, by the name under which their payload shows it. ``key`` names what of an event's data
    finds its record, in the order of the record's address.
    """

    name: str
    key: tuple[str, ...]
    events: tuple[Event, ...]
