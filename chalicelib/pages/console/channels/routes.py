"""Pages of channels: their links, what they cost, and what is counted."""

from typing import Any

from chalicelib.campaigns.routes import read_campaign
from chalicelib.channels.routes import create_channel, edit_channel, list_channels, read_channel
from chalicelib.kernel.clock import zone
from chalicelib.pages.console.channels.forms import ArchiveForm, ChannelForm, Leading
from chalicelib.pages.console.channels.model import KINDS
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.typed import Reading, at_fields, without_minor, written
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "editor", "planner")
_CHOICES = list(KINDS.items())


@pages.page("/console/channels", allow=_LOOKS, query=Leading, paged=True)
def channels(visit: Visit[None]) -> Page:
    """All channels with their links, which may lead to one group buy."""
    found = ask(visit, list_channels, limit=visit.limit, cursor=visit.cursor)
    led_to = visit.query.campaign
    values = {
        "channels": found.items,
        "following": visit.following(found.last_key),
        "campaign": ask(visit, read_campaign, path={"id": led_to}) if led_to else None,
        "kinds": KINDS,
        "plans": may(visit, create_channel),
    }
    return Page("console/channels/channels.html", values)


@pages.page("/console/channels/new", allow=_PLANS)
def begin(visit: Visit[None]) -> Page:
    """Where people are to hear of the brand."""
    return Page("console/channels/new.html", {"kinds": _CHOICES})


@pages.form("/console/channels/new", allow=_PLANS, body=ChannelForm, again=begin)
def create(visit: Visit[ChannelForm]) -> Redirect:
    """Adds it, and shows its link."""
    with at_fields(without_minor):
        made = ask(visit, create_channel, body=visit.body.details(_reading(visit)))
    return Redirect(f"/channels/{made.id}", flash=N_("The channel has its link. Copy it, and use it there alone."))


@pages.page("/console/channels/{id}", allow=_LOOKS)
def channel(visit: Visit[None]) -> Page:
    """One channel: its link to copy, and what may be changed."""
    found, revision = ask_at(visit, read_channel)
    values = {
        "channel": found,
        "revision": revision,
        "kinds": _CHOICES,
        "kind": KINDS[found.kind],
        "cost": written(found.cost),
        "plans": may(visit, edit_channel),
    }
    return Page("console/channels/channel.html", values)


@pages.form("/console/channels/{id}", allow=_PLANS, body=ChannelForm, again=channel)
def change(visit: Visit[ChannelForm]) -> Redirect:
    """Changes what it is called and costs; its link stays."""
    with at_fields(without_minor):
        ask(visit, edit_channel, body=visit.body.details(_reading(visit)))
    return Redirect(f"/channels/{visit.path['id']}", flash=N_("The channel is changed."))


@pages.form("/console/channels/{id}/archive", allow=_PLANS, body=ArchiveForm, again=channel)
def archive(visit: Visit[ArchiveForm]) -> Redirect:
    """Counts it no more, or again."""
    ask(visit, edit_channel, body={"archived": visit.body.archived})
    ended, again = N_("The channel is archived. Its link still leads to the shop."), N_("The channel is counted again.")
    return Redirect(f"/channels/{visit.path['id']}", flash=ended if visit.body.archived else again)


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
