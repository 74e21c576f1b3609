"""What is done when something has happened that programs of the brand may have asked for."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.broadcasts.model.catalogue import MEANINGS, PUBLISHED
from chalicelib.broadcasts.service.broadcasting import broadcast
from chalicelib.broadcasts.views.entities import SHOWN
from chalicelib.messaging import Consumer, Message
from chalicelib.webhooks.model.catalogue import use_catalogue

consumer = Consumer("broadcasts")

# An endpoint may want every event there is: in this function too, webhooks must know which these are.
use_catalogue(lambda: MEANINGS)


@consumer.on_all(*PUBLISHED)
def broadcast_events(messages: Sequence[Message], now: datetime) -> None:
    """Tells the endpoints that want them, a batch of a tenant at once."""
    broadcast(messages[0].tenant_id, messages, SHOWN, now)
