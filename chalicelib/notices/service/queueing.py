"""Hands messages to people over to the ``notify`` queue, once for each cause."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message, publish


def tell(
    tenant_id: str,
    cause: tuple[str, ...],
    channel: str,
    to: str,
    template: str,
    locale: str,
    params: Mapping[str, Any],
    now: datetime,
) -> None:
    """Queues a message. Its id comes from the ``cause``, so a cause handled twice sends one message."""
    data = {"channel": channel, "to": to, "template": template, "locale": locale, "params": dict(params)}
    message_id = derived_id(tenant_id, "notice", *cause)
    publish("notify", Message(message_id, "notify.send", tenant_id, now, data, correlation_id.get()))
