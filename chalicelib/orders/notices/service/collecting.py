"""Members hear that their order is ready, and until when it is kept for them; a day before that, once more."""

from datetime import datetime

from chalicelib.kernel.clock import instant
from chalicelib.orders.model import Status
from chalicelib.orders.notices.model import phrases
from chalicelib.orders.notices.model.collecting import CollectSoon, OrderComing, OrderReady, OrderReadyUntil
from chalicelib.orders.notices.service.paying import ends
from chalicelib.orders.notices.service.saying import Story
from chalicelib.orders.passes.service.collecting import collect_until


def tell_ready(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member, once, where the order lies ready, when that is open, against which code it is handed over, what
    is to be paid then, and until when it is kept; or that it will be brought to them.

    An order that has moved on since needs no such message.
    """
    story = Story.of(tenant_id, order_id, now)
    order = story.order
    if order.status != Status.READY:
        return
    if address := order.delivery_address:
        story.tell(OrderComing(*story.about, address.address, story.to_pay))
        return
    until = None if order.origin is not None else collect_until(tenant_id, order.campaign_id)
    place = (*story.about, story.point.name, story.point.address, order.pickup_code)
    hours = phrases.opening_hours(story.point.opening_hours)
    if until is None:
        story.tell(OrderReady(*place, hours, story.to_pay))
    else:
        story.tell(OrderReadyUntil(*place, hours, story.to_pay, until))


def remind_to_collect(tenant_id: str, order_id: str, now: datetime) -> None:
    """Reminds a member, once, that their order waits for them, until when, and what becomes of it then. Nothing of one
    that was collected or has ended meanwhile, that is brought, or that is kept without an end; nor after its time.
    """
    story = Story.of(tenant_id, order_id, now)
    order, until = story.order, collect_until(tenant_id, story.order.campaign_id)
    waits = order.status == Status.READY and order.forfeited_at is None
    if not waits or order.delivery_to or order.origin is not None or until is None or until <= now:
        return
    otherwise = ends(story, forfeits=story.campaign.no_show.action == "forfeit")
    hours = phrases.opening_hours(story.point.opening_hours)
    place = (*story.about, story.point.name, story.point.address, order.pickup_code)
    story.tell(CollectSoon(*place, hours, story.to_pay, until, otherwise), order.id, instant(until))
