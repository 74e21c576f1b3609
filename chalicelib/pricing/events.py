"""What is done of prices when something of them has changed."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.pricing.records import BEGAN, COMPETITOR_SEEN, ENDED, PRICING_CHANGED, RULES_CHANGED
from chalicelib.pricing.service import telling, watching

consumer = Consumer("service")


@consumer.on("product.priced")
@consumer.on(COMPETITOR_SEEN)
@consumer.on(PRICING_CHANGED)
def look_at_product(message: Message, now: datetime) -> None:
    """A price, a cost, a floor or what a competitor asks has changed: the product is looked at."""
    watching.look_at(message.tenant_id, message.data["product_id"], now)


@consumer.on(RULES_CHANGED)
def look_at_products(message: Message, now: datetime) -> None:
    """The brand's rules have changed: all products are looked at, some with each message."""
    watching.look_at_all(message.tenant_id, message.data["after"], now)


@consumer.on(BEGAN)
def alert_began(message: Message, now: datetime) -> None:
    """A price needs a look: the team hears of it."""
    telling.tell_began(message.tenant_id, message.data["product_id"], message.data["incident_id"], now)


@consumer.on(ENDED)
def alert_ended(message: Message, now: datetime) -> None:
    """It does not any more."""
    telling.tell_ended(message.tenant_id, message.data["product_id"], message.data["incident_id"], now)
