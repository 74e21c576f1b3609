"""Pages of pasted lists for leaders: as at the console, at their own pickup point, and without other members."""

from typing import Any

from chalicelib.campaigns.routes import read_store_campaign
from chalicelib.campaigns.views.campaigns import StoreCampaignView
from chalicelib.fulfilment.leader.routes import place_own_chat_orders, read_own_chat_list
from chalicelib.kernel.errors import NotFound
from chalicelib.pages.chat_lists.views import Looked, Outcome
from chalicelib.pages.leader.chat_lists.forms import LedChosenForm, LedPastedForm
from chalicelib.pages.leader.points import Led, OwnPoint, choosing, led
from chalicelib.pages.shell import Page, Pages, Visit, ask
from chalicelib.pages.shell.typed import at_fields
from chalicelib.web import member

pages = Pages(__name__)


@pages.page("/s/{slug}/leader/campaigns/{id}/chat-list", allow=member(), query=OwnPoint)
def paste(visit: Visit[Any]) -> Page:
    """Where the list goes."""
    found = led(visit)
    if found.point is None:
        return choosing(found, f"/leader/campaigns/{visit.path['id']}/chat-list", "sharing")
    return _page(visit, "paste", found, {"text": visit.fields.get("text", "")})


@pages.form("/s/{slug}/leader/campaigns/{id}/chat-list/read", allow=member(), body=LedPastedForm, again=paste)
def look(visit: Visit[LedPastedForm]) -> Page:
    """What was read of it, to be looked at."""
    return _looking(visit, visit.body.pasted())


def _looking(visit: Visit[Any], text: str) -> Page:
    found = led(visit)
    looked = Looked.of(ask(visit, read_own_chat_list, body={"text": text}).entries)
    return _page(visit, "look", found, {"text": text, "looked": looked})


def _looking_again(visit: Visit[Any]) -> Page:
    return _looking(visit, visit.fields.get("text", ""))


@pages.form("/s/{slug}/leader/campaigns/{id}/chat-list", allow=member(), body=LedChosenForm, again=_looking_again)
def place(visit: Visit[LedChosenForm]) -> Page:
    """Places what was ticked, and says of each what became of it."""
    found = led(visit)
    chosen = {"pickup_point_id": visit.body.pickup_point_id, "entries": visit.body.taken()}
    with at_fields(visit.body.named):
        made = ask(visit, place_own_chat_orders, body=chosen)
    return _page(visit, "placed", found, {"text": visit.body.text, "outcome": Outcome.of(made)})


def _page(visit: Visit[Any], template: str, found: Led, values: dict[str, Any]) -> Page:
    """Raises NotFound for a campaign that does not hand over at the pickup point."""
    campaign: StoreCampaignView = ask(visit, read_store_campaign)
    if found.point is None or found.point.id not in {each.id for each in campaign.pickup_points}:
        raise NotFound("This group buy does not come to your pickup point.", detail_zh="该团购不在您的自提点取货。")
    return Page(f"leader/chat_lists/{template}.html", {"led": found, "campaign": campaign, **values})
