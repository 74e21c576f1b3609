"""What an enquiry is: topic, states, what it keeps, and for how long it can be written to. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.enquiries.errors import ConversationFull, EnquiryClosed
from chalicelib.kernel.errors import IdempotencyMismatch


class Topic(StrEnum):
    """What an enquiry is about; somebody of the team with this skill gets it first."""

    ORDER = "order"
    PRODUCT = "product"
    PICKUP = "pickup"
    PAYMENT = "payment"
    ACCOUNT = "account"
    OTHER = "other"


class Status(StrEnum):
    """``open`` waits for the team's first answer, ``in_progress`` has it. ``answered`` has an automatic answer, and no
    one of the team has to do anything unless the member says that it did not help.
    """

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"


class Unsure(StrEnum):
    """Why an enquiry went to a person."""

    OFF = "off"
    GRAVE = "grave"
    UNKNOWN = "unknown"
    MORE = "more"
    NOT_HELPED = "not_helped"


MOST_OPEN = 20
"""Open enquiries of one member at once."""

MOST_ENTRIES = 100
_KEPT_FOR_THE_END = 5
"""Entries that only an escalation, a hand-over or the closing may take."""

MOST_OF_MEMBER = 40
"""Messages of the member in one enquiry: the rest of it is the team's."""

REOPENED_WITHIN = timedelta(days=14)
"""How long after its closing the member's message opens it again; later they ask anew."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message. ``key`` is its Idempotency-Key: one message for each, however often it is sent."""

    text: str
    key: str

    def mark(self, by: str) -> str:
        """What tells one person's key from any other's."""
        return hashlib.sha256(f"{by}\0{self.key}".encode()).hexdigest()[:16]

    def sent(self, entries: Sequence[Mapping[str, Any]], by: str) -> bool:
        """Whether it was taken before. Raises IdempotencyMismatch where its key brought another text."""
        earlier = [entry for entry in entries if entry.get("mark") == self.mark(by)]
        if earlier and earlier[0]["text"] != self.text:
            raise IdempotencyMismatch(
                "This Idempotency-Key already sent another message; use a new key for a new one.",
                detail_zh="该幂等键已用于另一条消息，请使用新的键。",
            )
        return bool(earlier)


def check_room(entries: int) -> None:
    """Raises ConversationFull when a message finds no room; the last entries are kept for what ends it."""
    if entries >= MOST_ENTRIES - _KEPT_FOR_THE_END:
        raise ConversationFull(
            f"An enquiry keeps {MOST_ENTRIES} entries; close it, and ask anew if need be.",
            detail_zh=f"每条咨询最多保留 {MOST_ENTRIES} 条记录，请先关闭，必要时重新咨询。",
        )


def check_messages(messages: int) -> None:
    """Raises ConversationFull where the member has written as often as an enquiry keeps."""
    if messages >= MOST_OF_MEMBER:
        raise ConversationFull(
            f"You have written {MOST_OF_MEMBER} times; the store has all of it and will get back to you.",
            detail_zh=f"您已发送 {MOST_OF_MEMBER} 条消息，商家均已收到，请等待回复。",
        )


def check_reopening(closed_at: datetime, now: datetime) -> None:
    """Raises EnquiryClosed where it was closed too long ago to be opened again."""
    if now >= closed_at + REOPENED_WITHIN:
        raise EnquiryClosed(
            f"This enquiry was closed more than {REOPENED_WITHIN.days} days ago; ask anew instead.",
            detail_zh=f"该咨询已关闭超过 {REOPENED_WITHIN.days} 天，请重新咨询。",
        )
