"""Members are told what becomes of their team, their order and their money, once each."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import SYSTEM
from chalicelib.members.service.notices import tell_member
from chalicelib.notices.model.notices import Listed, Notice
from chalicelib.notices.model.order_notices import (
    BalanceDue,
    CampaignCancelled,
    CampaignMissed,
    ForfeitedUncollected,
    ForfeitedUnpaid,
    OrderCancelledForMember,
    OrderChangedForMember,
    OrderChangeWaits,
    OrderLessened,
    OrderMoved,
    OrderNotComing,
    OrderPlacedForMember,
    OrderReady,
    OrderSubstituted,
    OrderUncollected,
    PaymentTooLate,
    PaymentTwice,
    RefundByBrand,
    RefundOfAllShort,
    RefundOfCampaign,
    RefundOfDelivery,
    RefundOfGoodwill,
    RefundOfGoodwillInCash,
    RefundOfLadder,
    RefundOfLeftBehind,
    RefundOfMissed,
    RefundOfShort,
    RefundOfUncollected,
    RefundOfUnpaid,
    TeamFailed,
    TeamFilled,
)
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.changes.service import recording
from chalicelib.orders.ending.service.cancelling import BY_CAMPAIGN
from chalicelib.orders.model import OWED, PAY_AT_PICKUP, Status
from chalicelib.orders.passes.service.collecting import NO_SHOW
from chalicelib.orders.payment.service.balance import BALANCE
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.tenants.service.brand import get_tenant, wall_time

_OF_TEAMS = {TeamStatus.FILLED.value: TeamFilled, TeamStatus.FAILED.value: TeamFailed}


def tell_team(tenant_id: str, team_id: str, now: datetime) -> None:
    """Tells everyone in a team that is over, once; nobody where it still forms or was left by all."""
    record = get_team(tenant_id, team_id, consistent=True)
    kind = _OF_TEAMS.get(record.status)
    if kind is None:
        return
    notice = kind(get_tenant(tenant_id).name, get_campaign(tenant_id, record.campaign_id).title)
    for seat in record.team.seats:
        tell_member(tenant_id, seat.member_id, notice, (team_id, notice.template, seat.member_id), now)


def tell_ready(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member, once, where the order lies ready and against which code it is handed over.

    An order that has moved on since, or is brought to the door, needs no such message.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    if order.status != Status.READY or order.delivery_to:
        return
    campaign = get_campaign(tenant_id, order.campaign_id)
    point = next(each for each in campaign.pickup_points if each.id == order.pickup_point_id)
    code = order.pickup_code
    _tell(order, OrderReady(*_about(order, campaign), point.name, point.address, code), order_id, now)


_CHANGED = {
    "order.placed_for_member": OrderPlacedForMember,
    "order.edited_for_member": OrderChangedForMember,
}


def tell_done_for_member(tenant_id: str, order_id: str, event: str, event_id: str, now: datetime) -> None:
    """Tells a member what the team did in an order because they asked for it, as the order stands now.

    Of a change that waits for its payment, how much that is, until when; of one that has waited in vain, nothing.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    campaign = get_campaign(tenant_id, order.campaign_id)
    about, waits = _about(order, campaign), order.waiting_edit
    notice: Notice
    if event == "order.cancelled_for_member":
        notice = OrderCancelledForMember(*about)
    elif order.status not in OWED:
        return
    elif waits is not None:
        until = wall_time(tenant_id, waits.until)
        notice = OrderChangeWaits(*about, Money(waits.amount_minor, order.currency), until)
    else:
        total = Money(order.total_minor, order.currency)
        where = _where(order, campaign)
        notice = _CHANGED[event](*about, _items(order, campaign), total, where, order.pickup_code)
    _tell(order, notice, event_id, now)


def tell_moved(tenant_id: str, order_id: str, change_id: str, now: datetime) -> None:
    """Tells a member where their order is handed over now, and why, unless that has happened already."""
    order = get_order(tenant_id, order_id, consistent=True)
    moved = OrderChangeRecord.fetch(*OrderChangeRecord.address(tenant_id, order_id, change_id), consistent=True)
    if order.status not in OWED or order.picked_up_at is not None or moved is None:
        return
    campaign = get_campaign(tenant_id, order.campaign_id)
    where, note = _where(order, campaign), moved.reason or ""
    _tell(order, OrderMoved(*_about(order, campaign), where, order.pickup_code, note), change_id, now)


def _where(order: OrderRecord, campaign: CampaignRecord) -> Listed:
    if address := order.delivery_address:
        return (address.address,)
    point = next(each for each in campaign.pickup_points if each.id == order.pickup_point_id)
    return point.name, point.address


def _items(order: OrderRecord, campaign: CampaignRecord) -> Listed:
    titles = {offer.offer_id: offer.title for offer in campaign.offers}
    return tuple(f"{titles[line.offer_id]} × {line.quantity}" for line in order.lines)


def tell_substituted(tenant_id: str, order_id: str, event_id: str, now: datetime) -> None:
    """Tells a member what comes in an order instead of what was ordered; nothing where that is over by now."""
    order = get_order(tenant_id, order_id, consistent=True)
    units = Counter[str]()
    for line in order.lines:
        units.update(dict(line.instead))
    if not units or not order.is_sold:
        return
    skus = get_skus(tenant_id, list(units))
    instead = tuple(f"{count} × {skus[sku_id].full_title}" for sku_id, count in units.items() if sku_id in skus)
    _tell(order, OrderSubstituted(*_about(order), instead), event_id, now)


