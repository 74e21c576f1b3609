"""Pages of suggestions: the list, one of them with others like it, and what is decided about it."""

from typing import Any

from chalicelib.coupons.service.batches import list_batches
from chalicelib.kernel.errors import Invalid
from chalicelib.members.routes import read_member
from chalicelib.pages.console.choosing import coupon_named
from chalicelib.pages.console.people import people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import SUGGESTION
from chalicelib.pages.console.suggestions import views
from chalicelib.pages.console.suggestions.forms import AdoptionPage, AssessmentPage, CompletionPage, GroupPage
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.suggestions.forms import Declining, NotedSuggestion, SuggestionQuery
from chalicelib.suggestions.routes import (
    adopt_suggestion,
    decline_suggestion,
    edit_suggestion,
    finish_suggestion,
    get_suggestion,
    list_suggestions,
    note_suggestion,
)
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "service")
_CHOICES = 100


@pages.page("/console/suggestions", allow=_TEAM, query=SuggestionQuery, paged=True)
def suggestions(visit: Visit[None]) -> Page:
    """The open ones first."""
    wanted = visit.query or SuggestionQuery()
    found = ask(visit, list_suggestions, query=wanted, limit=visit.limit, cursor=visit.cursor)
    values = {
        "suggestions": found.items,
        "wanted": wanted,
        "people": people(visit),
        "states": SUGGESTION,
        "following": visit.following(found.last_key),
    }
    return Page("console/suggestions/list.html", values)


@pages.form("/console/suggestions", allow=_TEAM, body=NotedSuggestion, again=suggestions)
def note(visit: Visit[NotedSuggestion]) -> Redirect:
    """Notes what a member suggested elsewhere."""
    noted = ask(visit, note_suggestion, body=visit.body)
    return Redirect(f"/suggestions/{noted.id}", flash=N_("It is noted, as the member's."))


@pages.page("/console/suggestions/{id}", allow=_TEAM)
def suggestion(visit: Visit[Any]) -> Page:
    """One of them: what was said, what is like it, and what can be decided."""
    found, revision = ask_at(visit, get_suggestion)
    values = {
        "it": found,
        "revision": revision,
        "state": SUGGESTION[found.status],
        "states": SUGGESTION,
        "member": ask(visit, read_member, path={"id": found.member_id}),
        "people": people(visit),
        "values": list(views.VALUES.items()),
        "efforts": list(views.EFFORTS.items()),
        "happened": views.HAPPENED,
        "names": views.FIELDS,
        "words": views.word,
        "batches": _batches(visit) if found.reward is None else [],
        "coupon": coupon_named(visit, found.reward.coupon_batch_id) if found.reward else "",
    }
    return Page("console/suggestions/suggestion.html", values)


def _batches(visit: Visit[Any]) -> list[tuple[str, str]]:
    """Coupons that are given at present."""
    found = list_batches(visit.tenant_id, _CHOICES, None).items
    return [(each.id, each.title) for each in found if not each.paused and not each.validity.over(visit.now)]


@pages.form("/console/suggestions/{id}", allow=_TEAM, body=AssessmentPage, again=suggestion)
def assess(visit: Visit[AssessmentPage]) -> Redirect:
    """Notes what it would bring and cost, and whose it is."""
    ask(visit, edit_suggestion, body=visit.body.asked())
    return Redirect(f"/suggestions/{visit.path['id']}", flash=N_("It is saved."))


@pages.form("/console/suggestions/{id}/group", allow=_TEAM, body=GroupPage, again=suggestion)
def group(visit: Visit[GroupPage]) -> Redirect:
    """Makes it one with another, or takes it out again."""
    ask(visit, edit_suggestion, body=visit.body.asked())
    return Redirect(f"/suggestions/{visit.path['id']}", flash=N_("It is saved."))


@pages.form("/console/suggestions/{id}/adopt", allow=_TEAM, body=AdoptionPage, again=suggestion)
def adopt(visit: Visit[AdoptionPage]) -> Redirect:
    """Promises to do it; whoever suggested it is told."""
    try:
        ask(visit, adopt_suggestion, body=visit.body.asked())
    except Invalid as refusal:
        raise views.beside(refusal) from refusal
    flash = N_("It is adopted. Whoever suggested it is told.")
    return Redirect(f"/suggestions/{visit.path['id']}", flash=flash)


@pages.form("/console/suggestions/{id}/decline", allow=_TEAM, body=Declining, again=suggestion)
def decline(visit: Visit[Declining]) -> Redirect:
    """Says why it is not done."""
    ask(visit, decline_suggestion, body=visit.body)
    flash = N_("It is declined. Whoever suggested it is told why.")
    return Redirect(f"/suggestions/{visit.path['id']}", flash=flash)


@pages.form("/console/suggestions/{id}/done", allow=_TEAM, body=CompletionPage, again=suggestion)
def finish(visit: Visit[CompletionPage]) -> Redirect:
    """Says that it is done."""
    ask(visit, finish_suggestion, body=visit.body.asked())
    flash = N_("It is done. Whoever suggested it is told.")
    return Redirect(f"/suggestions/{visit.path['id']}", flash=flash)
