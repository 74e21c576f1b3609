"""Pages of complaints: what waits and for how long, one of them with its history, and what is done about it."""

from functools import partial
from typing import Any

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.complaints.forms import ComplaintQuery, ReopeningForm
from chalicelib.complaints.model.remedies import FOR_COMPLAINTS, MAX_PHOTOS
from chalicelib.complaints.routes import (
    ask_for_complaint_upload,
    edit_complaint,
    get_complaint,
    list_complaints,
    note_complaint,
    reopen_complaint,
    resolve_complaint,
    write_about_complaint,
)
from chalicelib.complaints.views import ComplaintView
from chalicelib.coupons.service.batches import list_batches
from chalicelib.fulfilment.suppliers.service import list_suppliers
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import is_id
from chalicelib.media.forms import UploadForm
from chalicelib.media.service import uploads
from chalicelib.members.routes import read_member
from chalicelib.orders.routes.orders import read_order
from chalicelib.orders.service.reading import get_order
from chalicelib.pages.console.causes import ABOUT, causes_in_words, causes_of, causes_to_choose
from chalicelib.pages.console.complaints import views
from chalicelib.pages.console.complaints.forms import EditPage, MessagePage, NotePage, ResolvePage, WhoseQuery
from chalicelib.pages.console.people import people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import COMPLAINT
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at
from chalicelib.surveys.model.questions import said_in
from chalicelib.surveys.service.attached import attached
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "service")
_CHOICES = 100


@pages.page("/console/complaints", allow=_TEAM, query=ComplaintQuery, paged=True)
def complaints(visit: Visit[None]) -> Page:
    """Those in work, the most pressing first; then the resolved."""
    found = ask(visit, list_complaints, query=visit.query, limit=views.SHOWN, cursor=visit.cursor)
    values = {
        "rows": views.rows(found.items, visit.now, zone(visit.brand.timezone)),
        "wanted": visit.query,
        "people": people(visit),
        "about": ABOUT,
        "cause_words": causes_in_words(visit),
        "urgencies": views.URGENCIES,
        "states": COMPLAINT,
        "following": visit.following(found.last_key),
    }
    return Page("console/complaints/list.html", values)


@pages.page("/console/complaints/new", allow=_TEAM, query=WhoseQuery)
def begin(visit: Visit[Any]) -> Page:
    """What a member said on the phone, in the chat or at the counter: of an order, or of nothing in particular."""
    query = visit.query if isinstance(visit.query, WhoseQuery) else WhoseQuery()
    order_id, member_id = (visit.fields.get(name) or getattr(query, name) for name in ("order_id", "member_id"))
    order = ask(visit, read_order, path={"id": order_id}) if order_id else None
    whose = order.member_id if order else member_id
    values = {
        "order_id": order_id or "",
        "member_id": "" if order_id else member_id or "",
        "member": ask(visit, read_member, path={"id": whose}) if whose else None,
        "about": ABOUT,
        "causes": causes_to_choose(visit, causes_of(visit)),
        "sources": views.SOURCES,
    }
    return Page("console/complaints/new.html", values)


@pages.form("/console/complaints/new", allow=_TEAM, body=NotePage, again=begin)
def note(visit: Visit[NotePage]) -> Redirect:
    """Opens it, once for each form."""
    made = ask(visit, note_complaint, body=visit.body.asked())
    return Redirect(f"/complaints/{made.id}", flash=N_("The complaint is noted. The member sees it among theirs."))


@pages.page("/console/complaints/{id}", allow=_TEAM)
def complaint(visit: Visit[Any]) -> Page:
    """One complaint: what was said, by whom, what was done so far, and what can be done."""
    found, revision = ask_at(visit, get_complaint)
    known = causes_of(visit)
    values = {
        "complaint": found,
        "revision": revision,
        "due": views.next_due(found, visit.now, zone(visit.brand.timezone)),
        "member": ask(visit, read_member, path={"id": found.member_id}),
        "people": people(visit),
        "about": ABOUT,
        "causes": causes_to_choose(visit, known),
        "cause_words": causes_in_words(visit, known),
        "urgencies": views.URGENCIES,
        "importances": views.IMPORTANCES,
        "happened": views.HAPPENED,
        "fields": views.FIELDS,
        "words": views.word,
        "state": COMPLAINT[found.status],
        "means": views.MEANS,
        "kinds": views.KINDS,
        "remedy_states": views.REMEDY_STATES,
        "parties": views.PARTIES,
        "sources": views.CAME,
        "attached": attached(visit.tenant_id, found.invitation_id, found.response_id),
        "said": partial(said_in, visit.language),
        "verdicts": views.VERDICTS,
        **_to_make_good(visit, found),
    }
    return Page("console/complaints/complaint.html", values)


