"""What orders do when something has happened."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.orders.counting.service import counting
from chalicelib.orders.passes.service import collecting, completing, money_back, reminding
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.passes.service.walking import advance, begin_anew

consumer = Consumer("orders")

_ENDS = frozenset({"order.cancelled", "order.refunded"})


@consumer.on_all("order.placed", "order.cancelled", "order.expired", "order.changed", "order.refunded")
def count_orders(messages: Sequence[Message], now: datetime) -> None:
    tenant_id = messages[0].tenant_id
    counting.count_orders(tenant_id, [message.data["order_id"] for message in messages], now)
    if ended := [message.data["order_id"] for message in messages if message.type in _ENDS]:
        completing.orders_ended(tenant_id, ended, now)


@consumer.on_all("order.picked_up", "order.forfeited")
def look_at_collected(messages: Sequence[Message], now: datetime) -> None:
    completing.orders_ended(messages[0].tenant_id, [message.data["order_id"] for message in messages], now)


@consumer.on("campaign.closed")
@consumer.on("campaign.decision_due")
@consumer.on("orders.counting")
def decide_closed(message: Message, now: datetime) -> None:
    counting.decide_closed(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.releasing")
def release(message: Message, now: datetime) -> None:
    _pass("release", message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.refunds_due")
def look_at_refunds(message: Message, now: datetime) -> None:
    _pass("money_back", message.tenant_id, message.data["campaign_id"], now)


@consumer.on("refund.succeeded")
def refund_arrived(message: Message, now: datetime) -> None:
    money_back.refund_arrived(message.tenant_id, message.data["order_id"], now)


@consumer.on("campaign.extended")
def tell_extended(message: Message, now: datetime) -> None:
    begin_anew(PASSES["extended"], message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.arrival_moved")
def tell_arrival_moved(message: Message, now: datetime) -> None:
    begin_anew(PASSES["arrival_moved"], message.tenant_id, message.data["campaign_id"], now)


@consumer.on("order.rest_due")
def remind_of_rest(message: Message, now: datetime) -> None:
    reminding.remind_before_default(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.locked")
def reprice(message: Message, now: datetime) -> None:
    reminding.remind_of_balances(message.tenant_id, message.data["campaign_id"], now)
    _pass("reprice", message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.at_pickup")
def make_ready(message: Message, now: datetime) -> None:
    collecting.wait_for_members(message.tenant_id, message.data["campaign_id"], now)
    _pass("ready", message.tenant_id, message.data["campaign_id"], now)
    _pass("complete", message.tenant_id, message.data["campaign_id"], now)


@consumer.due("orders.pass_due")
def pass_when_due(message: Message, now: datetime) -> None:
    campaign_id, name = (str(message.data[key]).rpartition("#")[2] for key in ("pk", "sk"))
    _pass(name, message.tenant_id, campaign_id, now)


@consumer.on("orders.passing")
def pass_on(message: Message, now: datetime) -> None:
    _pass(message.data["name"], message.tenant_id, message.data["campaign_id"], now)


def _pass(name: str, tenant_id: str, campaign_id: str, now: datetime) -> None:
    advance(PASSES[name], tenant_id, campaign_id, now)
