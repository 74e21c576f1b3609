"""Orders and complaints count for the experiments to which their member was exposed before."""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.complaints.records import ComplaintRecord
from chalicelib.db import Transaction, change
from chalicelib.histories.service import purchases_of
from chalicelib.insight.experiments.model.plan import Plan
from chalicelib.insight.experiments.model.tallies import Ordered, Outcome, counts
from chalicelib.insight.experiments.records import Counting, ExperimentRecord, ExposureRecord, RunningRecord, member
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order, get_orders
from chalicelib.tenants.service.brand import get_tenant

Apply = Callable[[ExposureRecord, Plan], Outcome]


def count_orders(tenant_id: str, order_ids: Iterable[str]) -> None:
    """Takes orders over as they stand now, whichever events told of them. Duplicates and disorder are harmless. A brand
    without an experiment that runs costs one read.
    """
    running = _running(tenant_id)
    if not running:
        return
    tz = zone(get_tenant(tenant_id).timezone)
    for order in get_orders(tenant_id, list(dict.fromkeys(order_ids))):
        if order.origin is None and not order.is_gift:
            _count(tenant_id, order.member_id, running, _with_order(order, tz))


def count_orders_since(tenant_id: str, whose: MemberRecord, since: datetime) -> None:
    """Counts what a member has ordered since an instant: they turn out to have been exposed by then. What their history
    does not have yet is told of later.
    """
    if _running(tenant_id):
        from_on = local_date(since, zone(get_tenant(tenant_id).timezone))
        bought = purchases_of(tenant_id, int(whose.ordinal), from_on)
        count_orders(tenant_id, [each.source for each in bought if not each.imported])


def count_complaint(tenant_id: str, complaint_id: str) -> None:
    """Counts a complaint for what its member was exposed to before they opened it. A duplicate changes nothing."""
    running = _running(tenant_id)
    if not running:
        return
    found = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if found is None:
        return

    def complained(exposure: ExposureRecord, plan: Plan) -> Outcome:
        outcome = exposure.outcome
        if not counts(plan, exposure.exposed_at, found.opened_at):
            return outcome
        return Outcome(outcome.exposed_on, outcome.orders, outcome.complaints | {complaint_id})

    _count(tenant_id, found.member_id, running, complained)


def _running(tenant_id: str) -> list[str]:
    """The ids of the experiments that run."""
    found = RunningRecord.fetch(*RunningRecord.address(tenant_id))
    return list(found.ids) if found else []


def _with_order(order: OrderRecord, tz: ZoneInfo) -> Apply:
    """An order as it stands at the moment of the write, in what its member did."""

    def ordered(exposure: ExposureRecord, plan: Plan) -> Outcome:
        standing = get_order(order.tenant_id, order.id, consistent=True)
        sale = standing.sale
        if sale is None or not counts(plan, exposure.exposed_at, standing.placed_at):
            return exposure.outcome.with_order(order.id, None)
        refunded = int(standing.returned_minor or 0)
        said = Ordered(sale.amount_minor, refunded, local_date(standing.placed_at, tz))
        return exposure.outcome.with_order(order.id, said)

    return ordered


def _count(tenant_id: str, member_id: str, running: Iterable[str], apply: Apply) -> None:
    """Applies it to all that a member was exposed to; of who does not want to be counted nothing is counted further."""
    whose = get_member(tenant_id, member_id, consistent=True)
    if whose.objects_to_figures:
        return
    who = member(whose.id)
    for found in ExposureRecord.of(tenant_id, who):
        if found.experiment_id in running:
            record = ExperimentRecord.fetch(*ExperimentRecord.address(tenant_id, found.experiment_id))
            if record is not None:
                _apply(found, record.plan, apply)


def _apply(found: ExposureRecord, plan: Plan, apply: Apply) -> None:
    """Brings an exposure, and its arm with it, to what ``apply`` makes of it: nothing is written where that is the
    same. The exposure is read first: whoever finds it as another worker left it also finds the order no older.
    """

    def read() -> ExposureRecord:
        return ExposureRecord.fetch(str(found.pk), str(found.sk), consistent=True) or found

    def decide(exposure: ExposureRecord, tx: Transaction) -> None:
        before, after = exposure.outcome, apply(exposure, plan)
        if after == before:
            return
        was = exposure.tally(plan)
        exposure.outcome = after
        counting = Counting(exposure.tenant_id, exposure.experiment_id)
        counting.add(exposure, exposure.tally(plan) - was)
        counting.add_to(tx)
        tx.replace("exposure", exposure)

    change(read, decide)
