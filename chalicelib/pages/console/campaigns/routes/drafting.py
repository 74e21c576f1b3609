"""Pages by which a group buy is drafted, and what may be changed of it later: words, goods, terms."""

from dataclasses import replace
from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.campaigns.routes import PLANS, create_campaign, edit_campaign, read_campaign
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.catalog.routes.products import get_sku
from chalicelib.catalog.views.products import SkuStockView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.pages.console.campaigns import model
from chalicelib.pages.console.campaigns.forms import GoodsForm, SkuSearch, StartForm, TermsForm, WordsForm
from chalicelib.pages.console.campaigns.views.faster import Faster
from chalicelib.pages.console.campaigns.views.fields import terms_of, words_of
from chalicelib.pages.console.campaigns.views.goods import Row
from chalicelib.pages.console.campaigns.views.phase import phase
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.shell.typed import Reading, at_fields, without_minor
from chalicelib.payments.accounts.routes import list_payment_settings
from chalicelib.pickup_points.routes import list_pickup_points

pages = Console(__name__)

MOST_POINTS = 100
_WITHOUT_AN_ACCOUNT = {"pickup", "test"}
_FOUND = 8
_DEARER = N_("The draft is stored. A bundle costs more than its goods one by one: go back if that is a slip.")


@pages.page("/console/campaigns/new", allow=PLANS)
def begin(visit: Visit[None]) -> Page:
    """Which kind, and what it is called."""
    return Page("console/campaigns/new.html", {"kinds": model.KINDS})


@pages.form("/console/campaigns/new", allow=PLANS, body=StartForm, again=begin)
def start(visit: Visit[StartForm]) -> Redirect:
    """Stores the draft at once: from here on nothing is lost with the browser."""
    campaign = ask(visit, create_campaign, body={"kind": visit.body.kind, "title": visit.body.title})
    return Redirect(f"/campaigns/{campaign.id}/goods", flash=N_("The draft is stored. Now choose what is sold."))


@pages.page("/console/campaigns/{id}/words", allow=PLANS)
def words(visit: Visit[None]) -> Page:
    """Kind and words, as far as they may be changed now."""
    campaign, revision = ask_at(visit, read_campaign)
    values = {
        "stored": words_of(campaign),
        "allowed": model.fields_of_words(phase(campaign, visit.now)),
        "choices_of_kinds": [(each.code, each.name) for each in model.KINDS],
    }
    return _page(visit, "words", campaign, revision, values)


@pages.form("/console/campaigns/{id}/words", allow=PLANS, body=WordsForm, again=words)
def change_words(visit: Visit[WordsForm]) -> Redirect:
    """Stores them, and goes on with the goods of a draft."""
    campaign = ask(visit, read_campaign)
    changes = visit.body.changes(model.fields_of_words(phase(campaign, visit.now)))
    if changes.get("kind", campaign.kind) != campaign.kind:
        changes |= {"team": None, "balance": None}
    ask(visit, edit_campaign, body=changes)
    return _on(campaign, "goods")


@pages.page("/console/campaigns/{id}/goods", allow=PLANS, query=SkuSearch)
def goods(visit: Visit[Any]) -> Page:
    """What is sold, at which price, and how much there is of it."""
    typed = _typed(visit)
    rows = [Row.typed(each) for each in typed.offers] if typed else None
    return _goods(visit, rows, typed.q if typed else "", typed.into if typed else "")


@pages.form("/console/campaigns/{id}/goods", allow=PLANS, body=GoodsForm, again=goods)
def change_goods(visit: Visit[GoodsForm]) -> Page | Redirect:
    """Stores the goods; or shows the page with one more, one less, or what was looked for, and all that was typed."""
    body = visit.body
    rows = [Row.typed(each) for each in body.offers]
    if body.add:
        sku: SkuStockView = ask(visit, get_sku, path={"id": body.add})
        return _goods(visit, _added(rows, sku, body.into), body.q, body.into)
    if body.remove:
        return _goods(visit, [each for n, each in enumerate(rows) if str(n) != body.remove], body.q)
    if body.remove_part:
        return _goods(visit, _without(rows, body.remove_part), body.q, body.into)
    if body.then == "look":
        return _goods(visit, rows, body.q, body.into)
    if body.then == "bundle":
        return _goods(visit, [*rows, Row.begun()], body.q, str(len(rows)))
    campaign = ask(visit, read_campaign)
    changes = body.changes(_reading(visit), campaign.kind)
    with at_fields(body.named):
        stored = ask(visit, edit_campaign, body=changes)
    if any(each.dearer for each in stored.offers):
        return Redirect(f"/campaigns/{campaign.id}/terms", flash=_DEARER)
    return _on(campaign, "terms")


def _added(rows: list[Row], sku: SkuStockView, into: str) -> list[Row]:
    """The goods with one more: in the bundle of that number, or by itself."""
    if into.isdecimal() and int(into) < len(rows) and rows[int(into)].bundle:
        return [each.with_part(sku) if n == int(into) else each for n, each in enumerate(rows)]
    return rows if sku.id in {each.sku_id for each in rows} else [*rows, Row.added(sku)]


