"""The map of the product: every Lambda function, and the domains that answer HTTP and work queues.

Domains are named here and imported when a function first needs them, so that each starts with no more than its own.
"""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from chalice.app import Chalice, CloudWatchEvent, ConvertToMiddleware, DynamoDBEvent, Rate, SQSEvent

from chalicelib.loading import Lazy, provide, warm
from chalicelib.routing import RoutedApp
from chalicelib.routing.index import INDEX, PAGES_INDEX
from chalicelib.telemetry import logger, metrics

if TYPE_CHECKING:
    from chalicelib.messaging import Consumer
    from chalicelib.pages.shell import Pages
    from chalicelib.routing.refusals import Refusals
    from chalicelib.web import Router
    from chalicelib.web.announced import Announced

__version__ = "0.1.0"

# --- HTTP: one function for all routes; chalicelib/routing/index.py says which router has which -------------------
ROUTERS: "Lazy[Router]" = Lazy(
    {
        "tenants": "chalicelib.tenants.routes:routes",
        "legal-texts": "chalicelib.legal_texts.routes:routes",
        "own-domains": "chalicelib.own_domains.routes:routes",
        "sign-in": "chalicelib.members.sign_in.routes:routes",
        "sessions": "chalicelib.members.sessions.routes:routes",
        "identity-changes": "chalicelib.members.identity_changes.routes:routes",
        "members": "chalicelib.members.routes:routes",
        "preferences": "chalicelib.members.preferences.routes:routes",
        "leaving": "chalicelib.members.leaving.routes:routes",
        "jobs": "chalicelib.jobs.routes:routes",
        "uploads": "chalicelib.media.routes:routes",
        "catalogue": "chalicelib.catalog.routes.products:routes",
        "stock": "chalicelib.catalog.routes.stock:routes",
        "channels": "chalicelib.channels.routes:routes",
        "coupons": "chalicelib.coupons.routes:routes",
        "recruitment": "chalicelib.recruitment.routes:routes",
        "prospects": "chalicelib.recruitment.prospects.routes:routes",
        "prices": "chalicelib.pricing.routes:routes",
        "promotions": "chalicelib.promotions.routes:routes",
        "pickup points": "chalicelib.pickup_points.routes:routes",
        "points": "chalicelib.loyalty.points.routes:routes",
        "tiers": "chalicelib.loyalty.tiers.routes:routes",
        "segments": "chalicelib.segments.routes:routes",
        "assortment": "chalicelib.campaigns.assortment.routes:routes",
        "campaigns": "chalicelib.campaigns.routes:routes",
        "campaign series": "chalicelib.campaigns.series.routes:routes",
        "orders": "chalicelib.orders.routes.orders:routes",
        "order-changes": "chalicelib.orders.routes.changes:routes",
        "order-handover": "chalicelib.orders.routes.handover:routes",
        "order-callers": "chalicelib.orders.routes.callers:routes",
        "cash-refunds": "chalicelib.orders.routes.cash_refunds:routes",
        "teams": "chalicelib.orders.teams.routes:routes",
        "goodwill": "chalicelib.orders.goodwill.routes:routes",
        "chat-lists": "chalicelib.orders.routes.chat_lists:routes",
        "refund-rules": "chalicelib.orders.refund_rules.routes:routes",
        "gifts": "chalicelib.gifts.routes:routes",
        "wanting": "chalicelib.wanting.routes:routes",
        "leaderboards": "chalicelib.boards.routes:routes",
        "invoices": "chalicelib.invoices.routes:routes",
        "payments": "chalicelib.payments.routes:routes",
        "payment-settings": "chalicelib.payments.accounts.routes:routes",
        "purchasing": "chalicelib.fulfilment.purchasing.routes:routes",
        "receiving": "chalicelib.fulfilment.receiving.routes:routes",
        "suppliers": "chalicelib.fulfilment.suppliers.routes:routes",
        "fulfilment": "chalicelib.fulfilment.sorting.routes:routes",
        "leader": "chalicelib.fulfilment.leader.routes:routes",
        "announcements": "chalicelib.announcements.routes:routes",
        "surveys": "chalicelib.surveys.routes.team:routes",
        "survey answers": "chalicelib.surveys.routes.answering:routes",
        "survey figures": "chalicelib.surveys.routes.figures:routes",
        "improvements": "chalicelib.improvements.routes:routes",
        "journeys": "chalicelib.journeys.routes:routes",
        "message-templates": "chalicelib.notices.templates.routes:routes",
        "inbox": "chalicelib.notices.inbox.routes:routes",
        "messages": "chalicelib.notices.delivery.routes:routes",
        "cases": "chalicelib.cases.routes:routes",
        "complaints": "chalicelib.complaints.routes:routes",
        "enquiries": "chalicelib.enquiries.routes.enquiries:routes",
        "faq": "chalicelib.enquiries.routes.faq:routes",
        "reviews": "chalicelib.reviews.routes:routes",
        "suggestions": "chalicelib.suggestions.routes:routes",
        "after-sales": "chalicelib.aftersales.routes:routes",
        "ledger": "chalicelib.settlement.books.routes:routes",
        "ledger-cash": "chalicelib.settlement.cash.routes:routes",
        "statements": "chalicelib.settlement.statements.routes:routes",
        "commission": "chalicelib.settlement.commission.routes:routes",
        "campaign-settlement": "chalicelib.settlement.campaigns.routes:routes",
        "message-usage": "chalicelib.notices.media.routes:routes",
        "suppressed-addresses": "chalicelib.notices.suppression.routes:routes",
        "message-settings": "chalicelib.notices.settings.routes:routes",
        "imports": "chalicelib.insight.imports.routes:routes",
        "events": "chalicelib.insight.intake.routes:routes",
        "exports": "chalicelib.insight.exports.routes:routes",
        "costs": "chalicelib.insight.costs.routes:routes",
        "experiments": "chalicelib.insight.experiments.routes:routes",
        "previews": "chalicelib.insight.previews.routes:routes",
        "timelines": "chalicelib.insight.timelines.routes:routes",
        "rollups": "chalicelib.insight.rollups.routes:routes",
        "recounts": "chalicelib.insight.recompute.routes:routes",
        "reports": "chalicelib.insight.reports.routes:routes",
        "report jobs": "chalicelib.insight.report_jobs.routes:routes",
        "report schedules": "chalicelib.insight.report_schedules.routes:routes",
        "webhook-endpoints": "chalicelib.webhooks.routes:routes",
    }
)

