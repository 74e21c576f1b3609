"""Prices over a product's life, over HTTP: for the team alone, since they tell costs."""

from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.kernel.unset import UNSET
from chalicelib.media.service.downloads import hand_out
from chalicelib.pricing.errors import PriceInAnotherCurrency, SeenInFuture, TooManyPrices, UnknownSku
from chalicelib.pricing.forms.prices import (
    CompetitorFilter,
    HistoryQuery,
    NewCompetitorPrice,
    PriceRulesForm,
    PricingEdit,
)
from chalicelib.pricing.service import competitors, deciding, life, rules, watching
from chalicelib.pricing.views.prices import (
    COMPETITOR_HEADER,
    HISTORY_HEADER,
    CompetitorPriceView,
    PricedView,
    PriceRulesView,
    PricingView,
    WatchedView,
    competitor_rows,
    history_rows,
)
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Csv, File, Paged, Router, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_RECORDS = staff("manager", "planner", "editor")


@routes.get("/v1/price-rules", allow=_LOOKS, answer=PriceRulesView, tag="prices", summary="Read my rules of prices")
def read_rules(call: Call[None]) -> Answer:
    found, revision = rules.get_rules(call.tenant_id)
    return Answer(PriceRulesView.of(found, get_tenant(call.tenant_id).currency), etag=revision)


@routes.put(
    "/v1/price-rules", allow=_PLANS, body=PriceRulesForm, answer=PriceRulesView, tag="prices",
    errors=(PriceInAnotherCurrency, Stale), summary="Set my rules of prices",
)  # fmt: skip
def set_rules(call: Call[PriceRulesForm]) -> Answer:
    """Floors hold for campaigns that are published from now on; policies are suggestions, and change no price."""
    currency = get_tenant(call.tenant_id).currency
    wanted = call.body.rules(currency)
    found, revision = rules.set_rules(call.tenant_id, wanted, call.if_match, call.principal, call.now)
    return Answer(PriceRulesView.of(found, currency), etag=revision)


@routes.get(
    "/v1/products/{id}/pricing", allow=_LOOKS, answer=PricingView, tag="prices", errors=(NotFound,),
    summary="Read a product's stage, floor, sales by week, competitors and price alerts",
)  # fmt: skip
def read_pricing(call: Call[None]) -> Answer:
    return _shown(call)


@routes.patch(
    "/v1/products/{id}/pricing", allow=_PLANS, body=PricingEdit, answer=PricingView, tag="prices",
    errors=(NotFound, PriceInAnotherCurrency, Stale), summary="Set a product's own margin floor, or confirm its stage",
)  # fmt: skip
def edit_pricing(call: Call[PricingEdit]) -> Answer:
    """No price is changed by it."""
    body, currency = call.body, get_tenant(call.tenant_id).currency
    named = body.model_fields_set
    floor = body.floor.floor(currency, "/floor") if body.floor else None
    deciding.decide_pricing(
        call.tenant_id, call.path["id"], call.if_match, call.principal, call.now,
        floor=floor if "floor" in named else UNSET, stage=body.stage if "stage" in named else UNSET,
    )  # fmt: skip
    return _shown(call)


def _shown(call: Call[None] | Call[PricingEdit]) -> Answer:
    found = life.read_life(call.tenant_id, call.path["id"], call.now)
    return Answer(PricingView.of(found), etag=int(found.pricing.rev))


@routes.get(
    "/v1/products/{id}/price-history", allow=_LOOKS, query=HistoryQuery, answer=PricedView, paged=True, csv=True,
    xlsx=True, tag="prices", errors=(NotFound,),
    summary="List the prices that a product had in the shop and in campaigns, the latest first; as a table all of them",
)  # fmt: skip
def list_history(call: Call[None]) -> Paged | Csv | File | Answer:
    """Campaigns for some members alone are left out: their prices were not everybody's."""
    views = PricedView.all_of(*life.price_history(call.tenant_id, call.path["id"]))
    if call.wants_table:
        tz = zone(get_tenant(call.tenant_id).timezone)
        return hand_out(call, Csv("price-history.csv", HISTORY_HEADER, history_rows(views)), tz)
    start = (call.cursor or {}).get("from", 0)
    end = start + call.limit
    return Paged(views[start:end], {"from": end} if end < len(views) else None)


@routes.post(
    "/v1/competitor-prices", allow=_RECORDS, body=NewCompetitorPrice, answer=CompetitorPriceView, status=201,
    tag="prices", errors=(PriceInAnotherCurrency, SeenInFuture, UnknownSku, IdempotencyMismatch), idempotency=True,
    summary="Record what a competitor asks",
)  # fmt: skip
def record_price(call: Call[NewCompetitorPrice]) -> CompetitorPriceView:
    made = competitors.record_price(
        call.tenant_id, call.body.sighting(), call.idempotency_key, call.body_hash, call.principal, call.now
    )
    return CompetitorPriceView.of(made)


@routes.get(
    "/v1/competitor-prices", allow=_LOOKS, query=CompetitorFilter, answer=CompetitorPriceView, paged=True, csv=True,
    xlsx=True, tag="prices", errors=(TooManyPrices,),
    summary="List what competitors asked, the last recorded first; as a table all of it",
)  # fmt: skip
def list_competitor_prices(call: Call[None]) -> Paged | Csv | File | Answer:
    product_id = call.query.product_id
    if call.wants_table:
        tz = zone(get_tenant(call.tenant_id).timezone)
        rows = competitor_rows(competitors.every_price(call.tenant_id, product_id))
        return hand_out(call, Csv("competitor-prices.csv", COMPETITOR_HEADER, rows), tz)
    page = competitors.list_prices(call.tenant_id, product_id, call.limit, call.cursor)
    return Paged([CompetitorPriceView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/price-alerts", allow=_LOOKS, answer=WatchedView, paged=True, tag="prices",
    summary="List the products of whose prices some need a look, the latest first",
)  # fmt: skip
def list_alerts(call: Call[None]) -> Paged:
    page = watching.list_watched(call.tenant_id, call.limit, call.cursor)
    return Paged([WatchedView.of(each) for each in page.items], page.last_key)
