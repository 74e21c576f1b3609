"""The map of the product: every Lambda function, and the domains that answer HTTP and work queues."""

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, ConvertToMiddleware, DynamoDBEvent, Rate, SQSEvent

from chalicelib.campaigns import events as campaigns_events
from chalicelib.campaigns import routes as campaigns_routes
from chalicelib.catalog import routes as catalog_routes
from chalicelib.fulfilment import events as fulfilment_events
from chalicelib.fulfilment import routes as fulfilment_routes
from chalicelib.insight import events as insight_events
from chalicelib.insight import routes as insight_routes
from chalicelib.kernel import clock
from chalicelib.members import auth_routes as sign_in_routes
from chalicelib.members import routes as members_routes
from chalicelib.messaging import relay as relay_events
from chalicelib.messaging import sweep as sweep_due
from chalicelib.notify import events as notify_events
from chalicelib.orders import events as orders_events
from chalicelib.orders import routes as orders_routes
from chalicelib.service import events as service_events
from chalicelib.service.complaints import routes as complaints_routes
from chalicelib.service.surveys import routes as surveys_routes
from chalicelib.telemetry import logger, metrics
from chalicelib.tenants import directory
from chalicelib.tenants import routes as tenants_routes
from chalicelib.web.docs import documentation
from chalicelib.web.router import use_directory

__version__ = "0.1.0"

app = Chalice(app_name="lintuan")
for kind in ("sqs", "dynamodb", "scheduled"):
    app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context), kind)
    app.register_middleware(ConvertToMiddleware(metrics.log_metrics), kind)

# --- HTTP: one function for all routes ---------------------------------------------------------------------------
ROUTERS = (
    tenants_routes.routes,
    sign_in_routes.routes,
    members_routes.routes,
    catalog_routes.routes,
    campaigns_routes.routes,
    orders_routes.routes,
    fulfilment_routes.routes,
    surveys_routes.routes,
    complaints_routes.routes,
    insight_routes.routes,
)
use_directory(directory)
for router in (*ROUTERS, documentation(ROUTERS, __version__)):
    app.register_blueprint(router)

# --- events: from the tenant table's stream to the queues of those who want them -----------------------------------
CONSUMERS = (
    campaigns_events.consumer,
    orders_events.consumer,
    fulfilment_events.consumer,
    service_events.consumer,
    insight_events.insight,
    insight_events.imports_queue,
    insight_events.rollup,
    notify_events.consumer,
)


@app.on_dynamodb_record(stream_arn="TenantTableStream", batch_size=100, name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Publishes the events that ride on records."""
    return relay_events(event.to_dict(), CONSUMERS)


# --- time: what is due goes to its queue ---------------------------------------------------------------------------
@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> None:
    """Opens, closes, expires, escalates: whatever is due by the minute."""
    sweep_due(clock.now())


@app.schedule(Rate(15, unit=Rate.MINUTES), name="nightly")
def nightly(event: CloudWatchEvent) -> None:
    """Rolls up the tenants whose local day has ended."""
    sweep_due(clock.now(), "night")


# --- workers: one for each queue -----------------------------------------------------------------------------------
@app.on_sqs_message(queue="lintuan-campaigns", batch_size=10, name="campaigns_worker")
def campaigns_worker(event: SQSEvent) -> dict[str, Any]:
    return campaigns_events.consumer.work(event)


@app.on_sqs_message(queue="lintuan-orders", batch_size=10, name="orders_worker")
def orders_worker(event: SQSEvent) -> dict[str, Any]:
    return orders_events.consumer.work(event)


@app.on_sqs_message(queue="lintuan-fulfilment", batch_size=10, name="fulfilment_worker")
def fulfilment_worker(event: SQSEvent) -> dict[str, Any]:
    return fulfilment_events.consumer.work(event)


@app.on_sqs_message(queue="lintuan-service", batch_size=10, name="service_worker")
def service_worker(event: SQSEvent) -> dict[str, Any]:
    return service_events.consumer.work(event)


@app.on_sqs_message(queue="lintuan-insight", batch_size=10, name="insight_worker")
def insight_worker(event: SQSEvent) -> dict[str, Any]:
    return insight_events.insight.work(event)


@app.on_sqs_message(queue="lintuan-imports", batch_size=1, name="imports_worker")
def imports_worker(event: SQSEvent) -> dict[str, Any]:
    return insight_events.imports_queue.work(event)


@app.on_sqs_message(queue="lintuan-rollup", batch_size=1, name="rollup_worker")
def rollup_worker(event: SQSEvent) -> dict[str, Any]:
    return insight_events.rollup.work(event)


@app.on_sqs_message(queue="lintuan-notify", batch_size=10, name="notify_worker")
def notify_worker(event: SQSEvent) -> dict[str, Any]:
    return notify_events.consumer.work(event)
