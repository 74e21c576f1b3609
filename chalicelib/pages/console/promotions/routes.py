"""Pages of promotions: how all of them stand, drafting and changing one, and having it run, rest or end."""

from collections.abc import Mapping
from typing import Any

from chalicelib.insight.previews.forms import latest_months
from chalicelib.insight.previews.routes import preview_promotion
from chalicelib.insight.reports.routes import read_report
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.pages.console import choosing
from chalicelib.pages.console.promotions.forms import KindQuery, MonthQuery, PromotionForm
from chalicelib.pages.console.promotions.model import KINDS, STATES
from chalicelib.pages.console.promotions.views import Use, begun, listed, rows, sku_names
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import CLASS
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.onward import Onward
from chalicelib.pages.shell.typed import Reading, at_fields
from chalicelib.promotions.forms import PromotionQuery
from chalicelib.promotions.model.promotion import Status
from chalicelib.promotions.model.terms import Kind
from chalicelib.promotions.routes import (
    create_promotion,
    edit_promotion,
    end_promotion,
    list_promotions,
    pause_promotion,
    publish_promotion,
    read_promotion,
)
from chalicelib.promotions.views import PromotionView
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_READS_EFFECTS = ("manager", "planner", "analyst")
_TRY_OUT = staff(*_READS_EFFECTS)
_MOST_SKUS = 200
"""A form sends 600 fields at most."""


@pages.page("/console/promotions", allow=_LOOKS, query=PromotionQuery, paged=True)
def promotions(visit: Visit[None]) -> Page:
    """Promotions of a state, or all, newest first."""
    found = ask(visit, list_promotions, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "rows": rows(found.items),
        "wanted": visit.query.status,
        "states": [(status.value, state.name) for status, state in STATES.items()],
        "following": visit.following(found.last_key),
        "kinds": KINDS,
        "plans": may(visit, create_promotion),
    }
    return Page("console/promotions/promotions.html", values)


@pages.page("/console/promotions/new", allow=_PLANS, query=KindQuery)
def begin(visit: Visit[Any]) -> Page:
    """First the kind; then what a promotion of that kind is to be."""
    asked = visit.fields.get("kind") or (visit.query.kind if visit.query else None)
    chosen = next((kind for kind in KINDS if kind == asked), None)
    if chosen is None:
        return Page("console/promotions/kinds.html", {"kinds": KINDS})
    return Page("console/promotions/new.html", _form(visit, chosen, None))


@pages.form("/console/promotions/new", allow=_PLANS, body=PromotionForm, again=begin)
def create(visit: Visit[PromotionForm]) -> Redirect:
    """Drafts the promotion."""
    choosing.look_up_if(visit.body.step)
    kind = next((kind for kind in KINDS if kind == visit.body.kind), Kind.TIMED_PRICE)
    with at_fields(visit.body.named):
        made = ask(visit, create_promotion, body=visit.body.promotion(kind, _reading(visit)))
    return Redirect(f"/promotions/{made.id}", flash=N_("It is drafted. Read how buyers see it, then publish it."))


@pages.page("/console/promotions/{id}", allow=_LOOKS)
def promotion(visit: Visit[Any]) -> Page:
    """One promotion: what it promises, what came of it, and what may be done with it."""
    found, revision = ask_at(visit, read_promotion)
    scope, prices = found.scope, found.terms.prices
    cards = choosing.products(visit, scope.product_ids) if scope.product_ids or prices else []
    campaigns = choosing.campaigns(visit, scope.campaign_ids) if scope.campaign_ids else {}
    values = {
        "promotion": found,
        "revision": revision,
        "state": STATES[found.status],
        "kind": KINDS[found.kind][0],
        "use": Use.of(found),
        "products": {each.id: each.title for each in cards},
        "skus": sku_names(cards),
        "campaigns": campaigns,
        "segments": dict(choosing.segments(visit)) if found.audience.segment_ids else {},
        "tiers": choosing.tier_titles(visit) if found.audience.tiers else {},
        "classes": CLASS,
        "plans": may(visit, edit_promotion),
        "tries": may(visit, preview_promotion),
        "effect": _effect(visit, found),
    }
    return Page("console/promotions/promotion.html", values)


