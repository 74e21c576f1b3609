"""What one night of a brand with a million members takes, in a process of its own: started with a tenant, its rollup's
job and the present instant, it answers in JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import app as _map  # noqa: F401 - names what lower layers need of higher ones
from chalicelib.db import tenant_scope
from chalicelib.insight.model import cohorts
from chalicelib.insight.model.cohorts import Mode, Window
from chalicelib.insight.model.periods import Unit, number
from chalicelib.insight.recompute.model.checks import tables
from chalicelib.insight.recompute.model.months import TABLES
from chalicelib.insight.recompute.service import reading
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.reports.service.window import history
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.kernel.clock import parse_instant
from infra.bench.nightly_span import counted


def main(tenant_id: str, job_id: str, moment: str) -> dict[str, Any]:
    """Rolls up what is dirty, then computes the cohorts of the year by months, both modes."""
    now = parse_instant(moment)
    with tenant_scope(tenant_id):
        began, processor = time.monotonic(), time.process_time()
        with counted() as night:
            rollup_jobs.continue_rollup(tenant_id, job_id, now)
        seconds, peak, processor = time.monotonic() - began, _megabytes(), time.process_time() - processor
        on = now.date() - timedelta(days=1)
        past = history(tenant_id, on)
        active = past.active_by(Unit.MONTH, past.begins_on)
        began = time.monotonic()
        cells = sum(
            cell.count
            for mode in (Mode.ON, Mode.ON_OR_AFTER)
            for cohort in cohorts.by_period(active, mode, Unit.MONTH, Window(on, on))
            for cell in cohort.cells
        )
        cohort_seconds = time.monotonic() - began
        recount = time.process_time()
        with Engine() as engine:
            engine.run(tables(TABLES.items()))
            reading.load_raw(engine, tenant_id, number(on, Unit.MONTH))
        recount = time.process_time() - recount
    return {
        **asdict(night), "seconds": seconds, "processor_seconds": processor, "peak_mb": peak,
        "recount_seconds": recount,
        "cohort_seconds": cohort_seconds, "cohort_sum": cells, "peak_mb_after": _megabytes(),
    }  # fmt: skip


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
