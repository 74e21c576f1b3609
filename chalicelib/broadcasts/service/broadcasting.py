"""From the domains' events to public ones, each with the state of what it is about as it stands now."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.model.catalogue import PUBLISHED
from chalicelib.broadcasts.model.event import Entity
from chalicelib.broadcasts.service.shown import Shown
from chalicelib.db import fetch_many
from chalicelib.kernel.context import contacts_shown
from chalicelib.messaging import Message
from chalicelib.telemetry import logger
from chalicelib.webhooks.model.emission import Emission
from chalicelib.webhooks.service.emitting import emit, types_wanted


@dataclass(frozen=True, slots=True)
class _About:
    """What an event is about: an entity, and what finds its record."""

    entity: str
    key: tuple[Any, ...]

    @classmethod
    def of(cls, entity: Entity, message: Message) -> "_About":
        return cls(entity.name, tuple(message.data[name] for name in entity.key))


def broadcast(tenant_id: str, messages: Sequence[Message], shown: Mapping[str, Shown], now: datetime) -> None:
    """Hands a tenant's events to the webhooks that want them; those of one entity all show its present state.
    ``shown`` says how, by the names of entities.

    Repeated, with the same events in any order, it adds nothing. What is not there any more is not told of.
    """
    wanted = types_wanted(tenant_id)
    told = {message.id: message for message in messages if PUBLISHED[message.type][1].type in wanted}
    if not told:
        return
    about = {each.id: _About.of(PUBLISHED[each.type][0], each) for each in told.values()}
    states = _states(tenant_id, list(dict.fromkeys(about.values())), shown, now)
    for each in told.values():
        if about[each.id] not in states:
            logger.warning("broadcast_without_entity", message_type=each.type, message_id=each.id)
    emissions = [
        Emission(each.id, PUBLISHED[each.type][1].type, each.at, states[about[each.id]])
        for each in told.values()
        if about[each.id] in states
    ]
    emit(tenant_id, emissions, now)


def _states(
    tenant_id: str, wanted: Sequence[_About], shown: Mapping[str, Shown], now: datetime
) -> Mapping[_About, Mapping[str, Any]]:
    """The present state of each as the payload shows it, all records read in one request."""
    kinds = [(each, shown[each.entity].record) for each in wanted]
    # Consistently: the last event of an order must not show the state before it.
    found: Sequence[Any] = fetch_many(
        [(record, *record.address(tenant_id, *each.key)) for each, record in kinds], consistent=True
    )
    records = {about: record for about, record in zip(wanted, found, strict=True) if record is not None}
    states: dict[_About, Mapping[str, Any]] = {}
    with _without_contacts():
        for name in dict.fromkeys(about.entity for about in records):
            these = {about: record for about, record in records.items() if about.entity == name}
            views = shown[name].show(tenant_id, list(these.values()), now)
            for (about, record), view in zip(these.items(), views, strict=True):
                states[about] = {"version": shown[name].version(record), name: view.model_dump(mode="json")}
    return states


@contextmanager
def _without_contacts() -> Iterator[None]:
    """Views made and written inside say nobody's name, address or number."""
    token = contacts_shown.set(False)
    try:
        yield
    finally:
        contacts_shown.reset(token)
