"""How an endpoint has been doing, and whether another request may go to it now. Pure.

An endpoint that fails or is slow must not take the workers' time from the others. One that failed three times in a row
is tried by one delivery at a time, and only after a pause that doubles with each further failure; what else waits for
it is put off without an attempt. One that is busy and says until when has a pause until then, whichever delivery it
said it to. One that answers slowly gets a few requests at a time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.webhooks.model.attempts import Outcome

TROUBLED_AFTER = 3
"""Failures in a row after which an endpoint is tried by one delivery at a time."""

PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)
"""Shorter than what a single delivery waits after as many failures: alone it is never put off. One that the receiver
asks for may be longer, and the delivery waits for that as well.
"""

SLOW = timedelta(seconds=3)
"""Whoever takes longer for an answer counts as slow until an answer comes faster."""

AT_ONCE_WHEN_SLOW = 5

GIVEN_UP_AFTER = timedelta(days=5)
"""An endpoint where everything has failed for so long is disabled, as Standard Webhooks advises."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an endpoint has been doing: its failures in a row and since when, until when it has a pause, whether it is
    slow, and until when the requests count as under way that were let through while few may be.
    """

    failures: int = 0
    failing_since: datetime | None = None
    pause_until: datetime | None = None
    slow: bool = False
    under_way: tuple[datetime, ...] = ()

    @property
    def most_at_once(self) -> int | None:
        """How many requests may be under way; None where nothing limits them."""
        if self.failures >= TROUBLED_AFTER:
            return 1
        return AT_ONCE_WHEN_SLOW if self.slow else None


WELL = Standing()


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a request may go out: not before ``wait_until``, where that is set. ``standing`` is what it is then."""

    standing: Standing
    wait_until: datetime | None = None


def admit(standing: Standing, now: datetime, until: datetime) -> Admission:
    """Lets a request through, which counts as under way ``until`` then unless it ends before, or says when to ask."""
    if standing.pause_until is not None and now < standing.pause_until:
        return Admission(standing, standing.pause_until)
    most = standing.most_at_once
    if most is None:
        return Admission(standing)
    under_way = tuple(each for each in standing.under_way if each > now)
    if len(under_way) >= most:
        return Admission(standing, min(under_way))
    return Admission(replace(standing, under_way=(*under_way, until)))


def after(standing: Standing, outcome: Outcome, now: datetime, until: datetime | None = None) -> Standing:
    """The standing once a request has ended that might have been under way ``until`` then.

    Of many that fail at once three count: those that went out before the trouble began say nothing of how it goes on.
    """
    if outcome.delivered:
        slow = timedelta(milliseconds=outcome.duration_ms) >= SLOW
        return Standing(slow=slow, under_way=_without(standing.under_way, until) if slow else ())
    if standing.failures >= TROUBLED_AFTER and until not in standing.under_way:
        return standing
    failures = standing.failures + 1
    return Standing(
        failures=failures,
        failing_since=standing.failing_since or now,
        pause_until=_pause(failures, now, outcome.asked(now)),
        slow=standing.slow,
        under_way=_without(standing.under_way, until),
    )


def given_up(standing: Standing, now: datetime) -> bool:
    """Whether nothing has been delivered for so long that the endpoint is disabled."""
    return standing.failing_since is not None and now - standing.failing_since >= GIVEN_UP_AFTER


def _pause(failures: int, now: datetime, asked: datetime | None) -> datetime | None:
    if failures < TROUBLED_AFTER:
        return asked
    doubled = now + min(PAUSE * (1 << min(failures - TROUBLED_AFTER, 10)), LONGEST_PAUSE)
    return doubled if asked is None else max(doubled, asked)


def _without(under_way: tuple[datetime, ...], ended: datetime | None) -> tuple[datetime, ...]:
    if ended is None or ended not in under_way:
        return under_way
    at = under_way.index(ended)
    return under_way[:at] + under_way[at + 1 :]
