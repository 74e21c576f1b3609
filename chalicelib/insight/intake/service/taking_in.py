"""Events are taken in, each exactly once by its id.

The markers of ids and what is told stand in one transaction: what was taken is known, and what is known was taken. An
id that is used already refuses its event alone; the others are tried again without it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.db import Refused, Transaction
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.insight.intake.model.packing import Telling, pack_telling
from chalicelib.insight.intake.model.told import KEPT, Told, by_our_clock, correction, refusal
from chalicelib.insight.intake.records import EventMarker, PointerRecord, TellingRecord
from chalicelib.insight.intake.service.day_marks import WRITES_A_DAY, Days
from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.stream import Actor
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import secret_token
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant

MOST_IN_A_WRITE = MOST_OPERATIONS - WRITES_A_DAY - 2
"""Events in a transaction: each has its marker, beside what is told, its pointer and the marks of the day."""

_USED = Words("this event_id was used for an event with other content, which stays", "该 event_id 已用于内容不同的事件")


class Status(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event, and why where it is not plain. ``stands`` is the fingerprint of what its id is used for
    from now on.
    """

    event_id: str
    status: Status
    reason: Words | None = None
    stands: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came in one request of one actor. ``sent_at`` is by the clock of the device; ``earliest`` the first day of
    which its sender may tell, None for the usual.
    """

    actor: Actor
    told: Sequence[Told]
    sent_at: datetime | None = None
    robot: bool = False
    earliest: date | None = None


@dataclass(slots=True)
class _Part:
    """Events of one local day that are written at once, each at its instant by our clock."""

    on: date
    events: dict[str, tuple[Told, datetime]]
    source: str = field(default_factory=lambda: secret_token(12))


def take_in(tenant_id: str, batch: Batch, now: datetime) -> list[Outcome]:
    """Takes the events of a batch, whose ids fit and whose types may not; answers for each, in their order.

    Of two with one id the first stays, in the batch or since up to 400 days. Raises Unavailable where others keep
    writing the same.
    """
    days = Days(tenant_id, zone(get_tenant(tenant_id).timezone), now)
    outcomes: list[Outcome | None] = []
    first: set[str] = set()
    by_day: defaultdict[date, dict[str, tuple[Told, datetime]]] = defaultdict(dict)
    moved = correction(batch.sent_at, now)
    for each in batch.told:
        at = by_our_clock(each.at, moved)
        refused = refusal(each, at, now, batch.earliest)
        if refused is not None:
            outcomes.append(Outcome(each.event_id, Status.REFUSED, refused))
            continue
        outcomes.append(None)
        if each.event_id not in first:
            first.add(each.event_id)
            by_day[local_date(at, days.tz)][each.event_id] = each, at
    return _in_order(batch.told, outcomes, _write(days, batch, by_day))


def _in_order(
    told: Sequence[Told], refused: Iterable[Outcome | None], written: dict[str, Outcome]
) -> list[Outcome]:  # fmt: skip
    """An answer for each event: what was written for the first of an id, others are compared with what stands."""
    waiting = dict(written)
    found = []
    for each, outcome in zip(told, refused, strict=True):
        first = waiting.pop(each.event_id, None) if outcome is None else outcome
        found.append(first or _duplicate(each, written[each.event_id].stands))
    return found


def _write(days: Days, batch: Batch, by_day: Mapping[date, Mapping[str, tuple[Told, datetime]]]) -> dict[str, Outcome]:
    days.mark_running(by_day)
    outcomes: dict[str, Outcome] = {}
    for on, events in sorted(by_day.items()):
        every = list(events.items())
        for start in range(0, len(every), MOST_IN_A_WRITE):
            outcomes |= _write_part(days, batch, _Part(on, dict(every[start : start + MOST_IN_A_WRITE])))
    return outcomes


def _write_part(days: Days, batch: Batch, part: _Part) -> dict[str, Outcome]:
    """Writes a part, without those whose ids are used: each refusal names them all, so that a second one comes only
    where somebody else is writing the same at this moment.
    """
    outcomes: dict[str, Outcome] = {}
    while part.events:
        tx = Transaction()
        _add(tx, days, batch, part)
        try:
            tx.commit()
        except Refused as refused:
            for event_id in refused.names:
                told, _ = part.events.pop(event_id)
                outcomes[event_id] = _met(told, refused.item(event_id, EventMarker), part.source)
            continue
        return outcomes | {event_id: _accepted(told) for event_id, (told, _) in part.events.items()}
    return outcomes


def _add(tx: Transaction, days: Days, batch: Batch, part: _Part) -> None:
    tenant_id, now = days.tenant_id, days.now
    expires_at = int((now + KEPT).timestamp())
    unused = EventMarker.pk.does_not_exist() | (EventMarker.expires_at <= int(now.timestamp()))
    for event_id, (told, _) in part.events.items():
        actions = [
            EventMarker.fingerprint.set(told.fingerprint),
            EventMarker.telling.set(part.source),
            EventMarker.expires_at.set(expires_at),
        ]
        place = EventMarker.address(tenant_id, event_id)
        tx.update(event_id, EventMarker, *place, actions=actions, condition=unused)
    told_at = list(part.events.values())
    telling = Telling(
        now,
        [told.event(batch.actor, at, place) for place, (told, at) in enumerate(told_at)],
        [told.properties for told, _ in told_at] if any(told.properties for told, _ in told_at) else (),
    )
    source = f"{TellingRecord.ROBOT if batch.robot else TellingRecord.TOLD}#{part.source}"
    stands = TellingRecord.address(tenant_id, part.on, source)
    tx.put("#telling", TellingRecord(*stands, packed=pack_telling(telling), expires_at=expires_at))
    if not batch.robot:
        pointer = PointerRecord.address(tenant_id, batch.actor, part.on, source)
        tx.put("#pointer", PointerRecord(*pointer, expires_at=expires_at))
    days.mark(tx, [part.on] if days.has_ended(part.on) else [])


def _met(told: Told, known: EventMarker | None, source: str) -> Outcome:
    """What became of an event whose id is taken: by our own write, of which the answer was lost, or by another."""
    if known is not None and known.telling == source:
        return _accepted(told)
    return _duplicate(told, known.fingerprint if known else told.fingerprint)


def _accepted(told: Told) -> Outcome:
    return Outcome(told.event_id, Status.ACCEPTED, stands=told.fingerprint)


def _duplicate(told: Told, stands: str) -> Outcome:
    return Outcome(told.event_id, Status.DUPLICATE, None if stands == told.fingerprint else _USED, stands)
