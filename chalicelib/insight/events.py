"""What insight listens to: orders for their day, and the events that keep its long work going."""

from collections.abc import Sequence
from datetime import date, datetime

from chalicelib.insight.activity.service import earlier_members, earlier_orders, leaves, own_orders, taking_part
from chalicelib.insight.ageing.service import ageing
from chalicelib.insight.associations.model import MINING
from chalicelib.insight.exports.model import EXPORT
from chalicelib.insight.exports.service import working as export_work
from chalicelib.insight.imports.model.kinds import COMPETITOR_PRICES, MEMBERS, ORDERS, PRODUCTS
from chalicelib.insight.imports.model.undoing import UNDO, WAITED
from chalicelib.insight.imports.service import competitor_files, member_files, order_files, product_files, undoing
from chalicelib.insight.imports.service import starting as import_start
from chalicelib.insight.intake.service import own_events
from chalicelib.insight.lifetime.model import FITTING
from chalicelib.insight.personas.records import FOLD_ON
from chalicelib.insight.personas.service import folding, noting
from chalicelib.insight.recompute.model.kinds import RECOMPUTE
from chalicelib.insight.recompute.service import jobs as recompute_jobs
from chalicelib.insight.report_jobs.model import ENDED, REPORT_FILE
from chalicelib.insight.report_jobs.service import working as report_work
from chalicelib.insight.report_schedules.records import DUE as SCHEDULE_DUE
from chalicelib.insight.report_schedules.service import sending as report_sending
from chalicelib.insight.report_schedules.service import telling as report_telling
from chalicelib.insight.reports.service import (
    association_mining,
    association_starting,
    lifetime_fitting,
    lifetime_starting,
)
from chalicelib.insight.rollups.model import NIGHT_OVER, ROLLUP
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import NOT_UPLOADED, STALLED
from chalicelib.loyalty.points.records import CHECKED_IN
from chalicelib.members.enrolment.service import of_before
from chalicelib.messaging import Consumer, Message
from chalicelib.segments.service.scoring import score_for_night
from chalicelib.tenants.records import DAY_ENDED

insight = Consumer("insight")
imports_queue = Consumer("imports")
rollup = Consumer("rollup")
scoring = Consumer("rollup")
lifetimes = Consumer("rollup")
bought_together = Consumer("rollup")
personas = Consumer("insight")
fold_night = Consumer("rollup")
weekly = Consumer("rollup")
recompute = Consumer("recompute")


@insight.on_all("order.placed", "order.changed", "order.cancelled", "order.refunded", "refund.requested")
def record_orders(messages: Sequence[Message], now: datetime) -> None:
    """Brings the activity and the events of orders to the state in which they are; money that goes back may undo a
    sale.
    """
    tenant_id = messages[0].tenant_id
    entered = own_orders.record_orders(tenant_id, [message.data["order_id"] for message in messages], now)
    own_events.record_orders(tenant_id, entered, now)


@insight.on("member.left")
@insight.on("member.rejoined")
def note_leave(message: Message, now: datetime) -> None:
    """Notes since when a member is gone, or that they are back."""
    leaves.note_leave(message.tenant_id, message.data["member_id"], now)


@insight.on("member.united")
def note_united(message: Message, now: datetime) -> None:
    """Who has become another is counted as gone no more."""
    leaves.note_united(message.tenant_id, message.data["member_id"], now)


@insight.on(CHECKED_IN)
def note_check_in(message: Message, now: datetime) -> None:
    """Notes that a member took part that day."""
    data = message.data
    taking_part.note(message.tenant_id, data["member_id"], date.fromisoformat(data["on"]), now)


@insight.on("survey.answered")
def note_answer(message: Message, now: datetime) -> None:
    """Notes that its member took part on the day of the answer."""
    taking_part.note_answer(message.tenant_id, message.data["invitation_id"], now)


@personas.on_all("member.profile_changed", "member.left", "member.rejoined", "member.removed", "member.united")
def note_personas(messages: Sequence[Message], now: datetime) -> None:
    """Notes what changed of members; who joined is read at night."""
    noting.note(messages[0].tenant_id, [message.data["member_id"] for message in messages])


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


@imports_queue.on(REPORT_FILE.message)
def continue_report_file(message: Message, now: datetime) -> None:
    """Works on the file of a report for a while."""
    report_work.continue_file(message.tenant_id, message.data["job_id"], now)