# --- pages: a function of their own for all screens, and for links in messages that open in a browser ---------------
PAGES: "Lazy[Pages | Router]" = Lazy(
    {
        "unsubscribing": "chalicelib.members.unsubscribing.routes:routes",
        "statics": "chalicelib.pages.shell.statics:pages",
        "app": "chalicelib.pages.storefront.app.routes:pages",
        "home": "chalicelib.pages.storefront.home.routes:pages",
        "order pages": "chalicelib.pages.storefront.orders.routes.orders:pages",
        "order change pages": "chalicelib.pages.storefront.orders.routes.changes:pages",
        "pictures": "chalicelib.pages.storefront.pictures.routes:pages",
        "sharing pages": "chalicelib.pages.storefront.sharing.routes:pages",
        "sign-in pages": "chalicelib.pages.storefront.sign_in.routes:pages",
        "campaign pages": "chalicelib.pages.storefront.campaigns.routes:pages",
        "team pages": "chalicelib.pages.storefront.teams.routes:pages",
        "basket pages": "chalicelib.pages.storefront.basket.routes:pages",
        "checkout pages": "chalicelib.pages.storefront.checkout.routes:pages",
        "payment pages": "chalicelib.pages.storefront.payments.routes:pages",
        "me pages": "chalicelib.pages.storefront.me.routes:pages",
        "coupon pages": "chalicelib.pages.storefront.coupons.routes:pages",
        "profile pages": "chalicelib.pages.storefront.profile.routes:pages",
        "identity pages": "chalicelib.pages.storefront.identities.routes:pages",
        "counting pages": "chalicelib.pages.storefront.counting.routes:pages",
        "preference pages": "chalicelib.pages.storefront.preferences.routes:pages",
        "wanting pages": "chalicelib.pages.storefront.wanting.routes:pages",
        "points pages": "chalicelib.pages.storefront.points.routes:pages",
        "declining pages": "chalicelib.pages.storefront.declining.routes:pages",
        "referral pages": "chalicelib.pages.storefront.referral.routes:pages",
        "gift pages": "chalicelib.pages.storefront.gifts.routes:pages",
        "leaderboard pages": "chalicelib.pages.storefront.leaderboards.routes:pages",
        "product pages": "chalicelib.pages.storefront.products.routes:pages",
        "brand pages": "chalicelib.pages.storefront.brand.routes:pages",
        "after-sale pages": "chalicelib.pages.storefront.after_sales.routes:pages",
        "invoice pages": "chalicelib.pages.storefront.invoices.routes:pages",
        "complaint pages": "chalicelib.pages.storefront.complaints.routes:pages",
        "enquiry pages": "chalicelib.pages.storefront.enquiries.routes:pages",
        "review pages": "chalicelib.pages.storefront.reviews.routes:pages",
        "suggestion pages": "chalicelib.pages.storefront.suggestions.routes:pages",
        "inbox pages": "chalicelib.pages.storefront.inbox.routes:pages",
        "console orders": "chalicelib.pages.console.orders.routes.looking:pages",
        "console order changes": "chalicelib.pages.console.orders.routes.changing:pages",
        "console orders for callers": "chalicelib.pages.console.orders.routes.placing:pages",
        "console payments": "chalicelib.pages.console.payments.routes:pages",
        "console invoices": "chalicelib.pages.console.invoices.routes:pages",
        "console cash": "chalicelib.pages.console.cash.routes:pages",
        "survey pages": "chalicelib.pages.storefront.surveys.routes:pages",
        "leader today": "chalicelib.pages.leader.today.routes:pages",
        "leader sheet": "chalicelib.pages.leader.sheet.routes:pages",
        "leader handover": "chalicelib.pages.leader.handover.routes:pages",
        "leader earnings": "chalicelib.pages.leader.earnings.routes:pages",
        "leader chat lists": "chalicelib.pages.leader.chat_lists.routes:pages",
        "leader sharing": "chalicelib.pages.leader.sharing.routes:pages",
        "console sign-in": "chalicelib.pages.console.sign_in.routes:pages",
        "console chat lists": "chalicelib.pages.console.chat_lists.routes:pages",
        "console glossary": "chalicelib.pages.console.glossary.routes:pages",
        "console me": "chalicelib.pages.console.me.routes:pages",
        "console campaigns": "chalicelib.pages.console.campaigns.routes.running:pages",
        "console drafts": "chalicelib.pages.console.campaigns.routes.drafting:pages",
        "console series": "chalicelib.pages.console.series.routes:pages",
        "console points": "chalicelib.pages.console.loyalty.routes.rules:pages",
        "console members' points": "chalicelib.pages.console.loyalty.routes.members:pages",
        "console costs": "chalicelib.pages.console.costs.routes:pages",
        "console channels": "chalicelib.pages.console.channels.routes:pages",
        "console announcements": "chalicelib.pages.console.announcements.routes:pages",
        "console experiments": "chalicelib.pages.console.experiments.routes:pages",
        "console journeys": "chalicelib.pages.console.journeys.routes:pages",
        "console coupons": "chalicelib.pages.console.coupons.routes:pages",
        "console gifts": "chalicelib.pages.console.gifts.routes:pages",
        "console leaderboards": "chalicelib.pages.console.leaderboards.routes:pages",
        "console improvements": "chalicelib.pages.console.improvements.routes:pages",
        "shop improvements": "chalicelib.pages.storefront.improvements.routes:pages",
        "console recruitment": "chalicelib.pages.console.recruitment.routes.rules:pages",
        "console invite codes": "chalicelib.pages.console.recruitment.routes.codes:pages",
        "console applications": "chalicelib.pages.console.recruitment.routes.applications:pages",
        "console prospects": "chalicelib.pages.console.recruitment.routes.prospects:pages",
        "console promotions": "chalicelib.pages.console.promotions.routes:pages",
        "console growth": "chalicelib.pages.console.growth.routes:pages",
        "console wanted": "chalicelib.pages.console.wanted.routes:pages",
        "console today": "chalicelib.pages.console.today.routes:pages",
        "console prices": "chalicelib.pages.console.prices.routes:pages",
        "console products": "chalicelib.pages.console.products.routes:pages",
        "console stock": "chalicelib.pages.console.stock.routes:pages",
        "console suppliers": "chalicelib.pages.console.suppliers.routes:pages",
        "console imports": "chalicelib.pages.console.imports.routes:pages",
        "console supply": "chalicelib.pages.console.supply.routes.overview:pages",
        "console buying": "chalicelib.pages.console.supply.routes.buying:pages",
        "console receiving": "chalicelib.pages.console.supply.routes.receiving:pages",
        "console sorting": "chalicelib.pages.console.supply.routes.sorting:pages",
        "console books": "chalicelib.pages.console.books.routes:pages",
        "console statements": "chalicelib.pages.console.statements.routes:pages",
        "console desk": "chalicelib.pages.console.desk.routes:pages",
        "console complaints": "chalicelib.pages.console.complaints.routes:pages",
        "console enquiries": "chalicelib.pages.console.enquiries.routes:pages",
        "console FAQ": "chalicelib.pages.console.faq.routes:pages",
        "console reviews": "chalicelib.pages.console.reviews.routes:pages",
        "console suggestions": "chalicelib.pages.console.suggestions.routes:pages",
        "console after-sales": "chalicelib.pages.console.cases.routes:pages",
        "console surveys": "chalicelib.pages.console.surveys.routes:pages",
        "console classes": "chalicelib.pages.console.classes.routes:pages",
        "console members": "chalicelib.pages.console.members.routes:pages",
        "console segments": "chalicelib.pages.console.segments.routes:pages",
        "console inbox": "chalicelib.pages.console.inbox.routes:pages",
        "console overview": "chalicelib.pages.console.overview.routes:pages",
        "console reports": "chalicelib.pages.console.reports.routes.own:pages",
        "console every report": "chalicelib.pages.console.reports.routes.every:pages",
        "console report schedules": "chalicelib.pages.console.reports.routes.schedules:pages",
        "console exports": "chalicelib.pages.console.exports.routes:pages",
        "console messages": "chalicelib.pages.console.messages.routes:pages",
        "console webhooks": "chalicelib.pages.console.webhooks.routes:pages",
        "console sign-up": "chalicelib.pages.console.sign_up.routes:pages",
        "console brand": "chalicelib.pages.console.brand.routes.profile:pages",
        "console legal texts": "chalicelib.pages.console.brand.routes.texts:pages",
        "console domain": "chalicelib.pages.console.brand.routes.domain:pages",
        "console rules": "chalicelib.pages.console.brand.routes.rules:pages",
        "console pickup points": "chalicelib.pages.console.pickup_points.routes:pages",
        "console team": "chalicelib.pages.console.team.routes:pages",
        "console API keys": "chalicelib.pages.console.keys.routes:pages",
        "console payment accounts": "chalicelib.pages.console.accounts.routes:pages",
        "console audit": "chalicelib.pages.console.audit.routes:pages",
    }
)


