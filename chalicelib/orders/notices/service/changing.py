"""Members hear how an order stands after it was changed: by themselves, by the team, by what came, by its price."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.campaigns.model.campaign import FROM_PICKUP, ON_SHOW
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.kernel.clock import instant
from chalicelib.kernel.principal import SYSTEM
from chalicelib.notices.model.facts import Listed
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.changes.service import recording
from chalicelib.orders.model import OWED, SOLD, Line, Status
from chalicelib.orders.notices.model.changing import (
    CampaignExtended,
    ChangeLapsed,
    OrderArrivalMoved,
    OrderChanged,
    OrderChangedForMember,
    OrderChangeWaits,
    OrderComesAsOrdered,
    OrderLessened,
    OrderMoved,
    OrderNotComing,
    OrderSubstituted,
    PriceFell,
)
from chalicelib.orders.notices.model.phrases import code_stays, comes_instead, joined, sentence, what_is_left
from chalicelib.orders.notices.model.refunds import RefundOfDelivery, RefundOfShort
from chalicelib.orders.notices.service.saying import Story


def tell_changed(tenant_id: str, order_id: str, change_id: str, now: datetime) -> None:
    """Tells a member how the order that they have changed stands now, and what comes back of its price.

    Nothing of one that waits for its first payment: its receipt will say it.
    """
    story = Story.of(tenant_id, order_id, now)
    if story.order.status not in SOLD:
        return
    changed = OrderChanged(*story.as_it_stands)
    payment = joined(changed.payment, story.comes_back(f"edit:{change_id}"))
    story.tell(replace(changed, payment=payment), change_id)


def tell_changed_for_member(tenant_id: str, order_id: str, change_id: str | None, event_id: str, now: datetime) -> None:
    """Tells a member what the team changed in an order because they asked for it, as the order stands now.

    Of a change that waits for its payment, how much that is, until when; of one that has waited in vain, nothing.
    """
    story = Story.of(tenant_id, order_id, now)
    order, waits = story.order, story.order.waiting_edit
    if order.status not in OWED:
        return
    if waits is not None:
        story.tell(OrderChangeWaits(*story.about, story.money(waits.amount_minor), waits.until), event_id)
        return
    total = story.money(order.total_minor)
    payment = joined(story.payment, story.comes_back(f"edit:{change_id}"))
    facts = (*story.about, story.items, total, story.where, order.pickup_code, payment)
    story.tell(OrderChangedForMember(*facts), event_id)


def tell_change_lapsed(tenant_id: str, order_id: str, event_id: str, now: datetime) -> None:
    """Tells a member that a change which was not paid in time has not been made; nothing where another one waits."""
    story = Story.of(tenant_id, order_id, now)
    if story.order.is_sold and story.order.pending is None:
        story.tell(ChangeLapsed(*story.about, story.items), event_id)


def tell_moved(tenant_id: str, order_id: str, change_id: str, now: datetime) -> None:
    """Tells a member where their order is handed over now, and why, unless that has happened already; with what comes
    back of its delivery, where it is collected now.
    """
    story = Story.of(tenant_id, order_id, now)
    order, moved = story.order, story.change(change_id)
    if order.status not in OWED or order.picked_up_at is not None or moved is None:
        return
    note, back = sentence(moved.reason), story.refunds_for(f"move:{change_id}")
    if back:
        handover = joined(story.handover, code_stays(order.pickup_code))
        story.tell(RefundOfDelivery(*story.about, *story.amount_and_way(back), handover, note), change_id)
    else:
        story.tell(OrderMoved(*story.about, story.where, order.pickup_code, note), change_id)


def tell_shortage(tenant_id: str, order_id: str, causes: Sequence[str], event_id: str, now: datetime) -> None:
    """Tells a member, in one message, what an order has come to by changes for these causes: what comes less, what
    comes instead, and what money comes back; nothing where the order is over by now.
    """
    story = Story.of(tenant_id, order_id, now)
    changes = [made for cause in causes if (made := recording.find(story.order, cause)) is not None]
    if not changes or not story.order.is_sold:
        return
    units = _units_instead(story.order.lines)
    skus = get_skus(tenant_id, list(units)) if units else {}
    instead = tuple(f"{count} × {skus[sku_id].full_title}" for sku_id, count in units.items() if sku_id in skus)
    if any(made.told_later for made in changes):
        story.tell(_less_comes(story, causes, instead), event_id)
    elif instead:
        story.tell(OrderSubstituted(*story.about, instead), event_id)
    elif _units_instead(map(Line.from_json, changes[0].before["stored_lines"])):
        story.tell(OrderComesAsOrdered(*story.about, story.items), event_id)


def _less_comes(story: Story, causes: Sequence[str], instead: Listed) -> OrderLessened | RefundOfShort:
    refunds = [refund for cause in causes for refund in story.refunds_for(cause)]
    if refunds:
        rest = joined(what_is_left(story.items), comes_instead(instead))
        return RefundOfShort(*story.about, *story.amount_and_way(refunds), rest=rest)
    due = story.money(story.order.totals.due)
    return OrderLessened(*story.about, story.items, due, instead=comes_instead(instead))


def _units_instead(lines: Iterable[Line]) -> Counter[str]:
    units = Counter[str]()
    for line in lines:
        units.update(dict(line.instead))
    return units


def tell_lessened(tenant_id: str, order_id: str, change_id: str, now: datetime) -> None:
    """Tells a member that less comes than was ordered, or nothing, where no money goes back for it."""
    story = Story.of(tenant_id, order_id, now)
    change = story.change(change_id)
    if change is None:
        return
    note = "" if change.by == SYSTEM else sentence(change.reason)
    if took_all(change):
        story.tell(OrderNotComing(*story.about, note), change_id)
    elif story.order.status in OWED:
        due = story.money(story.order.totals.due)
        story.tell(OrderLessened(*story.about, story.items, due, note), change_id)


def took_all(change: OrderChangeRecord | None) -> bool:
    """Whether a change has left nothing of its order."""
    return change is not None and change.after.get("status") in (Status.CANCELLED, Status.REFUNDED)


def tell_price_fell(tenant_id: str, order_id: str, change_id: str, now: datetime) -> None:
    """Tells a member who has paid nothing that would come back what their order costs at the final price."""
    story = Story.of(tenant_id, order_id, now)
    if story.order.status in SOLD:
        story.tell(PriceFell(*story.about, story.money(story.order.total_minor), story.payment), change_id)


def tell_extended(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member that their order's campaign takes orders longer: once, however many orders of it they have."""
    story = Story.of(tenant_id, order_id, now)
    if story.order.status in SOLD and story.campaign.shown_status(now) in ON_SHOW:
        notice = CampaignExtended(*story.about, story.closes_at)
        story.tell(notice, story.campaign.id, instant(story.closes_at))


def tell_arrival_moved(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member on which day their order is expected now: once for each move, however many orders of the campaign
    they have; nothing where it is there by now.
    """
    story = Story.of(tenant_id, order_id, now)
    campaign = story.campaign
    if story.order.status in SOLD and campaign.status not in FROM_PICKUP and campaign.arrives_on is not None:
        story.tell(OrderArrivalMoved(*story.about, campaign.arrives_on), campaign.id, campaign.arrival_moved_at)
