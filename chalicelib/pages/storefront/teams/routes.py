"""The page of a team."""

from chalicelib.campaigns.service.reading import get_published
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.orders.teams.views import LiveTeamView
from chalicelib.pages.shell import Page, Pages, Visit
from chalicelib.pages.storefront.said import TEAM
from chalicelib.web import anyone

pages = Pages(__name__)


@pages.page("/s/{slug}/teams/{id}", allow=anyone())
def team(visit: Visit[None]) -> Page:
    """How many places are left in a team, and until when. Who is in it is not told."""
    record = get_team(visit.tenant_id, visit.path["id"])
    shown = LiveTeamView.of(record, {}, visit.now)
    values = {
        "team": shown,
        "state": TEAM[shown.status],
        "title": get_published(visit.tenant_id, shown.campaign_id).title,
        "mine": any(seat.member_id == visit.member_id for seat in record.team.seats),
        "seconds_left": int((shown.expires_at - visit.now).total_seconds()),
    }
    return Page("storefront/teams/team.html", values)