DOCUMENTATION = "documentation"


def connect() -> None:
    """Tells the HTTP edge who knows tenants, keys, staff and members. The last are a domain, imported later."""
    from chalicelib.tenants.service import directory
    from chalicelib.web.handling import use_directory, use_members

    def sign_outs(tenant_id: str, member_id: str) -> int | None:
        from chalicelib.members.sessions.service import sign_outs

        return sign_outs(tenant_id, member_id)

    use_directory(directory)
    use_members(sign_outs)


def connect_webhooks() -> None:
    """Tells webhooks, which know no domain, which events there are."""
    from chalicelib.broadcasts.model.catalogue import MEANINGS
    from chalicelib.webhooks.model.catalogue import use_catalogue

    use_catalogue(lambda: MEANINGS)


def documented() -> "Iterator[Router]":
    """The routers that the API document describes: those of the API, and links in messages that programs call, too."""
    yield from ROUTERS.values()
    yield cast("Router", PAGES["unsubscribing"])


def register(to: Chalice, name: str) -> None:
    """Registers the routes of a router. The document describes all of them, and imports them when it is asked for."""
    from chalicelib.web.docs import documentation

    def events() -> "Iterable[Announced]":
        from chalicelib.broadcasts.views.document import announced

        return announced()

    connect()
    if name == "webhook-endpoints":
        connect_webhooks()
    documents = name == DOCUMENTATION
    to.register_blueprint(documentation(documented(), __version__, events) if documents else ROUTERS[name])


