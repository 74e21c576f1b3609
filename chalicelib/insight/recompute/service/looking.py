"""Who looks at which brand, and what a look at a piece comes to."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.recompute.model.checks import Found


@dataclass(frozen=True, slots=True)
class Look:
    """A recount of a brand, at an instant, on its local day."""

    tenant_id: str
    job_id: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Checked:
    """What a piece came to; how many of its days were left out, since they are not final; ``rev`` rises with every
    change of what stood, where that is asked again at the end.
    """

    found: Found
    waiting_days: int = 0
    rev: int = 0
