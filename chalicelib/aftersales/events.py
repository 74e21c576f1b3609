"""What after-sale does when something is due or has happened."""

from datetime import datetime
from functools import partial

from chalicelib.aftersales.notices.service import tell_arrival, tell_closed, tell_decision, tell_owner, warn_owner
from chalicelib.aftersales.records import OVERDUE, QUEUE, AfterSaleRecord
from chalicelib.aftersales.service.counting import count_for_suppliers
from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.aftersales.service.handling import escalate, hand_over, open_cases, retime
from chalicelib.aftersales.service.making_good import cost_exchange, exchange_for
from chalicelib.aftersales.service.restocking import restock
from chalicelib.cases.model.clocks import Kind, Step
from chalicelib.cases.records import CLOCKS_CHANGED, DUTY_ENDED
from chalicelib.cases.service.owning import entries_of, may_keep, whose_duty_ended
from chalicelib.cases.service.retiming import begin_retiming, retime_slice
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)

AFTER_SALES = "aftersale"


@consumer.on("aftersale.opened")
def aftersale_opened(message: Message, now: datetime) -> None:
    """A member asks for a return, exchange or repair: the owner is told. One who left the team at that very moment
    hands it on first.
    """
    address = AfterSaleRecord.address(message.tenant_id, message.data["aftersale_id"])
    case = AfterSaleRecord.fetch(*address, consistent=True)
    if case is not None and not may_keep(message.tenant_id, case.owner):
        hand_over(message.tenant_id, case.id, case.owner, now)
    tell_owner(message.tenant_id, message.data["aftersale_id"], now)


@consumer.on("aftersale.assigned")
def aftersale_assigned(message: Message, now: datetime) -> None:
    """A case was handed to somebody else, who is told."""
    tell_owner(message.tenant_id, message.data["aftersale_id"], now, of=message.id)


@consumer.on("aftersale.decided")
def aftersale_decided(message: Message, now: datetime) -> None:
    """A case was decided: an exchange gets its order, its units count for their supplier, what it costs to make a
    complaint good with it is booked, and the member is told.
    """
    exchange(message.tenant_id, message.data["aftersale_id"], now)
    count_for_suppliers(message.tenant_id, message.data["aftersale_id"])
    cost_exchange(message.tenant_id, message.data["aftersale_id"], now)
    tell_decision(message.tenant_id, message.data["aftersale_id"], now)


@consumer.on("aftersale.received")
def aftersale_received(message: Message, now: datetime) -> None:
    """Goods came back: what is fit for the shelf goes into stock, and the member is told."""
    restock(message.tenant_id, message.data["aftersale_id"])
    tell_arrival(message.tenant_id, message.data["aftersale_id"], message.data.get("part", 1), now)


@consumer.on("aftersale.ended")
def aftersale_ended(message: Message, now: datetime) -> None:
    """A case has ended: of a return that was closed with less than was to come, and of a repair, the member is told."""
    tell_closed(message.tenant_id, message.data["aftersale_id"], now)


@consumer.due(OVERDUE)
def aftersale_overdue(message: Message, now: datetime) -> None:
    """A step of a case's ladder is due: its owner is warned, or somebody above gets it, unless neither is needed."""
    escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("aftersale.escalated")
def aftersale_escalated(message: Message, now: datetime) -> None:
    """An overdue case has a new owner, who is told."""
    tell_owner(message.tenant_id, message.data["aftersale_id"], now, escalated=True)


@consumer.on("aftersale.due_soon")
def aftersale_due_soon(message: Message, now: datetime) -> None:
    """A case is due soon, or goods were not brought for long: its owner is told."""
    warn_owner(message.tenant_id, message.data["aftersale_id"], Step(message.data["step"]), now, of=message.id)


@consumer.on("complaint.resolved")
def complaint_resolved(message: Message, now: datetime) -> None:
    """A complaint was resolved: where an exchange makes it good, that is opened and granted."""
    exchange_for(message.tenant_id, message.data["complaint_id"], now)


@consumer.on(DUTY_ENDED)
def duty_ended(message: Message, now: datetime) -> None:
    """Somebody left, lost the role or went off duty: their cases go to others."""
    staff_id = whose_duty_ended(message.tenant_id, message.data)
    if staff_id is None or may_keep(message.tenant_id, staff_id):
        return
    for entry in entries_of(message.tenant_id, staff_id, (Kind.AFTER_SALE,)):
        hand_over(message.tenant_id, entry.id, staff_id, now)


@consumer.on(CLOCKS_CHANGED)
def clocks_changed(message: Message, now: datetime) -> None:
    """The brand's calendar or targets were changed: cases in work get their due times anew, slice by slice."""
    begin_retiming(message, AFTER_SALES, now)


@consumer.on("aftersale.retiming")
def retiming(message: Message, now: datetime) -> None:
    """The next slice of that."""
    retime_slice(message, AFTER_SALES, open_cases, partial(retime, now=now), now)
