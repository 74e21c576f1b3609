"""Pages of questions: what the shop has answered for everybody, and a member's own questions."""

from datetime import timedelta
from typing import Any

from chalicelib.enquiries.forms import EnquiryMessage, NewEnquiry
from chalicelib.enquiries.model.conversation import REOPENED_WITHIN, Said
from chalicelib.enquiries.service import faq, handling, talking
from chalicelib.enquiries.service.opening import open_enquiry
from chalicelib.enquiries.views import OwnEnquiryView, StoreFaqView
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.enquiries import views
from chalicelib.pages.storefront.enquiries.forms import About, AskForm, HelpedPage, HelpQuery, Nothing, ReplyPage
from chalicelib.web import anyone, member

pages = Pages(__name__)

_SHOWN = 100
_LOOKED_UP = timedelta(seconds=20)
"""For so long after a question its page looks for the automatic answer by itself."""


@pages.page("/s/{slug}/help", allow=anyone(), query=HelpQuery)
def help_page(visit: Visit[None]) -> Page:
    """Questions that the shop has answered for everybody, in the language of the page; else in any."""
    q = visit.query.q

    def found(locale: str | None) -> list[StoreFaqView]:
        page = faq.list_entries(visit.tenant_id, _SHOWN, None, locale=locale, q=q, published_only=True)
        return [StoreFaqView.of(each) for each in page.items]

    return Page("storefront/enquiries/help.html", {"entries": found(visit.language) or found(None), "q": q})


@pages.page("/s/{slug}/enquiries/new", allow=member(), query=About)
def ask(visit: Visit[Any]) -> Page:
    """What would you like to know?"""
    about = visit.query or About()
    return Page("storefront/enquiries/ask.html", {"order_id": about.order or "", "product_id": about.product or ""})


@pages.form("/s/{slug}/enquiries/new", allow=member(), body=AskForm, again=ask)
def send(visit: Visit[AskForm]) -> Redirect:
    """Asks, once for each form."""
    form = visit.form(NewEnquiry, visit.body.asked())
    enquiry = open_enquiry(
        visit.tenant_id, visit.member_id, form.text, visit.key, visit.now,
        order_id=form.order_id, product_id=form.product_id,
    )  # fmt: skip
    return Redirect(f"/enquiries/{enquiry.id}", flash=N_("We have your question."))


@pages.page("/s/{slug}/enquiries", allow=member(), paged=True)
def own_enquiries(visit: Visit[None]) -> Page:
    """A member's questions: the open ones first."""
    page = handling.list_own_enquiries(visit.tenant_id, visit.member_id, visit.limit, visit.cursor)
    values = {
        "enquiries": [OwnEnquiryView.of(each) for each in page.items],
        "states": views.STATES,
        "following": visit.following(page.last_key),
    }
    return Page("storefront/enquiries/list.html", values)


@pages.page("/s/{slug}/enquiries/{id}", allow=member())
def show_enquiry(visit: Visit[Any]) -> Page:
    """The conversation, what comes next, and what the member can do."""
    return Page("storefront/enquiries/enquiry.html", _shown(visit))


@pages.page("/s/{slug}/enquiries/{id}/now", allow=member())
def now(visit: Visit[None]) -> Page | Redirect:
    """The part of the page that changes when the automatic answer comes."""
    shown = _shown(visit)
    if not visit.partial:
        return Redirect(f"/enquiries/{visit.path['id']}")
    return Page("storefront/enquiries/conversation.html", shown)


def _shown(visit: Visit[Any]) -> dict[str, Any]:
    record = handling.get_own_enquiry(visit.tenant_id, visit.member_id, visit.path["id"], consistent=True)
    found = OwnEnquiryView.of(record)
    fresh = visit.now < found.opened_at + _LOOKED_UP
    return {
        "enquiry": found,
        "state": views.STATES[found.status],
        "happened": views.happened(found.messages),
        "looking": found.status == "open" and record.judged_at is None and fresh,
        "due_at": found.first_response_due_at if found.status == "open" else None,
        "late": found.first_response_due_at < visit.now,
        "may_write": found.closed_at is None or visit.now < found.closed_at + REOPENED_WITHIN,
    }


@pages.form("/s/{slug}/enquiries/{id}", allow=member(), body=ReplyPage, again=show_enquiry)
def write(visit: Visit[ReplyPage]) -> Redirect:
    """Writes to the store, once for each form; one that was closed lately is opened again."""
    form = visit.form(EnquiryMessage, visit.body.asked())
    said = Said(form.text, visit.key)
    talking.write_to_store(visit.tenant_id, visit.member_id, visit.path["id"], said, visit.now)
    return Redirect(f"/enquiries/{visit.path['id']}", flash=N_("We have your message."))


@pages.form("/s/{slug}/enquiries/{id}/helped", allow=member(), body=HelpedPage, again=show_enquiry)
def judge(visit: Visit[HelpedPage]) -> Redirect:
    """Says whether the automatic answer helped."""
    helped = visit.body.helped == "yes"
    talking.judge_answer(visit.tenant_id, visit.member_id, visit.path["id"], helped, visit.now)
    thanks, person = N_("Good to hear. The question is closed."), N_("Somebody of the team answers you.")
    return Redirect(f"/enquiries/{visit.path['id']}", flash=thanks if helped else person)


@pages.form("/s/{slug}/enquiries/{id}/close", allow=member(), body=Nothing, again=show_enquiry)
def close(visit: Visit[Nothing]) -> Redirect:
    """Closes it."""
    talking.close_own(visit.tenant_id, visit.member_id, visit.path["id"], visit.now)
    return Redirect(f"/enquiries/{visit.path['id']}", flash=N_("The question is closed."))
