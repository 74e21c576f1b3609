"""Members hear what became of their team: it has filled, or it did not and their orders are cancelled."""

from datetime import datetime

from chalicelib.campaigns.service import get_campaign
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
