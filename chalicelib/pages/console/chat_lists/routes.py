"""Pages of pasted lists: paste one, look at what was read, place what is right, and see what became of it."""

from itertools import accumulate
from typing import Any

from chalicelib.campaigns.routes import read_campaign
from chalicelib.kernel.errors import Invalid
from chalicelib.orders.chat_orders.model import Doubt
from chalicelib.orders.routes.chat_lists import place_chat_orders, read_chat_list
from chalicelib.orders.views.chat_lists import ChatEntryView
from chalicelib.pages.console.chat_lists.forms import ChosenForm, PastedForm
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Visit, ask
from chalicelib.web import staff

pages = Console(__name__)

_SERVES = staff("manager", "service")

MOST_ASKED = 400
"""Fields of the form of one page, of which one can hold few more; what is left follows when its entries are placed."""

DOUBTS = {
    Doubt.NOBODY: N_("No member has this name. Choose one, or type a phone number."),
    Doubt.SEVERAL_PEOPLE: N_("Several members have this name. Choose one."),
    Doubt.OFFER_UNKNOWN: N_("Nothing in this group buy is called so. Choose what is meant."),
    Doubt.SEVERAL_OFFERS: N_("This may mean several things. Choose one."),
    Doubt.QUANTITY_ASSUMED: N_("No number stands with it: is it one?"),
    Doubt.QUANTITY_TOO_LARGE: N_("That is very many. Is the number right?"),
    Doubt.NOTHING_WANTED: N_("It names no goods."),
    Doubt.CALLED_OFF: N_("It seems to be called off."),
    Doubt.HAS_ORDERED: N_("This member has ordered in another way already."),
}


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
    if not visit.body.text.strip():
        raise Invalid.at("/text", "Paste the list of your group here.", "请在此粘贴群接龙。")
    return _looking(visit, visit.body.text)


def _looking(visit: Visit[Any], text: str) -> Page:
    campaign = ask(visit, read_campaign)
    entries = ask(visit, read_chat_list, body={"text": text}).entries
    waiting = [each for each in entries if each.state in ("sure", "doubtful")]
    asked = accumulate(6 + 2 * len(each.wanted) for each in waiting)
    looked_at = sum(fields <= MOST_ASKED for fields in asked)
    return Page(
        "console/chat_lists/look.html",
        {
            "campaign": campaign,
            "text": text,
            "entries": waiting[:looked_at],
            "more": len(waiting) - looked_at,
            "placed": [each for each in entries if each.state == "placed"],
            "changed": [each for each in entries if each.state == "changed"],
            "doubts_of": _doubts_of,
        },
    )


def _doubts_of(entry: ChatEntryView) -> list[str]:
    """What has to be looked at of an entry, each once."""
    named = [*entry.doubts, *(doubt for each in entry.wanted for doubt in each.doubts)]
    return [DOUBTS[each] for each in dict.fromkeys(named)]


def _looking_again(visit: Visit[Any]) -> Page:
    return _looking(visit, visit.fields.get("text", ""))


@pages.form("/console/campaigns/{id}/chat-list", allow=_SERVES, body=ChosenForm, again=_looking_again)
def place(visit: Visit[ChosenForm]) -> Page:
    """Places what was ticked, and says of each what became of it."""
    taken = visit.body.taken()
    if not taken:
        raise Invalid.at("/entries", "Tick what is to be ordered.", "请勾选要下单的条目。")
    made = ask(visit, place_chat_orders, body={"pickup_point_id": visit.body.pickup_point_id, "entries": taken})
    return Page(
        "console/chat_lists/placed.html",
        {
            "campaign": ask(visit, read_campaign),
            "text": visit.body.text,
            "entries": made.entries,
            "ordered": [each for each in made.entries if each.order_id],
            "refused_entries": [each for each in made.entries if each.problem],
        },
    )
