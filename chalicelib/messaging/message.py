"""What travels on a queue."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from chalicelib.kernel.clock import parse_instant, sortable


class MalformedMessage(ValueError):
    """A queue holds something that is no message of ours; it ends in the dead-letter queue, where a person sees it."""


_TEXTS = ("id", "type", "tenant_id")


@dataclass(frozen=True, slots=True)
class Message:
    """An event, or something that is due. ``id`` is the same in every delivery: the marker of "applied once"."""

    id: str
    type: str
    tenant_id: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    correlation_id: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": self.type,
            "tenant_id": self.tenant_id,
            "at": sortable(self.at),
            "correlation_id": self.correlation_id,
            "data": self.data,
        }

    def to_json(self) -> str:
        return _spelled(self.as_json())

    @classmethod
    def from_json(cls, raw: Any) -> Self:
        """A message from its parsed JSON. Raises MalformedMessage when a part is missing or of the wrong kind."""
        try:
            if not isinstance(raw["data"], dict) or not all(isinstance(raw[name], str) for name in _TEXTS):
                raise TypeError
            return cls(
                id=raw["id"],
                type=raw["type"],
                tenant_id=raw["tenant_id"],
                at=parse_instant(raw["at"]),
                data=raw["data"],
                correlation_id=raw.get("correlation_id", ""),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise MalformedMessage("not a message of ours") from fault


def bundled(messages: Sequence[Message]) -> str:
    """Messages that travel as one: an array of them; a single one as it is by itself."""
    return messages[0].to_json() if len(messages) == 1 else _spelled([message.as_json() for message in messages])


def unbundled(text: str) -> list[Message]:
    """The messages that a queue's message brings. Raises MalformedMessage when any of them is none of ours."""
    try:
        raw = json.loads(text)
    except ValueError as fault:
        raise MalformedMessage("not a message of ours") from fault
    if not isinstance(raw, list):
        return [Message.from_json(raw)]
    if not raw:
        raise MalformedMessage("a bundle without messages")
    return [Message.from_json(each) for each in raw]


def _spelled(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
