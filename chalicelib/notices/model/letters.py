"""A message ready to leave, and the port that takes it out. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


class BadAddress(ValueError):
    """The provider will never deliver to this address; trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one address; SMS uses the text alone, an official account the facts.

    ``sender`` is the brand's name; ``unsubscribe`` a link that a press of one button in a mail program opts out by
    (RFC 8058), empty where nobody can opt out; ``tenant_id`` and ``message_id`` come back with what the provider tells
    of it later; ``facts`` are said in the reader's language.
    """

    subject: str
    text: str
    html: str = ""
    sender: str = ""
    unsubscribe: str = ""
    tenant_id: str = ""
    message_id: str = ""
    template: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider took: its own id, and how many parts it charges for (an SMS may have several)."""

    provider_id: str
    parts: int = 1


Sender = Callable[[str, Letter], Sent]
"""The port of a medium: sends a letter to an address. Raises BadAddress where another try is of no use, anything else
where it may be."""
