"""Members hear what becomes of their team, their order and their money, once each."""

from datetime import datetime

from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.kernel.clock import zone
from chalicelib.members.service.notices import tell_member
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service import get_order
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web.fields import MoneyField

_TEMPLATES = {TeamStatus.FILLED.value: "team_filled", TeamStatus.FAILED.value: "team_failed"}


def tell_team(tenant_id: str, team_id: str, now: datetime) -> None:
    """Tells everyone in a team that is over, once; nobody where it still forms or was left by all."""
    record = get_team(tenant_id, team_id, consistent=True)
    template = _TEMPLATES.get(record.status)
    if template is None:
        return
    params = {"brand": get_tenant(tenant_id).name, "title": get_campaign(tenant_id, record.campaign_id).title}
    for seat in record.team.seats:
        tell_member(tenant_id, (team_id, template, seat.member_id), seat.member_id, template, params, now)


def tell_ready(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member, once, where the order lies ready and against which code it is handed over.

    An order that has moved on since, or is brought to the door, needs no such message.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    if order.status != Status.READY or order.delivery_to:
        return
    campaign = get_campaign(tenant_id, order.campaign_id)
    point = next(each for each in campaign.pickup_points if each["id"] == order.pickup_point_id)
    params = {
        "brand": get_tenant(tenant_id).name, "title": campaign.title, "point": point["name"],
        "address": point["address"], "code": order.pickup_code,
    }  # fmt: skip
    tell_member(tenant_id, (order_id, "order_ready"), order.member_id, "order_ready", params, now)


_REFUNDS = {
    "ladder": "refund_ladder", "campaign": "refund_campaign", "no_show": "refund_ended", "balance": "refund_ended",
    "supply": "refund_short", "adjustment": "refund_short",
}  # fmt: skip
"""The message of a refund by the first word of its cause. Members asked for the others, or hear of them otherwise."""


def tell_refund(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Tells a member of money that comes back without having been asked for, how much and why."""
    refund = RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)
    template = _REFUNDS.get(refund.cause.partition(":")[0]) if refund else None
    if refund is None or template is None:
        return
    order = get_order(tenant_id, order_id)
    amount = MoneyField.of(int(refund.amount_minor), refund.currency)
    by_hand = refund.reason if refund.cause.startswith("adjustment:") else None
    about = {"amount": str(amount), "note": by_hand or ""}
    _tell(order, (refund_id, template), template, about, now)


def tell_forfeited(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member that an order's money is kept, as the campaign said before it was ordered."""
    _tell(get_order(tenant_id, order_id), (order_id, "order_forfeited"), "order_forfeited", {}, now)


def tell_balance(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member how much is to be paid until when, in the brand's time zone, unless it was paid meanwhile."""
    order = get_order(tenant_id, order_id, consistent=True)
    due, until = order.totals.due, order.balance_due_at
    if not due or until is None:
        return
    local = until.astimezone(zone(get_tenant(tenant_id).timezone))
    about = {"amount": str(MoneyField.of(due, order.currency)), "until": f"{local:%Y-%m-%d %H:%M}"}
    _tell(order, (order_id, "balance_due", about["until"]), "balance_due", about, now)


def _tell(order: OrderRecord, cause: tuple[str, ...], template: str, about: dict[str, str], now: datetime) -> None:
    campaign = get_campaign(order.tenant_id, order.campaign_id)
    params = {"brand": get_tenant(order.tenant_id).name, "title": campaign.title, **about}
    tell_member(order.tenant_id, cause, order.member_id, template, params, now)
