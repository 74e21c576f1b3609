"""When a notice may leave: not in somebody's quiet hours, not over a brand's cap, and with others in a digest. Pure.

Only service and news are held. Times of day are the person's wall clock. On the days on which it changes, quiet hours
begin with the first reading of a time that comes twice and end with its second; what is meant for a time that is
skipped happens as a clock would show it that nobody has put forward yet.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import parse_instant, sortable, zone
from chalicelib.kernel.wall_time import ANYHOW, Choices, to_instant
from chalicelib.notices.model.notices import Category, Told, Urgency
from chalicelib.notices.recipients.model import Digest, MessageSettings, QuietHours, Recipient

RESTRAINED = frozenset({Category.SERVICE, Category.NEWS})
"""What may wait. Everything else leaves at any hour, however much there is of it."""

LONGEST_WAIT = timedelta(days=7)
"""How long a message waits for its cap to let it; then it stays in the inbox alone."""

NEVER = datetime.max.replace(tzinfo=UTC)

_DAY = timedelta(days=1)
_TO_THE_SECOND_READING = Choices("forward", "later")


def leaves_at(
    category: Category,
    urgency: Urgency,
    now: datetime,
    to: Recipient,
    settings: MessageSettings,
    earlier: Sequence[datetime],
) -> datetime:
    """When a notice leaves that is told at ``now``: then or later; NEVER where the brand sends none of its category.

    ``earlier`` are the instants at which messages of its category left for the person.
    """
    if category not in RESTRAINED:
        return now
    start = let_at(category, now, settings, earlier)
    digest = to.preferences.digests.get(category) if urgency is Urgency.KNOW else None
    if start == NEVER:
        return NEVER
    if digest is None:
        return awake_at(start, to, settings)
    return next(at for at in _digests(digest, start, to, settings) if at >= start)


def let_at(category: Category, now: datetime, settings: MessageSettings, earlier: Sequence[datetime]) -> datetime:
    """The first instant from ``now`` on at which the cap lets one more of the category leave."""
    cap = settings.caps.get(category)
    if cap is None or len(earlier) < cap.most:
        return now
    if cap.most < 1:
        return NEVER
    return max(now, sorted(earlier)[-cap.most] + timedelta(days=cap.days))


def awake_at(now: datetime, to: Recipient, settings: MessageSettings) -> datetime:
    """The first instant from ``now`` on outside the quiet hours: the person's, else the brand's."""
    quiet = to.preferences.quiet_hours or settings.quiet_hours
    if quiet is None or quiet.begins == quiet.ends:
        return now
    return _end_of(quiet, now, zone(to.timezone)) or now


def _end_of(quiet: QuietHours, now: datetime, tz: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that an instant is in, or None."""
    local = now.astimezone(tz)
    night = timedelta(days=quiet.ends < quiet.begins)
    if _shown(quiet, local.time()):
        on = local.date() + (night if local.time() >= quiet.begins else timedelta())
        return to_instant(datetime.combine(on, quiet.ends), tz, _TO_THE_SECOND_READING, "")
    for on in (local.date(), local.date() + night):  # between two readings of its beginning, or of its end
        begin = to_instant(datetime.combine(on - night, quiet.begins), tz, ANYHOW, "")
        end = to_instant(datetime.combine(on, quiet.ends), tz, _TO_THE_SECOND_READING, "")
        if begin <= now < end:
            return end
    return None


def _shown(quiet: QuietHours, wall: time) -> bool:
    """Whether a wall clock shows a time of the quiet hours."""
    if quiet.begins < quiet.ends:
        return quiet.begins <= wall < quiet.ends
    return wall >= quiet.begins or wall < quiet.ends


def _digests(digest: Digest, start: datetime, to: Recipient, settings: MessageSettings) -> Iterator[datetime]:
    """When digests leave, in order, from well before an instant on; not before quiet hours end that they fall into."""
    tz = zone(to.timezone)
    on = start.astimezone(tz).date() - 3 * _DAY
    if digest.weekday is not None:
        on -= timedelta(days=(on.weekday() - digest.weekday) % 7)
    while True:
        yield awake_at(to_instant(datetime.combine(on, digest.at), tz, ANYHOW, ""), to, settings)
        on += _DAY if digest.weekday is None else 7 * _DAY


@dataclass(frozen=True, slots=True)
class Held:
    """A notice that waits for a person: told at ``at``, to leave at ``leaves_at``."""

    message_id: str
    told: Told
    at: datetime
    leaves_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.message_id, "told": self.told.as_json(),
            "at": sortable(self.at), "leaves_at": sortable(self.leaves_at),
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        told = Told.from_json(stored["told"])
        return cls(stored["id"], told, parse_instant(stored["at"]), parse_instant(stored["leaves_at"]))


MOST_HELD = 30
"""Notices that wait for one person at once: what comes on top stays in the inbox alone."""

MOST_HELD_BYTES = 60_000
"""Of all of them together, as they are stored."""


def is_room(waiting: Sequence[Held], one: Held) -> bool:
    """Whether one more can wait beside those that do."""
    size = len(json.dumps([each.as_json() for each in (*waiting, one)], ensure_ascii=False).encode())
    return len(waiting) < MOST_HELD and size <= MOST_HELD_BYTES


def remembered(
    instants: Sequence[datetime], category: Category, now: datetime, settings: MessageSettings
) -> list[datetime]:
    """Of the instants at which messages left, those that the cap of their category still asks about."""
    cap = settings.caps.get(category)
    if cap is None or cap.most < 1:
        return []
    since = now - timedelta(days=cap.days)
    return sorted(each for each in instants if each > since)[-cap.most :]
