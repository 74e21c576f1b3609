"""What is sent to endpoints: a public event, and the body that tells of it. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.clock import sortable

MOST_BODY_BYTES = 300_000
"""An item of the table takes 400 KB."""


class EmissionTooLarge(ValueError):
    """A body larger than what is kept for an event."""


@dataclass(frozen=True, slots=True)
class Emission:
    """A public event. ``event_id`` is the domain's event, the same in every delivery of it, and becomes
    ``webhook-id``: an event makes one emission. ``data`` is JSON: the entity as the API shows it, under its name, and
    its revision as ``version``, by which a receiver tells the later of two, since no order is promised.
    """

    event_id: str
    type: str
    at: datetime
    data: Mapping[str, Any]


def body_of(emission: Emission) -> str:
    """The body of the request, as Standard Webhooks has it: made once, and the same in every attempt.

    Raises EmissionTooLarge.
    """
    told = {"type": emission.type, "timestamp": sortable(emission.at), "data": dict(emission.data)}
    body = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    if len(body.encode()) > MOST_BODY_BYTES:
        raise EmissionTooLarge(f"{emission.type} {emission.event_id} has more than {MOST_BODY_BYTES} bytes")
    return body