def start_api() -> None:
    """Loads what every route needs, and no domain: the HTTP edge, who knows tenants and keys, the tables' client."""
    from chalicelib.db.client import connection

    connect()
    _ = connection().client


def start_pages() -> None:
    """Loads what every page needs, and no domain: what the API's routes need, the shell, its templates' environment."""
    from chalicelib.pages.shell.rendering import environment

    start_api()
    environment()


def register_pages(to: Chalice, name: str) -> None:
    """Registers the pages of a screen."""
    connect()
    if name == "console webhooks":
        connect_webhooks()
    to.register_blueprint(PAGES[name])


def page_refusals() -> "Refusals":
    """What is shown where there is no page."""
    from chalicelib.pages.shell import refusals

    connect()
    return refusals


def by_own_domain(event: dict[str, Any]) -> dict[str, Any]:
    """A request that the edge passes on from a brand's own domain, as that shop's; any other as it is."""
    if not any(name.lower() == "x-edge-key" for name in event.get("headers") or ()):
        return event
    from chalicelib.pages.shell.hosts import arrived

    return arrived(event)


app = RoutedApp("lintuan", INDEX, register)
screens = RoutedApp("lintuan-pages", PAGES_INDEX, register_pages, page_refusals, by_own_domain)
app.api.binary_types.append("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
for kind in ("sqs", "dynamodb", "scheduled"):
    app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context), kind)
    app.register_middleware(ConvertToMiddleware(metrics.log_metrics), kind)


