"""Until when somebody has to act, as a clock that is read at a glance: late, today, or later. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Due:
    """A due time, and how far it is away or past, in the largest unit that fits."""

    at: datetime
    late: bool
    today: bool
    days: int
    hours: int
    minutes: int

    @property
    def tone(self) -> str:
        """Of its badge: bad when late, warn when it is today."""
        return "bad" if self.late else "warn" if self.today else ""


def due(at: datetime, now: datetime, zone: ZoneInfo) -> Due:
    """The clock of a due time; ``today`` is the brand's."""
    minutes = int(abs((at - now).total_seconds())) // 60
    days, rest = divmod(minutes, 24 * 60)
    today = at.astimezone(zone).date() == now.astimezone(zone).date()
    return Due(at, at <= now, today, days, rest // 60, rest % 60)
