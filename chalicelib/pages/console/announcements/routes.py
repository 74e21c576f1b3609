"""Pages of announcements: news to members who have agreed to it."""

from typing import Any

from chalicelib.announcements.forms import AnnouncementQuery
from chalicelib.announcements.routes import (
    announce,
    cancel,
    get_announcement,
    list_announcements,
    pause,
    resume,
)
from chalicelib.campaigns.routes import read_campaign
from chalicelib.kernel.clock import zone
from chalicelib.pages.console.announcements.forms import About, NewsForm, named
from chalicelib.pages.console.choosing import segments
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import ANNOUNCEMENT, CLASS
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.onward import Onward
from chalicelib.pages.shell.typed import Reading, at_fields
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "editor", "planner", "service", "analyst")
_AUTHORS = staff("manager", "editor", "planner")


@pages.page("/console/announcements", allow=_READERS, query=AnnouncementQuery, paged=True)
def announcements(visit: Visit[None]) -> Page:
    """All news, the newest first, and how far each is."""
    wanted = visit.query.status
    query = {"status": str(wanted.value)} if wanted else {}
    found = ask(visit, list_announcements, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "announcements": found.items,
        "following": visit.following(found.last_key),
        "states": ANNOUNCEMENT,
        "chosen": query.get("status", ""),
        "writes": may(visit, announce),
    }
    return Page("console/announcements/announcements.html", values)


@pages.page("/console/announcements/new", allow=_AUTHORS, query=About)
def write(visit: Visit[None]) -> Page:
    """What to say, to whom, and when; of a group buy the first words are there."""
    about = visit.query.campaign if visit.query else None
    campaign = ask(visit, read_campaign, path={"id": about}) if about else None
    shop = f"{visit.shop}/campaigns/{campaign.id}" if campaign else ""
    classes = [("", N_("however they order")), *((each, state.name) for each, state in CLASS.items())]
    values = {"campaign": campaign, "shop": shop, "classes": classes, "segments": segments(visit)}
    return Page("console/announcements/new.html", values)


@pages.form("/console/announcements/new", allow=_AUTHORS, body=NewsForm, again=write)
def send(visit: Visit[NewsForm]) -> Redirect:
    """Sends it on its way, now or at its time."""
    news = visit.body.news(Reading(visit.brand.currency, zone(visit.brand.timezone)))
    with at_fields(named):
        made = ask(visit, announce, body=news)
    return Redirect(f"/announcements/{made.id}", flash=N_("Your news are on their way. Here you see how far they are."))


@pages.page("/console/announcements/{id}", allow=_READERS)
def announcement(visit: Visit[None]) -> Page:
    """What was said, to whom, and how many it has reached."""
    return _shown(visit, "announcement")


@pages.form("/console/announcements/{id}/pause", allow=_AUTHORS, body=Onward, again=announcement)
def hold(visit: Visit[Onward]) -> Redirect:
    """Nobody further is told until it is resumed."""
    ask(visit, pause)
    return _back(visit, N_("It is held: nobody further is told until you resume it."))


@pages.form("/console/announcements/{id}/resume", allow=_AUTHORS, body=Onward, again=announcement)
def go_on(visit: Visit[Onward]) -> Redirect:
    """It goes on where it was held."""
    ask(visit, resume)
    return _back(visit, N_("It goes on where it was held."))


@pages.page("/console/announcements/{id}/cancel", allow=_AUTHORS)
def ask_cancel(visit: Visit[None]) -> Page:
    """What ending it means."""
    return _shown(visit, "cancel")


@pages.form("/console/announcements/{id}/cancel", allow=_AUTHORS, body=Onward, again=ask_cancel)
def end(visit: Visit[Onward]) -> Redirect:
    """Ends it before everybody was told."""
    ask(visit, cancel)
    return _back(visit, N_("It is ended. Nobody further hears of it."))


def _shown(visit: Visit[Any], template: str) -> Page:
    found, revision = ask_at(visit, get_announcement)
    values = {
        "announcement": found,
        "revision": revision,
        "state": ANNOUNCEMENT[found.status],
        "class_words": {each: state.name for each, state in CLASS.items()},
        "writes": may(visit, announce),
        "segments": dict(segments(visit)) if found.audience.segment_ids else {},
        "running": found.status in ("scheduled", "sending", "paused"),
    }
    return Page(f"console/announcements/{template}.html", values)


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/announcements/{visit.path['id']}", flash=flash)
