"""What an experiment has brought, as far as that may be told; the verdict is found once, when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.db import Transaction, change
from chalicelib.insight.experiments.errors import ExperimentNotRunning
from chalicelib.insight.experiments.model.findings import Judgement, Seen, Verdict
from chalicelib.insight.experiments.model.judging import judge
from chalicelib.insight.experiments.model.plan import Method, Plan, Status
from chalicelib.insight.experiments.model.tallies import Tally, compared_days, summed
from chalicelib.insight.experiments.records import CROSSED, ArmCountRecord, ExperimentRecord
from chalicelib.insight.experiments.service import keeping
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import day_start
from chalicelib.tenants.service.brand import get_tenant

_DAY, _AFTER_MIDNIGHT = timedelta(days=1), timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Results:
    """An experiment with what was counted of it, and what may be said of that; ``verdict`` is what was found, once it
    was due. ``today`` is the local day of that: once it is stopped, the day of the stop.
    """

    experiment: ExperimentRecord
    seen: Seen
    judgement: Judgement
    verdict: Verdict | None
    currency: str
    timezone: str
    today: date

    @property
    def is_frozen(self) -> bool:
        """Whether its figures are those of the day on which the verdict was found."""
        return self.verdict is not None and self.experiment.plan.method is Method.FIXED


def results_of(tenant_id: str, experiment_id: str, now: datetime) -> Results:
    """The results of an experiment. A verdict that is due is found by that. Raises NotFound, ExperimentNotRunning for a
    draft.
    """
    record, tenant = look(tenant_id, experiment_id, now), get_tenant(tenant_id)
    if record.status == Status.DRAFT:
        raise ExperimentNotRunning(
            "The experiment has not started; there is nothing to show.", detail_zh="实验尚未开始，暂无结果。"
        )
    today, plan, verdict = _last_day(record, now), record.plan, record.verdict
    seen = _seen(record, today)
    if verdict is not None and plan.method is Method.FIXED:
        seen = replace(seen, arms=verdict.arms, compared=verdict.compared, crossed=verdict.crossed, due=True)
    judgement = judge(plan, seen)
    if verdict is not None and not judgement.finding.is_unsound:
        judgement = replace(judgement, finding=verdict.finding, arm=verdict.arm)
    return Results(record, seen, judgement, verdict, tenant.currency, tenant.timezone, today)


def look(tenant_id: str, experiment_id: str, now: datetime) -> ExperimentRecord:
    """Finds the verdict if it is due, and else has it looked for tomorrow. Raises NotFound."""
    today = keeping.today(tenant_id, now)

    def decide(record: ExperimentRecord, tx: Transaction) -> ExperimentRecord:
        if not record.is_running or record.verdict is not None:
            return record
        record.verdict = _found(record, today)
        is_time = record.looks_at is not None and record.looks_at <= now
        if record.verdict is not None or is_time:
            record.looks_at = None if record.verdict is not None else _morning(today + _DAY, tenant_id)
            tx.replace("experiment", record)
        return record

    return change(lambda: keeping.get(tenant_id, experiment_id, consistent=True), decide)


def first_look(tenant_id: str, today: date) -> datetime:
    """When an experiment is looked at first that starts today."""
    return _morning(today + _DAY, tenant_id)


def _found(record: ExperimentRecord, today: date) -> Verdict | None:
    """What is found on a day: with a fixed horizon whatever it is once that is due; else that an arm differs."""
    plan, seen = record.plan, _seen(record, today)
    judgement = judge(plan, seen)
    if judgement.finding.hides_figures or (plan.method is Method.SEQUENTIAL and not judgement.finding.tells):
        return None
    return Verdict(
        today, judgement.finding, judgement.arm, tuple(seen.arms), tuple(seen.compared), seen.crossed
    )  # fmt: skip


def _last_day(record: ExperimentRecord, now: datetime) -> date:
    """The local day up to which it is told: today, or the day of its stop, since nothing is counted after that."""
    return keeping.today(record.tenant_id, min(now, record.stopped_at or now))


def _seen(record: ExperimentRecord, today: date) -> Seen:
    plan = record.plan
    counted = list(ArmCountRecord.of_experiment(record.tenant_id, record.id))
    arms = _by_arm(plan, counted)
    last = compared_days(plan, today)
    compared = _by_arm(plan, [each for each in counted if each.on <= last])
    crossed = sum(each.tally.exposed for each in counted if each.arm == CROSSED)
    due = plan.horizon.is_due(today, sum(each.exposed for each in compared) + crossed)
    return Seen(arms, compared, crossed, int(record.planned), due, record.is_running)


def _by_arm(plan: Plan, counted: Sequence[ArmCountRecord]) -> list[Tally]:
    return [summed(each.tally for each in counted if each.arm == str(number)) for number in range(len(plan.arms))]


def _morning(on: date, tenant_id: str) -> datetime:
    return day_start(on, zone(get_tenant(tenant_id).timezone)) + _AFTER_MIDNIGHT
