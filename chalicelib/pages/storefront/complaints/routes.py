"""Pages of complaints: a member complains about an order, and follows what becomes of it."""

from typing import Any

from chalicelib.complaints.forms import NewComplaint, ReplyForm, VerdictForm
from chalicelib.complaints.model.cases import REOPENED_WITHIN, Category
from chalicelib.complaints.model.remedies import MAX_PHOTOS
from chalicelib.complaints.service import handling, talking
from chalicelib.complaints.service.causes import list_causes
from chalicelib.complaints.service.opening import open_complaint
from chalicelib.complaints.service.verdicts import give_verdict
from chalicelib.complaints.views import OwnComplaintView
from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.kernel.ids import is_id
from chalicelib.media.service import uploads
from chalicelib.orders.service.reading import get_own_order
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.complaints import views
from chalicelib.pages.storefront.complaints.forms import ComplaintForm, ReplyPage, VerdictPage
from chalicelib.web import member

pages = Pages(__name__)


@pages.page("/s/{slug}/orders/{id}/complaint", allow=member())
def ask(visit: Visit[Any]) -> Page:
    """What is it about, and what went wrong?"""
    order = get_own_order(visit.tenant_id, visit.member_id, visit.path["id"])
    causes, _ = list_causes(visit.tenant_id)
    values = {
        "order_id": order.id, "about": views.ABOUT, "causes": views.to_choose(causes, visit.language), **_photos(visit),
    }  # fmt: skip
    return Page("storefront/complaints/ask.html", values)


def _photos(visit: Visit[Any]) -> dict[str, Any]:
    """Photos that were sent already, where a form is shown again."""
    sent = [value for name, value in visit.fields.items() if name.startswith("photos.") and is_id(value)]
    links = [(each, uploads.link(visit.tenant_id, visit.member_id, each)) for each in sent[:MAX_PHOTOS]]
    return {"photos": links, "most_photos": MAX_PHOTOS}


@pages.form("/s/{slug}/orders/{id}/complaint", allow=member(), body=ComplaintForm, again=ask)
def send(visit: Visit[ComplaintForm]) -> Redirect:
    """Opens a complaint, once for each form."""
    try:
        form = visit.form(NewComplaint, visit.body.asked(visit.path["id"]))
        category = Category(form.category) if form.category else None
        complaint = open_complaint(
            visit.tenant_id, visit.member_id, form.text, visit.now,
            category=category, cause=form.cause, order_id=form.order_id, photos=form.photos, key=visit.key,
        )  # fmt: skip
    except DomainError as refusal:
        refusal.errors = tuple(_beside_the_choice(each) for each in refusal.errors)
        raise
    return Redirect(f"/complaints/{complaint.id}", flash=N_("We have your complaint."))


def _beside_the_choice(error: FieldError) -> FieldError:
    return _beside_the_photos(
        FieldError("/about", error.message, error.message_zh) if error.pointer == "/category" else error
    )


def _beside_the_photos(error: FieldError) -> FieldError:
    of_one = error.pointer.startswith("/photos/")
    return FieldError("/photos", error.message, error.message_zh) if of_one else error


@pages.page("/s/{slug}/complaints", allow=member(), paged=True)
def own_complaints(visit: Visit[None]) -> Page:
    """A member's complaints, newest first."""
    page = handling.list_own_complaints(visit.tenant_id, visit.member_id, visit.limit, visit.cursor)
    values = {
        "complaints": [OwnComplaintView.of(each) for each in page.items],
        "about": views.ABOUT,
        "states": views.STATES,
        "following": visit.following(page.last_key),
    }
    return Page("storefront/complaints/list.html", values)


@pages.page("/s/{slug}/complaints/{id}", allow=member())
def show_complaint(visit: Visit[Any]) -> Page:
    """Where a complaint stands: who sees to it, until when, and what came of it."""
    found = OwnComplaintView.of(handling.get_own_complaint(visit.tenant_id, visit.member_id, visit.path["id"]))
    due_at = found.first_response_due_at if found.status == "open" else found.resolution_due_at
    causes, _ = list_causes(visit.tenant_id)
    cause = causes.get(found.cause)
    values = {
        "complaint": found,
        "about": views.ABOUT[found.category],
        "cause": views.in_words(cause, visit.language) if cause else found.cause,
        "state": views.STATES[found.status],
        "happened": views.happened(found.history),
        "due_at": due_at if found.status != "resolved" else None,
        "late": due_at < visit.now,
        "kinds": views.REMEDIES,
        "remedy_states": views.REMEDY_STATES,
        **_photos(visit),
        "may_write": found.resolved_at is None or visit.now < found.resolved_at + REOPENED_WITHIN,
    }
    return Page("storefront/complaints/complaint.html", values)


@pages.form("/s/{slug}/complaints/{id}", allow=member(), body=ReplyPage, again=show_complaint)
def write(visit: Visit[ReplyPage]) -> Redirect:
    """Writes to the store about it, once for each form; one that was resolved lately is opened again."""
    try:
        form = visit.form(ReplyForm, visit.body.asked())
        said = talking.Said(form.text, visit.key, tuple(form.photos))
        complaint = talking.reply(visit.tenant_id, visit.member_id, visit.path["id"], said, visit.now)
    except DomainError as refusal:
        refusal.errors = tuple(_beside_the_photos(each) for each in refusal.errors)
        raise
    return Redirect(f"/complaints/{complaint.id}", flash=N_("We have your message."))


@pages.form("/s/{slug}/complaints/{id}/verdict", allow=member(), body=VerdictPage, again=show_complaint)
def judge(visit: Visit[VerdictPage]) -> Redirect:
    """Says whether the answer settles it; one that does not opens it again."""
    form = visit.form(VerdictForm, visit.body.asked())
    give_verdict(
        visit.tenant_id, visit.member_id, visit.path["id"], form.given(), visit.now, resolution=form.resolution
    )
    settled = form.verdict == "accepted"
    said = N_("Thank you. We are glad that it is settled.") if settled else N_("We look at it again.")
    return Redirect(f"/complaints/{visit.path['id']}", flash=said)
