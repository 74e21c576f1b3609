"""How events are stored: those of one request in rows, those of a whole day in columns. Pure. Equal events give equal
bytes.
"""

import hashlib
import json
import zlib
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, groupby, repeat
from operator import attrgetter
from typing import Any

from chalicelib.insight.intake.model.kinds import RECORDED
from chalicelib.insight.intake.model.told import CONTINUES, MOST_MS, Said
from chalicelib.insight.model.stream import Actor, Event

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_APART = timedelta(seconds=10)
"""By how much a view and what continues it may differ where the clock of a device was corrected: by what two requests
were under way.
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """What was told in one go of a local day by one actor: its events in the order in which they were told."""

    received_at: datetime
    events: Sequence[Event]
    properties: Sequence[Mapping[str, Said]] = field(default_factory=tuple)

    def described(self) -> Iterator[tuple[Event, Mapping[str, Said]]]:
        """Each event with its properties."""
        return zip(self.events, self.properties or repeat({}), strict=False)


def pack_telling(telling: Telling) -> bytes:
    """A telling as it is stored; its events are all one actor's."""
    rows = [
        [each.kind, _ms(each.at), _joined(each), each.campaign_id, each.channel_id, each.duration_ms]
        for each in telling.events
    ]
    said = [telling.events[0].actor, _ms(telling.received_at), rows, [dict(each) for each in telling.properties]]
    return zlib.compress(_json(said), 9)


def unpack_telling(packed: bytes) -> Telling:
    """What :func:`pack_telling` packed."""
    actor, received, rows, properties = json.loads(zlib.decompress(packed))
    events = [
        Event(actor, kind, _at(at), place, _products(joined), campaign_id, channel_id, duration_ms)
        for place, (kind, at, joined, campaign_id, channel_id, duration_ms) in enumerate(rows)
    ]
    return Telling(_at(received), events, properties)


def day_of(told: Iterable[Telling], recorded: Iterable[Telling], who: Mapping[str, int]) -> list[Event]:
    """The events of a local day, of each actor in the order of instant and telling; visitors who have signed in since
    are the members that ``who`` names by ordinal. An order or a review that was told of counts for nothing where our
    own records have one of the same actor: it is most likely that one. What continues a view makes that one longer.
    """
    own = [(telling.received_at, each) for telling in recorded for each in telling.events]
    known = {(each.actor, each.kind) for _, each in own}
    found, longer = [*own], []
    for telling in told:
        for told_as, properties in telling.described():
            event = as_member(told_as, who)
            if event.kind == "view" and properties.get(CONTINUES) is True:
                longer.append((telling.received_at, event))
            elif event.kind not in RECORDED or (event.actor, event.kind) not in known:
                found.append((telling.received_at, event))
    found = _lengthened(sorted(found, key=_in_order), sorted(longer, key=_in_order))
    return placed(event for _, event in sorted(found, key=_in_order))


def _in_order(received: tuple[datetime, Event]) -> tuple[Any, ...]:
    received_at, event = received
    return by_actor(event.actor), event.at, received_at, event.place, _content(event)


def _lengthened(
    found: Sequence[tuple[datetime, Event]], longer: Iterable[tuple[datetime, Event]]
) -> list[tuple[datetime, Event]]:
    """The same events, with each view as long as it was with all that continues it. What continues none that came in
    is a view of its own.
    """
    longest = list(found)
    views: defaultdict[tuple[Any, ...], list[tuple[datetime, int]]] = defaultdict(list)
    for place, (_, event) in enumerate(found):
        if event.kind == "view":
            views[_subject(event)].append((event.at, place))  # by instant, as they stand
    for received_at, event in longer:
        known = _nearest(views[_subject(event)], event.at)
        if known is None:
            insort(views[_subject(event)], (event.at, len(longest)))
            longest.append((received_at, event))
        else:
            first_at, view = longest[known]
            whole = min((view.duration_ms or 0) + (event.duration_ms or 0), MOST_MS)
            longest[known] = first_at, replace(view, duration_ms=whole)
    return longest


def _nearest(views: Sequence[tuple[datetime, int]], at: datetime) -> int | None:
    """The place of the view nearest to an instant; None where none is near."""
    after = bisect_left(views, (at, -1))
    near = [each for each in views[max(after - 1, 0) : after + 1] if abs(each[0] - at) <= _APART]
    return min(near, key=lambda each: abs(each[0] - at))[1] if near else None


def _subject(event: Event) -> tuple[Any, ...]:
    return event.actor, event.product_ids, event.campaign_id


def as_member(event: Event, who: Mapping[str, int]) -> Event:
    """The event as the member's that its visitor has become, if any."""
    known = who.get(event.actor) if isinstance(event.actor, str) else None
    return event if known is None else replace(event, actor=known)


def placed(events: Iterable[Event]) -> list[Event]:
    """The same events, numbered anew for each actor in the order in which they stand."""
    return [
        replace(each, place=place)
        for _, of_actor in groupby(events, attrgetter("actor"))
        for place, each in enumerate(of_actor)
    ]


def by_actor(actor: Actor) -> tuple[bool, int, str]:
    """By what actors are sorted: members by ordinal, then visitors."""
    return (True, 0, actor) if isinstance(actor, str) else (False, actor, "")


def pack_day(events: Sequence[Event]) -> bytes:
    """A day's events, in the order of :func:`day_of`, in columns."""
    runs = [(actor, len(list(each))) for actor, each in groupby(events, attrgetter("actor"))]
    instants = [_ms(each.at) for each in events]
    steps = [after - before for before, after in zip([0, *instants], instants, strict=False)]
    columns: list[Any] = [[actor for actor, _ in runs], [length for _, length in runs], steps]
    for value_of in (attrgetter("kind"), _joined, attrgetter("campaign_id"), attrgetter("channel_id")):
        values = [value_of(each) for each in events]
        names = sorted(set(values))
        number = {value: at for at, value in enumerate(names)}
        columns.append([names, [number[value] for value in values]])
    columns.append([each.duration_ms for each in events])
    return zlib.compress(_json(columns), 9)


def unpack_day(packed: bytes) -> Iterator[Event]:
    """What :func:`pack_day` packed."""
    actors, lengths, steps, *named, durations = json.loads(zlib.decompress(packed))
    whose = ((actor, place) for actor, length in zip(actors, lengths, strict=True) for place in range(length))
    columns = [[names[number] for number in numbers] for names, numbers in named]
    products = {joined: _products(joined) for joined in named[1][0]}
    for (actor, place), at, kind, joined, campaign_id, channel_id, duration_ms in zip(
        whose, accumulate(steps), *columns, durations, strict=True
    ):
        yield Event(actor, kind, _at(at), place, products[joined], campaign_id, channel_id, duration_ms)


def digest(packed: bytes) -> str:
    """Tells one day's content from another."""
    return hashlib.blake2b(packed, digest_size=12).hexdigest()


def _content(event: Event) -> str:
    return f"{event.kind} {_joined(event)} {event.campaign_id} {event.channel_id} {event.duration_ms}"


def _joined(event: Event) -> str:
    """Its products as one text; that of a single one is its id."""
    return ",".join(event.product_ids)


def _products(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(",")) if joined else ()


def _json(said: Any) -> bytes:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS


def _at(ms: int) -> datetime:
    return _EPOCH + ms * _MS
