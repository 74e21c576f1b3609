"""Members hear what became of their team, and when their order lies ready for them."""

from datetime import datetime

from chalicelib.campaigns.service import get_campaign
from chalicelib.orders.model import Status
from chalicelib.orders.service.listing import get_order
from chalicelib.orders.teams.listing import get_team
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.service.outgoing import tell_member
from chalicelib.tenants.service import get_tenant

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
