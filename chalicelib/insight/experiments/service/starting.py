"""An experiment starts, with arms and shares that stay, and is stopped."""

from datetime import date, datetime

from chalicelib.db import Transaction, change, check_revision
from chalicelib.insight.experiments.errors import (
    ExperimentNotRunning,
    ExperimentStarted,
    MetricNotLogged,
    TooManyRunning,
)
from chalicelib.insight.experiments.model.plan import Plan, Status
from chalicelib.insight.experiments.records import ExperimentRecord, RunningRecord
from chalicelib.insight.experiments.service import keeping, results
from chalicelib.insight.experiments.service.forecasting import Ahead, ahead, has_orders
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit

MOST_RUNNING = 20


def start(
    tenant_id: str, experiment_id: str, if_match: int | None, by: Principal, now: datetime
) -> ExperimentRecord:  # fmt: skip
    """From now on people are assigned; done again nothing changes. Raises NotFound, Stale, MetricNotLogged,
    TooFewForTest, HorizonPassed, ExperimentStarted for one that was stopped, TooManyRunning.
    """
    found = keeping.get(tenant_id, experiment_id, consistent=True)
    today = keeping.today(tenant_id, now)
    planned = 0
    if found.status == Status.DRAFT:
        planned = _checked(tenant_id, found.plan, today, now)

    def decide(read: tuple[ExperimentRecord, RunningRecord | None], tx: Transaction) -> ExperimentRecord:
        record, running = read
        if record.is_running:
            return record
        check_revision(record, if_match)
        if record.status != Status.DRAFT or record.rev != found.rev:
            raise ExperimentStarted(
                "The experiment was started or changed meanwhile, or is over: look at it again.",
                detail_zh="实验已被启动、修改或已结束，请重新查看。",
            )
        _runs(tenant_id, record, running, tx)
        record.status, record.started_at, record.planned = Status.RUNNING.value, now, planned
        record.looks_at = results.first_look(tenant_id, today)
        tx.replace("experiment", record)
        audit(tx, tenant_id, by, "experiment.started", f"experiment:{experiment_id}", now, {"planned": planned})
        return record

    return change(lambda: (keeping.get(tenant_id, experiment_id, consistent=True), _running(tenant_id)), decide)


def stop(tenant_id: str, experiment_id: str, keeps: str | None, by: Principal, now: datetime) -> ExperimentRecord:
    """Nobody is assigned or counted any more; whoever asks sees the arm that it ``keeps``, by default the first. A
    verdict that is due is found before. Done again nothing changes. Raises NotFound, Invalid for an arm that there is
    not, ExperimentNotRunning for a draft.
    """
    results.look(tenant_id, experiment_id, now)

    def decide(read: tuple[ExperimentRecord, RunningRecord | None], tx: Transaction) -> ExperimentRecord:
        record, running = read
        if record.status == Status.DRAFT:
            raise ExperimentNotRunning("The experiment has not started.", detail_zh="实验尚未开始。")
        kept = _kept(record.plan, keeps)
        if record.status == Status.STOPPED:
            return record
        if running is not None:
            running.ids = [each for each in running.ids if each != record.id]
            running.in_shop = [each for each in running.in_shop if each != record.id]
            tx.replace("running", running)
        record.status, record.stopped_at, record.looks_at, record.keeps = Status.STOPPED.value, now, None, kept
        tx.replace("experiment", record)
        told = {"keeps": record.plan.arms[kept].name}
        audit(tx, tenant_id, by, "experiment.stopped", f"experiment:{experiment_id}", now, told)
        return record

    return change(lambda: (keeping.get(tenant_id, experiment_id, consistent=True), _running(tenant_id)), decide)


def _checked(tenant_id: str, plan: Plan, today: date, now: datetime) -> int:
    """With how many people it is planned."""
    keeping.check(plan, today)
    if not has_orders(tenant_id, today):
        raise MetricNotLogged.at(
            "/metric",
            "No order was ever recorded here, and every metric is counted from orders: bring in earlier orders, or "
            "begin once the first has come.",
            "尚无任何订单记录，而所有指标均由订单计算：请先导入历史订单，或在有订单后再开始。",
        )
    known = ahead(tenant_id, plan, now)
    needed = known.forecast.sample
    if plan.horizon.sample is not None:
        if plan.horizon.sample < needed:
            raise keeping.too_few("/horizon/sample", plan.horizon.sample, needed)
        return plan.horizon.sample
    come = _come(plan, known, today)
    if come < needed:
        raise keeping.too_few("/horizon/on", come, needed)
    return come


def _come(plan: Plan, known: Ahead, today: date) -> int:
    """How many people may come until the day of the verdict, at most: all members, or more by today's traffic."""
    days = (plan.horizon.on - today).days if plan.horizon.on else 0
    by_traffic = int(known.baseline.a_day * days) if known.baseline else 0
    return max(known.members, by_traffic)


def _runs(tenant_id: str, record: ExperimentRecord, running: RunningRecord | None, tx: Transaction) -> None:
    ids = [*(running.ids if running else []), record.id]
    in_shop = [*(running.in_shop if running else []), *([record.id] if record.plan.in_shop else [])]
    if len(ids) > MOST_RUNNING:
        raise TooManyRunning(
            f"{MOST_RUNNING} experiments run already; stop one first.",
            detail_zh=f"已有 {MOST_RUNNING} 个实验在运行，请先停止一个。",
        )
    if running is None:
        tx.create("running", RunningRecord(*RunningRecord.address(tenant_id), ids=ids, in_shop=in_shop))
    else:
        running.ids, running.in_shop = ids, in_shop
        tx.replace("running", running)


def _running(tenant_id: str) -> RunningRecord | None:
    return RunningRecord.fetch(*RunningRecord.address(tenant_id), consistent=True)


def _kept(plan: Plan, name: str | None) -> int:
    if name is None:
        return 0
    number = plan.named(name)
    if number is None:
        names = ", ".join(each.name for each in plan.arms)
        raise Invalid.at(
            "?keep", f"There is no arm '{name}'; there are: {names}.", f"没有分组“{name}”；现有：{names}。"
        )
    return number
