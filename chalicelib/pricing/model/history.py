"""Which prices goods had when, and the lowest of them before a reduction. Pure. Amounts are minor units.

Article 6a of Directive 98/6/EC (inserted by Directive (EU) 2019/2161) has whoever announces a reduction name the prior
price: the lowest that was applied in the 30 days before it; of goods that are on the market for less, since they are;
and where a reduction grows without a break, that before the first of its steps. Days are those of the brand's zone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from chalicelib.kernel.local_day import day_start, local_date

PRIOR_DAYS = 30
_MOMENT = timedelta(milliseconds=1)
"""The end of a price is exclusive; instants are kept to the millisecond."""


@dataclass(frozen=True, slots=True)
class Span:
    """A price that everybody could have, from ``from_at`` until before ``until_at``, None while it lasts. ``reduced``
    where it was announced as less than another.
    """

    from_at: datetime
    until_at: datetime | None
    minor: int
    reduced: bool = False

    def lasts(self, begins_at: datetime, ends_at: datetime) -> bool:
        """Whether it was applied at any time of a half-open range."""
        return self.from_at < ends_at and (self.until_at is None or self.until_at > begins_at)


@dataclass(frozen=True, slots=True)
class Prior:
    """The lowest price before a reduction. ``since_on`` is the day since which the goods are on the market, where that
    is less than 30 days; None else.
    """

    minor: int
    since_on: date | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What an offer has to know of the prices before it, so that nobody looks them up again: the ``prior`` one of its
    own reduction, and the prices below its own by the last local day on which each was applied, only those below all
    later ones.
    """

    prior: Prior | None = None
    until_on: tuple[tuple[date, int], ...] = ()
    since_on: date | None = None

    def as_json(self) -> list[Any]:
        """As an offer stores it."""
        prior = [self.prior.minor, self.prior.since_on and f"{self.prior.since_on}"] if self.prior else None
        return [prior, [[f"{on}", minor] for on, minor in self.until_on], self.since_on and f"{self.since_on}"]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        prior, until_on, since_on = stored
        return cls(
            Prior(prior[0], _day(prior[1])) if prior else None,
            tuple((date.fromisoformat(on), minor) for on, minor in until_on),
            _day(since_on),
        )

    def lowest(self, begins_on: date, own_minor: int) -> Prior:
        """The prior price of a reduction that begins on a later day, while the offer is to be had at ``own_minor``."""
        earliest = begins_on - timedelta(days=PRIOR_DAYS)
        known = [minor for on, minor in self.until_on if on >= earliest]
        since = self.since_on if self.since_on and self.since_on > earliest else None
        return Prior(min([own_minor, *known]), since)


NOT_BEFORE = Before()
"""Of goods that nothing is known of."""


def prior_price(spans: Iterable[Span], begins_at: datetime, minor: int, tz: ZoneInfo) -> Prior | None:
    """The prior price of a reduction to ``minor`` that begins at an instant; None where the goods had none before."""
    steps = _steps_before(spans, begins_at)
    begins_at = _first_step(steps, begins_at, minor)
    earliest = day_start(local_date(begins_at, tz) - timedelta(days=PRIOR_DAYS), tz)
    applied = [step.minor for step in steps if step.lasts(earliest, begins_at)]
    if not applied:
        return None
    first = min(step.from_at for step in steps)
    return Prior(min(applied), local_date(first, tz) if first > earliest else None)


def before(spans: Iterable[Span], begins_at: datetime, minor: int, tz: ZoneInfo) -> Before:
    """What an offer at ``minor`` from an instant on keeps of the prices before it."""
    earlier = [span for span in spans if span.from_at < begins_at]
    prior = prior_price(earlier, begins_at, minor, tz)
    if not earlier:
        return Before()
    earliest = day_start(local_date(begins_at, tz) - timedelta(days=PRIOR_DAYS), tz)
    steps = [step for step in _steps_before(earlier, begins_at) if step.lasts(earliest, begins_at)]
    falling: list[tuple[date, int]] = []
    for step in reversed(steps):
        if step.minor < (falling[-1][1] if falling else minor):
            falling.append((_last_day(step, begins_at, tz), step.minor))
    first = min(span.from_at for span in earlier)
    return Before(prior, tuple(reversed(falling)), local_date(first, tz) if first > earliest else None)


def lowest_at_a_time(spans: Sequence[Span]) -> list[Span]:
    """What everybody could have the goods for at each time: of prices that stood beside each other the lowest. Without
    overlaps, by time; where nothing was to be had there is a gap.
    """
    times = sorted({each for span in spans for each in (span.from_at, span.until_at) if each is not None})
    found: list[Span] = []
    for from_at, until_at in zip(times, [*times[1:], None][: len(times)], strict=True):
        there = [span for span in spans if span.from_at <= from_at and not _is_over(span, from_at)]
        if not there:
            continue
        lowest = min(there, key=lambda span: (span.minor, not span.reduced))
        last = found[-1] if found else None
        if last and (last.until_at, last.minor, last.reduced) == (from_at, lowest.minor, lowest.reduced):
            found[-1] = replace(last, until_at=until_at)
        else:
            found.append(replace(lowest, from_at=from_at, until_at=until_at))
    return found


def _steps_before(spans: Iterable[Span], begins_at: datetime) -> list[Span]:
    return [step for step in lowest_at_a_time([*spans]) if step.from_at < begins_at]


def _last_day(step: Span, begins_at: datetime, tz: ZoneInfo) -> date:
    """The last local day on which a price was applied; no day is the last of one that goes on."""
    if step.until_at is None or step.until_at > begins_at:
        return date.max
    return local_date(step.until_at - _MOMENT, tz)


def _is_over(span: Span, at: datetime) -> bool:
    return span.until_at is not None and span.until_at <= at


def _first_step(steps: Sequence[Span], begins_at: datetime, minor: int) -> datetime:
    """When the reduction began of which this is a further step: each before it was as dear or dearer, and none ended
    before the next began.
    """
    for step in reversed(steps):
        joins = step.until_at is None or step.until_at >= begins_at
        if not (joins and step.reduced and step.minor >= minor):
            break
        begins_at, minor = step.from_at, step.minor
    return begins_at


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
