"""What the ``notify`` queue asks for."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.notices.delivery.service import addresses, again, persons
from chalicelib.notices.model.notices import Queued, Told
from chalicelib.notices.model.people import Person
from chalicelib.notices.records import DUE
from chalicelib.notices.restraint import records as restraint

consumer = Consumer("notify")


@consumer.on("notify.send")
def send(message: Message, now: datetime) -> None:
    """Sends a notice to an address, once for the message's id."""
    addresses.send(message.tenant_id, message.id, Queued.from_json(message.data), now)


@consumer.on("notify.tell")
def tell(message: Message, now: datetime) -> None:
    """Brings a notice to a person, once for the message's id."""
    persons.tell(message.tenant_id, message.id, Told.from_json(message.data), now)


@consumer.due(DUE)
def try_again(message: Message, now: datetime) -> None:
    """Lets a message leave that waits for its provider."""
    again.try_again(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@consumer.due(restraint.DUE)
def let_go(message: Message, now: datetime) -> None:
    """Lets leave what was held for a person."""
    again.let_go(message.tenant_id, Person.parse(message.data["pk"].rpartition("#")[2]), now)
