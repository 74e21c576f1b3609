"""Teams over HTTP. One is started and joined by placing an order, and left by cancelling it."""

from chalicelib.db import Page
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.orders.teams.service import listing
from chalicelib.orders.teams.views import LiveTeamView, StaffTeamView
from chalicelib.web import Call, Paged, Query, Router, anyone, staff

routes = Router(__name__)


class TeamFilter(Query):
    """Which teams to list."""

    status: TeamStatus | None = None


@routes.get(
    "/v1/stores/{slug}/campaigns/{id}/teams", allow=anyone(), answer=LiveTeamView, paged=True, tag="teams",
    errors=(NotFound,), summary="List the teams of a campaign that still form, the next to end first",
)  # fmt: skip
def list_forming_teams(call: Call[None]) -> Paged:
    page = listing.list_forming(call.tenant_id, call.path["id"], call.now, call.limit, call.cursor)
    return _paged(call, page, LiveTeamView)


@routes.get(
    "/v1/stores/{slug}/teams/{id}", allow=anyone(), answer=LiveTeamView, tag="teams", errors=(NotFound,),
    summary="Read a team: how many have joined, and until when",
)  # fmt: skip
def read_team(call: Call[None]) -> LiveTeamView:
    record = listing.get_team(call.tenant_id, call.path["id"])
    return LiveTeamView.of(record, listing.leader_names(call.tenant_id, [record]), call.now)


@routes.get(
    "/v1/campaigns/{id}/teams", allow=staff("manager", "planner", "service", "analyst"), query=TeamFilter,
    answer=StaffTeamView, paged=True, tag="teams", errors=(NotFound,),
    summary="List all teams of a campaign with their members, newest first",
)  # fmt: skip
def list_teams(call: Call[None]) -> Paged:
    page = listing.list_teams(call.tenant_id, call.path["id"], call.limit, call.cursor, call.query.status)
    return _paged(call, page, StaffTeamView)


def _paged(call: Call[None], page: Page[TeamRecord], view: type[LiveTeamView]) -> Paged:
    names = listing.leader_names(call.tenant_id, page.items)
    return Paged([view.of(record, names, call.now) for record in page.items], page.last_key)
