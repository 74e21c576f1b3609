"""Members hear what is still to be paid until when, and have the receipt of what they have paid."""

from datetime import datetime

from chalicelib.kernel.clock import instant
from chalicelib.notices.model.facts import InWords
from chalicelib.orders.model import SOLD
from chalicelib.orders.notices.model import phrases
from chalicelib.orders.notices.model.paying import BalanceDue, BalanceSoon, OrderPaid, RestDue
from chalicelib.orders.notices.service.saying import Story


def tell_paid(tenant_id: str, order_id: str, amount_minor: int, event_id: str, now: datetime) -> None:
    """Tells a member that money has arrived for an order which was placed before, and whether something is missing."""
    story = Story.of(tenant_id, order_id, now)
    order, due = story.order, story.money(story.order.totals.due)
    if order.status in SOLD:
        rest = phrases.still_due(due) if due.amount_minor else phrases.PAID_IN_FULL
        story.tell(OrderPaid(*story.about, story.money(amount_minor), rest, order.pickup_code), event_id)


def tell_balance(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member how much is to be paid until when, unless it was paid meanwhile; once, also where a part of it
    comes later, whose receipt says what is left.
    """
    story = Story.of(tenant_id, order_id, now)
    order, due, until = story.order, story.money(story.order.totals.due), story.order.balance_due_at
    if not due.amount_minor or until is None:
        return
    if order.deposit_minor is None:
        story.tell(RestDue(*story.about, story.items, due, until, order.pickup_code), order.id, instant(until))
    else:
        story.tell(BalanceDue(*story.about, due, until), order.id, instant(until))


def remind_of_balance(tenant_id: str, order_id: str, now: datetime) -> None:
    """Reminds a member, once for each end, of what is not paid yet and becomes their order's end; nothing of an order
    that was paid or has ended meanwhile, nor after its time.
    """
    story = Story.of(tenant_id, order_id, now)
    order, due, until = story.order, story.money(story.order.totals.due), story.order.balance_due_at
    if order.status not in SOLD or not due.amount_minor or until is None or until <= now:
        return
    keeps = story.campaign.balance is not None and story.campaign.balance.on_default == "forfeit"
    notice = BalanceSoon(*story.about, due, until, ends(story, forfeits=keeps))
    story.tell(notice, order.id, instant(until))


def ends(story: Story, *, forfeits: bool) -> InWords:
    """What becomes of an order, and of what was paid for it, when its time is over."""
    if not story.order.kept_minor:
        return phrases.ENDS
    return phrases.ENDS_WITH_MONEY_KEPT if forfeits else phrases.ENDS_WITH_MONEY_BACK
