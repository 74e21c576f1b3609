"""Pages of the member: an overview, and the language."""

from typing import Any

from chalicelib.fulfilment.leader.routes import list_led_points
from chalicelib.kernel.language import nearest
from chalicelib.members.model.profiles import MemberChanges
from chalicelib.members.service.classes import classing
from chalicelib.members.service.members import edit_me, get_member
from chalicelib.members.views import MeView
from chalicelib.notices.inbox.service import read_inbox
from chalicelib.notices.inbox.views import UnreadView
from chalicelib.notices.model.people import Person
from chalicelib.pages.shell import Page, Pages, Redirect, Visit, ask, sessions, within
from chalicelib.pages.storefront.me.forms import LanguageForm
from chalicelib.web import anyone, member

pages = Pages(__name__)


@pages.page("/s/{slug}/me", allow=member())
def overview(visit: Visit[None]) -> Page:
    """Who is signed in, with the ways to all that is theirs."""
    me = MeView.of(get_member(visit.tenant_id, visit.member_id), classing(visit.tenant_id, visit.now))
    inbox = read_inbox(visit.tenant_id, Person.member(visit.member_id), limit=1, cursor=None)
    values = {"me": me, "unread": UnreadView.of(inbox.unread), "leads": _leads(visit)}
    return Page("storefront/me/me.html", values)


@pages.form("/s/{slug}/language", allow=anyone(), body=LanguageForm)
def choose_language(visit: Visit[LanguageForm]) -> Redirect:
    """The browser keeps the language; of a member it is kept for messages, too."""
    language = visit.body.language
    if visit.member_id and sessions.counts(visit.principal):
        before: str | None = get_member(visit.tenant_id, visit.member_id).locale
        if before is None or nearest(before) != language:
            edit_me(visit.tenant_id, visit.member_id, MemberChanges(locale=language), None, visit.now)
    return Redirect(within(visit.body.next, visit.home), cookies=(sessions.reads(language),))


def _leads(visit: Visit[Any]) -> bool:
    """Whether the member leads a pickup point. Who has led one is led to what is open yet by what they were told."""
    return bool(ask(visit, list_led_points, limit=1).items)
