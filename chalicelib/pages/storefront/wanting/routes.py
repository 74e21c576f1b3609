"""Pages of the member's favourites, of what they wait for, and of what they are told of."""

from typing import Any

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.catalog.service.listing import pictures_of
from chalicelib.members.service.members import get_member
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask, within
from chalicelib.pages.storefront.wanting.forms import KeepForm, StopPage, WaitPage
from chalicelib.wanting.model.lists import most_units
from chalicelib.wanting.routes import (
    drop_favourite,
    keep_favourite,
    list_favourites,
    list_reminders,
    list_waiting,
    remind_me,
    stop_reminding_me,
    stop_waiting,
    wait_for_offer,
)
from chalicelib.wanting.service import waiting
from chalicelib.web import member

pages = Pages(__name__)

_MOST = 100
"""Entries of the lists that one page shows: as many as there may be of each."""


@pages.page("/s/{slug}/me/favourites", allow=member(), paged=True)
def favourites(visit: Visit[Any]) -> Page:
    """What the member keeps, and where each can be ordered now."""
    found = ask(visit, list_favourites, limit=visit.limit, cursor=visit.cursor)
    values = {"favourites": found.items, "following": visit.following(found.last_key)}
    return Page("storefront/wanting/favourites.html", values)


@pages.page("/s/{slug}/me/waiting", allow=member())
def awaited(visit: Visit[Any]) -> Page:
    """What the member waits for, and what they are told of."""
    places = ask(visit, list_waiting, limit=_MOST).items
    products = [product_id for place in places for product_id in place.product_ids]
    values = {
        "places": places,
        "pictures": pictures_of(visit.tenant_id, products) if products else {},
        "reminders": ask(visit, list_reminders, limit=_MOST).items,
    }
    return Page("storefront/wanting/awaited.html", values)


@pages.form("/s/{slug}/products/{id}/favourite", allow=member(), body=KeepForm)
def keep(visit: Visit[KeepForm]) -> Redirect:
    """Keeps a product, or keeps it no more."""
    keeps = visit.body.keep == "true"
    ask(visit, keep_favourite if keeps else drop_favourite, path={"product_id": visit.path["id"]})
    return _on(visit, N_("It is among your favourites.") if keeps else N_("It is no longer among your favourites."))


@pages.form("/s/{slug}/products/{id}/reminder", allow=member(), body=KeepForm)
def remind(visit: Visit[KeepForm]) -> Redirect:
    """Tells the member when a product can be ordered again, or does so no more."""
    wants = visit.body.keep == "true"
    ask(visit, remind_me if wants else stop_reminding_me, path={"product_id": visit.path["id"]})
    return _on(visit, N_("You are told when it can be ordered again.") if wants else N_("You are not told of it."))


@pages.page("/s/{slug}/campaigns/{id}/waiting/{offer_id}", allow=member())
def place(visit: Visit[Any]) -> Page:
    """What waiting for an offer means, and for how many; of who waits already, how to change or end it."""
    offer_id = visit.path["offer_id"]
    campaign, offer = waiting.find_offer(visit.tenant_id, visit.path["id"], offer_id)
    [progress] = progress_of([campaign], visit.now)
    tier = get_member(visit.tenant_id, visit.member_id).tier
    own = waiting.list_own(visit.tenant_id, visit.member_id, visit.now).get(offer_id)
    values = {
        "campaign": campaign,
        "title": offer.full_title,
        "left": next(each.left for each in progress.offers if each.offer.offer_id == offer_id),
        "most": most_units(offer.per_member_limit),
        "own": own.kept if own else None,
        "accepting": campaign.status_for(tier, visit.now) in ACCEPTING and campaign.closed_early_at is None,
        "refused": visit.refused,
    }
    return Page("storefront/wanting/place.html", values)


@pages.form("/s/{slug}/campaigns/{id}/waiting/{offer_id}", allow=member(), body=WaitPage, again=place)
def wait(visit: Visit[WaitPage]) -> Redirect:
    """Puts the member at the end of the list, or changes for how many they wait."""
    path = {"campaign_id": visit.path["id"], "offer_id": visit.path["offer_id"]}
    ask(visit, wait_for_offer, body={"quantity": visit.body.quantity.strip() or "1"}, path=path)
    return Redirect("/me/waiting", flash=N_("You are in line. You are told when there is some again."))


@pages.form("/s/{slug}/campaigns/{id}/waiting/{offer_id}/stop", allow=member(), body=StopPage)
def stop(visit: Visit[StopPage]) -> Redirect:
    """Takes the member off the list."""
    ask(visit, stop_waiting, path={"campaign_id": visit.path["id"], "offer_id": visit.path["offer_id"]})
    return Redirect(within(visit.body.next, visit.home) or "/me/waiting", flash=N_("You wait for it no more."))


def _on(visit: Visit[KeepForm], flash: str) -> Redirect:
    """Back to where the button was."""
    return Redirect(within(visit.body.next, visit.home) or f"/products/{visit.path['id']}", flash=flash)
