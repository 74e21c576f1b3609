"""Pages of pasted lists: paste one, look at what was read, place what is right, and see what became of it."""

from typing import Any

from chalicelib.campaigns.routes import read_campaign
from chalicelib.orders.routes.chat_lists import place_chat_orders, read_chat_list
from chalicelib.pages.chat_lists.forms import ChosenForm, PastedForm
from chalicelib.pages.chat_lists.views import Looked, Outcome
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import Page, Visit, ask
from chalicelib.pages.shell.typed import at_fields
from chalicelib.web import staff

pages = Console(__name__)

_SERVES = staff("manager", "service")


@pages.page("/console/campaigns/{id}/chat-list", allow=_SERVES)
def paste(visit: Visit[None]) -> Page:
    """Where the list goes."""
    return _pasting(visit)


def _pasting(visit: Visit[Any]) -> Page:
    campaign = ask(visit, read_campaign)
    return Page("console/chat_lists/paste.html", {"campaign": campaign, "text": visit.fields.get("text", "")})


@pages.form("/console/campaigns/{id}/chat-list/read", allow=_SERVES, body=PastedForm, again=_pasting)
def look(visit: Visit[PastedForm]) -> Page:
    """What was read of it, to be looked at."""
    return _looking(visit, visit.body.pasted())


def _looking(visit: Visit[Any], text: str) -> Page:
    campaign = ask(visit, read_campaign)
    looked = Looked.of(ask(visit, read_chat_list, body={"text": text}).entries)
    return Page("console/chat_lists/look.html", {"campaign": campaign, "text": text, "looked": looked})


def _looking_again(visit: Visit[Any]) -> Page:
    return _looking(visit, visit.fields.get("text", ""))


@pages.form("/console/campaigns/{id}/chat-list", allow=_SERVES, body=ChosenForm, again=_looking_again)
def place(visit: Visit[ChosenForm]) -> Page:
    """Places what was ticked, and says of each what became of it."""
    chosen = {"pickup_point_id": visit.body.pickup_point_id, "entries": visit.body.taken()}
    with at_fields(visit.body.named):
        made = ask(visit, place_chat_orders, body=chosen)
    values = {"campaign": ask(visit, read_campaign), "text": visit.body.text, "outcome": Outcome.of(made)}
    return Page("console/chat_lists/placed.html", values)