@imports_queue.on(ENDED)
def end_report_file(message: Message, now: datetime) -> None:
    """Deletes what a job without a result has written; who gets a report by e-mail hears that it is there."""
    report_work.remove_without_result(message.tenant_id, message.data["job_id"])
    report_telling.tell(message.tenant_id, message.data["job_id"], now)


@imports_queue.due(SCHEDULE_DUE)
def send_report(message: Message, now: datetime) -> None:
    """Begins the file of a scheduled report."""
    report_sending.send(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@imports_queue.due(STALLED)
def revive_file(message: Message, now: datetime) -> None:
    """Continues an import, its undoing or an export that nobody works on any more."""
    jobs.revive(
        (ORDERS, MEMBERS, PRODUCTS, COMPETITOR_PRICES, UNDO, EXPORT, REPORT_FILE),
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
    """Continues a rollup or a fitting that nobody works on any more."""
    jobs.revive((ROLLUP, FITTING), message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@rollup.due(DAY_ENDED)
def end_day(message: Message, now: datetime) -> None:
    """Starts the night's rollup of the tenant, and once the reading of members that it had before."""
    rollup_jobs.end_day(message.tenant_id, now)
    before = of_before(message.tenant_id)
    earlier_members.begin(message.tenant_id, before.ordinals, now)
    if before.orders:
        earlier_orders.begin(message.tenant_id, now)


@rollup.on(NIGHT_OVER)
def age_members(message: Message, now: datetime) -> None:
    """Finds whom the new day has made of another class, or quiet for so long."""
    ageing.age(message.tenant_id, now)


@scoring.on(NIGHT_OVER)
def score_members(message: Message, now: datetime) -> None:
    """Scores members by the day that is over, where a segment's rule asks for it; apart, so that no fault of the other
    keeps it from its work.
    """
    score_for_night(message.tenant_id, now)


@lifetimes.on(NIGHT_OVER)
def fit_after_night(message: Message, now: datetime) -> None:
    """Has models fitted anew where their report is in use."""
    lifetime_starting.after_night(message.tenant_id, now)


@rollup.on(FITTING.message)
def continue_fitting(message: Message, now: datetime) -> None:
    """Fits models to what members did."""
    lifetime_fitting.continue_fitting(message.tenant_id, message.data["job_id"], now)


@bought_together.on(NIGHT_OVER)
def mine_after_night(message: Message, now: datetime) -> None:
    """Has goods bought together looked for anew where their report is in use."""
    association_starting.after_night(message.tenant_id, now)


@recompute.on(MINING.message)
def continue_mining(message: Message, now: datetime) -> None:
    """Looks for goods bought together."""
    association_mining.continue_mining(message.tenant_id, message.data["job_id"], now)


@weekly.on(NIGHT_OVER)
def begin_recompute(message: Message, now: datetime) -> None:
    """Begins the week's recount of all figures, on the brand's day for it; apart, as the scoring is."""
    recompute_jobs.start_weekly(message.tenant_id, now)


@recompute.on(RECOMPUTE.message)
def continue_recompute(message: Message, now: datetime) -> None:
    """Works on the recount for a while."""
    recompute_jobs.continue_recompute(message.tenant_id, message.data["job_id"], now)


@recompute.due(STALLED)
def revive_recompute(message: Message, now: datetime) -> None:
    """Continues a recount, or a search for goods bought together, that nobody works on any more."""
    jobs.revive((RECOMPUTE, MINING), message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@imports_queue.on(earlier_members.READ_ON)
def read_earlier_members(message: Message, now: datetime) -> None:
    """Works on the reading for a while."""
    earlier_members.read_on(message.tenant_id, now)


@imports_queue.on(earlier_orders.READ_ON)
def read_earlier_orders(message: Message, now: datetime) -> None:
    """Works on the entering of earlier orders into histories for a while."""
    earlier_orders.read_on(message.tenant_id, now)


@fold_night.on(NIGHT_OVER)
def begin_fold(message: Message, now: datetime) -> None:
    """Takes what has changed of members into what they are counted from; apart, so that no fault of others stops it."""
    folding.begin(message.tenant_id, now)


@imports_queue.on(FOLD_ON)
def fold_personas(message: Message, now: datetime) -> None:
    """Works on that for a while."""
    folding.fold_on(message.tenant_id, now)