@app.lambda_function(name="pages")
def pages(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answers what API Gateway sends under the paths of pages (chalicelib/routing/places.py)."""
    return screens(event, context)


# --- events: from the tenant table's stream to the queues of those who want them -----------------------------------
CONSUMERS: "Lazy[Consumer]" = Lazy(
    {
        "campaigns": "chalicelib.campaigns.events:consumer",
        "orders": "chalicelib.orders.events:consumer",
        "payments": "chalicelib.payments.events:consumer",
        "fulfilment": "chalicelib.fulfilment.events:consumer",
        "settlement": "chalicelib.settlement.events:consumer",
        "service": (
            "chalicelib.tenants.notices.events:consumer",
            "chalicelib.own_domains.events:telling_consumer",
            "chalicelib.members.identity_changes.events:consumer",
            "chalicelib.members.birthdays.events:consumer",
            "chalicelib.members.leaving.events:consumer",
            "chalicelib.campaigns.notices.events:consumer",
            "chalicelib.orders.notices.events:consumer",
            "chalicelib.invoices.events:consumer",
            "chalicelib.payments.notices.events:consumer",
            "chalicelib.fulfilment.notices.events:consumer",
            "chalicelib.settlement.notices.events:consumer",
            "chalicelib.aftersales.events:consumer",
            "chalicelib.complaints.events:consumer",
            "chalicelib.enquiries.events:consumer",
            "chalicelib.announcements.events:consumer",
            "chalicelib.surveys.events:consumer",
            "chalicelib.improvements.events:consumer",
            "chalicelib.reviews.events:consumer",
            "chalicelib.suggestions.events:consumer",
            "chalicelib.loyalty.points.events:consumer",
            "chalicelib.loyalty.tiers.events:consumer",
            "chalicelib.rewards.events:consumer",
            "chalicelib.coupons.events:consumer",
            "chalicelib.recruitment.events:consumer",
            "chalicelib.recruitment.prospects.events:consumer",
            "chalicelib.wanting.events:consumer",
            "chalicelib.pricing.events:consumer",
            "chalicelib.trends.events:consumer",
            "chalicelib.boards.events:consumer",
            "chalicelib.journeys.events:consumer",
        ),
        "insight": (
            "chalicelib.insight.events:insight",
            "chalicelib.insight.events:personas",
            "chalicelib.insight.effects.events:consumer",
            "chalicelib.insight.intake.events:consumer",
            "chalicelib.insight.experiments.events:consumer",
            "chalicelib.insight.earnings.events:insight",
            "chalicelib.trends.events:insight",
            "chalicelib.boards.events:insight",
            "chalicelib.segments.events:changes",
        ),
        "imports": "chalicelib.insight.events:imports_queue",
        "rollup": (
            "chalicelib.insight.events:rollup",
            "chalicelib.insight.events:scoring",
            "chalicelib.insight.experiments.events:verdicts",
            "chalicelib.insight.events:lifetimes",
            "chalicelib.insight.events:bought_together",
            "chalicelib.insight.events:fold_night",
            "chalicelib.insight.earnings.events:night",
            "chalicelib.insight.events:weekly",
            "chalicelib.boards.events:counting",
            "chalicelib.segments.events:work",
        ),
        "recompute": "chalicelib.insight.events:recompute",
        "notify": "chalicelib.notices.events:consumer",
        "broadcasts": "chalicelib.broadcasts.events:consumer",
        "webhooks": ("chalicelib.webhooks.events:consumer", "chalicelib.own_domains.events:consumer"),
    }
)


# --- what lower layers need of higher ones: the brand, its audit log, who people are, every notice that is told ------
TENANTS: "Lazy[Any]" = Lazy(
    {"tenant": "chalicelib.tenants.service.brand:get_tenant", "audit": "chalicelib.tenants.service.audit:audit"}
)
PEOPLE: "Lazy[Any]" = Lazy(
    {
        "people": "chalicelib.members.service.people",
        "has_ordered": "chalicelib.orders.audience.service:has_ordered",
        "pickup_point": "chalicelib.pickup_points.service:get_pickup_point",
        "admission": "chalicelib.recruitment.service.admission:admit",
        "redemption": "chalicelib.recruitment.service.admission:redeem",
    }
)
NOTICES: "Lazy[Any]" = Lazy(
    {
        "sign-in": "chalicelib.members.sign_in.model",
        "identity changes": "chalicelib.members.identity_changes.model",
        "leaving": "chalicelib.members.leaving.model",
        "orders placed": "chalicelib.orders.notices.model.placing",
        "orders changed": "chalicelib.orders.notices.model.changing",
        "orders paid": "chalicelib.orders.notices.model.paying",
        "orders collected": "chalicelib.orders.notices.model.collecting",
        "orders ended": "chalicelib.orders.notices.model.ending",
        "refunds": "chalicelib.orders.notices.model.refunds",
        "money back": "chalicelib.payments.notices.model.refunds",
        "invoices": "chalicelib.invoices.model.notices",
        "announcements": "chalicelib.announcements.model",
        "coupons": "chalicelib.coupons.model.notices",
        "journeys": "chalicelib.journeys.model.notices",
        "recruitment": "chalicelib.recruitment.model.notices",
        "after-sales": "chalicelib.aftersales.notices.model",
        "complaints": "chalicelib.complaints.notices.model",
        "enquiries": "chalicelib.enquiries.model.notices",
        "campaigns": "chalicelib.campaigns.notices.model",
        "payouts": "chalicelib.settlement.notices.model",
        "supply": "chalicelib.fulfilment.notices.model",
        "disputes": "chalicelib.payments.notices.model.disputes",
        "surveys": "chalicelib.surveys.model.notices",
        "improvements": "chalicelib.improvements.model.notices",
        "scheduled reports": "chalicelib.insight.report_schedules.model.notices",
        "reviews": "chalicelib.reviews.model.notices",
        "suggestions": "chalicelib.suggestions.model.notices",
        "wanting": "chalicelib.wanting.model.notices",
        "points": "chalicelib.loyalty.points.model.notices",
        "prices": "chalicelib.pricing.model.notices",
        "tiers": "chalicelib.loyalty.tiers.model.notices",
        "awards": "chalicelib.boards.model.notices",
        "payments": "chalicelib.payments.notices.model.attention",
        "accounts": "chalicelib.tenants.notices.model",
        "own domains": "chalicelib.own_domains.model.notices",
    }
)
SEGMENTS: "Lazy[Any]" = Lazy({"members": "chalicelib.segments.service.reading:list_members"})
SEGMENT_USES: "Lazy[Any]" = Lazy(
    {
        "promotions": "chalicelib.promotions.service.planning:uses_of_segment",
        "announcements": "chalicelib.announcements.service.announcing:uses_of_segment",
        "journeys": "chalicelib.journeys.service.uses:uses_of_segment",
    }
)
SCORES: "Lazy[Any]" = Lazy({"rfm": "chalicelib.insight.reports.service.rfm:scores_of_last_day"})
TAG_USES: "Lazy[Any]" = Lazy(
    {
        "journeys": "chalicelib.journeys.service.uses:uses_of_tag",
        "experiments": "chalicelib.insight.experiments.service.uses:uses_of_tag",
    }
)
VISITORS: "Lazy[Any]" = Lazy({"joined": "chalicelib.insight.experiments.service.uniting:take_over"})
SEGMENT_OBJECTIONS: "Lazy[Any]" = Lazy({"journeys": "chalicelib.journeys.service.feeding:objections_to"})
provide("tenant", lambda: TENANTS["tenant"])
provide("audit", lambda: TENANTS["audit"])
provide("people", lambda: PEOPLE["people"])
provide("pickup_point", lambda: PEOPLE["pickup_point"])
provide("has_ordered", lambda: PEOPLE["has_ordered"])
provide("admission", lambda: PEOPLE["admission"])
provide("redemption", lambda: PEOPLE["redemption"])
provide("notices", lambda: NOTICES)
provide("list_of_segment", lambda: SEGMENTS["members"])
provide("segment_uses", lambda: tuple(SEGMENT_USES.values()))
provide("rfm_scores", lambda: SCORES["rfm"])
provide("tag_uses", lambda: tuple(TAG_USES.values()))
provide("visitor_joined", lambda: VISITORS["joined"])
provide("segment_objections", lambda: tuple(SEGMENT_OBJECTIONS.values()))


@app.on_dynamodb_record(stream_arn="TenantTableStream", batch_size=100, name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Publishes the events that ride on records."""
    from chalicelib.messaging.relay import relay as relay_events

    return relay_events(event.to_dict(), CONSUMERS.values())


# --- time: what is due goes to its queue ---------------------------------------------------------------------------
@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> None:
    """Opens, closes, expires, escalates: whatever is due by the minute."""
    from chalicelib.kernel.clock import now
    from chalicelib.messaging.sweep import sweep as sweep_due

    sweep_due(now())


@app.schedule(Rate(15, unit=Rate.MINUTES), name="nightly")
def nightly(event: CloudWatchEvent) -> None:
    """Rolls up the tenants whose local day has ended."""
    from chalicelib.kernel.clock import now
    from chalicelib.messaging.sweep import sweep as sweep_due

    sweep_due(now(), "night")


# --- workers: one for each queue -----------------------------------------------------------------------------------
def worker(queue: str, batch_size: int = 10, gathering_seconds: int = 0) -> Any:
    """Declares the function that works a queue off, under the name by which Lambda finds it here. Messages may wait so
    long for others of their batch.
    """

    def work(event: SQSEvent) -> dict[str, Any]:
        return CONSUMERS[queue].work(event)

    work.__name__ = f"{queue}_worker"
    declare = app.on_sqs_message(
        queue=f"lintuan-{queue}",
        batch_size=batch_size,
        name=work.__name__,
        maximum_batching_window_in_seconds=gathering_seconds,
    )
    return declare(work)


campaigns_worker = worker("campaigns")
orders_worker = worker("orders")
payments_worker = worker("payments", batch_size=1)  # a provider may take its time
fulfilment_worker = worker("fulfilment")
settlement_worker = worker("settlement")
service_worker = worker("service")
insight_worker = worker("insight", gathering_seconds=20)  # its figures are those of ended days
imports_worker = worker("imports", batch_size=1)
rollup_worker = worker("rollup", batch_size=1)
recompute_worker = worker("recompute", batch_size=1)  # with DuckDB, in a layer of its own
notify_worker = worker("notify")
broadcasts_worker = worker("broadcasts")
webhooks_worker = worker("webhooks", batch_size=1)  # a receiver may take its time, and so may a DNS


@app.on_sqs_message(queue="lintuan-mail-events", batch_size=10, name="mail_events_worker")
def mail_events_worker(event: SQSEvent) -> dict[str, Any]:
    """Notes which addresses mail does not reach, and who complained: SES tells it, in its own words."""
    from chalicelib.notices.suppression.events import work

    return work(event)


warm(os.environ.get("_HANDLER", "").removeprefix("app."), {"app": start_api, "pages": start_pages}, CONSUMERS)
