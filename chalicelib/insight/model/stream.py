"""What people did, one thing at a time. Pure. Instants are UTC."""

from dataclasses import dataclass
from datetime import datetime

Actor = int | str
"""Who did it: a member's ordinal, or the id of a visitor who has not signed in since."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that somebody did. ``kind`` is such as ``view`` or ``order``; what is not known is empty. It may be
    about several products, in the order of their ids.

    Of one actor, events at the same instant are in the order in which they were told: ``place`` ascends.
    """

    actor: Actor
    kind: str
    at: datetime
    place: int = 0
    product_ids: tuple[str, ...] = ()
    campaign_id: str = ""
    channel_id: str = ""
    duration_ms: int | None = None
