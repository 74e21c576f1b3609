"""What payments do when something has happened, or is due."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.payments.deadlines import service as deadlines
from chalicelib.payments.records import QUEUE
from chalicelib.payments.service import elsewhere, reconciling, refunding, waiting
from chalicelib.payments.service.reading import get_payment

consumer = Consumer(QUEUE)


@consumer.on("refund.requested")
def refund(message: Message, now: datetime) -> None:
    refunding.refund(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on("payment_settings.changed")
def ask_what_waits_for_keys(message: Message, now: datetime) -> None:
    waiting.ask_now(message.tenant_id, message.data["provider"], message.data["merchant"], now)


@consumer.on("payment.dismissed")
def go_on(message: Message, now: datetime) -> None:
    deadlines.look_again(message.tenant_id, message.data["payment_id"], now)


@consumer.on("payment.dispute_ended")
def send_what_waited(message: Message, now: datetime) -> None:
    refunding.carry_out(get_payment(message.tenant_id, message.data["payment_id"]), now)


@consumer.on("payment.refund_declined")
def look_whether_it_went_back(message: Message, now: datetime) -> None:
    elsewhere.look_for_declined(message.tenant_id, message.data["payment_id"], now)


@consumer.on("payment.keys_mended")
def ask_again(message: Message, now: datetime) -> None:
    reconciling.reconcile_due(message.tenant_id, message.data["payment_id"], now)
    deadlines.look_again(message.tenant_id, message.data["payment_id"], now)


@consumer.due("order.expire")
@consumer.due("order.pending")
@consumer.due("order.balance")
def end_order(message: Message, now: datetime) -> None:
    deadlines.end_order(message.tenant_id, _named(message), now)


@consumer.due("team.expire")
def end_team(message: Message, now: datetime) -> None:
    deadlines.end_team(message.tenant_id, _named(message), now)


@consumer.due("payment.reconcile")
def reconcile(message: Message, now: datetime) -> None:
    reconciling.reconcile_due(message.tenant_id, _named(message), now)


def _named(message: Message) -> str:
    """What the key of a due item names."""
    return str(message.data["pk"]).rpartition("#")[2]
