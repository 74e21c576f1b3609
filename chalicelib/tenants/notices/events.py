"""Owners, who keeps a brand's programs running, and who joins the team are told of the account itself."""

from datetime import datetime

from chalicelib.kernel.clock import parse_instant
from chalicelib.messaging import Consumer, Message
from chalicelib.tenants.notices import service as telling

consumer = Consumer("service")


@consumer.on("tenant.created")
def created(message: Message, now: datetime) -> None:
    """A brand was signed up."""
    telling.tell_created(message.tenant_id, now)


@consumer.on("staff.added")
def added(message: Message, now: datetime) -> None:
    """Somebody was put on the team."""
    telling.tell_added(message.tenant_id, message.data["entry_id"], now)


@consumer.on("staff.lessened_keys")
def lessened_keys(message: Message, now: datetime) -> None:
    """Somebody who answers for API keys holds fewer roles than before."""
    telling.tell_lessened_keys(message.tenant_id, message.data["entry_id"], now)


@consumer.on("staff.left_keys")
def left_keys(message: Message, now: datetime) -> None:
    """Somebody left who answered for API keys."""
    telling.tell_left_keys(message.tenant_id, message.data["entry_id"], now)


@consumer.on("webhook_endpoint.disabled")
def endpoint_disabled(message: Message, now: datetime) -> None:
    """A program has taken no webhooks for days, or says that it is gone."""
    data = message.data
    where = telling.named(data["url"], data.get("description", ""))
    since = parse_instant(data["since"])
    telling.tell_disabled(message.tenant_id, data["endpoint_id"], where, data["reason"], since, message.id, now)


@consumer.on("work.stuck")
def work_stuck(message: Message, now: datetime) -> None:
    """Something could not be carried out in spite of several tries."""
    telling.tell_stuck(message.tenant_id, message.data["queue"], message.at, now)
