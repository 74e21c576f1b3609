"""A brand's rules of enquiries, and its canned replies. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.enquiries.model.matching import DEFAULT_THRESHOLD

LEAST_THRESHOLD = 0.4
"""Below it an answer would be a guess."""

MOST_REPLIES = 60
"""Canned replies of a brand."""


@dataclass(frozen=True, slots=True)
class EnquiryRules:
    """``answers`` says whether enquiries are answered from the FAQ and from orders; ``threshold`` from which confidence
    on; ``close_after_days`` after how many days an enquiry closes by itself that waits for its member.
    """

    answers: bool = True
    threshold: float = DEFAULT_THRESHOLD
    close_after_days: int = 7

    def as_json(self) -> dict[str, Any]:
        """As records keep it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(bool(stored["answers"]), float(stored["threshold"]), int(stored["close_after_days"]))


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A reply that is written once. ``{member}`` stands for the member's name, ``{order}`` for the order's number."""

    title: str
    en: str
    zh: str

    def filled(self, locale: str, member: str, order: str) -> str:
        """In a language, with what is known; the other language's where one has no text."""
        text = (self.zh or self.en) if locale == "zh" else (self.en or self.zh)
        return text.replace("{member}", member).replace("{order}", order)
