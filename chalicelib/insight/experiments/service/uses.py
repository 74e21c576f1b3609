"""What experiments use of what the brand has."""

from datetime import datetime

from chalicelib.insight.experiments.model.plan import Status
from chalicelib.insight.experiments.records import ExperimentRecord
from chalicelib.segments.model.uses import Use


def uses_of_tag(tenant_id: str, tag: str, now: datetime) -> list[Use]:
    """The experiments, not stopped, of which an arm gives a tag."""
    found = ExperimentRecord.every(ExperimentRecord.of_tenant(tenant_id), index="gsi1")
    return [
        Use("experiment", "实验", each.plan.title)
        for each in found
        if each.status != Status.STOPPED and any(arm.tag == tag for arm in each.plan.arms)
    ]
