"""What becomes of personal invitations when something has happened."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.recruitment.prospects.records import PROSPECT_DUE
from chalicelib.recruitment.prospects.service import prospecting
from chalicelib.recruitment.prospects.service.prospecting import LEAVES

consumer = Consumer("service")


@consumer.due(PROSPECT_DUE)
def prospect_due(message: Message, now: datetime) -> None:
    """An invitation leaves, is brought to mind, or is over."""
    prospecting.advance(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)


@consumer.on(LEAVES)
def prospect_told(message: Message, now: datetime) -> None:
    """The message of an invitation leaves, once."""
    data = message.data
    prospecting.tell(
        message.tenant_id, data["prospect_id"], data["invited_at"], now, reminder=data["reminder"]
    )  # fmt: skip
