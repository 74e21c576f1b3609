"""A brand with a million members: what its night takes, in memory and in time, and the cohorts of its year."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.db import put_many, tenant_scope
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.figures import Rollup, Totals, merge
from chalicelib.insight.model.periods import Unit, label, number
from chalicelib.insight.records import ActivityRecord, DirtyDay, RollupRecord
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import instant
from tests.insight.figures import Figures

MEMBERS, ORDERS = 1_000_000, 20_000
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.verify


def test_a_night_of_a_million_members_stays_small_and_their_cohorts_are_there_at_once(
    figures: Figures, record_property: Any
) -> None:
    """A year of days with 2 % of all members each, and the last of them with its 20,000 orders to be rolled up."""
    tenant_id, last_on = figures.shop.tenant_id, date(2028, 1, 9)
    chance = random.Random(3)
    with tenant_scope(tenant_id):
        put_many(_aggregates(tenant_id, last_on, chance))
        put_many(_orders(tenant_id, last_on, chance))
        mark_dirty(tenant_id, [last_on])
        job = rollup_jobs.start_rollup(tenant_id, last_on, last_on, "test", product_clock.now())

    night = _in_a_process_of_its_own(tenant_id, job.id, instant(product_clock.now()))

    record_property("night", night)
    sys.stderr.write(f"\nA night of {MEMBERS:,} members and {ORDERS:,} orders: {night}\n")
    with tenant_scope(tenant_id):
        assert DirtyDay.until(tenant_id, last_on) == []
        [day] = RollupRecord.in_days(tenant_id, last_on, last_on)
    assert day.hours["12"][0] == ORDERS
    assert night["peak_mb"] <= 512
    assert night["seconds"] <= 120, "of the 300 that the function has"
    assert night["cohort_seconds"] < 1
    assert night["cohort_sum"] > MEMBERS


def _aggregates(tenant_id: str, last_on: date, chance: random.Random) -> Iterator[RollupRecord]:
    months: dict[int, list[Rollup]] = {}
    for at in range(365, 0, -1):
        on = last_on - timedelta(days=at)
        members = bitmaps.of(chance.sample(range(MEMBERS), ORDERS))
        rollup = Rollup({12: Totals(ORDERS, ORDERS, {"USD": (ORDERS, ORDERS * 1000)})}, members)
        months.setdefault(number(on, Unit.MONTH), []).append(rollup)
        yield _record(RollupRecord.days_partition(tenant_id), on.isoformat(), rollup)
    for month, rollups in months.items():
        yield _record(RollupRecord.months_partition(tenant_id), label(month, Unit.MONTH), merge(rollups))


def _record(partition: str, name: str, rollup: Rollup) -> RollupRecord:
    return RollupRecord(partition, name, hours=rollup.hours_json(), bits=bitmaps.pack(rollup.members)[0], rev=1)


def _orders(tenant_id: str, on: date, chance: random.Random) -> Iterator[ActivityRecord]:
    for at in range(ORDERS):
        said = {"category": f"c{at % 40}", "product_code": f"p{at % 2000}", "channel": f"ch{at % 9}"}
        yield ActivityRecord(
            *ActivityRecord.of_ref(tenant_id, on, f"S-{at}"),
            ordinal=chance.randrange(MEMBERS), amount_minor=1000, currency="USD", quantity=1, hour=12, extra=said,
        )  # fmt: skip


def _in_a_process_of_its_own(*arguments: str) -> Any:
    command = [sys.executable, "-m", "tests.insight.scale_night", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
