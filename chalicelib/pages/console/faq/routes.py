"""Pages of the FAQ: its entries by language, one of them, and a new one."""

from typing import Any

from chalicelib.enquiries.forms import FaqQuery
from chalicelib.enquiries.routes.faq import add_faq_entry, delete_faq_entry, edit_faq_entry, get_faq_entry, list_faq
from chalicelib.pages.console.faq.forms import FaqPage, Nothing
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "service", "editor")
_LOCALES = [("zh", N_("Chinese")), ("en", N_("English"))]


@pages.page("/console/faq", allow=_TEAM, query=FaqQuery, paged=True)
def entries(visit: Visit[None]) -> Page:
    """All entries, by language and position."""
    found = ask(visit, list_faq, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "entries": found.items,
        "wanted": visit.query,
        "locales": _LOCALES,
        "following": visit.following(found.last_key),
    }
    return Page("console/faq/list.html", values)


@pages.page("/console/faq/new", allow=_TEAM)
def begin(visit: Visit[Any]) -> Page:
    """A question, and its answer."""
    return Page("console/faq/new.html", {"locales": _LOCALES, "locale": visit.language})


@pages.form("/console/faq/new", allow=_TEAM, body=FaqPage, again=begin)
def add(visit: Visit[FaqPage]) -> Redirect:
    """Adds it, once for each form."""
    ask(visit, add_faq_entry, body=visit.body.asked())
    return Redirect("/faq", flash=N_("The question is in the FAQ."))


@pages.page("/console/faq/{id}", allow=_TEAM)
def entry(visit: Visit[Any]) -> Page:
    """One entry."""
    found, revision = ask_at(visit, get_faq_entry)
    return Page("console/faq/entry.html", {"entry": found, "revision": revision, "locales": _LOCALES})


@pages.form("/console/faq/{id}", allow=_TEAM, body=FaqPage, again=entry)
def edit(visit: Visit[FaqPage]) -> Redirect:
    """Changes it: from then on it is answered with the new words."""
    ask(visit, edit_faq_entry, body=visit.body.asked())
    return Redirect("/faq", flash=N_("It is saved."))


@pages.form("/console/faq/{id}/delete", allow=_TEAM, body=Nothing, again=entry)
def delete(visit: Visit[Nothing]) -> Redirect:
    """Deletes it; what was answered from it stays."""
    ask(visit, delete_faq_entry)
    return Redirect("/faq", flash=N_("It is deleted."))
