"""Our own records feed the stream by themselves: an order, a review, an answer to a survey, a case, an opened message
is one event each, under a source that follows from the record.

What is written is what the record says now, under its revision: duplicates, disorder and late workers do no harm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.insight.activity.service.own_orders import Entered
from chalicelib.insight.intake.model.packing import Telling, pack_telling
from chalicelib.insight.intake.model.told import KEPT
from chalicelib.insight.intake.records import PointerRecord, TellingRecord
from chalicelib.insight.intake.service.day_marks import Days
from chalicelib.insight.model.stream import Event
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.service.brand import get_tenant

_AT_ONCE = 48
"""Events in a transaction: each has its telling and its pointer."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A thing that a record of ours says of a member, as of its revision; not ``stands`` where it counts no more."""

    kind: str
    id: str
    rev: int
    member_id: str
    at: datetime
    stands: bool = True
    product_ids: tuple[str, ...] = ()
    campaign_id: str = ""
    channel_id: str = ""

    @property
    def source(self) -> str:
        """Where it stands within its day."""
        return f"{TellingRecord.OWN}#{self.kind}:{self.id}"


def record_orders(tenant_id: str, orders: Iterable[Entered], now: datetime) -> None:
    """Takes orders over as they were entered: each is an event at the instant of its placing while it is a sale."""
    found = list(orders)
    things = [
        Recorded(
            "order", order.id, int(order.rev), order.member_id, order.placed_at, order.sale is not None,
            each.product_ids, order.campaign_id, (order.via.channel_id or "") if order.via else "",
        )
        for each in found
        for order in (each.order,)
    ]  # fmt: skip
    _record(tenant_id, things, {each.order.member_id: each.ordinal for each in found}, now)


def record(tenant_id: str, things: Sequence[Recorded], now: datetime) -> None:
    """Writes these, and marks their days afterwards, every time: a crash in between is made good by the redelivery."""
    _record(tenant_id, things, _ordinals(tenant_id, things), now)


def _record(tenant_id: str, things: Sequence[Recorded], ordinals: Mapping[str, int], now: datetime) -> None:
    if not things:
        return
    days = Days(tenant_id, zone(get_tenant(tenant_id).timezone), now)
    known = [each for each in things if each.member_id in ordinals and each.at + KEPT > now]
    for start in range(0, len(known), _AT_ONCE):
        _write(days, known[start : start + _AT_ONCE], ordinals)
    days.mark_again(local_date(each.at, days.tz) for each in known)


def _write(days: Days, things: Sequence[Recorded], ordinals: Mapping[str, int]) -> None:
    waiting = {each.source: each for each in things}
    while waiting:
        tx = Transaction()
        for thing in waiting.values():
            _add(tx, days, thing, ordinals[thing.member_id])
        try:
            tx.commit()
        except Refused as refused:
            for source in refused.names:  # a later state of it stands there
                del waiting[source]
        else:
            return


def _add(tx: Transaction, days: Days, thing: Recorded, ordinal: int) -> None:
    on: date = local_date(thing.at, days.tz)
    expires_at = int((thing.at + KEPT).timestamp())
    event = Event(ordinal, thing.kind, thing.at, 0, thing.product_ids, thing.campaign_id, thing.channel_id)
    packed = pack_telling(Telling(thing.at, [event]))
    older = TellingRecord.rev.does_not_exist() | (TellingRecord.rev <= thing.rev)
    actions = [
        TellingRecord.packed.set(packed) if thing.stands else TellingRecord.packed.remove(),
        TellingRecord.rev.set(thing.rev),
        TellingRecord.expires_at.set(expires_at),
    ]
    place = TellingRecord.address(days.tenant_id, on, thing.source)
    tx.update(thing.source, TellingRecord, *place, actions=actions, condition=older)
    pointer = PointerRecord.address(days.tenant_id, ordinal, on, thing.source)
    tx.put(f"pointer {thing.source}", PointerRecord(*pointer, expires_at=expires_at))


def _ordinals(tenant_id: str, things: Iterable[Recorded]) -> dict[str, int]:
    ids = list(dict.fromkeys(each.member_id for each in things))
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids])
    return {name: int(each.ordinal) for name, each in zip(ids, found, strict=True) if each is not None}
