"""Two members turn out to be one person: which of their two ways through a journey goes on. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Passage:
    """A way as it stands: when it was entered, whether it goes on, and how many ``steps`` are behind it."""

    entered_at: datetime
    inside: bool
    steps: int


def takes_over(gone: Passage, there: Passage, again_after_days: int | None) -> bool:
    """Whether the way of who is gone is the one that goes on, for who stays. It is the one that is over, or else the
    further one, so that no step is done for the person again; the later one, where the person had entered again.
    """
    later_is_gone = gone.entered_at > there.entered_at
    earlier, later = (there, gone) if later_is_gone else (gone, there)
    again = None if again_after_days is None else timedelta(days=again_after_days)
    if again is not None and not earlier.inside and later.entered_at >= earlier.entered_at + again:
        return later_is_gone
    return (not gone.inside, gone.steps) > (not there.inside, there.steps)
