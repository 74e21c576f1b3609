"""A message ready to leave, and the port that takes it out. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalicelib.kernel.text import cut, harmless

_LONGEST_LINE = 200
_LONGEST_SENDER = 60
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


class BadAddress(ValueError):
    """The provider will never deliver to this address; trying again is of no use."""


class SenderRefused(Exception):
    """The provider takes nothing from us at present, whomever it is for: letters wait until that is mended."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one address; SMS uses the text alone, an official account the facts.

    ``page`` is the address of the page of what it is about, ``page_label`` what a link there says, ``lead`` both as a
    line, and ``foot`` says why the
    reader gets it, and how to get no more of the kind: these two stand below the text in a mail.
    ``sender`` is the brand's name; ``unsubscribe`` a link that a press of one button in a mail program opts out by
    (RFC 8058), empty where nobody can opt out; ``tenant_id`` and ``message_id`` come back with what the provider tells
    of it later; ``facts`` are said in the reader's language.
    """

    subject: str
    text: str
    html: str = ""
    page: str = ""
    page_label: str = ""
    lead: str = ""
    foot: str = ""
    sender: str = ""
    unsubscribe: str = ""
    tenant_id: str = ""
    message_id: str = ""
    template: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def mail_text(self) -> str:
        """The text part of a mail: what is told, where more of it is, and the foot below."""
        return "\n\n".join(part for part in (self.text, self.lead, self.foot) if part)


def one_line(text: str, graphemes: int = _LONGEST_LINE) -> str:
    """A text for a header of a mail: without line breaks and whatever else controls a program, so that no name or title
    can add a header; cut between characters as people count them.
    """
    return cut(" ".join(_CONTROLS.sub(" ", harmless(text)).split()), graphemes).rstrip()


def sender_name(brand: str) -> str:
    """A brand's name as who a mail is from."""
    return one_line(brand, _LONGEST_SENDER)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider took: its own id, and how many parts it charges for (an SMS may have several)."""

    provider_id: str
    parts: int = 1


Sender = Callable[[str, Letter], Sent]
"""The port of a medium: sends a letter to an address. Raises BadAddress where another try is of no use, anything else
where it may be."""
