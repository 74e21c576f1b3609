"""What insight listens to: orders for their day, and the events that keep its long work going."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.insight.activity.service import earlier_members, own_orders
from chalicelib.insight.exports.model import EXPORT
from chalicelib.insight.exports.service import working as export_work
from chalicelib.insight.imports.model.kinds import COMPETITOR_PRICES, MEMBERS, ORDERS, PRODUCTS
from chalicelib.insight.imports.model.undoing import UNDO, WAITED
from chalicelib.insight.imports.service import competitor_files, member_files, order_files, product_files, undoing
from chalicelib.insight.imports.service import starting as import_start
from chalicelib.insight.rollups.model import ROLLUP
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import NOT_UPLOADED, STALLED
from chalicelib.messaging import Consumer, Message
from chalicelib.tenants.records import DAY_ENDED

insight = Consumer("insight")
imports_queue = Consumer("imports")
rollup = Consumer("rollup")


@insight.on_all("order.placed", "order.changed", "order.cancelled", "order.refunded", "refund.requested")
def record_orders(messages: Sequence[Message], now: datetime) -> None:
    """Brings the activity of orders to the state in which they are; money that goes back may undo a sale."""
    own_orders.record_orders(messages[0].tenant_id, [message.data["order_id"] for message in messages])


@imports_queue.on(ORDERS.message)
def continue_orders(message: Message, now: datetime) -> None:
    """Works on the import of orders for a while."""
    order_files.work(message.tenant_id, message.data["job_id"], now)


@imports_queue.on(MEMBERS.message)
def continue_members(message: Message, now: datetime) -> None:
    """Works on the import of members for a while."""
    member_files.work(message.tenant_id, message.data["job_id"], now)


@imports_queue.on(PRODUCTS.message)
def continue_products(message: Message, now: datetime) -> None:
    """Works on the import of products for a while."""
    product_files.work(message.tenant_id, message.data["job_id"], now)


@imports_queue.on(COMPETITOR_PRICES.message)
def continue_prices(message: Message, now: datetime) -> None:
    """Works on the import of competitors' prices for a while."""
    competitor_files.work(message.tenant_id, message.data["job_id"], now)


@imports_queue.on(UNDO.message)
def continue_undo(message: Message, now: datetime) -> None:
    """Works on the undoing of an import for a while."""
    undoing.work(message.tenant_id, message.data["job_id"], now)


@imports_queue.due(WAITED)
def go_on_with_undo(message: Message, now: datetime) -> None:
    """Removes what has left some minutes ago."""
    undoing.work(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@rollup.on(ROLLUP.message)
def continue_rollup(message: Message, now: datetime) -> None:
    """Works on the rollup for a while."""
    rollup_jobs.continue_rollup(message.tenant_id, message.data["job_id"], now)


@imports_queue.on(EXPORT.message)
def continue_export(message: Message, now: datetime) -> None:
    """Works on the export for a while."""
    export_work.continue_export(message.tenant_id, message.data["job_id"], now)


@imports_queue.due(STALLED)
def revive_file(message: Message, now: datetime) -> None:
    """Continues an import, its undoing or an export that nobody works on any more."""
    jobs.revive(
        (ORDERS, MEMBERS, PRODUCTS, COMPETITOR_PRICES, UNDO, EXPORT),
        message.tenant_id,
        message.data["pk"].rpartition("#")[2],
        now,
    )


@imports_queue.due(NOT_UPLOADED)
def give_up_import(message: Message, now: datetime) -> None:
    """Ends an import whose file never came, or that nobody started."""
    import_start.give_up(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@rollup.due(STALLED)
def revive_rollup(message: Message, now: datetime) -> None:
    """Continues a rollup that nobody works on any more."""
    jobs.revive((ROLLUP,), message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@rollup.due(DAY_ENDED)
def end_day(message: Message, now: datetime) -> None:
    """Starts the night's rollup of the tenant, and once the reading of members that it had before."""
    rollup_jobs.end_day(message.tenant_id, now)
    earlier_members.begin(message.tenant_id, now)


@imports_queue.on(earlier_members.READ_ON)
def read_earlier_members(message: Message, now: datetime) -> None:
    """Works on the reading for a while."""
    earlier_members.read_on(message.tenant_id, now)
