"""Pages of complaints: a member complains about an order, and follows what becomes of it."""

from typing import Any

from chalicelib.complaints.forms import NewComplaint
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.service import handling
from chalicelib.complaints.service.opening import open_complaint
from chalicelib.complaints.views import OwnComplaintView
from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.orders.service.reading import get_own_order
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.complaints import views
from chalicelib.pages.storefront.complaints.forms import ComplaintForm
from chalicelib.web import member

pages = Pages(__name__)


@pages.page("/s/{slug}/orders/{id}/complaint", allow=member())
def ask(visit: Visit[Any]) -> Page:
    """What is it about, and what went wrong?"""
    order = get_own_order(visit.tenant_id, visit.member_id, visit.path["id"])
    return Page("storefront/complaints/ask.html", {"order_id": order.id, "about": views.ABOUT})


@pages.form("/s/{slug}/orders/{id}/complaint", allow=member(), body=ComplaintForm, again=ask)
def send(visit: Visit[ComplaintForm]) -> Redirect:
    """Opens a complaint, once for each form."""
    try:
        form = visit.form(NewComplaint, visit.body.asked(visit.path["id"]))
        category = Category(form.category) if form.category else None
        complaint = open_complaint(
            visit.tenant_id, visit.member_id, form.text, visit.now,
            category=category, cause=form.cause, order_id=form.order_id, key=visit.key,
        )  # fmt: skip
    except DomainError as refusal:
        refusal.errors = tuple(_beside_the_choice(each) for each in refusal.errors)
        raise
    return Redirect(f"/complaints/{complaint.id}", flash=N_("We have your complaint."))


def _beside_the_choice(error: FieldError) -> FieldError:
    return FieldError("/about", error.message, error.message_zh) if error.pointer == "/category" else error


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
def show_complaint(visit: Visit[None]) -> Page:
    """Where a complaint stands: who sees to it, until when, and what came of it."""
    found = OwnComplaintView.of(handling.get_own_complaint(visit.tenant_id, visit.member_id, visit.path["id"]))
    due_at = found.first_response_due_at if found.status == "open" else found.resolution_due_at
    values = {
        "complaint": found,
        "about": views.ABOUT[found.category],
        "state": views.STATES[found.status],
        "happened": views.happened(found.history),
        "due_at": due_at if found.status != "resolved" else None,
        "late": due_at < visit.now,
    }
    return Page("storefront/complaints/complaint.html", values)
