"""What reviews do when something is due or has happened."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.reviews.records import ASK_DUE, DELETED, EDITED, HIDDEN, PHOTOS_DUE, QUEUE, REPLIED, SHOWN
from chalicelib.reviews.service import asking, photos
from chalicelib.reviews.service.telling import tell_author

consumer = Consumer(QUEUE)


@consumer.on("order.picked_up")
def order_picked_up(message: Message, now: datetime) -> None:
    """An order was handed over: its member is asked for a review later, where the brand wants that."""
    asking.begin(message.tenant_id, message.data["order_id"], now)


@consumer.due(ASK_DUE)
def ask_due(message: Message, now: datetime) -> None:
    """A buyer has had some days with what they collected."""
    asking.ask(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)


@consumer.on(REPLIED)
@consumer.on(HIDDEN)
@consumer.on(SHOWN)
def review_moderated(message: Message, now: datetime) -> None:
    """The brand has answered a review, hidden it, or shown it again: its author hears of it."""
    tell_author(message.tenant_id, message.data["review_id"], message.type, message.id, now)


@consumer.on(EDITED)
def review_edited(message: Message, now: datetime) -> None:
    """A review was changed: the files of photos that it has no more go."""
    photos.drop(message.tenant_id, message.data["review_id"], message.data.get("dropped", ()))


@consumer.on(DELETED)
def review_deleted(message: Message, now: datetime) -> None:
    """A review was taken back: so are the files of its photos."""
    photos.drop_all(message.tenant_id, message.data["review_id"])


@consumer.due(PHOTOS_DUE)
def photos_due(message: Message, now: datetime) -> None:
    """A review was taken back a while ago: what came of its photos since goes, too."""
    photos.drop_late(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)
