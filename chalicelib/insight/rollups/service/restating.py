"""Figures that were complete and change afterwards, by late orders or returns, are restated: the audit log names the
days and months, by the one entry that a rollup has in it.

What changes is written down before it does, so that a rollup which dies in between still finds it; a repeated one adds
to it and keeps the first figures. Days that are rolled for the first time restate nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.db import Refused, Transaction, put_many
from chalicelib.insight.records import RollupState
from chalicelib.insight.rollups.records import RestatedRecord
from chalicelib.insight.rollups.service.aggregates import Revision
from chalicelib.jobs.records import JobRecord
from chalicelib.tenants.service.audit import audit_job

RESTATED = "figures.restated"
_MOST_NAMED = 200
"""Days, and months, that an entry names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The rollup that works, and up to which local day everything was complete when it began."""

    tenant_id: str
    job_id: str
    complete_on: date

    def note(self, days: Sequence[Revision], month: Revision | None) -> None:
        """Writes down what is about to change of complete days, and of their month. Nothing costs nothing."""
        changed = [each for each in days if date.fromisoformat(each.sk) <= self.complete_on and _restates(each)]
        if not changed:
            return
        name = changed[0].sk[:7]
        place = RestatedRecord.partition(self.tenant_id, self.job_id), name
        before = RestatedRecord.fetch(*place, consistent=True)
        figures: dict[str, list[int]] = dict(before.figures) if before else {}
        for each in [*changed, *([month] if month is not None and _restates(month) else [])]:
            was = figures.get(each.sk, [each.before.rollup.totals.orders])[0]
            figures[each.sk] = [was, each.after.rollup.totals.orders, each.after.rev]
        put_many([RestatedRecord(*place, figures=figures)])


def watch(tenant_id: str, job_id: str) -> Watch | None:
    """What a rollup that goes to work may restate; None before anything was complete."""
    state = RollupState.fetch(*RollupState.address(tenant_id), consistent=True)
    return Watch(tenant_id, job_id, state.through_on) if state else None


def tell(job: JobRecord, now: datetime) -> None:
    """Enters in the audit log what the rollup restated, once however often it comes here."""
    figures: dict[str, list[int]] = {}
    for each in RestatedRecord.of_job(job.tenant_id, job.id):
        figures |= each.figures
    if not figures:
        return
    tx = Transaction()
    by, target = str(job.created_by), f"rollup:{job.id}"
    audit_job(tx, job.tenant_id, by, RESTATED, target, now, _said(figures), entry_id=job.id)
    with suppress(Refused):  # it stands there
        tx.commit()


def _restates(revision: Revision) -> bool:
    """Whether figures that were written before change; what only lies beside a day is none of its figures."""
    return bool(revision.before.rev) and revision.before.rollup != revision.after.rollup


def _said(figures: dict[str, list[int]]) -> dict[str, Any]:
    """Months, then days: orders before and after, and the revision."""
    named = sorted(figures, key=lambda name: (len(name), name))
    shown = [*[name for name in named if len(name) == 7][:_MOST_NAMED],
             *[name for name in named if len(name) == 10][:_MOST_NAMED]]  # fmt: skip
    said: dict[str, Any] = {name: {"orders": figures[name][:2], "revision": figures[name][2]} for name in shown}
    return {**said, "further": len(named) - len(shown)} if len(named) > len(shown) else said
