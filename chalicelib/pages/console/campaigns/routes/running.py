"""Pages of group buys as they run: the list, one of them, and what is done with it."""

from typing import Any

from chalicelib.announcements.routes import announce
from chalicelib.campaigns.forms.campaigns import CampaignFilter
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.routes import (
    LOOKS,
    PLANS,
    cancel_campaign,
    close_campaign,
    copy_campaign,
    edit_campaign,
    list_campaigns,
    list_store_campaigns,
    publish_campaign,
    raise_offer,
    read_campaign,
    read_progress,
)
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.catalog.service.listing import pictures_of
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.routes.chat_lists import read_chat_list
from chalicelib.orders.teams.routes import list_teams
from chalicelib.orders.teams.views import StaffTeamView
from chalicelib.pages.console.campaigns import model
from chalicelib.pages.console.campaigns.forms import CancelForm, CopyForm, RaiseForm
from chalicelib.pages.console.campaigns.views.faster import Faster
from chalicelib.pages.console.campaigns.views.gaps import gaps_of, said
from chalicelib.pages.console.campaigns.views.phase import phase
from chalicelib.pages.console.campaigns.views.preview import Preview
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import CAMPAIGN, GIFT, TEAM, State
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.onward import Onward

pages = Console(__name__)

_MOST_LIVE = 100
_TEAMS = 10


@pages.page("/console/campaigns", allow=LOOKS, query=CampaignFilter, paged=True)
def campaigns(visit: Visit[None]) -> Page:
    """All group buys, the newest first; of those that are open or coming also how far they have come."""
    wanted = visit.query
    query = {name: str(value.value) for name, value in (("status", wanted.status), ("kind", wanted.kind)) if value}
    found = ask(visit, list_campaigns, query=query, limit=visit.limit, cursor=visit.cursor)
    on_show = {"scheduled", "open", "extended", "closing"}
    live = {}
    if any(each.status in on_show for each in found.items):
        live = {each.id: each.progress for each in ask(visit, list_store_campaigns, query={}, limit=_MOST_LIVE).items}
    values = {
        "campaigns": found.items,
        "live": live,
        "following": visit.following(found.last_key),
        "states": CAMPAIGN,
        "gift_states": GIFT,
        "kinds": model.KIND,
        "wanted": wanted,
        "plans": may(visit, edit_campaign),
    }
    return Page("console/campaigns/campaigns.html", values)


@pages.page("/console/campaigns/{id}", allow=LOOKS)
def show(visit: Visit[None]) -> Page:
    """One group buy: how far it is, its terms, and what may be done with it now."""
    campaign, revision = ask_at(visit, read_campaign)
    published, draft = campaign.published_at is not None, campaign.status == Status.DRAFT
    gaps = gaps_of(campaign) if draft else []
    refused = said(visit.refused, visit.language) if visit.refused and draft else []
    values = {
        "progress": ask(visit, read_progress) if published else None,
        "gaps": gaps,
        "faults": [each for each in refused if each not in gaps],
        "published": published,
        "tells": may(visit, announce),
        "teams": _teams(visit, campaign),
        "happened": model.HAPPENED,
        "words": bool(model.fields_of_words(phase(campaign, visit.now))),
        "terms_allowed": bool(model.fields_of_terms(phase(campaign, visit.now))),
        "kind": model.KIND[campaign.kind],
        "measures": {each.code: each.name for each in model.MEASURES},
        "on_miss": {each.code: each.name for each in model.ON_MISS},
        "on_default": {each.code: each.name for each in model.ON_DEFAULT},
        "methods": model.METHODS,
    }
    return _page(visit, "show", campaign, revision, values)


@pages.page("/console/campaigns/{id}/preview", allow=LOOKS)
def preview(visit: Visit[None]) -> Page:
    """The page of the shop as neighbours will see it."""
    campaign, revision = ask_at(visit, read_campaign)
    values = {
        "shown": Preview.of(campaign, visit.now),
        "pictures": pictures_of(visit.tenant_id, [each for offer in campaign.offers for each in offer.product_ids]),
        "gaps": gaps_of(campaign) if campaign.status == Status.DRAFT else [],
        "steps": model.STEPS,
        "step": "preview",
    }
    return _page(visit, "preview", campaign, revision, values)


