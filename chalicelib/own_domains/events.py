"""What is due of brands' domains, and what follows when one changes."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.own_domains.records import (
    BROKEN,
    DUE,
    LIVE,
    LOST,
    PROVED,
    QUEUE,
    RELEASED,
    TAKEN,
    TELLING,
    OwnDomain,
)
from chalicelib.own_domains.service import checking, telling

consumer = Consumer(QUEUE)
telling_consumer = Consumer(TELLING)


@consumer.due(DUE)
def due(message: Message, now: datetime) -> None:
    """A domain is to be looked at; one that was looked at since is left alone."""
    domain = OwnDomain.of(message.tenant_id, consistent=True)
    if domain is not None and domain.is_due(now):
        checking.bring_on(message.tenant_id, now)


@consumer.on(PROVED)
def proved(message: Message, now: datetime) -> None:
    """A domain has its records: the edge is asked for a certificate."""
    checking.bring_on(message.tenant_id, now)


@consumer.on(RELEASED)
def released(message: Message, now: datetime) -> None:
    """A brand has taken its domain off: the edge no longer leads to the shop."""
    checking.bring_on(message.tenant_id, now)


@telling_consumer.on(LIVE)
def live(message: Message, now: datetime) -> None:
    """Owners hear that neighbours reach the shop there."""
    telling.tell_live(message.tenant_id, message.data["host"], message.id, now)


@telling_consumer.on(BROKEN)
def broken(message: Message, now: datetime) -> None:
    """Owners hear what to put right."""
    data = message.data
    telling.tell_broken(message.tenant_id, data["host"], data["problem"], message.id, now)


@consumer.on(TAKEN)
def taken(message: Message, now: datetime) -> None:
    """A brand has proved a host that was another's until then."""
    checking.lose(message.data["tenant_id"], message.data["host"], now)


@telling_consumer.on(LOST)
def lost(message: Message, now: datetime) -> None:
    """Owners hear that their domain leads to another shop."""
    telling.tell_taken(message.tenant_id, message.data["host"], message.id, now)
