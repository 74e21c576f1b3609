"""What the ``service`` queue brings, and what the service domain does about it."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.service.aftersales import notices as aftersales_notices
from chalicelib.service.aftersales import records as aftersales_records
from chalicelib.service.aftersales import service as aftersales
from chalicelib.service.aftersales.exchanging import exchange
from chalicelib.service.aftersales.returning import restock
from chalicelib.service.complaints.notices import tell_outcome, tell_owner
from chalicelib.service.complaints.records import OVERDUE, QUEUE
from chalicelib.service.complaints.service import escalate
from chalicelib.service.order_notices import tell_balance, tell_forfeited, tell_ready, tell_refund, tell_team
from chalicelib.service.surveys.invitations import invite, send_invitation

consumer = Consumer(QUEUE)


@consumer.on("order.picked_up")
def order_picked_up(message: Message, now: datetime) -> None:
    """An order was handed over: the member is asked how it was."""
    invite(message.tenant_id, message.data["order_id"], now)


@consumer.on("invitation.created")
def invitation_created(message: Message, now: datetime) -> None:
    """An invitation exists: its link goes out."""
    send_invitation(message.tenant_id, message.data["invitation_id"], now)


@consumer.on("complaint.opened")
def complaint_opened(message: Message, now: datetime) -> None:
    """A complaint was opened: its owner hears of it."""
    tell_owner(message.tenant_id, message.data["complaint_id"], "complaint_opened", now)


@consumer.due(OVERDUE)
def complaint_overdue(message: Message, now: datetime) -> None:
    """A complaint's resolution is due: it goes to somebody above, unless it needs to no more."""
    escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("complaint.escalated")
def complaint_escalated(message: Message, now: datetime) -> None:
    """A complaint was escalated: its new owner hears of it."""
    tell_owner(message.tenant_id, message.data["complaint_id"], "complaint_escalated", now)


@consumer.on("complaint.resolved")
def complaint_resolved(message: Message, now: datetime) -> None:
    """A complaint was resolved: the member hears what came of it."""
    tell_outcome(message.tenant_id, message.data["complaint_id"], now)


@consumer.on("team.filled")
@consumer.on("team.failed")
def team_is_over(message: Message, now: datetime) -> None:
    """A team filled, or did not in time: its members hear of it."""
    tell_team(message.tenant_id, message.data["team_id"], now)


@consumer.on("order.ready")
def order_ready(message: Message, now: datetime) -> None:
    """An order lies ready at its pickup point: its member hears of it."""
    tell_ready(message.tenant_id, message.data["order_id"], now)


@consumer.on("order.balance_due")
def balance_due(message: Message, now: datetime) -> None:
    """A pre-order's campaign is locked: who owes a balance hears until when."""
    tell_balance(message.tenant_id, message.data["order_id"], now)


@consumer.on("refund.requested")
def refund_requested(message: Message, now: datetime) -> None:
    """Money is on its way back: who did not ask for it hears why."""
    tell_refund(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on("order.forfeited")
def order_forfeited(message: Message, now: datetime) -> None:
    """An order was not collected or paid in time, and its money is kept: its member hears of it."""
    tell_forfeited(message.tenant_id, message.data["order_id"], now)


@consumer.on("aftersale.opened")
def aftersale_opened(message: Message, now: datetime) -> None:
    """A member asks for a return, exchange or repair: the owner hears of it."""
    aftersales_notices.tell_owner(message.tenant_id, message.data["aftersale_id"], "aftersale_opened", now)


@consumer.on("aftersale.decided")
def aftersale_decided(message: Message, now: datetime) -> None:
    """A case was decided: an exchange gets its order, and the member hears of it."""
    exchange(message.tenant_id, message.data["aftersale_id"], now)
    aftersales_notices.tell_decision(message.tenant_id, message.data["aftersale_id"], now)


@consumer.on("aftersale.received")
def aftersale_received(message: Message, now: datetime) -> None:
    """Goods came back: what is fit for the shelf goes into stock."""
    restock(message.tenant_id, message.data["aftersale_id"])


@consumer.due(aftersales_records.OVERDUE)
def aftersale_overdue(message: Message, now: datetime) -> None:
    """A case waits too long: it goes to somebody above, unless it needs to no more."""
    aftersales.escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("aftersale.escalated")
def aftersale_escalated(message: Message, now: datetime) -> None:
    """An overdue case has a new owner, who hears of it."""
    aftersales_notices.tell_owner(message.tenant_id, message.data["aftersale_id"], "aftersale_escalated", now)
