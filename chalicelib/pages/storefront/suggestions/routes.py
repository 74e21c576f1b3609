"""Pages of suggestions: a member suggests and follows, everybody reads what came of it."""

from typing import Any

from chalicelib.kernel.ids import new_id
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.suggestions.forms import SuggestionPage
from chalicelib.suggestions.forms import NewSuggestion
from chalicelib.suggestions.service import reading, suggesting
from chalicelib.suggestions.views import AdoptedSuggestionView, OwnSuggestionView
from chalicelib.web import anyone, hash_of, member

pages = Pages(__name__)

STATES = {
    "open": N_("we look at it"),
    "adopted": N_("we will do it"),
    "declined": N_("not for now"),
    "done": N_("done"),
}


@pages.page("/s/{slug}/suggestions", allow=member(), paged=True)
def suggestions(visit: Visit[Any]) -> Page:
    """What is suggested, and what was before, newest first."""
    page = reading.list_own_suggestions(visit.tenant_id, visit.member_id, visit.limit, visit.cursor)
    values = {
        "suggestions": [OwnSuggestionView.of(each) for each in page.items],
        "states": STATES,
        "first": visit.cursor is None,
        "following": visit.following(page.last_key),
    }
    return Page("storefront/suggestions/list.html", values)


@pages.form("/s/{slug}/suggestions", allow=member(), body=SuggestionPage, again=suggestions)
def suggest(visit: Visit[SuggestionPage]) -> Redirect:
    """Suggests something, once for each form."""
    form = visit.form(NewSuggestion, visit.body.asked())
    key = visit.key or new_id(visit.now)
    found = suggesting.suggest(visit.tenant_id, visit.member_id, form.text, key, hash_of(form), visit.now)
    return Redirect(f"/suggestions/{found.id}", flash=N_("Thank you! We have your suggestion."))


@pages.page("/s/{slug}/suggestions/{id}", allow=member())
def suggestion(visit: Visit[Any]) -> Page:
    """Where one stands, and what came of it."""
    found = reading.get_own_suggestion(visit.tenant_id, visit.member_id, visit.path["id"])
    values = {"it": OwnSuggestionView.of(found), "states": STATES}
    return Page("storefront/suggestions/suggestion.html", values)


@pages.page("/s/{slug}/adopted-suggestions", allow=anyone(), paged=True)
def adopted(visit: Visit[None]) -> Page:
    """What neighbours suggested, and the store does."""
    page = reading.list_adopted(visit.tenant_id, visit.limit, visit.cursor)
    values = {
        "adopted": [AdoptedSuggestionView.of(each) for each in page.items],
        "following": visit.following(page.last_key),
    }
    return Page("storefront/suggestions/adopted.html", values)