@pages.form("/console/campaigns/{id}/publish", allow=PLANS, body=Onward, again=show)
def publish(visit: Visit[Onward]) -> Redirect:
    """Announces it; it opens at its time, or now."""
    done = ask(visit, publish_campaign)
    opened = N_("It is open: neighbours can order now. Tell them!")
    announced = N_("It is announced, and opens by itself at its time. Tell your neighbours!")
    return _back(done, opened if done.status == "open" else announced)


@pages.page("/console/campaigns/{id}/offers/{offer_id}", allow=PLANS)
def offer(visit: Visit[None]) -> Page:
    """One of its goods, of which there may be more than was said."""
    campaign, revision = ask_at(visit, read_campaign)
    found = next((each for each in campaign.offers if each.id == visit.path["offer_id"]), None)
    if found is None:
        raise NotFound("There is no such offer.", detail_zh="该团购商品不存在。")
    progress = ask(visit, read_progress) if campaign.published_at else None
    return _page(visit, "offer", campaign, revision, {"offer": found, "progress": progress})


@pages.form("/console/campaigns/{id}/offers/{offer_id}", allow=PLANS, body=RaiseForm, again=offer)
def raise_units(visit: Visit[RaiseForm]) -> Redirect:
    """Puts more of it on sale, or lets each member have more."""
    return _back(ask(visit, raise_offer, body=visit.body.changes()), N_("There is more to order now."))


@pages.page("/console/campaigns/{id}/close", allow=PLANS)
def ask_close(visit: Visit[None]) -> Page:
    """What closing it now means."""
    return _looked_at(visit, "close")


@pages.form("/console/campaigns/{id}/close", allow=PLANS, body=Onward, again=ask_close)
def close(visit: Visit[Onward]) -> Redirect:
    """Closes it before its hour."""
    return _back(ask(visit, close_campaign), N_("It is closed. Nobody can order any more."))


@pages.page("/console/campaigns/{id}/cancel", allow=PLANS)
def ask_cancel(visit: Visit[None]) -> Page:
    """What cancelling it means."""
    return _looked_at(visit, "cancel")


@pages.form("/console/campaigns/{id}/cancel", allow=PLANS, body=CancelForm, again=ask_cancel)
def cancel(visit: Visit[CancelForm]) -> Redirect:
    """Cancels it, and releases its orders."""
    done = ask(visit, cancel_campaign, body={"reason": visit.body.reason or None})
    return _back(done, N_("It is cancelled. Its orders are released, and the money goes back."))


@pages.form("/console/campaigns/{id}/copy", allow=PLANS, body=CopyForm, again=show)
def copy(visit: Visit[CopyForm]) -> Redirect:
    """Drafts one like it, for another time."""
    done = ask(visit, copy_campaign, body={"title": visit.body.title} if visit.body.title else {})
    whole = N_("The copy is a draft. Say when it opens and closes.")
    part = N_("The copy is a draft. Something could not come along: look at its goods, too.")
    return Redirect(f"/campaigns/{done.id}/terms", flash=part if done.left_out else whole)


def _teams(visit: Visit[Any], campaign: CampaignView) -> list[tuple[StaffTeamView, State]]:
    """The newest teams, for who may know of them."""
    if campaign.kind != Kind.TEAM_BUY or campaign.published_at is None or not may(visit, list_teams):
        return []
    return [(each, TEAM[each.status]) for each in ask(visit, list_teams, query={}, limit=_TEAMS).items]


def _looked_at(visit: Visit[Any], template: str) -> Page:
    campaign, revision = ask_at(visit, read_campaign)
    published = campaign.published_at is not None
    return _page(visit, template, campaign, revision, {"progress": ask(visit, read_progress) if published else None})


def _page(
    visit: Visit[Any], template: str, campaign: CampaignView, revision: int | None, values: dict[str, Any]
) -> Page:
    shared = {
        "campaign": campaign,
        "revision": revision,
        "state": (CAMPAIGN if campaign.gift_points is None else GIFT)[campaign.status],
        "lists": may(visit, read_chat_list),
        "deeds": model.Deeds.of(phase(campaign, visit.now), closed_early=campaign.closed_early_at is not None),
        "plans": may(visit, edit_campaign),
        "faster": Faster.of(visit, campaign),
    }
    return Page(f"console/campaigns/{template}.html", {**shared, **values})


def _back(campaign: CampaignView, flash: str) -> Redirect:
    return Redirect(f"/campaigns/{campaign.id}", flash=flash)
