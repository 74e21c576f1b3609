"""Hands messages to people over to the ``notify`` queue, once for each cause."""

from datetime import datetime

from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message, publish
from chalicelib.notices.model.notices import Notice, Queued, Recipient


def tell(tenant_id: str, to: Recipient, notice: Notice, cause: tuple[str, ...], now: datetime) -> None:
    """Queues a notice. The message's id comes from the ``cause``, so a cause handled twice sends one message."""
    message_id = derived_id(tenant_id, "notice", *cause)
    data = Queued.of(notice, to).as_json()
    publish("notify", Message(message_id, "notify.send", tenant_id, now, data, correlation_id.get()))