@pages.page("/console/promotions/{id}/preview", allow=_TRY_OUT, query=MonthQuery)
def preview(visit: Visit[Any]) -> Page:
    """What it would have done to the real orders of a month."""
    found, refusal, month = None, None, visit.query.month if visit.query else ""
    try:
        found = ask(visit, preview_promotion, body={"month": month} if month else {})
    except Invalid as refused:
        refusal = refused
    values = {"promotion": ask(visit, read_promotion), "found": found, "refusal": refusal,
              "months": latest_months(visit.now, zone(visit.brand.timezone)), "month": month}  # fmt: skip
    return Page("console/promotions/preview.html", values, status=refusal.status if refusal else 200)


@pages.page("/console/promotions/{id}/change", allow=_PLANS)
def changing(visit: Visit[Any]) -> Page:
    """A draft, or one that is paused, to be changed."""
    found, revision = ask_at(visit, read_promotion)
    values = {**_form(visit, found.kind, found), "revision": revision}
    return Page("console/promotions/change.html", values)


@pages.form("/console/promotions/{id}/change", allow=_PLANS, body=PromotionForm, again=changing)
def change(visit: Visit[PromotionForm]) -> Redirect:
    """Changes it."""
    choosing.look_up_if(visit.body.step)
    found = ask(visit, read_promotion)
    with at_fields(visit.body.named):
        paused = found.status is Status.PAUSED
        kept = found.audience.model_dump()
        asked = visit.body.promotion(found.kind, _reading(visit), paused=paused, kept=kept)
        ask(visit, edit_promotion, body=asked)
    return _back(visit, N_("The promotion is changed."))


@pages.form("/console/promotions/{id}/publish", allow=_PLANS, body=Onward, again=promotion)
def publish(visit: Visit[Onward]) -> Redirect:
    """Has it lower prices from its start to its end."""
    moved = ask(visit, publish_promotion)
    later = N_("It is published, and lowers prices from its start on.")
    return _back(visit, later if moved.status is Status.SCHEDULED else N_("It is published: new orders have it now."))


@pages.form("/console/promotions/{id}/pause", allow=_PLANS, body=Onward, again=promotion)
def pause(visit: Visit[Onward]) -> Redirect:
    """Has it lower no new order's price until it is published again."""
    ask(visit, pause_promotion)
    return _back(visit, N_("It is paused. Orders that have it keep it."))


@pages.form("/console/promotions/{id}/end", allow=_PLANS, body=Onward, again=promotion)
def end(visit: Visit[Onward]) -> Redirect:
    """Ends it for good."""
    ask(visit, end_promotion)
    return _back(visit, N_("It has ended. Orders that have it keep it."))


def _form(visit: Visit[Any], kind: Kind, found: PromotionView | None) -> Mapping[str, Any]:
    """What the form of a kind needs: what may be chosen, and what its fields begin with."""
    scope = found.scope if found else None
    chosen = choosing.ticked(visit.fields, "products") or (scope.product_ids if scope else [])
    within = choosing.ticked(visit.fields, "campaigns") or (scope.campaign_ids if scope else [])
    cards = choosing.products(visit, chosen)
    typed = begun(found, zone(visit.brand.timezone))
    skus = sku_names(cards)
    own = {each: each for each in [*typed["prices"], typed.get("sku_id")] if each and each not in skus}
    products = {each.id: each.title for each in cards}
    return {
        "kind": kind,
        "kind_name": KINDS[kind][0],
        "promotion": found,
        "typed": typed,
        "paused": found is not None and found.status is Status.PAUSED,
        "skus": list({**own, **skus}.items())[:_MOST_SKUS],
        "products": listed(products, scope.product_ids if scope else []),
        "segments": listed(dict(choosing.segments(visit)), found.audience.segment_ids if found else []),
        "classes": [(each, state.name, found is not None and each in found.audience.classes)
                    for each, state in CLASS.items()],
        "campaigns": listed(choosing.campaigns(visit, within), scope.campaign_ids if scope else []),
    }  # fmt: skip


def _effect(visit: Visit[Any], found: PromotionView) -> Any:
    """What it costs and brings; None before it was published, and for who does not read that."""
    if found.published_at is None or not visit.principal.has(*_READS_EFFECTS):
        return None
    return ask(visit, read_report, path={"name": "promotion"}, query={"id": found.id})


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/promotions/{visit.path['id']}", flash=flash)


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
