"""Experiments are set up, listed, and changed as long as nobody has seen them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.db import Page, Refused, Transaction, change, check_revision
from chalicelib.insight.experiments.errors import (
    ExperimentKeyTaken,
    ExperimentStarted,
    HorizonPassed,
    SharesDoNotSum,
    TooFewForTest,
)
from chalicelib.insight.experiments.model.plan import Metric, Plan, Status
from chalicelib.insight.experiments.model.power import enough
from chalicelib.insight.experiments.records import ExperimentRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.segments.errors import UnknownTag
from chalicelib.segments.service.tags import tags_of
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.trials.arms import WHOLE_BPS


def create(tenant_id: str, name: str, plan: Plan, by: Principal, now: datetime) -> ExperimentRecord:
    """Sets one up as a draft. Raises SharesDoNotSum, HorizonPassed, TooFewForTest, UnknownTag, ExperimentKeyTaken."""
    check(plan, today(tenant_id, now))
    _check_tags(tenant_id, plan)
    experiment_id = ExperimentRecord.id_of(tenant_id, name)
    record = ExperimentRecord(
        *ExperimentRecord.address(tenant_id, experiment_id), id=experiment_id, key=name, status=Status.DRAFT.value,
        created_at=now,
    )  # fmt: skip
    record.plan = plan
    tx = Transaction()
    tx.create("experiment", record)
    told = {"key": name, **plan.as_json()}
    audit(tx, tenant_id, by, "experiment.created", f"experiment:{experiment_id}", now, told)
    try:
        tx.commit()
    except Refused as refused:
        if refused.item("experiment", ExperimentRecord) is None:
            raise
        raise ExperimentKeyTaken(
            f"There is an experiment with the key '{name}' already; choose another key.",
            detail_zh=f"已有标识为“{name}”的实验，请换一个标识。",
        ) from refused
    return record


def get(tenant_id: str, experiment_id: str, *, consistent: bool = False) -> ExperimentRecord:
    """An experiment. Raises NotFound."""
    found = ExperimentRecord.fetch(*ExperimentRecord.address(tenant_id, experiment_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such experiment.", detail_zh="没有该实验。")
    return found


def list_all(
    tenant_id: str, status: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[ExperimentRecord]:  # fmt: skip
    """The brand's experiments, or those of a status, newest first."""
    where = ExperimentRecord.status == status if status else None
    partition = ExperimentRecord.of_tenant(tenant_id)
    return ExperimentRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=where)


def edit(
    tenant_id: str, experiment_id: str, changes: Mapping[str, Any], if_match: int | None, by: Principal, now: datetime
) -> ExperimentRecord:
    """Changes fields of its plan; once it has started, its title alone. Raises NotFound, Stale, ExperimentStarted, and
    what setting it up refuses.
    """

    def decide(record: ExperimentRecord, tx: Transaction) -> ExperimentRecord:
        check_revision(record, if_match)
        before = record.plan
        after = before.changed(changes)
        if after == before:
            return record
        if record.status != Status.DRAFT:
            _check_frozen(before, after)
        else:
            check(after, today(tenant_id, now))
            _check_tags(tenant_id, after)
        was = before.as_json()
        record.plan = after
        tx.replace("experiment", record)
        moved = {name: value for name, value in after.as_json().items() if was[name] != value}
        audit(tx, tenant_id, by, "experiment.changed", f"experiment:{experiment_id}", now, moved)
        return record

    return change(lambda: get(tenant_id, experiment_id, consistent=True), decide)


def check(plan: Plan, on: date) -> None:
    """Raises SharesDoNotSum, HorizonPassed, TooFewForTest for a plan that nothing can come of."""
    if not plan.sums_up:
        whole = sum(plan.shares) / WHOLE_BPS
        raise SharesDoNotSum.at(
            "/arms",
            f"The shares add up to {whole:.4f}; they make up 1, such as 0.5 and 0.5.",
            f"各分组占比之和为 {whole:.4f}，应为 1，例如 0.5 与 0.5。",
        )
    last = on + timedelta(days=plan.return_days) if plan.metric is Metric.RETENTION else on
    if plan.horizon.on is not None and plan.horizon.on <= last:
        raise HorizonPassed.at(
            "/horizon/on",
            f"Nothing can be known yet on {plan.horizon.on}, when the verdict would be due; name a day after {last}.",
            f"出结论日期 {plan.horizon.on} 过早，届时尚无从得知；请选择 {last} 之后的日期。",
        )
    least = enough(plan)
    if plan.horizon.sample is not None and plan.horizon.sample < least:
        raise too_few("/horizon/sample", plan.horizon.sample, least)


def too_few(pointer: str, people: int, needed: int) -> TooFewForTest:
    """The refusal of so few people where so many are needed."""
    return TooFewForTest.at(
        pointer,
        f"{people:,} people are too few: chance alone would decide. This test needs {needed:,}; "
        "ask for so many, or look for a larger effect.",
        f"{people:,} 人太少，结果只会是巧合。本实验需要 {needed:,} 人；请增加人数，或改为寻找更大的效果。",
    )


def today(tenant_id: str, now: datetime) -> date:
    """The brand's local day."""
    return local_date(now, zone(get_tenant(tenant_id).timezone))


def _check_tags(tenant_id: str, plan: Plan) -> None:
    if not any(arm.tag for arm in plan.arms):
        return
    known = tags_of(tenant_id)
    for number, arm in enumerate(plan.arms):
        if arm.tag is not None and arm.tag not in known:
            raise UnknownTag.at(
                f"/arms/{number}/tag",
                f"There is no tag '{arm.tag}'; add it to your tags first.",
                f"没有标签“{arm.tag}”，请先添加。",
            )


def _check_frozen(before: Plan, after: Plan) -> None:
    if before.frozen_at_start != after.frozen_at_start:
        raise ExperimentStarted(
            "The experiment has started: its arms, shares, metric, method and horizon stay as they are. Stop it, and "
            "set up a new one under another key.",
            detail_zh="实验已开始，分组、占比、指标、方法与期限均不可修改。请先停止，再以新标识另建实验。",
        )
