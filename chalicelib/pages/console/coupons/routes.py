"""Pages of coupons: batches with what came of each, their codes, and grants to members."""

from typing import Any

from chalicelib.coupons.routes import create_batch, edit_batch, grant, list_batches, list_codes, read_batch
from chalicelib.insight.previews.forms import latest_months
from chalicelib.insight.previews.routes import preview_batch
from chalicelib.insight.reports.routes import read_report
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.members.routes import list_members
from chalicelib.pages.console import choosing
from chalicelib.pages.console.coupons.forms import (
    BatchForm,
    CodesTable,
    GrantLines,
    KindQuery,
    LimitsForm,
    SegmentGrant,
    StatusForm,
    named,
)
from chalicelib.pages.console.coupons.model import KINDS, MODES, PURPOSES, STATES
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.shell.typed import Reading, at_fields, written
from chalicelib.pages.shell.words import said
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_READS_EFFECTS = ("manager", "planner", "analyst")
_ALIKE = 10
"""Members who are looked at where several begin with what was typed."""


@pages.page("/console/coupons", allow=_LOOKS, paged=True)
def batches(visit: Visit[None]) -> Page:
    """All batches, the newest first."""
    found = ask(visit, list_batches, limit=visit.limit, cursor=visit.cursor)
    values = {
        "batches": found.items,
        "following": visit.following(found.last_key),
        "states": STATES,
        "modes": MODES,
        "plans": may(visit, create_batch),
    }
    return Page("console/coupons/batches.html", values)


@pages.page("/console/coupons/new", allow=_PLANS, query=KindQuery)
def begin(visit: Visit[Any]) -> Page:
    """First the kind; then what coupons of that kind are to be."""
    return _form(visit)


def _form(visit: Visit[Any], **more: Any) -> Page:
    asked = visit.fields.get("kind") or (visit.query.kind if visit.query else None)
    chosen = next((kind for kind in KINDS if kind == asked), None)
    if chosen is None:
        return Page("console/coupons/kinds.html", {"kinds": KINDS})
    products = choosing.products(visit, [visit.fields.get("product_id", "")])
    campaigns = choosing.campaigns(visit, [visit.fields.get("campaign_id", "")])
    values = {
        "kind": chosen,
        "kind_name": KINDS[chosen][0],
        "purposes": list(PURPOSES.items()),
        "modes": list(MODES.items()),
        "products": [("", "–"), *((each.id, each.title) for each in products)],
        "campaigns": [("", "–"), *campaigns.items()],
        "months": _months(visit),
    }
    return Page("console/coupons/new.html", values | more)


def _months(visit: Visit[Any]) -> list[tuple[str, str]]:
    """Those on whose orders coupons can be tried, the one that is taken by itself first."""
    here = zone(visit.brand.timezone)
    say = Saying(visit.language, here)
    by_name = [(each, say.month(each)) for each in latest_months(visit.now, here)]
    return [("", said(N_("The last one with orders"))), *by_name]


@pages.form("/console/coupons/new", allow=_PLANS, body=BatchForm, again=begin)
def create(visit: Visit[BatchForm]) -> Redirect:
    """Makes the batch."""
    choosing.look_up_if(visit.body.step)
    with at_fields(named):
        made = ask(visit, create_batch, body=visit.body.batch(_reading(visit)))
    return Redirect(f"/coupons/{made.id}", flash=N_("The coupons are ready. Here you see what comes of them."))


@pages.form("/console/coupons/new/preview", allow=_PLANS, body=BatchForm, again=begin)
def try_out(visit: Visit[BatchForm]) -> Page:
    """What they would have done to the orders of a month, above the form as it was typed. Nothing is made."""
    with at_fields(named):
        month = {"month": visit.body.month} if visit.body.month else {}
        found = ask(visit, preview_batch, body={**visit.body.batch(_reading(visit)), **month})
    return _form(visit, found=found, kept=True)


@pages.page("/console/coupons/{id}", allow=_LOOKS)
def batch(visit: Visit[Any]) -> Page:
    """One batch: what it promises, what came of it, and what may be done with it."""
    found, revision = ask_at(visit, read_batch)
    values = {
        "batch": found,
        "revision": revision,
        "state": STATES[found.status],
        "kind": KINDS[found.kind][0],
        "purpose": PURPOSES[found.purpose],
        "budget": written(found.budget),
        "plans": may(visit, edit_batch),
        "segments": choosing.segments(visit) if may(visit, edit_batch) else [],
        "effect": _effect(visit) if visit.principal.has(*_READS_EFFECTS) else None,
    }
    return Page("console/coupons/batch.html", values)


@pages.form("/console/coupons/{id}", allow=_PLANS, body=LimitsForm, again=batch)
def change(visit: Visit[LimitsForm]) -> Redirect:
    """Changes what it is called, and how much of it there is."""
    with at_fields(named):
        ask(visit, edit_batch, body=visit.body.changes(_reading(visit)))
    return _back(visit, N_("The coupons are changed."))


@pages.form("/console/coupons/{id}/status", allow=_PLANS, body=StatusForm, again=batch)
def set_status(visit: Visit[StatusForm]) -> Redirect:
    """Hands nothing out any more, or goes on."""
    ask(visit, edit_batch, body={"status": visit.body.status})
    paused = N_("Nothing is handed out until you resume it. What members have stays good.")
    return _back(visit, paused if visit.body.status == "paused" else N_("Coupons are handed out again."))


@pages.page("/console/coupons/{id}/codes", allow=_PLANS, query=CodesTable)
def codes(visit: Visit[Any]) -> Content | Redirect:
    """All single codes as a table."""
    return handed_out(visit, ask(visit, list_codes, query={"format": visit.query.format}))


@pages.form("/console/coupons/{id}/grants", allow=_PLANS, body=GrantLines, again=batch)
def give(visit: Visit[GrantLines]) -> Redirect:
    """Gives each of the members a coupon, in the background."""
    found = [_member(visit, each) for each in visit.body.lines()]
    ask(visit, grant, body={"member_ids": found})
    return _back(visit, N_("The members get their coupons in a moment, and are told."))


@pages.form("/console/coupons/{id}/segment-grants", allow=_PLANS, body=SegmentGrant, again=batch)
def give_segment(visit: Visit[SegmentGrant]) -> Redirect:
    """Gives each who is in a segment a coupon, in the background."""
    ask(visit, grant, body={"segment_id": visit.body.segment_id})
    return _back(visit, N_("The members get their coupons in a moment, and are told."))


def _effect(visit: Visit[Any]) -> Any:
    """What they cost and bring."""
    return ask(visit, read_report, path={"name": "coupon-batch"}, query={"id": visit.path["id"]})


def _member(visit: Visit[Any], line: str) -> str:
    """Whom a line names. Raises Invalid unless it is one member."""
    found = ask(visit, list_members, query={"q": line}, limit=_ALIKE).items
    exactly = [each for each in found if line.lower() in (each.email, each.phone, (each.external_ref or "").lower())]
    found = exactly or found
    if len(found) == 1:
        return str(found[0].id)
    if found:
        raise Invalid.at(
            "/members", f"“{line}” is more than one member: write the whole e-mail address or number.",
            f"“{line}”匹配多位会员，请填写完整的邮箱或手机号。",
        )  # fmt: skip
    raise Invalid.at(
        "/members", f"“{line}” is no member of yours: check how it is written.", f"没有找到会员“{line}”，请检查填写。"
    )


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/coupons/{visit.path['id']}", flash=flash)


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
