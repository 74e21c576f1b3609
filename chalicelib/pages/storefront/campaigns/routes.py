"""The page of a campaign, and the part of it that is kept current."""

from typing import Any

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_published
from chalicelib.catalog.service.listing import pictures_of
from chalicelib.catalog.service.standings import standings
from chalicelib.catalog.views.ratings import StarsView
from chalicelib.kernel.errors import NotFound, Unauthenticated
from chalicelib.members.service.members import check_signed_in, get_member
from chalicelib.orders.basket.service.anyone import reductions
from chalicelib.orders.stock.service.limits import used_by
from chalicelib.orders.teams.service.listing import get_team, list_forming
from chalicelib.orders.teams.views import LiveTeamView
from chalicelib.pages.shell import Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.basket.views import Written, chosen, may_order
from chalicelib.pages.storefront.campaigns.forms import Joining, Seen
from chalicelib.pages.storefront.campaigns.views import Shown
from chalicelib.pages.storefront.early import Access, tier_of
from chalicelib.pages.storefront.own import own
from chalicelib.web import anyone

pages = Pages(__name__)

MOST_TEAMS = 10


@pages.page("/s/{slug}/campaigns/{id}", allow=anyone(), query=Joining)
def campaign(visit: Visit[None]) -> Page | Redirect:
    """Everything that is said of a campaign, and the form that fills the basket; of a gift its own page."""
    found = get_published(visit.tenant_id, visit.path["id"])
    if found.gift_points is not None:
        return Redirect(f"/gifts/{found.id}")
    teams = _teams(visit, found)
    wanted = visit.query.team
    shown, had = _shown(visit, found), _had(visit, found)
    values = {
        "shown": shown,
        "pictures": pictures_of(visit.tenant_id, [goods.product_id for goods in found.goods]),
        "units": chosen(visit),
        "had": had,
        "most": may_order(shown.campaign.offers, had),
        "written": Written.of(visit),
        "teams": teams,
        "reductions": reductions(found, visit.now) if shown.accepting else [],
        "joins": _to_join(visit, teams, wanted) if wanted and found.kind == Kind.TEAM_BUY else None,
        "wanted_team": wanted,
        "favourites": own(visit).favourites,
        "ratings": _ratings(visit, found),
    }
    return Page("storefront/campaigns/campaign.html", values)


@pages.page("/s/{slug}/campaigns/{id}/progress", allow=anyone(), query=Seen)
def progress(visit: Visit[None]) -> Page | Redirect:
    """How far a campaign has come, for its page; all of the page, where it has opened meanwhile."""
    path = visit.path["id"]
    shown = _shown(visit, get_published(visit.tenant_id, path))
    if not visit.partial or (visit.query.was == Status.SCHEDULED and shown.accepting):
        return Redirect(f"/campaigns/{path}")
    return Page("storefront/campaigns/progress.html", {"shown": shown})


def _ratings(visit: Visit[Any], found: CampaignRecord) -> dict[str, StarsView | None]:
    """The stars of what it offers, by product."""
    known = standings(visit.tenant_id, [goods.product_id for goods in found.goods])
    return {each: StarsView.of(standing.ratings) for each, standing in known.items()}


def _had(visit: Visit[Any], found: CampaignRecord) -> dict[str, int]:
    """The units that the member has of offers with a limit, by offer id; none of a session that was ended elsewhere."""
    if not visit.member_id or all(offer.per_member_limit is None for offer in found.offers):
        return {}
    try:
        check_signed_in(get_member(visit.tenant_id, visit.member_id))
    except (NotFound, Unauthenticated):
        return {}
    return used_by(visit.tenant_id, visit.member_id, found.offers)


def _shown(visit: Visit[Any], found: CampaignRecord) -> Shown:
    access = Access.of(found, tier_of(visit, [found]), visit.now)
    return Shown.of(found, progress_of([found], visit.now)[0], access)


def _teams(visit: Visit[Any], found: CampaignRecord) -> list[LiveTeamView]:
    """The teams that can be joined. Who leads one is not asked for: it is nobody's business here."""
    if found.kind != Kind.TEAM_BUY:
        return []
    page = list_forming(visit.tenant_id, found.id, visit.now, MOST_TEAMS, None)
    return [LiveTeamView.of(team, {}, visit.now) for team in page.items]


def _to_join(visit: Visit[Any], listed: list[LiveTeamView], team_id: str) -> LiveTeamView | None:
    """The team that a visitor was asked to join, where it has a place left."""
    team = next((each for each in listed if each.id == team_id), None)
    if team is None:
        try:
            team = LiveTeamView.of(get_team(visit.tenant_id, team_id), {}, visit.now)
        except NotFound:
            return None
    return team if team.campaign_id == visit.path["id"] and team.places_left else None
