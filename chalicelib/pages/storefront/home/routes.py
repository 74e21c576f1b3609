"""The home of the shop."""

from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.service.listing import list_on_show
from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.pages.shell import Page, Pages, Visit
from chalicelib.web import anyone

pages = Pages(__name__)


@pages.page("/s/{slug}", allow=anyone(), paged=True)
def home(visit: Visit[None]) -> Page:
    """What can be ordered now and what is coming, the next to close first."""
    found = list_on_show(visit.tenant_id, visit.now, limit=visit.limit, cursor=visit.cursor)
    progress = progress_of(found.items, visit.now)
    campaigns = [StoreCampaignView.of(*each) for each in zip(found.items, progress, strict=True)]
    return Page("storefront/home/home.html", {"campaigns": campaigns, "following": visit.following(found.last_key)})
