"""The home of the shop."""

from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.service.listing import list_on_show, list_past
from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.catalog.service.listing import pictures_of
from chalicelib.pages.shell import Page, Pages, Visit
from chalicelib.pages.storefront.attribution import led_here
from chalicelib.pages.storefront.early import Access, tier_of
from chalicelib.pages.storefront.home.views import Card, groups, products_on
from chalicelib.recruitment.service.inviting import Inviter, inviter_of
from chalicelib.reviews.service.reading import reputation
from chalicelib.reviews.views import ReputationView
from chalicelib.web import anyone

pages = Pages(__name__)

MOST_PAST = 10


@pages.page("/s/{slug}", allow=anyone(), paged=True)
def home(visit: Visit[None]) -> Page:
    """What can be ordered now, the next to close first; what is coming; and, on the first page, what was."""
    found = list_on_show(visit.tenant_id, visit.now, limit=visit.limit, cursor=visit.cursor)
    past = [] if visit.cursor else list_past(visit.tenant_id, limit=MOST_PAST).items
    campaigns = [*found.items, *past]
    progress = progress_of(campaigns, visit.now)
    views = [StoreCampaignView.of(*each) for each in zip(campaigns, progress, strict=True)]
    pictures = pictures_of(visit.tenant_id, products_on(views))
    tier = tier_of(visit, campaigns)
    cards = [
        Card.of(view, each, Access.of(each, tier, visit.now), pictures)
        for view, each in zip(views, campaigns, strict=True)
    ]
    return Page(
        "storefront/home/home.html",
        {
            "groups": groups(cards), "first": visit.cursor is None, "following": visit.following(found.last_key),
            "inviter": _inviter(visit) if visit.cursor is None else None,
            "reputation": ReputationView.of(reputation(visit.tenant_id)) if visit.cursor is None else None,
        },
    )  # fmt: skip


def _inviter(visit: Visit[None]) -> Inviter | None:
    """Whose link led somebody here who is not signed in."""
    via = None if visit.member_id else led_here(visit)
    return None if via is None or via.sharer_id is None else inviter_of(visit.tenant_id, via.sharer_id, visit.now)
