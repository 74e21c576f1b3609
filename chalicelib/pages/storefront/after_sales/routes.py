"""Pages of after-sale: a member asks with photos, and follows what becomes of it."""

from typing import Any

from chalicelib.aftersales.forms import AfterSaleForm
from chalicelib.aftersales.model.cases import MAX_PHOTOS, MOVES, Kind, Status
from chalicelib.aftersales.service import handling, opening
from chalicelib.aftersales.service.claiming import claimable
from chalicelib.aftersales.views import OwnAfterSaleView, ReturnQuoteView
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import is_id, new_id
from chalicelib.kernel.money import Money
from chalicelib.media.forms import UploadForm
from chalicelib.media.service import uploads
from chalicelib.media.views import UploadView
from chalicelib.pages.shell import N_, Content, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.after_sales import views
from chalicelib.pages.storefront.after_sales.forms import RequestForm, beside_the_fields
from chalicelib.web import Body, hash_of, member

pages = Pages(__name__)


class Nothing(Body):
    """A form that is no more than its button."""


@pages.page("/s/{slug}/orders/{id}/after-sale", allow=member())
def ask(visit: Visit[Any]) -> Page:
    """What can be asked for of an order or, where nothing can, why."""
    return _ask(visit)


def _ask(visit: Visit[Any], *, changing: bool = False) -> Page:
    lines = claimable(visit.tenant_id, visit.member_id, visit.path["id"], visit.now)
    sent = [value for name, value in visit.fields.items() if name.startswith("photos.") and is_id(value)]
    values = {
        "order_id": visit.path["id"],
        "lines": [line for line in lines if line.left and line.until],
        "choices": views.choices(lines),
        "differ": views.differ(lines),
        "names": views.NAMES,
        "received": any(line.received for line in lines),
        "left": any(line.left for line in lines),
        "ended": views.ended(lines),
        "photos": [(each, uploads.link(visit.tenant_id, visit.member_id, each)) for each in sent[:MAX_PHOTOS]],
        "most_photos": MAX_PHOTOS,
        "gifts": [line for line in lines if line.given],
        "changing": changing,
    }
    return Page("storefront/after_sales/ask.html", values)


@pages.form("/s/{slug}/orders/{id}/after-sale", allow=member(), body=RequestForm, again=ask)
def send(visit: Visit[RequestForm]) -> Page | Redirect:
    """Opens a case, once for each form. Where something is kept back for a gift that stays, its member sees before what
    they would get back, and how much more with the gift.
    """
    if visit.body.step == "change":
        return _ask(visit, changing=True)
    form: AfterSaleForm | None = None
    try:
        form = visit.form(AfterSaleForm, visit.body.asked())
        if visit.body.step == "ask" and (page := _gifts_stay(visit, form)) is not None:
            return page
        case = opening.open_case(
            visit.tenant_id, visit.member_id, visit.path["id"], form.wanted(), visit.key or new_id(visit.now),
            hash_of(form), visit.now,
        )  # fmt: skip
    except DomainError as refusal:
        raise beside_the_fields(refusal, form) from refusal
    return Redirect(f"/after-sales/{case.id}", flash=N_("We have your request."))


def _gifts_stay(visit: Visit[RequestForm], form: AfterSaleForm) -> Page | None:
    """What a return pays back, where something is kept back of that for a gift."""
    asked = form.wanted()
    if asked.kind is not Kind.RETURN:
        return None
    quoted = opening.quote(visit.tenant_id, visit.member_id, visit.path["id"], asked.lines, visit.now)
    found = quoted.outlook
    if not found.gifts_kept_minor:
        return None
    lines = claimable(visit.tenant_id, visit.member_id, visit.path["id"], visit.now)
    values = {
        "order_id": visit.path["id"],
        "quote": ReturnQuoteView.of(quoted),
        "whole": Money(found.minor + found.gifts_kept_minor, quoted.order.currency),
        "titles": {line.name: line.title for line in lines},
        "sent": {name: value for name, value in visit.fields.items() if not name.startswith("_") and name != "step"},
    }
    return Page("storefront/after_sales/confirm.html", values)


@pages.form("/s/{slug}/uploads", allow=member(), body=UploadForm)
def upload(visit: Visit[UploadForm]) -> Content:
    """For the script of a page: where to send a photo."""
    granted = uploads.ask(visit.tenant_id, visit.member_id, visit.body.content_type, visit.body.size, visit.now)
    return Content(UploadView.model_validate(granted).model_dump_json(), "application/json")


@pages.page("/s/{slug}/after-sales", allow=member(), paged=True)
def own_cases(visit: Visit[None]) -> Page:
    """A member's cases, newest first."""
    page = handling.list_own_cases(visit.tenant_id, visit.member_id, visit.limit, visit.cursor)
    values = {
        "cases": [OwnAfterSaleView.of(each) for each in page.items],
        "names": views.NAMES,
        "states": views.STATES,
        "following": visit.following(page.last_key),
    }
    return Page("storefront/after_sales/list.html", values)


@pages.page("/s/{slug}/after-sales/{id}", allow=member())
def show_case(visit: Visit[Any]) -> Page:
    """Where a case stands, and what comes next."""
    record = handling.get_own_case(visit.tenant_id, visit.member_id, visit.path["id"])
    case = OwnAfterSaleView.of(record)
    values = {
        "case": case,
        "name": views.NAMES[case.kind],
        "state": views.STATES[case.status],
        "next_step": views.next_step(case),
        "happened": views.happened(case.history),
        "withdraws": Status.WITHDRAWN in MOVES[Kind(case.kind)][Status(case.status)],
        "titles": {line.name: line.title for line in case.lines},
        "photos": [
            uploads.link(visit.tenant_id, visit.member_id, name) for name in record.photo_files or record.photos
        ],
    }
    return Page("storefront/after_sales/case.html", values)


@pages.form("/s/{slug}/after-sales/{id}/withdraw", allow=member(), body=Nothing, again=show_case)
def withdraw(visit: Visit[Nothing]) -> Redirect:
    """Takes a request back, while it can be."""
    handling.withdraw(visit.tenant_id, visit.member_id, visit.path["id"], visit.now)
    return Redirect(f"/after-sales/{visit.path['id']}", flash=N_("You have withdrawn the request."))