def _to_make_good(visit: Visit[Any], found: ComplaintView) -> dict[str, Any]:
    """What there is to make an open complaint good with, who could bear it, and photos that were sent already."""
    suppliers = list_suppliers(visit.tenant_id, "active", _CHOICES, None).items
    names = {each.id: each.name for each in suppliers}
    sent = [value for name, value in visit.fields.items() if name.startswith("photos.") and is_id(value)]
    shared: dict[str, Any] = {
        "suppliers": names,
        "photos": [(each, uploads.link(visit.tenant_id, found.member_id, each)) for each in sent[:MAX_PHOTOS]],
        "most_photos": MAX_PHOTOS,
    }
    if found.status == "resolved":
        return shared
    batches = list_batches(visit.tenant_id, _CHOICES, None).items
    leads = visit.principal.has("manager")
    usable = [
        each for each in batches
        if not each.paused and not each.validity.over(visit.now) and (leads or each.purpose == FOR_COMPLAINTS)
    ]  # fmt: skip
    order = get_order(visit.tenant_id, found.order_id) if found.order_id else None
    return shared | {
        "order": order,
        "lines": views.lines(order, get_campaign(visit.tenant_id, order.campaign_id).goods) if order else [],
        "batches": [(each.id, each.title) for each in usable],
        "given_kinds": [
            (kind, words) for kind, words in views.KINDS.items() if order or kind not in ("refund", "exchange")
        ],
    }


@pages.form("/console/complaints/{id}", allow=_TEAM, body=EditPage, again=complaint)
def edit(visit: Visit[EditPage]) -> Redirect:
    """Judges it, gives it to somebody, notes something."""
    ask(visit, edit_complaint, body=visit.body.edit())
    return Redirect(f"/complaints/{visit.path['id']}", flash=N_("It is saved."))


@pages.form("/console/complaints/{id}/uploads", allow=_TEAM, body=UploadForm)
def upload(visit: Visit[UploadForm]) -> Content:
    """For the script of the page: where to send a photo for the member."""
    return Content(ask(visit, ask_for_complaint_upload, body=visit.body).model_dump_json(), "application/json")


@pages.form("/console/complaints/{id}/resolve", allow=_TEAM, body=ResolvePage, again=complaint)
def resolve(visit: Visit[ResolvePage]) -> Redirect:
    """Closes it with what came of it, which the member is told, and gives what makes it good: once for each form."""
    asked = visit.body.asked(visit.brand.currency)
    try:
        ask(visit, resolve_complaint, body=asked)
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(
        f"/complaints/{visit.path['id']}", flash=N_("The complaint is resolved. The member is told what came of it.")
    )


@pages.form("/console/complaints/{id}/messages", allow=_TEAM, body=MessagePage, again=complaint)
def write(visit: Visit[MessagePage]) -> Redirect:
    """Writes to the member, or notes what they said."""
    ask(visit, write_about_complaint, body=visit.body.asked())
    said = {
        "asks": N_("It is sent. The complaint waits for the member's answer."),
        "tells": N_("It is sent."),
        "notes": N_("It is noted, and the time runs on."),
    }
    return Redirect(f"/complaints/{visit.path['id']}", flash=said[visit.body.means])


@pages.form("/console/complaints/{id}/reopen", allow=_TEAM, body=ReopeningForm, again=complaint)
def reopen(visit: Visit[ReopeningForm]) -> Redirect:
    """Opens it again."""
    ask(visit, reopen_complaint, body=visit.body)
    return Redirect(f"/complaints/{visit.path['id']}", flash=N_("It is open again."))