_Refund = type[RefundOfLadder | RefundOfDelivery | PaymentTooLate | PaymentTwice | RefundByBrand]

_OF_REFUNDS: Mapping[str, _Refund] = {
    "ladder": RefundOfLadder, "move": RefundOfDelivery,
    "paid_too_late": PaymentTooLate, "paid_twice": PaymentTwice, "refunded_at_provider": RefundByBrand,
}  # fmt: skip
"""The notice of a refund by the first word of its cause, where that says all. Members asked for those that stand
neither here nor in :func:`_refunded`, or are told otherwise."""


def tell_refund(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Tells a member of money that comes back without having been asked for, how much and why."""
    refund = RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)
    if refund is None:
        return
    order = get_order(tenant_id, order_id, consistent=True)
    notice = _refunded(order, refund)
    if notice is not None:
        _tell(order, notice, refund_id, now)


def _refunded(order: OrderRecord, refund: RefundRecord) -> Notice | None:
    cause = str(refund.cause).partition(":")[0]
    amount, note = Money(int(refund.amount_minor), refund.currency), refund.reason or ""
    if cause == "goodwill":
        kind = RefundOfGoodwillInCash if refund.method == PAY_AT_PICKUP else RefundOfGoodwill
        return kind(*_about(order), amount, note)
    if cause == "campaign":
        campaign = get_campaign(order.tenant_id, order.campaign_id)
        return (RefundOfMissed if _missed_target(campaign) else RefundOfCampaign)(*_about(order, campaign), amount)
    if cause == NO_SHOW:
        kind_of_end = RefundOfLeftBehind if order.status == Status.PICKED_UP else RefundOfUncollected
        return kind_of_end(*_about(order), amount)
    if cause == BALANCE:
        return RefundOfUnpaid(*_about(order), amount)
    if cause in ("supply", "adjustment"):
        short = RefundOfAllShort if _took_all(recording.find(order, refund.cause)) else RefundOfShort
        return short(*_about(order), amount, note if cause == "adjustment" else "")
    plain = _OF_REFUNDS.get(cause)
    return plain(*_about(order), amount) if plain else None


def _missed_target(campaign: CampaignRecord) -> bool:
    """Whether a cancelled campaign ended by itself, and not by the brand's people."""
    return any(entry["type"] == "cancelled" and entry["by"] == SYSTEM for entry in campaign.history or ())


def _took_all(change: OrderChangeRecord | None) -> bool:
    return change is not None and change.after.get("status") in (Status.CANCELLED, Status.REFUNDED)


def tell_ended(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member of an order that ended without their asking and before anything was paid: its campaign does not
    take place, or it was not collected in time. Who has paid is told of the refund, or of what is kept.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    if order.status != Status.CANCELLED or int(order.paid_minor) or order.forfeited_at is not None:
        return
    campaign = get_campaign(tenant_id, order.campaign_id)
    if order.cancelled_by == BY_CAMPAIGN:
        kind = CampaignMissed if _missed_target(campaign) else CampaignCancelled
        _tell(order, kind(*_about(order, campaign)), order_id, now)
    elif order.cancelled_by == NO_SHOW:
        _tell(order, OrderUncollected(*_about(order, campaign)), order_id, now)


def tell_lessened(tenant_id: str, order_id: str, change_id: str, now: datetime) -> None:
    """Tells a member that less comes than was ordered, or nothing, where no money goes back for it."""
    order = get_order(tenant_id, order_id, consistent=True)
    change = OrderChangeRecord.fetch(*OrderChangeRecord.address(tenant_id, order_id, change_id), consistent=True)
    if change is None:
        return
    campaign = get_campaign(tenant_id, order.campaign_id)
    note = "" if change.by == SYSTEM else change.reason or ""
    notice: Notice
    if _took_all(change):
        notice = OrderNotComing(*_about(order, campaign), note)
    elif order.status in OWED:
        due = Money(order.totals.due, order.currency)
        notice = OrderLessened(*_about(order, campaign), _items(order, campaign), due, note)
    else:
        return
    _tell(order, notice, change_id, now)


def tell_forfeited(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member that an order's money is kept, as the campaign said before it was ordered."""
    order = get_order(tenant_id, order_id)
    kind = ForfeitedUnpaid if order.cancelled_by == BALANCE else ForfeitedUncollected
    _tell(order, kind(*_about(order)), order_id, now)


def tell_balance(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member how much is to be paid until when, in the brand's time zone, unless it was paid meanwhile."""
    order = get_order(tenant_id, order_id, consistent=True)
    due, until = order.totals.due, order.balance_due_at
    if not due or until is None:
        return
    notice = BalanceDue(*_about(order), Money(due, order.currency), wall_time(tenant_id, until))
    tell_member(tenant_id, order.member_id, notice, (order_id, notice.template, notice.until), now)


def _about(order: OrderRecord, campaign: CampaignRecord | None = None) -> tuple[str, str]:
    """The names of the brand and of the order's campaign."""
    campaign = campaign or get_campaign(order.tenant_id, order.campaign_id)
    return get_tenant(order.tenant_id).name, campaign.title


def _tell(order: OrderRecord, notice: Notice, of: str, now: datetime) -> None:
    tell_member(order.tenant_id, order.member_id, notice, (of, notice.template), now)
