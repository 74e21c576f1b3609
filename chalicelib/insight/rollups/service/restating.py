"""Figures that were complete and change afterwards, by late orders or returns, are restated: the audit log names the
days and months, by the one entry that a rollup has in it.

What changes is written down in the transaction that changes it, so that a rollup which dies afterwards still finds it,
and one that another overtook has written down nothing; a repeated one adds to it and keeps the first figures. Days that
are rolled for the first time restate nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.db import Refused, Transaction
from chalicelib.insight.records import RollupState
from chalicelib.insight.rollups.records import RestatedRecord
from chalicelib.insight.rollups.service.aggregates import Note, Revision
from chalicelib.jobs.records import JobRecord
from chalicelib.tenants.service.audit import audit_job

RESTATED = "figures.restated"
_OF_A_MONTH = len("2026-01")

_MOST_NAMED = 200
"""Days, and months, that an entry names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The rollup that works, and up to which local day everything was complete when it began."""

    tenant_id: str
    job_id: str
    complete_on: date

    def noting(self, month: str) -> Note:
        """Writes down what changes of the complete days of a month, and of the month, with each part of them that is
        written. Nothing costs nothing.
        """
        place = RestatedRecord.partition(self.tenant_id, self.job_id), month
        figures: dict[str, list[int]] = {}
        noted: set[str] = set()

        def note(tx: Transaction, part: Sequence[Revision]) -> None:
            changed = [each for each in part if _restates(each) and self._was_complete(each, noted)]
            if changed and not figures and (before := RestatedRecord.fetch(*place, consistent=True)):
                figures.update(before.figures)
            for each in changed:
                was = figures.get(each.sk, [each.before.rollup.totals.orders])[0]
                figures[each.sk] = [was, each.after.rollup.totals.orders, each.after.rev]
            if changed:
                tx.put("restated", RestatedRecord(*place, figures=dict(figures)))

        return note

    def _was_complete(self, each: Revision, noted: set[str]) -> bool:
        """Whether it is a day that was complete, or the month of one, which comes after its days."""
        if len(each.sk) == _OF_A_MONTH:
            return bool(noted)
        if date.fromisoformat(each.sk) > self.complete_on:
            return False
        noted.add(each.sk)
        return True


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
    shown = [*[name for name in named if len(name) == _OF_A_MONTH][:_MOST_NAMED],
             *[name for name in named if len(name) > _OF_A_MONTH][:_MOST_NAMED]]  # fmt: skip
    said: dict[str, Any] = {name: {"orders": figures[name][:2], "revision": figures[name][2]} for name in shown}
    return {**said, "further": len(named) - len(shown)} if len(named) > len(shown) else said