def _without(rows: list[Row], named: str) -> list[Row]:
    """The goods without a part of a bundle, named by the number of the bundle and its own."""
    number, _, part = named.partition(".")
    return [
        replace(each, parts=tuple(kept for m, kept in enumerate(each.parts) if str(m) != part))
        if str(n) == number
        else each
        for n, each in enumerate(rows)
    ]


@pages.page("/console/campaigns/{id}/terms", allow=PLANS)
def terms(visit: Visit[None]) -> Page:
    """Times, target, places, payment and the rest, as far as they may be changed now."""
    campaign, revision = ask_at(visit, read_campaign)
    stored = terms_of(campaign, zone(visit.brand.timezone), visit.brand.currency)
    points = ask(visit, list_pickup_points, limit=MOST_POINTS).items
    values = {
        "stored": stored,
        "allowed": model.fields_of_terms(phase(campaign, visit.now)),
        "points": points,
        "measures": [("", N_("no target")), *((each.code, each.name) for each in model.MEASURES)],
        "on_miss": [(each.code, each.name) for each in model.ON_MISS],
        "on_default": [(each.code, each.name) for each in model.ON_DEFAULT],
        "methods": _methods(visit, campaign),
    }
    return _page(visit, "terms", campaign, revision, values)


@pages.form("/console/campaigns/{id}/terms", allow=PLANS, body=TermsForm, again=terms)
def change_terms(visit: Visit[TermsForm]) -> Redirect:
    """Stores them, and goes on with the preview of a draft."""
    campaign = ask(visit, read_campaign)
    changes = visit.body.changes(campaign, model.fields_of_terms(phase(campaign, visit.now)), _reading(visit))
    with at_fields(without_minor):
        ask(visit, edit_campaign, body=changes)
    return _on(campaign, "preview")


def _on(campaign: CampaignView, step: str) -> Redirect:
    if campaign.status == "draft":
        return Redirect(f"/campaigns/{campaign.id}/{step}", flash=N_("The draft is stored."))
    return Redirect(f"/campaigns/{campaign.id}", flash=N_("The changes are stored."))


def _page(visit: Visit[Any], step: str, campaign: CampaignView, revision: int | None, values: dict[str, Any]) -> Page:
    shared = {
        "campaign": campaign,
        "revision": revision,
        "steps": model.STEPS,
        "step": step,
        "faster": Faster.of(visit, campaign),
    }
    return Page(f"console/campaigns/{step}.html", {**shared, **values})


def _goods(visit: Visit[Any], rows: list[Row] | None, q: str, into: str = "") -> Page:
    campaign, revision = ask_at(visit, read_campaign)
    if rows is None:
        rows = [Row.of(each) for each in campaign.offers]
    looked_for = q or (visit.query.q if visit.query else "")
    bundles = [n for n, each in enumerate(rows) if each.bundle]
    chosen = int(into) if into.isdecimal() and int(into) in bundles else None
    known = {each.sku_id for each in (rows if chosen is None else rows[chosen].parts)}
    found = ask(
        visit, list_products, query={"status": "active", **({"q": looked_for} if looked_for else {})}, limit=_FOUND
    )
    offered = [(card, [sku for sku in card.skus if sku.id not in known]) for card in found.items]
    typing = bool(visit.fields) and visit.refused is None
    values = {
        "rows": [_with_stock(visit, each) for each in rows],
        "into": chosen,
        "bundle_kinds": [(each.code, each.name) for each in model.BUNDLE_KINDS],
        "q": looked_for,
        "found": [(card, skus) for card, skus in offered if skus],
        "any": bool(found.items),
        "unsaved": typing,
        "stored": [Row.of(each) for each in campaign.offers],
    }
    # Who goes on typing has read no newer revision than the one that the form came with.
    return _page(visit, "goods", campaign, visit.revision if typing and visit.revision else revision, values)


def _with_stock(visit: Visit[Any], row: Row) -> Row:
    if row.bundle:
        return replace(row, parts=tuple(replace(part, sku=_sku(visit, part.sku_id)) for part in row.parts))
    return replace(row, sku=_sku(visit, row.sku_id))


def _sku(visit: Visit[Any], sku_id: str) -> SkuStockView | None:
    try:
        found: SkuStockView = ask(visit, get_sku, path={"id": sku_id})
    except NotFound:
        return None
    return found


def _typed(visit: Visit[Any]) -> GoodsForm | None:
    """What the form sent that is shown again; None where it cannot be shown, or nothing was sent."""
    if not visit.fields:
        return None
    try:
        return visit.form(GoodsForm, nested(visit.fields))
    except DomainError:
        return None


def _methods(visit: Visit[Any], campaign: CampaignView) -> list[tuple[str, str, bool | None]]:
    """The ways to pay: code, name, and whether the shop has it, None where the reader may not know."""
    here: set[str] | None = None
    if may(visit, list_payment_settings):
        here = {each.provider for each in ask(visit, list_payment_settings).items if each.enabled}
    shown = {"pickup", "wechat", "stripe", *campaign.payment_methods, *(here or ())}
    known = None if here is None else here | _WITHOUT_AN_ACCOUNT
    return [(way, name, None if known is None else way in known) for way, name in model.METHODS.items() if way in shown]


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
