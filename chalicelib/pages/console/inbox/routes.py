"""Pages of the team's inbox. A message is read by being opened with a press, not by its address being fetched."""

from typing import Any

from chalicelib.members.preferences.model import WEEKDAYS
from chalicelib.members.preferences.routes import read_team_preferences, set_team_preferences
from chalicelib.notices.inbox import service
from chalicelib.notices.inbox.forms import InboxQuery
from chalicelib.notices.inbox.routes import delete_message, list_inbox, read_inbox, read_message
from chalicelib.notices.inbox.views import InboxView
from chalicelib.notices.model.pages import page_of
from chalicelib.notices.model.people import Person
from chalicelib.notices.templates.service.composing import telling_of
from chalicelib.pages.console.inbox.forms import Nothing, PreferencesPage
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.web import signed_in

pages = Console(__name__)

_TEAM = signed_in("staff")
_DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
_EVERY = {
    "none": N_("each by itself, at once"),
    "daily": N_("together, once a day"),
    "weekly": N_("together, once a week"),
}
_LANGUAGES = (("zh", "中文"), ("en", "English"))


@pages.page("/console/inbox", allow=_TEAM, query=InboxQuery, paged=True)
def inbox(visit: Visit[None]) -> Page:
    """What I was told, the newest first."""
    found = ask(visit, list_inbox, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "messages": found.items,
        "unread": found.beside,
        "only_unread": visit.query.unread,
        "following": visit.following(found.last_key),
    }
    return Page("console/inbox/inbox.html", values)


@pages.form("/console/inbox/read", allow=_TEAM, body=Nothing)
def read_all(visit: Visit[Nothing]) -> Redirect:
    """Marks everything as read."""
    ask(visit, read_inbox)
    return Redirect("/inbox", flash=N_("Everything is marked as read."))


@pages.page("/console/inbox/preferences", allow=_TEAM)
def preferences(visit: Visit[Any]) -> Page:
    """How I want to be told."""
    wanted, revision = ask_at(visit, read_team_preferences)
    known = dict(_LANGUAGES)
    other = [(wanted.locale, wanted.locale)] if wanted.locale and wanted.locale not in known else []
    values = {
        "wanted": wanted,
        "revision": revision,
        "every": _EVERY.items(),
        "weekdays": tuple(zip(WEEKDAYS, _DAYS, strict=True)),
        "languages": [*_LANGUAGES, *other],
    }
    return Page("console/inbox/preferences.html", values)


@pages.form("/console/inbox/preferences", allow=_TEAM, body=PreferencesPage, again=preferences)
def keep_preferences(visit: Visit[PreferencesPage]) -> Redirect:
    """Keeps all of it, where nothing has changed in between."""
    ask(visit, set_team_preferences, body=visit.body.stated())
    return Redirect("/inbox/preferences", flash=N_("It is saved."))


@pages.page("/console/inbox/{id}", allow=_TEAM)
def message(visit: Visit[None]) -> Page:
    """A message, with the way to what it is about."""
    person = Person.staff(visit.principal.id)
    record, mark = service.show(visit.tenant_id, person, visit.path["id"])
    to = page_of(record.template, telling_of(record.template), record.about_id or "")
    return Page("console/inbox/message.html", {"message": InboxView.of(record, mark), "leads_to": to.removesuffix("/")})


@pages.form("/console/inbox/{id}", allow=_TEAM, body=Nothing)
def open_message(visit: Visit[Nothing]) -> Redirect:
    """Marks a message as read, and shows it."""
    ask(visit, read_message)
    return Redirect(f"/inbox/{visit.path['id']}")


@pages.form("/console/inbox/{id}/delete", allow=_TEAM, body=Nothing)
def remove_message(visit: Visit[Nothing]) -> Redirect:
    """Takes a message out of the inbox for good."""
    ask(visit, delete_message)
    return Redirect("/inbox", flash=N_("The message is deleted."))
