"""What settlement does when something has happened, or is due."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.settlement.books.records import QUEUE
from chalicelib.settlement.books.service import goods, money
from chalicelib.settlement.books.service import orders as order_books
from chalicelib.settlement.campaigns.service import cases
from chalicelib.settlement.commission import service as releasing

consumer = Consumer(QUEUE)


@consumer.on_all("order.picked_up", "order.forfeited", "order.changed")
def book_orders(messages: Sequence[Message], now: datetime) -> None:
    """What makes an order's money belong elsewhere. Placing or cancelling one moves none: payments and refunds do, by
    events of their own. So a rush of orders to be paid at pickup asks nothing of the books.
    """
    orders = dict.fromkeys((message.data["order_id"] for message in messages), order_books.CHANGED)
    order_books.bring_all_up_to_date(messages[0].tenant_id, orders.items(), now)


@consumer.on_all("payment.succeeded")
def book_payments(messages: Sequence[Message], now: datetime) -> None:
    payments = {message.data["payment_id"]: message.data["order_id"] for message in messages}
    money.captured(messages[0].tenant_id, payments, now)


@consumer.on("payment.given_back")
def book_given_back(message: Message, now: datetime) -> None:
    data = message.data
    money.given_back(message.tenant_id, data["payment_id"], data["order_id"], data["refund_id"], now)


@consumer.on("payment.dispute_ended")
def book_dispute(message: Message, now: datetime) -> None:
    data = message.data
    money.dispute_ended(message.tenant_id, data["payment_id"], data["order_id"], data["dispute"], now)


@consumer.on_all("refund.requested")
def book_refunds(messages: Sequence[Message], now: datetime) -> None:
    refunds = [(message.data["order_id"], message.data["refund_id"]) for message in messages]
    money.refunds_requested(messages[0].tenant_id, refunds, now)


@consumer.on("refund.succeeded")
def book_refund_paid(message: Message, now: datetime) -> None:
    money.refund_paid(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on("receipt.recorded")
def book_receipt(message: Message, now: datetime) -> None:
    goods.received(message.tenant_id, message.data["campaign_id"], message.data["receipt_id"], now)


@consumer.on("aftersale.opened")
def count_case(message: Message, now: datetime) -> None:
    cases.follow(message.tenant_id, message.data["order_id"], message.data["aftersale_id"], ended=False)


@consumer.on("aftersale.ended")
def count_case_no_more(message: Message, now: datetime) -> None:
    cases.follow(message.tenant_id, message.data["order_id"], message.data["aftersale_id"], ended=True)
    releasing.release(message.tenant_id, message.data["earned_on"], now)


@consumer.on("complaint.resolved")
@consumer.on("complaint.leader_cleared")
def look_at_commission(message: Message, now: datetime) -> None:
    if order_id := message.data.get("earned_on"):
        releasing.release(message.tenant_id, order_id, now)


@consumer.due("commission.release")
def release_commission(message: Message, now: datetime) -> None:
    releasing.release(message.tenant_id, message.data["pk"].rpartition("#")[2], now)
