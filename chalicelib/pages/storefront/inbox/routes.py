"""Pages of a member's inbox. A message is read by being opened with a press, not by its address being fetched."""

from typing import Any

from chalicelib.notices.inbox import service
from chalicelib.notices.inbox.views import InboxView, UnreadView
from chalicelib.notices.model.pages import page_of
from chalicelib.notices.model.people import Person
from chalicelib.notices.templates.service.composing import telling_of
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.web import Body, Query, member

pages = Pages(__name__)


class Shown(Query):
    """Which messages are shown: all, or those that wait to be read."""

    unread: bool = False


class Nothing(Body):
    """A form that is no more than its button."""


@pages.page("/s/{slug}/inbox", allow=member(), query=Shown, paged=True)
def inbox(visit: Visit[None]) -> Page:
    """Messages, newest first."""
    found = service.read_inbox(visit.tenant_id, _person(visit), visit.limit, visit.cursor, unread=visit.query.unread)
    values = {
        "messages": [InboxView.of(each, found.mark) for each in found.page.items],
        "unread": UnreadView.of(found.unread),
        "only_unread": visit.query.unread,
        "following": visit.following(found.page.last_key),
    }
    return Page("storefront/inbox/inbox.html", values)


@pages.form("/s/{slug}/inbox/read", allow=member(), body=Nothing)
def read_all(visit: Visit[Nothing]) -> Redirect:
    """Marks everything as read."""
    service.mark_all_read(visit.tenant_id, _person(visit), visit.now)
    return Redirect("/inbox", flash=N_("Everything is marked as read."))


@pages.page("/s/{slug}/inbox/{id}", allow=member())
def message(visit: Visit[None]) -> Page:
    """A message, with the way to what it is about."""
    record, mark = service.show(visit.tenant_id, _person(visit), visit.path["id"])
    leads_to = page_of(record.template, telling_of(record.template), record.about_id or "")
    return Page("storefront/inbox/message.html", {"message": InboxView.of(record, mark), "leads_to": leads_to})


@pages.form("/s/{slug}/inbox/{id}", allow=member(), body=Nothing)
def open_message(visit: Visit[Nothing]) -> Redirect:
    """Marks a message as read, and shows it."""
    service.mark_read(visit.tenant_id, _person(visit), visit.path["id"], visit.now)
    return Redirect(f"/inbox/{visit.path['id']}")


@pages.form("/s/{slug}/inbox/{id}/delete", allow=member(), body=Nothing)
def delete_message(visit: Visit[Nothing]) -> Redirect:
    """Takes a message out of the inbox for good."""
    service.remove(visit.tenant_id, _person(visit), visit.path["id"])
    return Redirect("/inbox", flash=N_("The message is deleted."))


def _person(visit: Visit[Any]) -> Person:
    return Person.member(visit.member_id)
