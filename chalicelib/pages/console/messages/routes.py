"""Pages of messages: their words, how they go out, what they cost, and the addresses that they do not go to."""

from typing import Any

from chalicelib.notices.media.forms import UsageQuery
from chalicelib.notices.media.routes import read_message_usage
from chalicelib.notices.settings.routes import read_message_settings, set_message_settings
from chalicelib.notices.suppression.forms import SuppressedQuery
from chalicelib.notices.suppression.routes import list_suppressed_addresses, release_suppressed_address
from chalicelib.notices.templates.forms import NoticeQuery
from chalicelib.notices.templates.routes import (
    list_templates,
    preview_template,
    read_template,
    remove_template,
    set_template,
)
from chalicelib.notices.templates.views import PreviewView
from chalicelib.pages.console.messages.forms import Nothing, SettingsTyped, WordsOf, WordsTyped
from chalicelib.pages.console.messages.model import (
    AUDIENCES,
    CATEGORIES,
    LANGUAGES,
    MEDIA,
    NONE,
    PLACES,
    REASONS,
    in_places,
)
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.web import staff

pages = Console(__name__)

_WRITERS = staff("manager", "editor")
_SETTERS = staff("manager")
_READERS = staff("manager", "analyst")
_REACHING = staff("manager", "service")
_ALL_TEMPLATES = 100


@pages.page("/console/messages", allow=staff("manager", "editor", "service", "analyst"))
def messages(visit: Visit[None]) -> Page:
    """The ways to all that can be seen and set of messages, for whoever may."""
    found = {
        "words": may(visit, list_templates),
        "settings": may(visit, read_message_settings),
        "usage": may(visit, read_message_usage),
        "addresses": may(visit, list_suppressed_addresses),
    }
    return Page("console/messages/messages.html", {"may_see": found})


@pages.page("/console/message-templates", allow=_WRITERS, query=NoticeQuery)
def templates(visit: Visit[None]) -> Page:
    """All messages that are sent, by what they are for."""
    found = ask(visit, list_templates, query=visit.query, limit=_ALL_TEMPLATES).items
    groups = [(name, [each for each in found if each.category == kind]) for kind, name in CATEGORIES.items()]
    values = {
        "groups": [each for each in groups if each[1]],
        "category": visit.query.category,
        "categories": [(kind, name) for kind, name in CATEGORIES.items()],
        "audiences": AUDIENCES,
        "languages": LANGUAGES,
    }
    return Page("console/messages/templates.html", values)


@pages.page("/console/message-templates/words", allow=_WRITERS, query=WordsOf)
def words(visit: Visit[None]) -> Page:
    """What a message says, ours and the brand's own, and what its words may show."""
    return _words(visit, visit.query.name, visit.query.locale or visit.language)


def _typed(visit: Visit[Any]) -> Page:
    locale = visit.fields.get("locale", "")
    return _words(visit, visit.fields.get("name", "")[:64], locale if locale in LANGUAGES else visit.language)


def _words(visit: Visit[Any], name: str, locale: str, shown: PreviewView | None = None) -> Page:
    found, revision = ask_at(visit, read_template, path={"name": name}, query={"locale": locale})
    said = found.own or found.ours
    values = {
        "message": found,
        "revision": revision,
        "shown": shown,
        "subject": visit.fields.get("subject", said.subject),
        "text": visit.fields.get("text", said.text),
        "category": CATEGORIES[found.category],
        "audience": AUDIENCES[found.audience],
        "languages": LANGUAGES,
    }
    return Page("console/messages/words.html", values)


@pages.form("/console/message-templates/preview", allow=_WRITERS, body=WordsTyped, again=_typed)
def preview(visit: Visit[WordsTyped]) -> Page:
    """Shows the words with examples; nothing is kept but what was typed."""
    body = visit.body
    shown: PreviewView = ask(visit, preview_template, path={"name": body.name}, body=body.sent())
    return _words(visit, body.name, body.locale, shown)


@pages.form("/console/message-templates/words", allow=_WRITERS, body=WordsTyped, again=_typed)
def keep(visit: Visit[WordsTyped]) -> Redirect:
    """From now on the message says the brand's own words."""
    body = visit.body
    ask(visit, set_template, path={"name": body.name}, body=body.sent())
    to = f"/message-templates/words?name={body.name}&locale={body.locale}"
    return Redirect(to, flash=N_("It is saved. Messages say it within a minute."))


@pages.form("/console/message-templates/ours", allow=_WRITERS, body=WordsTyped, again=_typed)
def go_back(visit: Visit[WordsTyped]) -> Redirect:
    """Goes back to the product's words."""
    body = visit.body
    ask(visit, remove_template, path={"name": body.name}, query={"locale": body.locale})
    to = f"/message-templates/words?name={body.name}&locale={body.locale}"
    return Redirect(to, flash=N_("The message says our words again."))


@pages.page("/console/message-settings", allow=_SETTERS)
def settings(visit: Visit[Any]) -> Page:
    """How the brand's messages go out."""
    found, revision = ask_at(visit, read_message_settings)
    values = {
        "settings": found,
        "revision": revision,
        "channels": in_places(found.channels),
        "places": PLACES,
        "media": [("", NONE), *MEDIA.items()],
        "names": MEDIA,
    }
    return Page("console/messages/settings.html", values)


@pages.form("/console/message-settings", allow=_SETTERS, body=SettingsTyped, again=settings)
def set_settings(visit: Visit[SettingsTyped]) -> Redirect:
    """Keeps all of it, where nothing has changed in between."""
    before = ask(visit, read_message_settings)
    ask(visit, set_message_settings, body=visit.body.stated(before))
    return Redirect("/message-settings", flash=N_("It is saved. Messages on their way may follow it a minute later."))


@pages.page("/console/message-usage", allow=_READERS, query=UsageQuery)
def usage(visit: Visit[None]) -> Page:
    """How many messages left, by medium and by day, and what they cost."""
    found = ask(visit, read_message_usage, query=visit.query)
    return Page("console/messages/usage.html", {"usage": found, "names": MEDIA})


@pages.page("/console/suppressed-addresses", allow=_REACHING, query=SuppressedQuery, paged=True)
def addresses(visit: Visit[None]) -> Page:
    """Addresses that mail does not go to, and why."""
    query = visit.query.model_dump(exclude_none=True)
    found = ask(visit, list_suppressed_addresses, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "addresses": found.items,
        "following": visit.following(found.last_key),
        "email": visit.query.email,
        "reasons": REASONS,
        "may_release": may(visit, release_suppressed_address),
    }
    return Page("console/messages/addresses.html", values)


@pages.form("/console/suppressed-addresses/{id}/release", allow=_SETTERS, body=Nothing)
def release(visit: Visit[Nothing]) -> Redirect:
    """Mail goes to the address again."""
    ask(visit, release_suppressed_address)
    return Redirect("/suppressed-addresses", flash=N_("Mail goes to this address again."))
