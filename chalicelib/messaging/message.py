"""What travels on a queue."""

import json
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

    def to_json(self) -> str:
        return json.dumps(
            {
                "id": self.id,
                "type": self.type,
                "tenant_id": self.tenant_id,
                "at": sortable(self.at),
                "correlation_id": self.correlation_id,
                "data": self.data,
            },
            separators=(",", ":"),
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises MalformedMessage when a part is missing or of the wrong kind."""
        try:
            raw = json.loads(text)
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
