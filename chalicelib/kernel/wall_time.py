"""What instant a wall clock means: also on the days on which it is put forward or back. Pure.

On 8 March 2026 clocks in New York go from 02:00 to 03:00, so 02:30 does not exist; moved ``forward`` it is what a clock
would show that nobody has put forward yet: 07:30 UTC, 03:30 by everybody else's. On 1 November they go back from 02:00
to 01:00, so 01:30 comes twice: at 05:30 UTC (``earlier``) and at 06:30 UTC (``later``).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from chalicelib.kernel.errors import Invalid

OnGap = Literal["refuse", "forward"]
Fold = Literal["earlier", "later"]


class LocalTimeMissing(Invalid):
    """The wall clock skips this time on that day, and nothing was said of what to do then."""

    code, title, title_zh = "local_time_missing", "This local time does not exist", "该本地时间不存在"


class LocalTimeAmbiguous(Invalid):
    """The wall clock shows this time twice on that day, and nothing was said of which is meant."""

    code, title, title_zh = "local_time_ambiguous", "This local time comes twice", "该本地时间出现两次"


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen for the days on which clocks change; ``fold`` is None where nobody chose."""

    on_gap: OnGap = "refuse"
    fold: Fold | None = None


ANYHOW = Choices("forward", "earlier")
"""For times that were checked before: a zone's rules may have been changed by its government since."""


def to_instant(local: datetime, tz: ZoneInfo, choices: Choices, pointer: str) -> datetime:
    """The instant (UTC) of a wall-clock time without zone. Raises LocalTimeMissing, LocalTimeAmbiguous."""
    first, second = _readings(local, tz)
    if first == second:
        return first
    exists = first.astimezone(tz).replace(tzinfo=None) == local
    shown = f"{local:%Y-%m-%d %H:%M}"
    if not exists and choices.on_gap == "refuse":
        raise LocalTimeMissing.at(
            pointer,
            f"Clocks in {tz.key} skip {shown}; choose another time, or let it be moved forward then.",
            f"{tz.key} 当地时间 {shown} 因夏令时不存在，请改时间，或选择顺延。",
        )
    if exists and choices.fold is None:
        raise LocalTimeAmbiguous.at(
            pointer,
            f"Clocks in {tz.key} show {shown} twice; say whether the earlier or the later is meant.",
            f"{tz.key} 当地时间 {shown} 出现两次，请指明是较早还是较晚的一次。",
        )
    # In a gap, fold 0 reads the clock as it was before the change, which is the time moved forward.
    return second if exists and choices.fold == "later" else first


def skipped(local: datetime, tz: ZoneInfo) -> timedelta:
    """How far forward a wall-clock time moves that clocks skip: by the length of the gap; not at all one they show."""
    as_before, as_after = _readings(local, tz)
    return max(as_before - as_after, timedelta())


def _readings(local: datetime, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants of a wall-clock time by the clock before a change nearby and by the one after it."""
    first, second = (local.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
