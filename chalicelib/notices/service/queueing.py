"""Hands messages to people over to the ``notify`` queue, once for each cause."""

from datetime import datetime

from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message, publish
from chalicelib.notices.model.notices import Notice, Queued, Recipient
from chalicelib.rate_limits.model import Ways


def tell(tenant_id: str, to: Recipient, notice: Notice, cause: tuple[str, ...], now: datetime, ways: Ways = ()) -> None:
    """Queues a notice. The message's id comes from the ``cause``, so a cause handled twice sends one message.

    ``ways`` are budgets that let it leave: where none of them has anything left, it is withheld.
    """
    message_id = derived_id(tenant_id, "notice", *cause)
    data = Queued.of(notice, to, ways).as_json()
    publish("notify", Message(message_id, "notify.send", tenant_id, now, data, correlation_id.get()))
