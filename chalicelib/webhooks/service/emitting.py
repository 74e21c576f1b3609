"""Events on their way: one delivery for each endpoint that wants one, however often an event is emitted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, beginning_with, change, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.webhooks.model import catalogue
from chalicelib.webhooks.model.emission import Emission, body_of
from chalicelib.webhooks.records import KEPT, DeliveryRecord, EndpointBook, EventBody

_MOST_BYTES = 3_000_000
"""Bodies of one transaction, which takes 4 MB in all."""


@dataclass(frozen=True, slots=True)
class _Parcel:
    """An event with its body, and the endpoints that want it."""

    emission: Emission
    body: str
    endpoint_ids: Sequence[str]

    @property
    def operations(self) -> int:
        return 1 + len(self.endpoint_ids)


def types_wanted(tenant_id: str) -> frozenset[str]:
    """The events that any active endpoint of the tenant wants, by one read of one item. Empty where there is none."""
    wanted = {name for names in _wanted(tenant_id).values() for name in names}
    return frozenset(catalogue.known()) if catalogue.EVERY in wanted else frozenset(wanted)


def emit(tenant_id: str, emissions: Sequence[Emission], now: datetime) -> None:
    """Has events delivered to the endpoints that want them. An event goes to an endpoint once, whatever is emitted
    under its id later; an endpoint that is added afterwards gets nothing of it.

    Each transaction holds whole events: a failure in between leaves the others to the next time, and an event whose
    body is stored has all its deliveries. Raises EmissionTooLarge, with nothing written.
    """
    endpoints = _wanted(tenant_id, consistent=True)
    unlike = {each.event_id: each for each in reversed(emissions)}
    parcels = [
        _Parcel(each, body_of(each), ids)
        for each in unlike.values()
        if (ids := [name for name, types in endpoints.items() if each.type in types or catalogue.EVERY in types])
    ]
    for batch in _batches(parcels):
        _commit(tenant_id, batch, now)


def _wanted(tenant_id: str, *, consistent: bool = False) -> Mapping[str, Sequence[str]]:
    """What each active endpoint wants."""
    book = EndpointBook.fetch(*EndpointBook.address(tenant_id), consistent=consistent)
    return {name: types for name, types in book.wanted.items() if types} if book else {}


def _batches(parcels: Sequence[_Parcel]) -> Iterator[list[_Parcel]]:
    batch: list[_Parcel] = []
    operations = size = 0
    for parcel in parcels:
        size_here = len(parcel.body.encode())
        if batch and (operations + parcel.operations > MOST_OPERATIONS or size + size_here > _MOST_BYTES):
            yield batch
            batch, operations, size = [], 0, 0
        batch.append(parcel)
        operations, size = operations + parcel.operations, size + size_here
    if batch:
        yield batch


def _commit(tenant_id: str, batch: Sequence[_Parcel], now: datetime) -> None:
    def decide(emitted: frozenset[str], tx: Transaction) -> None:
        for parcel in batch:
            if parcel.emission.event_id not in emitted:
                _add(tx, tenant_id, parcel, now)

    none: frozenset[str] = frozenset()
    change(beginning_with(none, partial(_emitted, tenant_id, [each.emission.event_id for each in batch])), decide)


def _emitted(tenant_id: str, event_ids: Sequence[str]) -> frozenset[str]:
    """Which events were emitted before."""
    found = fetch_many([(EventBody, *EventBody.address(tenant_id, each)) for each in event_ids], consistent=True)
    return frozenset(event_id for event_id, body in zip(event_ids, found, strict=True) if body)


def _add(tx: Transaction, tenant_id: str, parcel: _Parcel, now: datetime) -> None:
    event = parcel.emission
    address = EventBody.address(tenant_id, event.event_id)
    tx.create(event.event_id, EventBody(*address, text=parcel.body, expires_at=int((now + KEPT).timestamp())))
    for endpoint_id in parcel.endpoint_ids:
        delivery = DeliveryRecord(
            *DeliveryRecord.address(tenant_id, DeliveryRecord.id_of(event.event_id, endpoint_id)),
            endpoint_id=endpoint_id,
            event_id=event.event_id,
            event_type=event.type,
            created_at=now,
        )
        delivery.queue(now)
        tx.create(f"{event.event_id} to {endpoint_id}", delivery)
